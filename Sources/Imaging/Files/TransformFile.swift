import Records

/// Linear transforms in files: a point of the fixed image's world taken to the moving image's.
public enum TransformFile {
    /// How a transform is written; the ending of a name says which.
    public enum Format: Sendable {
        /// ITK's text.
        case itk
        /// A JSON document with `moving_from_fixed`, a 4×4 matrix, RAS mm.
        case json
    }

    /// The format a name asks for: `.tfm` and `.txt` are ITK's text, `.json` is JSON; `nil` for other endings.
    public static func format(of path: String) -> Format? {
        let name = path.lowercased()
        if name.hasSuffix(".json") { return .json }
        return name.hasSuffix(".tfm") || name.hasSuffix(".txt") ? .itk : nil
    }

    /// The transform, `movingFromFixed`, RAS mm, of a file in any of the formats.
    public static func read(_ path: String) throws -> Affine {
        let bytes = try InputFile.read(path)
        return try naming(path) { try parse(bytes) }
    }

    /// The transform of a file's bytes.
    public static func parse(_ bytes: [UInt8]) throws -> Affine {
        guard bytes.count < 1 << 20 else { throw TransformProblem.unknownFormat }
        if let map = try ANTsTransform.parse(bytes) { return map }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw TransformProblem.unknownFormat }
        if text.hasPrefix(ITKTransform.signature) { return try ITKTransform.parse(text) }
        guard text.first(where: { !$0.isWhitespace }) == "{" else { throw TransformProblem.unknownFormat }
        return try parse(JSONValue(parsing: bytes))
    }

    /// The matrix of a JSON document.
    private static func parse(_ document: JSONValue) throws(TransformProblem) -> Affine {
        guard let matrix = document["moving_from_fixed"] else { throw .damaged("it has no moving_from_fixed") }
        let rows = (0..<4).map { row in (0..<4).compactMap { matrix[row]?[$0]?.double } }
        guard rows.allSatisfy({ $0.count == 4 }), matrix[4] == nil, rows[3] == [0, 0, 0, 1] else {
            throw .damaged("moving_from_fixed is not four rows of four numbers, the last of them 0 0 0 1")
        }
        return try checked(Affine(rows: rows))
    }

    /// The map, if it takes points of a scanner's world to such points and back: with an inverse, and both with numbers below
    /// 10⁶ (10⁹ mm for shifts), far beyond any unit a head was ever measured in.
    static func checked(_ map: Affine) throws(TransformProblem) -> Affine {
        guard let back = map.inverse else { throw .damaged("its matrix has no inverse") }
        let isUsable = (map.rows.dropLast() + back.rows.dropLast()).allSatisfy { row in
            row.dropLast().allSatisfy { abs($0) < 1e6 } && abs(row[3]) < 1e9
        }
        guard isUsable else { throw .damaged("its numbers are beyond what moves one image onto another") }
        return map
    }
}

/// ANTs' `0GenericAffine.mat`: MATLAB's format of level 4, with the parameters of an ITK transform and its centre.
enum ANTsTransform {
    /// The map of a file's bytes; `nil` where they are something else.
    static func parse(_ bytes: [UInt8]) throws(TransformProblem) -> Affine? {
        guard let first = variable(bytes, at: 0), first.name.contains("Transform") else { return nil }
        guard let second = variable(bytes, at: first.end), second.name == "fixed" else {
            throw .damaged("ANTs' second variable, fixed, is missing")
        }
        return try ITKTransform.map(first.name, first.values, second.values)
    }

    /// A column of little-endian numbers, with its name.
    private static func variable(_ bytes: [UInt8], at start: Int) -> (name: String, values: [Double], end: Int)? {
        func int(_ offset: Int) -> Int? {
            guard start + offset + 4 <= bytes.count else { return nil }
            return (0..<4).reduce(0) { $0 | Int(bytes[start + offset + $1]) << (8 * $1) }
        }
        guard let type = int(0), type == 0 || type == 10, let rows = int(4), let columns = int(8), int(12) == 0,
            let length = int(16), (2...64).contains(length), columns == 1, (1...64).contains(rows)
        else { return nil }
        let size = type == 0 ? 8 : 4
        let data = start + 20 + length
        guard data + rows * size <= bytes.count else { return nil }
        let name = String(decoding: bytes[(start + 20)..<(data - 1)], as: UTF8.self)
        let values = (0..<rows).map { row in
            let bits = (0..<size).reduce(UInt64(0)) { $0 | UInt64(bytes[data + row * size + $1]) << UInt64(8 * $1) }
            return size == 8 ? Double(bitPattern: bits) : Double(Float(bitPattern: UInt32(bits)))
        }
        return values.allSatisfy(\.isFinite) ? (name, values, data + rows * size) : nil
    }
}
