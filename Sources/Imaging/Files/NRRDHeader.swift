/// The header of an NRRD file [NRRD]: sizes, type, geometry and where the data are.
struct NRRDHeader {
    enum Encoding { case raw, gzip }

    var type: VoxelType
    var swapped: Bool
    var encoding: Encoding
    var shape: SIMD3<Int>
    var frames: Int
    /// Whether the frames of a voxel stand together, before the next voxel's.
    var framesFirst: Bool
    var worldFromVoxel: Affine
    var units: String?
    /// The file with the data; `nil` where they follow the header.
    var dataFile: String?
    /// Where the data begin in an attached file.
    var dataStart: Int
    /// Lines and bytes before the data; -1 bytes means that the data stand at the end.
    var lineSkip: Int
    var byteSkip: Int
    var warnings: [String] = []

    init(parsing bytes: UnsafeRawBufferPointer) throws(ImageProblem) {
        var (fields, end) = try Self.fields(bytes)
        dataStart = end
        func field(_ names: String...) -> String? { names.lazy.compactMap { fields[$0] }.first }

        guard let dimension = try Self.integers(field("dimension"), "dimension")?.first, (1...16).contains(dimension)
        else { throw .missing("dimension from 1 to 16") }
        guard let sizes = try Self.integers(field("sizes"), "sizes"), sizes.count == dimension else {
            throw .badField("sizes", field("sizes") ?? "missing", "\(dimension) whole numbers")
        }
        _ = try voxelCount(sizes, "sizes")
        type = try Self.type(field("type"))
        encoding = try Self.encoding(field("encoding"))
        swapped = try Self.isSwapped(field("endian"), type)
        lineSkip = try Self.integers(field("line skip", "lineskip"), "line skip")?.first ?? 0
        byteSkip = try Self.integers(field("byte skip", "byteskip"), "byte skip")?.first ?? 0
        guard lineSkip >= 0, byteSkip >= (encoding == .raw ? -1 : 0) else {
            throw .badField("line skip or byte skip", "\(lineSkip), \(byteSkip)", "0 or more")
        }
        dataFile = field("data file", "datafile")
        if let dataFile, dataFile.hasPrefix("LIST") || dataFile.contains("%") {
            throw .unsupported("the voxels are in several files (data file: \(dataFile)); join them first (unu, ITK)")
        }
        units = field("sample units", "sampleunits").map { $0.filter { $0 != "\"" } }

        let axes = try NRRDAxes(fields: fields, sizes: sizes)
        (shape, frames, framesFirst) = (axes.shape, axes.frames, axes.framesFirst)
        worldFromVoxel = axes.worldFromVoxel
        warnings = axes.warnings
        fields.removeAll()
    }

    /// Whether bytes begin as an NRRD file does.
    static func isNRRD(_ bytes: UnsafeRawBufferPointer) -> Bool { bytes.starts(with: "NRRD000".utf8) }

    /// The fields by name in lower case, and where the header ends. Comments and key/value pairs are left out.
    private static func fields(_ bytes: UnsafeRawBufferPointer) throws(ImageProblem) -> ([String: String], Int) {
        guard isNRRD(bytes) else { throw .notFormat("NRRD", "it does not begin with NRRD000") }
        var lines = TextHeader(bytes)
        _ = lines.next()
        var fields: [String: String] = [:]
        while let line = lines.next() {
            if line.isEmpty { return (fields, lines.position) }
            if line.hasPrefix("#") { continue }
            guard let colon = line.firstIndex(of: ":") else {
                throw .badField("line", "\"\(line.prefix(40))\"", "a field and its value with a colon between")
            }
            let value = line[line.index(after: colon)...]
            if value.hasPrefix("=") { continue }
            fields[line[..<colon].lowercased().trimmed] = value.trimmed
        }
        guard fields["data file"] ?? fields["datafile"] != nil else { throw .missing("empty line at its end") }
        return (fields, bytes.count)
    }

    static func integers(_ text: String?, _ name: String) throws(ImageProblem) -> [Int]? {
        guard let text else { return nil }
        let parts = text.split(whereSeparator: \.isWhitespace)
        let numbers = parts.compactMap { Int($0) }
        guard numbers.count == parts.count, !numbers.isEmpty else { throw .badField(name, text, "whole numbers") }
        return numbers
    }

    private static func type(_ text: String?) throws(ImageProblem) -> VoxelType {
        guard let text else { throw .missing("type") }
        switch text.lowercased() {
        case "signed char", "int8", "int8_t": return .int8
        case "uchar", "unsigned char", "uint8", "uint8_t": return .uint8
        case "short", "short int", "signed short", "signed short int", "int16", "int16_t": return .int16
        case "ushort", "unsigned short", "unsigned short int", "uint16", "uint16_t": return .uint16
        case "int", "signed int", "int32", "int32_t": return .int32
        case "uint", "unsigned int", "uint32", "uint32_t": return .uint32
        case "longlong", "long long", "long long int", "signed long long", "signed long long int", "int64", "int64_t":
            return .int64
        case "ulonglong", "unsigned long long", "unsigned long long int", "uint64", "uint64_t": return .uint64
        case "float": return .float32
        case "double": return .float64
        default: throw .unsupported("voxels of NRRD type \"\(text)\" are not read; integers and floats are")
        }
    }

    private static func encoding(_ text: String?) throws(ImageProblem) -> Encoding {
        guard let text else { throw .missing("encoding") }
        switch text.lowercased() {
        case "raw": return .raw
        case "gzip", "gz": return .gzip
        default:
            throw .unsupported(
                "NRRD data in the encoding \"\(text)\" are not read; save them as raw or gzip (unu save -e gzip)")
        }
    }

    private static func isSwapped(_ text: String?, _ type: VoxelType) throws(ImageProblem) -> Bool {
        switch text?.lowercased() {
        case "little": return false
        case "big": return true
        case nil where type.bytes == 1: return false
        case nil: throw .missing("endian")
        default: throw .badField("endian", text ?? "", "little or big")
        }
    }
}
