/// How ActiGraph's devices store samples [GT3XFormat].
enum GT3XSamples {
    /// Types of records that hold a second of samples.
    enum Packing: UInt8 {
        /// 12 bits, most significant first, in the order y, x, z.
        case activity = 0
        /// 16 bits, least significant byte first, in the order x, y, z.
        case activity2 = 26
        /// 12 bits, most significant first, in the order x, y, z.
        case activity3 = 27

        /// Samples in a payload; half a byte may be left.
        func count(_ bytes: Int) -> Int { self == .activity2 ? bytes / 6 : bytes * 2 / 9 }
    }

    /// Writes `count` samples into columns from `start`.
    ///
    /// - Parameter unit: m/s² in one stored unit.
    static func unpack(
        _ packing: Packing, _ bytes: UnsafeRawPointer, _ count: Int, _ unit: Double, into columns: SampleColumns,
        at start: Int
    ) {
        let (first, second) = packing == .activity ? (columns.y, columns.x) : (columns.x, columns.y)
        let (a, b, c) = (first + start, second + start, columns.z + start)
        for place in 0..<count {
            if packing == .activity2 {
                let sample = bytes + 6 * place
                a[place] = Double(sample.loadUnaligned(as: Int16.self)) * unit
                b[place] = Double(sample.loadUnaligned(fromByteOffset: 2, as: Int16.self)) * unit
                c[place] = Double(sample.loadUnaligned(fromByteOffset: 4, as: Int16.self)) * unit
            } else {
                a[place] = Double(twelveBits(bytes, 3 * place)) * unit
                b[place] = Double(twelveBits(bytes, 3 * place + 1)) * unit
                c[place] = Double(twelveBits(bytes, 3 * place + 2)) * unit
            }
        }
    }

    /// A value of 12 bits with sign: three halves of bytes, the most significant first.
    private static func twelveBits(_ bytes: UnsafeRawPointer, _ place: Int) -> Int32 {
        let pair = bytes + 3 * place / 2
        let word = UInt32(pair.load(as: UInt8.self)) << 8 | UInt32(pair.load(fromByteOffset: 1, as: UInt8.self))
        let value = place % 2 == 0 ? word >> 4 : word & 0xFFF
        return Int32(bitPattern: value << 20) >> 20
    }

    /// ActiGraph's number of 32 bits: 24 of a fraction with sign, in units of 2^-23, and 8 of an exponent.
    static func number(_ bits: UInt32) -> Double {
        let fraction = Double(Int32(bitPattern: bits << 8) >> 8) / 8_388_608
        let exponent = Int(Int8(truncatingIfNeeded: bits >> 24))
        return fraction * Double(sign: .plus, exponent: exponent, significand: 1)
    }
}
