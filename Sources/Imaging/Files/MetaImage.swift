import Records

/// MetaImage files of ITK, attached (.mha) or with the voxels in a file of their own (.mhd), raw or zlib [MetaImage].
///
/// The file's space is LPS, as ITK has it, and is turned into RAS. A fourth axis is the frames.
public enum MetaImage {
    /// Reads an image; of a pair, the header is named.
    public static func read(_ path: String) throws -> StoredImage { try MetaImageHeader.image(at: path) }

    /// Reads an image from the bytes of a file with its voxels attached.
    public static func read(bytes: UnsafeRawBufferPointer) throws(ImageProblem) -> StoredImage {
        try MetaImageHeader.image(in: bytes)
    }
}

extension MetaImageHeader: DetachableHeader {
    func decode(_ data: UnsafeRawBufferPointer) throws(ImageProblem) -> StoredImage {
        let size = count * coding.type.bytes
        let compression: Compression = isCompressed ? (Gzip.isGzip(data) ? .gzip : .zlib) : .none
        // ITK counts a header before uncompressed data only.
        let start = isCompressed ? 0 : headerSize < 0 ? max(0, data.count - size) : headerSize
        let stream = try ByteStream(data, compression)
        try stream.require(start + size)
        try stream.skip(to: start)
        let grid = try imageGrid(shape, worldFromVoxel)
        let volume = try Volume(grid: grid, frames: frames) { (target) throws(ImageProblem) in
            try stream.decode(coding, into: target, end: start + size)
            try stream.finish()
        }
        return StoredImage(
            volume: volume, format: "MetaImage", datatype: coding.type.name, warnings: warnings)
    }
}

/// The text before the voxels of a MetaImage.
struct MetaImageHeader {
    var coding: VoxelCoding
    var shape: SIMD3<Int> = .one
    var frames = 1
    var count: Int
    var worldFromVoxel = Affine.identity
    var isCompressed: Bool
    /// Bytes before the voxels in their file; -1 where they stand at the end.
    var headerSize: Int
    /// The file with the voxels; `nil` where they follow the header.
    var dataFile: String?
    var dataStart: Int
    var warnings: [String] = []

    init(parsing bytes: UnsafeRawBufferPointer) throws(ImageProblem) {
        let (fields, end) = try Self.fields(bytes)
        dataStart = end
        guard fields["objecttype"] == nil || fields["objecttype"]?.lowercased() == "image" else {
            throw .unsupported("this MetaIO file holds a \(fields["objecttype"] ?? ""), not an image")
        }
        guard let rank = fields["ndims"].flatMap({ Int($0) }), (1...4).contains(rank) else {
            throw .badField("NDims", fields["ndims"] ?? "missing", "1 to 4")
        }
        guard let sizes = fields["dimsize"]?.split(whereSeparator: \.isWhitespace).map({ Int($0) ?? 0 }),
            sizes.count == rank
        else { throw .badField("DimSize", fields["dimsize"] ?? "missing", "\(rank) whole numbers") }
        count = try voxelCount(sizes, "DimSize")
        for (axis, size) in sizes.prefix(3).enumerated() { shape[axis] = size }
        frames = rank == 4 ? sizes[3] : 1
        if let channels = fields["elementnumberofchannels"], channels != "1" {
            throw .unsupported("each voxel holds \(channels) values; images of one value a voxel are read")
        }
        coding = try Self.coding(fields, &warnings)
        if let binary = fields["binarydata"], !Self.isTrue(binary) {
            throw .unsupported("the voxels are written as text (BinaryData False); save the image in binary")
        }
        isCompressed = fields["compresseddata"].map(Self.isTrue) ?? false
        headerSize = fields["headersize"].flatMap { Int($0) } ?? 0
        guard headerSize >= -1, headerSize < 1 << 48 else {
            throw .badField("HeaderSize", "\(headerSize)", "-1 or more")
        }
        let name = fields["elementdatafile"] ?? ""
        if name.uppercased() != "LOCAL" { dataFile = name }
        if name.isEmpty || name.uppercased().hasPrefix("LIST") || name.contains("%") {
            throw .unsupported("the voxels are in several files (ElementDataFile \(name)); save the image in one")
        }
        worldFromVoxel = try Self.place(fields, rank, &warnings)
    }

    /// Whether bytes begin as a MetaImage does: text with its own names.
    static func isMetaImage(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var lines = TextHeader(UnsafeRawBufferPointer(rebasing: bytes.prefix(1024)))
        while let line = lines.next(), let equals = line.firstIndex(of: "=") {
            let key = line[..<equals].lowercased().trimmed
            if key == "ndims" { return true }
            guard ["objecttype", "objectsubtype", "comment", "transformtype", "name", "id", "parentid"].contains(key)
            else { return false }
        }
        return false
    }

