import Records

extension LabelTable {
    /// Why a label table cannot be read.
    public enum Problem: Error, Equatable, CustomStringConvertible {
        case table(DelimitedTable.Problem)
        case noColumns([String])
        case badIndex(line: Int, String)
        case badJSON
        case notATable

        /// One sentence for the person holding the file.
        public var description: String {
            switch self {
            case .table(let problem): problem.description
            case .noColumns(let columns):
                "a label table needs the columns index and name, but has \(columns.joined(separator: ", "))"
            case .badIndex(let line, let text): "line \(line): \"\(text)\" is no label number"
            case .badJSON:
                "names in JSON are {\"11\": \"Left-Caudate\"} or [{\"index\": 11, \"name\": \"Left-Caudate\"}]"
            case .notATable:
                "this is neither a FreeSurfer colour table, a BIDS dseg.tsv, a CSV with index and name nor JSON"
            }
        }
    }

    /// Reads the names of labels from a file: FreeSurfer colour table, `gtmseg.ctab`, BIDS or PETPAL `dseg.tsv`, CSV,
    /// PETPVC's CSV, or JSON.
    public static func read(_ path: String) throws -> LabelTable {
        let bytes = try InputFile.read(path)
        return try naming(path) { try LabelTable(parsing: bytes) }
    }

    /// Where the names of a label image are kept: `NAME.tsv` beside `NAME.nii.gz`, as BIDS has it for `*_dseg`.
    public static func path(beside image: String) -> String {
        for ending in [".nii.gz", ".nii", ".mgz", ".mgh", ".nrrd", ".mha"] where image.lowercased().hasSuffix(ending) {
            return image.dropLast(ending.count) + ".tsv"
        }
        return image + ".tsv"
    }

    /// Reads the names of labels from the bytes of a file of any of these formats, told from its content.
    public init(parsing bytes: [UInt8]) throws(Problem) {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .table(.notText) }
        let lines = text.split(whereSeparator: \.isNewline)
        guard let first = lines.first(where: { !$0.hasPrefix("#") && !$0.allSatisfy(\.isWhitespace) }) else {
            throw .table(.empty)
        }
        if let first = first.first(where: { !$0.isWhitespace }), "{[".contains(first) {
            self = try Self.json(bytes)
        } else if first.contains("\t") && Self.namesColumns(first, "\t") || Self.namesColumns(first, ",") {
            self = try Self.delimited(bytes)
        } else {
            self = try Self.colorTable(lines)
        }
    }

    private static func namesColumns(_ header: Substring, _ separator: Character) -> Bool {
        let fields = header.lowercased().split(separator: separator).map {
            $0.filter { !$0.isWhitespace && $0 != "\"" }
        }
        return fields.contains("index") || fields.contains("label") || fields.contains("id") || fields.contains("name")
            || fields.contains("source")
    }

    /// BIDS `dseg.tsv` (index, name, optional color as #RRGGBB) or the same with commas; PETPVC's `REGION,SOURCE,DST`,
    /// where SOURCE is the label in the parcellation that REGION names.
    private static func delimited(_ bytes: [UInt8]) throws(Problem) -> LabelTable {
        let source: DelimitedTable
        do { source = try DelimitedTable(parsing: bytes) } catch { throw .table(error) }
        guard let index = source.column("index", "label", "id", "source"), let name = source.column("name", "region")
        else {
            throw .noColumns(source.columns)
        }
        let color = source.column("color", "colour")
        var table = LabelTable()
        for (place, row) in source.rows.enumerated() {
            guard let label = Int32(row[index]) else { throw .badIndex(line: place + 2, row[index]) }
            table.add(Entry(name: row[name], color: color.flatMap { hex(row[$0]) }), label)
        }
        return table
    }

    /// An object of names by label, or of labels by name, or a list of objects with index and name.
    private static func json(_ bytes: [UInt8]) throws(Problem) -> LabelTable {
        guard let json = try? JSONValue(parsing: bytes) else { throw .badJSON }
        var table = LabelTable()
        for member in json.members ?? [] {
            if let label = Int32(member.key), let name = member.value.string {
                table.add(Entry(name: name), label)
            } else if let label = member.value.int.flatMap({ Int32(exactly: $0) }) {
                table.add(Entry(name: member.key), label)
            } else {
                throw .badJSON
            }
        }
        for element in json.elements ?? [] {
            guard let label = (element["index"] ?? element["label"])?.int.flatMap({ Int32(exactly: $0) }),
                let name = element["name"]?.string
            else { throw .badJSON }
            table.add(Entry(name: name, color: element["color"]?.string.flatMap(hex)), label)
        }
        guard !table.entries.isEmpty else { throw .badJSON }
        return table
    }

    /// FreeSurfer and gtmseg, whose tissue type behind the colour is not needed: `No. Label Name R G B A`, comments with #.
    private static func colorTable(_ lines: [Substring]) throws(Problem) -> LabelTable {
        var table = LabelTable()
        for (place, line) in lines.enumerated() {
            let fields = line.split(whereSeparator: \.isWhitespace)
            guard let first = fields.first, !first.hasPrefix("#") else { continue }
            guard fields.count >= 2 else { throw .notATable }
            guard let label = Int32(first) else {
                throw table.entries.isEmpty ? .notATable : .badIndex(line: place + 1, String(first))
            }
            let rgb = fields.dropFirst(2).prefix(3).compactMap { UInt8($0) }
            table.add(
                Entry(name: String(fields[1]), color: rgb.count == 3 ? SIMD3(rgb[0], rgb[1], rgb[2]) : nil), label)
        }
        guard !table.entries.isEmpty else { throw .notATable }
        return table
    }

    private mutating func add(_ entry: Entry, _ label: Int32) {
        if let old = entries[label], old.name != entry.name { renamed.insert(label) }
        entries[label] = entry
    }

    private static func hex(_ text: String) -> SIMD3<UInt8>? {
        guard text.hasPrefix("#"), text.utf8.count == 7, let value = UInt32(text.dropFirst(), radix: 16) else {
            return nil
        }
        return SIMD3(UInt8(value >> 16), UInt8(value >> 8 & 255), UInt8(value & 255))
    }

    /// The table as a BIDS `dseg.tsv`.
    public var dsegTSV: String {
        let rows = entries.sorted { $0.key < $1.key }.map { label, entry in
            let color = entry.color.map { c in
                "#" + [c.x, c.y, c.z].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            }
            return [String(label), entry.name, color ?? "n/a"]
        }
        return DelimitedTable(columns: ["index", "name", "color"], rows: rows).tsv
    }
}
