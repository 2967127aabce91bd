/// An Axivity file that a test writes sector by sector, little-endian.
public struct CWAFile {
    /// One sector of samples.
    public struct Sector {
        /// Fields of the date: year, month, day, hour, minute, second.
        public var date = [2024, 2, 29, 23, 59, 58]
        /// Bits of the fraction of a second, of 15; `nil` for a device that writes its number there.
        public var fraction: Int? = 0
        /// The place as written, before programs undo the shift; the rate where the code is 0.
        public var offset = 0
        /// From 0.
        public var sequence = 0
        /// The code of rate and range; 0x4A is 100 Hz and 8 g.
        public var rateCode = 0x4A
        /// Axes and packing: 0x30 packed, 0x32 and 0x62 of 16 bits.
        public var form = 0x30
        /// Bits of the scales of acceleration (3) and gyroscope (3).
        public var scales = 0
        /// Samples it says it holds; `nil` for as many as there are.
        public var count: Int?
        /// Values of each sample in stored units: a word of 32 bits, or as many shorts as axes.
        public var samples: [[Int]] = []
        /// What is added to the checksum.
        public var checksumError: UInt16 = 0

        /// A sector.
        public init() {}

        /// Its 512 bytes.
        public var bytes: [UInt8] {
            var out = [UInt8](repeating: 0, count: 512)
            func put(_ value: Int, _ place: Int, _ size: Int) {
                for byte in 0..<size { out[place + byte] = UInt8(truncatingIfNeeded: value >> (8 * byte)) }
            }
            put(0x5841, 0, 2)
            put(508, 2, 2)
            put(fraction.map { $0 | 0x8000 } ?? 1234, 4, 2)
            put(sequence, 10, 4)
            put(CWAFile.packed(date), 14, 4)
            put(scales << 10, 18, 2)
            put(rateCode, 24, 1)
            put(form, 25, 1)
            put(offset, 26, 2)
            put(count ?? samples.count, 28, 2)
            var place = 30
            for sample in samples {
                for value in sample {
                    put(value, place, form & 15 == 0 ? 4 : 2)
                    place += form & 15 == 0 ? 4 : 2
                }
            }
            var sum: UInt16 = 0
            for word in 0..<255 { sum &+= UInt16(out[2 * word]) | UInt16(out[2 * word + 1]) << 8 }
            put(Int(0 &- sum &+ checksumError), 510, 2)
            return out
        }
    }

    /// What stands at byte 4: 0 for an AX3, 0x64 for an AX6.
    public var hardware: UInt8 = 0
    /// What fills the header behind its first fields.
    public var filling: UInt8 = 0xFF
    /// Sectors.
    public var sectors: [Sector] = []

    /// A file.
    public init(_ sectors: [Sector] = []) { self.sectors = sectors }

    /// Its bytes.
    public var bytes: [UInt8] { header + sectors.flatMap(\.bytes) }

    /// The 1024 bytes before the sectors.
    public var header: [UInt8] {
        [0x4D, 0x44, 0xFC, 0x03, hardware] + [UInt8](repeating: filling, count: 1019)
    }

    /// A date in 32 bits.
    public static func packed(_ date: [Int]) -> Int {
        (date[0] - 2000) << 26 | date[1] << 22 | date[2] << 17 | date[3] << 12 | date[4] << 6 | date[5]
    }

    /// Three values of 10 bits and an exponent in one word.
    public static func word(_ x: Int, _ y: Int, _ z: Int, exponent: Int = 0) -> [Int] {
        [x & 1023 | (y & 1023) << 10 | (z & 1023) << 20 | exponent << 30]
    }

    /// Whole sectors of 120 packed samples as a device of a true rate writes them at a nominal one of 100 Hz: sample n is
    /// taken at n / `rateHz` after `date`, and the clock is read with each sector's last.
    public static func recording(
        sectors: Int, rateHz: Double = 100, date: [Int] = [2024, 2, 29, 23, 0, 0],
        sample: (Int) -> [Int] = { word($0 % 100, -50, 256) }
    ) -> CWAFile {
        CWAFile(
            (0..<sectors).map { number in
                var sector = Sector()
                let seconds = Double(120 * number + 120) / rateHz
                sector.sequence = number
                sector.date = date
                sector.date[4] += Int(seconds) / 60
                sector.date[5] = Int(seconds) % 60
                sector.fraction = Int((seconds - seconds.rounded(.down)) * 32768)
                sector.offset = 120 - 2 * sector.fraction! * 100 / 65536
                sector.samples = (0..<120).map { sample(120 * number + $0) }
                return sector
            })
    }
}