    /// The fields by name in lower case, to ElementDataFile, which is the last; and where the header ends.
    private static func fields(_ bytes: UnsafeRawBufferPointer) throws(ImageProblem) -> ([String: String], Int) {
        var lines = TextHeader(bytes)
        var fields: [String: String] = [:]
        while let line = lines.next() {
            if line.isEmpty { continue }
            guard let equals = line.firstIndex(of: "=") else {
                throw .notFormat("MetaImage", "the line \"\(line.prefix(40))\" has no =")
            }
            let key = line[..<equals].lowercased().trimmed
            fields[key] = line[line.index(after: equals)...].trimmed
            if key == "elementdatafile" { return (fields, lines.position) }
        }
        throw .missing("ElementDataFile")
    }

    private static func isTrue(_ text: String) -> Bool { text.lowercased().hasPrefix("t") || text == "1" }

    private static func coding(
        _ fields: [String: String], _ warnings: inout [String]
    ) throws(ImageProblem) -> VoxelCoding {
        let types: [String: VoxelType] = [
            "met_char": .int8, "met_uchar": .uint8, "met_short": .int16, "met_ushort": .uint16, "met_int": .int32,
            "met_uint": .uint32, "met_long_long": .int64, "met_ulong_long": .uint64, "met_float": .float32,
            "met_double": .float64,
        ]
        guard let name = fields["elementtype"] else { throw .missing("ElementType") }
        guard let type = types[name.lowercased()] else {
            throw .unsupported("voxels of type \(name) are not read; MET_CHAR to MET_ULONG_LONG, FLOAT and DOUBLE are")
        }
        let order = fields["elementbyteordermsb"] ?? fields["binarydatabyteordermsb"]
        if order == nil, type.bytes > 1 { warnings.append("the byte order is not given: little-endian is taken") }
        func number(_ key: String, _ standard: Double) throws(ImageProblem) -> Double {
            guard let text = fields[key] else { return standard }
            guard let value = Double(text), value.isFinite else { throw .badField(key, text, "a number") }
            return value
        }
        let slope = try number("elementtointensityfunctionslope", 1)
        let intercept = try number("elementtointensityfunctionoffset", 0)
        if slope != 1 || intercept != 0 {
            warnings.append(
                "values are scaled by ElementToIntensityFunction (slope \(slope), offset \(intercept)); ITK leaves it out"
            )
        }
        return VoxelCoding(type: type, swapped: order.map(isTrue) ?? false, slope: slope, intercept: intercept)
    }

    /// RAS from voxels: the rows of TransformMatrix are the directions of the axes.
    private static func place(
        _ fields: [String: String], _ rank: Int, _ warnings: inout [String]
    ) throws(ImageProblem) -> Affine {
        func numbers(_ names: String..., count: Int) throws(ImageProblem) -> [Double]? {
            guard let name = names.first(where: { fields[$0] != nil }), let text = fields[name] else { return nil }
            guard let numbers = TextHeader.numbers(text), numbers.count == count, numbers.allSatisfy(\.isFinite) else {
                throw .badField(name, text, "\(count) numbers")
            }
            return numbers
        }
        let spacing = try numbers("elementspacing", "elementsize", count: rank)
        if spacing == nil { warnings.append("the file gives no voxel size: 1 mm is used") }
        let offset = try numbers("offset", "position", "origin", count: rank)
        let matrix = try numbers("transformmatrix", "rotation", "orientation", count: rank * rank)
        if offset == nil || matrix == nil && fields["anatomicalorientation"] == nil {
            warnings.append("the file does not say where the image lies: axes are taken as left, posterior, superior")
        }
        var steps: [SIMD3<Double>] = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
        for axis in 0..<min(rank, 3) {
            for world in 0..<min(rank, 3) {
                if let matrix { steps[axis][world] = matrix[axis * rank + world] }
            }
            if rank == 4, let matrix, matrix[axis * 4 + 3] != 0 || matrix[12 + axis] != 0 {
                throw .unsupported("TransformMatrix turns space into time; it is not read")
            }
            if let spacing { steps[axis] *= spacing[axis] }
        }
        var origin: SIMD3<Double> = .zero
        if let offset { for world in 0..<min(rank, 3) { origin[world] = offset[world] } }
        if let centre = try numbers("centerofrotation", count: rank), centre.contains(where: { $0 != 0 }) {
            warnings.append("CenterOfRotation is left out, as ITK does: Offset is where the first voxel lies")
        }
        return Affine(scale: [-1, -1, 1]) * Affine(x: steps[0], y: steps[1], z: steps[2], translation: origin)
    }
}
