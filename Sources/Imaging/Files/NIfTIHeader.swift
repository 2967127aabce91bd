/// The header of a NIfTI-1 or NIfTI-2 file, with every field we use checked [NIfTI1, NIfTI2].
public struct NIfTIHeader: Sendable, Equatable {
    /// 1 or 2.
    public var version: Int
    /// Whether the file's byte order is not this machine's.
    public var swapped: Bool
    /// Sizes along i, j, k and t; 1 where the file has no such axis.
    public var shape: (x: Int, y: Int, z: Int, t: Int)
    /// How voxels are stored.
    public var datatype: VoxelType
    /// Whether the voxels are in a file of their own.
    public var isPair: Bool
    /// Where the voxels start, bytes from the start of the data file.
    public var dataOffset: Int
    /// Value = stored · slope + intercept; 1 where the file scales nothing.
    public var slope: Double
    /// 0 where the file scales nothing.
    public var intercept: Double
    /// Voxel spacings and the time step as stored.
    public var spacing: [Double]
    /// RAS+ millimetres from voxel indices, by the rule named in `affineRule`.
    public var worldFromVoxel: Affine
    /// Which transform was used: sform, qform or none.
    public var affineRule: String
    /// The unit of time: "s", "ms", "us", or nil where the file does not say.
    public var timeUnit: String?
    /// What the values mean, by the standard's codes; 0 for none.
    public var intentCode: Int
    /// What was doubtful.
    public var warnings: [String]

    /// Bytes of the header proper.
    var length: Int { version == 1 ? 348 : 540 }

    /// Whether two headers give the same image.
    public static func == (a: NIfTIHeader, b: NIfTIHeader) -> Bool {
        a.version == b.version && a.shape == b.shape && a.datatype == b.datatype && a.slope == b.slope
            && a.intercept == b.intercept && a.worldFromVoxel == b.worldFromVoxel
    }
}

extension NIfTIHeader {
    /// Reads the header at the start of `bytes`.
    public init(parsing bytes: UnsafeRawBufferPointer) throws(ImageProblem) {
        try self.init(parsing: bytes, vectors: false)
    }

    /// The same; with `vectors`, of an image of displacements (five axes), whose three components are read as frames.
    init(parsing bytes: UnsafeRawBufferPointer, vectors: Bool) throws(ImageProblem) {
        (version, swapped, isPair) = try Self.magic(bytes)
        let field = FieldReader(bytes: bytes, swapped: swapped)
        warnings = []
        intentCode = version == 1 ? Int(field.int16(68)) : Int(field.int32(504))
        guard !(3000..<3100).contains(intentCode) else {
            throw .unsupported(
                "this is a CIFTI file (surface and volume elements in one matrix), not a volume; "
                    + "take its volume out first (wb_command -cifti-separate)")
        }
        let dim = try Self.dimensions(field, version, vectors ? 0 : intentCode, &warnings)
        shape = (dim[0], dim[1], dim[2], dim[3])
        datatype = try Self.datatype(version == 1 ? field.int16(70) : field.int16(12))
        let isVersion1 = version == 1
        spacing = (1...4).map { isVersion1 ? Double(field.float(76 + 4 * $0)) : field.double(104 + 8 * $0) }
        (slope, intercept) = try Self.scaling(
            version == 1 ? Double(field.float(112)) : field.double(176),
            version == 1 ? Double(field.float(116)) : field.double(184))

        let length = version == 1 ? 348 : 540
        let offset = version == 1 ? Double(field.float(108)) : Double(field.int64(168))
        guard let start = Int(exactly: offset), start >= 0, start < 1 << 48, isPair || start == 0 || start >= length
        else { throw .badField("vox_offset", "\(offset)", "a whole number after the header") }
        dataOffset = isPair || start > 0 ? start : length + 4

        let units: Int = version == 1 ? Int(bytes[123]) : Int(field.int32(500))
        timeUnit = Self.timeUnits[units & 0x38]
        let scale: Double = Self.millimetres[units & 7] ?? 1
        let transforms = NIfTITransforms(field, version, dim, spacing, millimetres: scale)
        (worldFromVoxel, affineRule) = (transforms.chosen, transforms.rule)
        if scale != 1 {
            warnings.append("distances are stored in \(scale > 1 ? "metres" : "micrometres") and were converted to mm")
        }
        warnings += transforms.warnings
    }

    /// Version, byte order and whether it is the header of a pair, from the header's size and the magic text.
    private static func magic(_ bytes: UnsafeRawBufferPointer) throws(ImageProblem) -> (Int, Bool, Bool) {
        guard bytes.count >= 4 else { throw .truncated(needed: 348, available: bytes.count) }
        let size = bytes.loadUnaligned(as: Int32.self)
        let version = [348: 1, 540: 2][size] ?? [348: 1, 540: 2][size.byteSwapped]
        guard let version else {
            throw .notFormat("NIfTI", "its header size is neither 348 (NIfTI-1) nor 540 (NIfTI-2)")
        }
        let length = version == 1 ? 348 : 540
        guard bytes.count >= length else { throw .truncated(needed: length, available: bytes.count) }
        let text = Array(bytes[version == 1 ? 344..<348 : 4..<8])
        let number = UInt8(ascii: "0") + UInt8(version)
        let swapped = size != 348 && size != 540
        if text == [UInt8(ascii: "n"), UInt8(ascii: "+"), number, 0] { return (version, swapped, false) }
        if text == [UInt8(ascii: "n"), UInt8(ascii: "i"), number, 0] { return (version, swapped, true) }
        guard version == 1 else { throw .notFormat("NIfTI", "the text n+2 or ni2 is not in its header") }
        throw .unsupported(
            "this is an Analyze 7.5 header: it does not say which side is left; "
                + "convert it with the program that wrote it, or with nibabel, and check the sides")
    }

