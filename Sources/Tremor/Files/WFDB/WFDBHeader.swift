import Glibc

/// The header of a WFDB record: lines of text, one for the record and one for each signal [WFDBHeader].
struct WFDBHeader {
    /// One signal.
    struct Signal {
        let fileName: String
        let format: WFDBNumber
        /// Bytes before the first sample.
        let offset: Int
        /// Stored units in one physical unit.
        let gain: Double
        /// The stored value of physical zero.
        let baseline: Double
        let unit: String
        let description: String
        /// The sum of all stored values, of 16 bits; `nil` where not said.
        let checksum: Int16?
    }

    let rateHz: Double?
    /// Samples of each signal; `nil` where not said.
    let samples: Int?
    /// When the record begins, s since 1970 on the clock of who recorded; `nil` without a date.
    let start: Double?
    let signals: [Signal]

    /// Takes the text of a header. Throws for records of several segments, and where a line lacks what is needed.
    init(_ bytes: [UInt8]) throws(RecordingError) {
        let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
            .map { $0.split { $0 == " " || $0 == "\t" }.map(String.init) }
            .filter { !$0.isEmpty && !$0[0].hasPrefix("#") }
        guard let record = lines.first, record.count >= 2, let count = Int(record[1]), (0...256).contains(count) else {
            throw .damaged("its first line does not name a record and its number of signals")
        }
        guard !record[0].contains("/") else {
            throw .unsupported("records of several segments are not read; name the header of one segment")
        }
        guard count > 0 else { throw .empty }
        // 100, 100/360(0): the counter behind the slash is another clock.
        rateHz = record.count > 2 ? Self.number(record[2].prefix { $0 != "/" }).flatMap { $0 > 0 ? $0 : nil } : nil
        samples = record.count > 3 ? Int(record[3]).flatMap { $0 > 0 ? $0 : nil } : nil
        start = record.count > 5 ? Self.seconds(time: record[4], date: record[5]) : nil
        guard lines.count > count else {
            throw .damaged("it has \(lines.count - 1) lines of signals; \(count) were promised")
        }
        var signals: [Signal] = []
        for line in lines[1...count] { signals.append(try Self.signal(line)) }
        self.signals = signals
    }

    private static func signal(_ fields: [String]) throws(RecordingError) -> Signal {
        guard fields.count >= 2, !fields[0].contains("/"), fields[0] != "..", fields[0] != "." else {
            throw .damaged("a line of a signal names no file beside the header")
        }
        // 16x2:3+512 is format 16, two samples a frame, a skew of 3, and 512 bytes before the first.
        let digits = fields[1].prefix { $0.isNumber }
        guard let format = WFDBNumber(String(digits)) else {
            throw .unsupported(
                "signals of format \(fields[1].prefix(12)) are not read; read are 16, 24, 32, 61, 80 and 212")
        }
        var (rest, offset) = (fields[1].dropFirst(digits.count), 0)
        while let mark = rest.first {
            let value = rest.dropFirst().prefix { $0.isNumber }
            guard let number = Int(value), number < 1 << 40 else {
                throw .damaged("the format \(fields[1].prefix(12))")
            }
            switch mark {
            case "+": offset = number
            case "x" where number == 1, ":" where number == 0: break
            case "x": throw .unsupported("signals with several samples in a frame are not read")
            case ":": throw .unsupported("signals with a skew are not read")
            default: throw .damaged("the format \(fields[1].prefix(12))")
            }
            rest = rest.dropFirst(1 + value.count)
        }
        let scale = try scale(fields.count > 2 ? fields[2] : "0")
        let zero = fields.count > 4 ? Double(fields[4]) ?? 0 : 0
        return Signal(
            fileName: fields[0], format: format, offset: offset, gain: scale.gain, baseline: scale.baseline ?? zero,
            unit: scale.unit, description: fields.count > 8 ? fields[8...].joined(separator: " ") : "",
            checksum: fields.count > 6 ? Int(fields[6]).map { Int16(truncatingIfNeeded: $0) } : nil)
    }

    /// 36753.4(-7308)/g: units in a g, the value of zero, the unit.
    private static func scale(_ field: String) throws(RecordingError) -> (gain: Double, baseline: Double?, unit: String)
    {
        let parts = field.split(separator: "/", maxSplits: 1)
        let numbers = (parts.first ?? "").split { $0 == "(" || $0 == ")" }
        guard let gain = numbers.first.flatMap({ number($0) }), gain.isFinite else {
            throw .damaged("\"\(field.prefix(20))\" is no gain")
        }
        return (gain, numbers.count > 1 ? number(numbers[1]) : nil, parts.count > 1 ? String(parts[1]) : "")
    }

    private static func number(_ text: Substring) -> Double? { Double(text).flatMap { $0.isFinite ? $0 : nil } }

    /// "14:30:05.25" and "31/12/2023".
    private static func seconds(time: String, date: String) -> Double? {
        let clock = time.split(separator: ":").map { Double($0) }
        let day = date.split(separator: "/").map { Int($0) }
        guard clock.count == 3, day.count == 3, let hour = clock[0], let minute = clock[1], let second = clock[2],
            let number = day[0], let month = day[1], let year = day[2], let whole = Int(exactly: second.rounded(.down)),
            let hours = Int(exactly: hour), let minutes = Int(exactly: minute),
            let start = CivilTime.seconds(
                year: year, month: month, day: number, hour: hours, minute: minutes, second: whole)
        else { return nil }
        return Double(start) + second - Double(whole)
    }
}

/// How stored values lie in a signal file [WFDBSignal].
enum WFDBNumber: Equatable {
    case bits16, bits16Big, bits24, bits32, bits80, bits212

    init?(_ format: String) {
        switch format {
        case "16": self = .bits16
        case "61": self = .bits16Big
        case "24": self = .bits24
        case "32": self = .bits32
        case "80": self = .bits80
        case "212": self = .bits212
        default: return nil
        }
    }

    /// Bytes of two values.
    var pairSize: Int {
        switch self {
        case .bits16, .bits16Big: 4
        case .bits24: 6
        case .bits32: 8
        case .bits80: 2
        case .bits212: 3
        }
    }

    /// The stored value that stands for none.
    var missing: Int32 {
        switch self {
        case .bits16, .bits16Big: -32768
        case .bits24: -(1 << 23)
        case .bits32: .min
        case .bits80: -128
        case .bits212: -2048
        }
    }

    /// The value at a place in the file's order of values.
    @inline(__always) func value(_ bytes: UnsafeRawPointer, _ place: Int) -> Int32 {
        func byte(_ offset: Int) -> UInt32 { UInt32(bytes.load(fromByteOffset: offset, as: UInt8.self)) }
        switch self {
        case .bits16: return Int32(Int16(truncatingIfNeeded: byte(2 * place) | byte(2 * place + 1) << 8))
        case .bits16Big: return Int32(Int16(truncatingIfNeeded: byte(2 * place) << 8 | byte(2 * place + 1)))
        case .bits24:
            let word = byte(3 * place) | byte(3 * place + 1) << 8 | byte(3 * place + 2) << 16
            return Int32(bitPattern: word << 8) >> 8
        case .bits32: return Int32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * place, as: Int32.self))
        case .bits80: return Int32(byte(place)) - 128
        case .bits212:
            // Two values in three bytes: their high halves share the middle one.
            let pair = place / 2 * 3
            let word =
                place % 2 == 0 ? byte(pair) | (byte(pair + 1) & 15) << 8 : byte(pair + 2) | (byte(pair + 1) >> 4) << 8
            return Int32(bitPattern: word << 20) >> 20
        }
    }
}
