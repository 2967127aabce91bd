/// One 512-byte data sector of an Axivity file, little-endian, lent from a buffer [OpenMovementCWA].
struct CWASector {
    /// Bytes of a sector; the file's header takes two.
    static let size = 512
    /// The sector's first byte; aligned to two bytes.
    let bytes: UnsafeRawPointer

    /// Whether it begins as data does. Logs and erased flash do not.
    var isData: Bool { word(0) == 0x5841 && word(2) == 508 }
    /// Whether its 256 words add up to zero, as a whole sector's do.
    var isWhole: Bool {
        var sum: UInt16 = 0
        for place in 0..<(Self.size / 2) { sum &+= bytes.load(fromByteOffset: 2 * place, as: UInt16.self) }
        return sum == 0
    }
    /// One more than the sector's before.
    var sequence: UInt32 { bytes.loadUnaligned(fromByteOffset: 10, as: UInt32.self) }
    /// Samples it says it holds.
    var count: Int { Int(word(28)) }

    func word(_ offset: Int) -> UInt16 { bytes.load(fromByteOffset: offset, as: UInt16.self) }
    func byte(_ offset: Int) -> UInt8 { bytes.load(fromByteOffset: offset, as: UInt8.self) }
    func offset(_ offset: Int) -> Int { Int(Int16(bitPattern: word(offset))) }

    /// When a sample was taken: which one, counted from the sector's first and often beyond its last, and the device's clock,
    /// s since 1970-01-01.
    struct Time {
        var place: Int
        var second: Int
        var fraction: Double
    }

    /// The sector's time; `nil` where the clock was never set or its fields are out of range.
    ///
    /// The clock is read when the sensor's queue is emptied into the sector. Devices since about 2013 give the fraction of
    /// the second in place of their number, and have shifted the sample's place by as many whole samples as the fraction is
    /// long at the nominal rate, so that older programs may take it for the place of the full second. Undoing that shift gives
    /// the length of the queue, which is the sample that belongs to the fraction.
    func time(rateHz: Double?) -> Time? {
        let packed = bytes.loadUnaligned(fromByteOffset: 14, as: UInt32.self)
        func field(_ shift: UInt32, _ bits: UInt32) -> Int { Int(packed >> shift & (1 << bits - 1)) }
        let second = CivilTime.seconds(
            year: 2000 + field(26, 6), month: field(22, 4), day: field(17, 5), hour: field(12, 5),
            minute: field(6, 6), second: field(0, 6))
        guard let second else { return nil }
        let fraction = word(4)
        // Code 0: the field of the place holds the rate.
        var place = byte(24) == 0 ? 0 : offset(26)
        guard fraction & 0x8000 != 0 else { return Time(place: place, second: second, fraction: 0) }
        let parts = Int(fraction & 0x7fff)
        place += (2 * parts * Int(rateHz ?? 0)) >> 16
        return Time(place: place, second: second, fraction: Double(parts) / 32768)
    }

    /// Whether the device gives fractions of seconds.
    var hasFraction: Bool { word(4) & 0x8000 != 0 }
}
