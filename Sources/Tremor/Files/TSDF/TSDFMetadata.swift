import Records

/// The description of a TSDF recording: files of raw numbers, row by row, and what their columns are [Kok2023].
///
/// Objects stand in lists called "sensors" within each other; what an outer one says holds for the inner ones.
struct TSDFMetadata {
    /// One file of numbers.
    struct Table {
        let fileName: String
        let channels: [String]
        let units: [String]
        let factors: [Double]
        let number: TSDFNumber
        let rows: Int?

        /// Bytes of a row.
        var rowSize: Int { channels.count * number.size }
    }

    let tables: [Table]
    /// When the recording begins, s since 1970; `nil` where not said.
    let start: Double?
    /// Whether that is UTC.
    let isUTC: Bool

    private static let deepest = 8

    /// Reads a description. Throws where it is no JSON or lacks what its numbers cannot be read without.
    init(_ bytes: [UInt8]) throws(RecordingError) {
        guard let document = try? JSONValue(parsing: bytes), document.members != nil else {
            throw .damaged("the description is no JSON object")
        }
        var tables: [Table] = []
        try Self.collect(document, [], depth: 0, into: &tables)
        guard !tables.isEmpty else { throw .damaged("the description names no file of numbers (file_name)") }
        self.tables = tables
        let text = Array((document["start_iso8601"]?.string ?? "").utf8)
        let stamp = text.withUnsafeBufferPointer { text in
            text.baseAddress.flatMap { TimeStamp.dated($0, $0 + text.count, .yearMonthDay) }
        }
        start = stamp.map { Double($0.whole) + $0.fraction }
        isUTC = stamp?.isUTC ?? false
    }

    private static func collect(
        _ object: JSONValue, _ outer: [JSONValue], depth: Int, into tables: inout [Table]
    ) throws(RecordingError) {
        guard depth < deepest else { throw .damaged("the description is nested too deeply") }
        let scope = [object] + outer
        for inner in object["sensors"]?.elements ?? [] {
            try collect(inner, scope, depth: depth + 1, into: &tables)
        }
        if let name = object["file_name"]?.string { tables.append(try table(name, scope)) }
    }

    private static func table(_ name: String, _ scope: [JSONValue]) throws(RecordingError) -> Table {
        func said(_ key: String) -> JSONValue? { scope.lazy.compactMap { $0[key] }.first }
        // The files are beside the description; a name with a path could mean anything.
        guard !name.isEmpty, !name.contains("/"), name != "..", name != "." else {
            throw .damaged("\"\(name.prefix(40))\" is no name of a file beside the description")
        }
        let channels = (said("channels")?.elements ?? []).compactMap(\.string)
        let units = (said("units")?.elements ?? []).compactMap(\.string)
        guard (1...256).contains(channels.count), units.count == channels.count else {
            throw .damaged("\(name) has \(channels.count) channels and \(units.count) units")
        }
        guard let kind = said("data_type")?.string, let bits = said("bits")?.int,
            let number = TSDFNumber(kind: kind, bits: bits, endianness: said("endianness")?.string)
        else { throw .unsupported("the numbers of \(name) are of a kind or size that is not read") }
        // An outer list of factors belongs to another file where its length is another; 1 and none stand for no factor.
        let factors = said("scale_factors")?.doubles ?? []
        guard factors.count == channels.count || factors.isEmpty || factors == [1] else {
            throw .damaged("\(name) has \(channels.count) channels and \(factors.count) scale factors")
        }
        guard factors.allSatisfy({ $0.isFinite && $0 != 0 }) else { throw .damaged("a scale factor of \(name) is 0") }
        return Table(
            fileName: name, channels: channels, units: units,
            factors: factors.count == channels.count ? factors : [Double](repeating: 1, count: channels.count),
            number: number, rows: said("rows")?.int.flatMap { $0 >= 0 ? $0 : nil })
    }
}

/// How numbers are stored.
struct TSDFNumber: Equatable {
    /// Kinds of numbers.
    enum Kind: Equatable { case float, int, unsigned }
    let kind: Kind
    /// Bytes of a number.
    let size: Int
    let isBig: Bool

    init?(kind: String, bits: Int, endianness: String?) {
        switch (kind, bits) {
        case ("float", 32), ("float", 64): self.kind = .float
        case ("int", 8), ("int", 16), ("int", 32), ("int", 64): self.kind = .int
        case ("uint", 8), ("uint", 16), ("uint", 32), ("uint", 64): self.kind = .unsigned
        default: return nil
        }
        size = bits / 8
        switch endianness {
        case "little": isBig = false
        case "big": isBig = true
        default:
            guard size == 1 else { return nil }
            isBig = false
        }
    }

    /// Writes `count` numbers, `stride` bytes apart, times a factor.
    func read(
        _ source: UnsafeRawPointer, stride: Int, count: Int, factor: Double, into target: UnsafeMutablePointer<Double>
    ) {
        switch (kind, size) {
        case (.float, 4): each(UInt32.self) { Double(Float(bitPattern: $0)) }
        case (.float, _): each(UInt64.self) { Double(bitPattern: $0) }
        case (.int, 1): each(Int8.self) { Double($0) }
        case (.int, 2): each(Int16.self) { Double($0) }
        case (.int, 4): each(Int32.self) { Double($0) }
        case (.int, _): each(Int64.self) { Double($0) }
        case (.unsigned, 1): each(UInt8.self) { Double($0) }
        case (.unsigned, 2): each(UInt16.self) { Double($0) }
        case (.unsigned, 4): each(UInt32.self) { Double($0) }
        case (.unsigned, _): each(UInt64.self) { Double($0) }
        }

        @inline(__always) func each<T: FixedWidthInteger>(_: T.Type, _ value: (T) -> Double) {
            for place in 0..<count {
                let stored = source.loadUnaligned(fromByteOffset: place * stride, as: T.self)
                target[place] = value(isBig ? T(bigEndian: stored) : T(littleEndian: stored)) * factor
            }
        }
    }
}