    private static let timeUnits: [Int: String] = [8: "s", 16: "ms", 24: "us"]
    private static let millimetres: [Int: Double] = [1: 1000, 2: 1, 3: 0.001]

    /// Sizes along i, j, k and t.
    ///
    /// A fifth axis is read as frames where there is no fourth and no intent says that it is something else.
    private static func dimensions(
        _ field: FieldReader, _ version: Int, _ intent: Int, _ warnings: inout [String]
    ) throws(ImageProblem) -> [Int] {
        let raw = (0...7).map { version == 1 ? Int(field.int16(40 + 2 * $0)) : Int(clamping: field.int64(16 + 8 * $0)) }
        let rank = raw[0]
        guard (1...7).contains(rank), raw[1...rank].allSatisfy({ $0 > 0 }) else {
            throw .badField("dim", "\(raw)", "a rank from 1 to 7 and positive sizes")
        }
        var sizes = (1...7).map { $0 <= rank ? raw[$0] : 1 }
        if sizes[4] > 1 {
            guard sizes[3] == 1, sizes[5] == 1, sizes[6] == 1, intent == 0 else {
                let what = intents[intent] ?? "values of more than one kind"
                throw .unsupported(
                    "the image has five dimensions (\(Array(raw[1...rank]))) and holds \(what); "
                        + "images of one value a voxel and frame are read: split it first (fslsplit, nibabel)")
            }
            sizes[3] = sizes[4]
            warnings.append("the fifth axis of the image is read as \(sizes[3]) frames")
        }
        guard sizes[5] == 1, sizes[6] == 1 else {
            throw .unsupported("the image has more than five dimensions (\(Array(raw[1...rank]))); up to four are read")
        }
        _ = try voxelCount(Array(sizes[0..<4]), "dim")
        return Array(sizes[0..<4])
    }

    private static let intents = [
        1004: "matrices", 1005: "symmetric matrices (diffusion tensors)", 1006: "displacement vectors",
        1007: "vectors", 1010: "quaternions", 2003: "RGB colours", 2004: "RGBA colours",
    ]

    private static func datatype(_ code: Int16) throws(ImageProblem) -> VoxelType {
        if let type = VoxelType(niftiCode: code) { return type }
        let known: [Int16: String] = [
            0: "unknown", 1: "binary", 32: "complex64", 128: "RGB", 1536: "float128", 1792: "complex128",
            2048: "complex256", 2304: "RGBA",
        ]
        throw .unsupported(
            "voxels of type \(code) (\(known[code] ?? "not in the standard")) are not read; "
                + "convert to a real-valued type first")
    }

    /// A slope of 0 or NaN means that nothing is scaled.
    private static func scaling(_ slope: Double, _ intercept: Double) throws(ImageProblem) -> (Double, Double) {
        if slope == 0 || slope.isNaN { return (1, 0) }
        guard slope.isFinite, intercept.isFinite else {
            throw .badField("scl_slope and scl_inter", "\(slope) and \(intercept)", "finite")
        }
        return (slope, intercept)
    }
}

extension VoxelType {
    private static let niftiCodes: [Int16: VoxelType] = [
        2: .uint8, 4: .int16, 8: .int32, 16: .float32, 64: .float64, 256: .int8, 512: .uint16, 768: .uint32,
        1024: .int64, 1280: .uint64,
    ]

    /// The type with a code of the NIfTI standard; `nil` where that is no real number of a size read here.
    init?(niftiCode code: Int16) {
        guard let type = Self.niftiCodes[code] else { return nil }
        self = type
    }

    /// The NIfTI standard's code.
    var niftiCode: Int16 { Self.niftiCodes.first { $0.value == self }!.key }
}

/// Reads numbers of either byte order at fixed places of a header.
struct FieldReader {
    let bytes: UnsafeRawBufferPointer
    let swapped: Bool

    func int16(_ place: Int) -> Int16 { ordered(bytes.loadUnaligned(fromByteOffset: place, as: Int16.self)) }
    func int32(_ place: Int) -> Int32 { ordered(bytes.loadUnaligned(fromByteOffset: place, as: Int32.self)) }
    func int64(_ place: Int) -> Int64 { ordered(bytes.loadUnaligned(fromByteOffset: place, as: Int64.self)) }
    func float(_ place: Int) -> Float {
        Float(bitPattern: ordered(bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self)))
    }
    func double(_ place: Int) -> Double {
        Double(bitPattern: ordered(bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)))
    }

    private func ordered<T: FixedWidthInteger>(_ value: T) -> T { swapped ? value.byteSwapped : value }
}
