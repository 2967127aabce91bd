/// The header of a NIfTI-1 or NIfTI-2 file, with every field we use checked [NIfTI1, NIfTI2].
public struct NIfTIHeader: Sendable, Equatable {
    /// How voxels are stored.
    public enum Datatype: Int16, Sendable, CaseIterable {
        case uint8 = 2, int16 = 4, int32 = 8, float32 = 16, float64 = 64
        case int8 = 256, uint16 = 512, uint32 = 768, int64 = 1024, uint64 = 1280

        /// Bytes a voxel.
        public var bytes: Int {
            switch self {
            case .uint8, .int8: 1
            case .int16, .uint16: 2
            case .int32, .uint32, .float32: 4
            case .float64, .int64, .uint64: 8
            }
        }

        /// The name nibabel and numpy use.
        public var name: String { "\(self)" }
    }

    /// 1 or 2.
    public var version: Int
    /// Whether the file's byte order is not this machine's.
    public var swapped: Bool
    /// Sizes along i, j, k and t; 1 where the file has no such axis.
    public var shape: (x: Int, y: Int, z: Int, t: Int)
    /// How voxels are stored.
    public var datatype: Datatype
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

    /// Whether two headers give the same image.
    public static func == (a: NIfTIHeader, b: NIfTIHeader) -> Bool {
        a.version == b.version && a.shape == b.shape && a.datatype == b.datatype && a.slope == b.slope
            && a.intercept == b.intercept && a.worldFromVoxel == b.worldFromVoxel
    }
}

/// Why a NIfTI file is refused.
public enum NIfTIError: Error, Equatable, CustomStringConvertible {
    case notNIfTI
    case truncated(needed: Int, available: Int)
    case badDimensions([Int])
    case unsupportedDatatype(Int, String)
    case moreThanFourDimensions([Int])
    case badScaling(Double, Double)
    case badOffset(Double)
    case grid(GridError)
    case gzip(Gzip.Problem)
    case noImageFile(String)
    case labelNotWhole(Float)
    case labelsNot3D(Int)

    /// One sentence for the person holding the file.
    public var description: String {
        switch self {
        case .notNIfTI: "this is not a NIfTI file: its header size is neither 348 (NIfTI-1) nor 540 (NIfTI-2)"
        case .truncated(let needed, let available):
            "the file ends at byte \(available); byte \(needed) was expected"
        case .badDimensions(let dim): "the header's dimensions \(dim) are not a 1-D to 7-D image"
        case .unsupportedDatatype(let code, let name):
            "voxels of type \(code) (\(name)) are not read; convert to a real-valued type first"
        case .moreThanFourDimensions(let dim):
            "the image has more than four dimensions (\(dim)); only 3-D and 4-D are read"
        case .badScaling(let slope, let intercept):
            "the scaling is not usable: slope \(slope), intercept \(intercept)"
        case .badOffset(let offset):
            "the header says the voxels start at byte \(offset), which is inside the header or no whole number"
        case .grid(let error): error.description
        case .gzip(let problem): problem.description
        case .noImageFile(let name): "this is the header of a pair, but \(name) is not beside it"
        case .labelNotWhole(let value):
            "a label image holds whole numbers from 0 to 2147483647, but there is a voxel of \(value)"
        case .labelsNot3D(let frames): "a label image is 3-D, but this one has \(frames) frames"
        }
    }
}

extension NIfTIHeader {
    /// Reads the header at the start of `bytes`.
    public init(parsing bytes: UnsafeRawBufferPointer) throws(NIfTIError) {
        guard bytes.count >= 4 else { throw .truncated(needed: 348, available: bytes.count) }
        let size = bytes.loadUnaligned(as: Int32.self)
        switch (size, size.byteSwapped) {
        case (348, _): version = 1; swapped = false
        case (_, 348): version = 1; swapped = true
        case (540, _): version = 2; swapped = false
        case (_, 540): version = 2; swapped = true
        default: throw .notNIfTI
        }
        let length = version == 1 ? 348 : 540
        guard bytes.count >= length else { throw .truncated(needed: length, available: bytes.count) }
        let field = FieldReader(bytes: bytes, swapped: swapped)
        warnings = []

        let dim: [Int] = try Self.dimensions(field, version)
        shape = (dim[0], dim[1], dim[2], dim[3])
        datatype = try Self.datatype(version == 1 ? field.int16(70) : field.int16(12))
        let isVersion1 = version == 1
        spacing = (1...4).map { isVersion1 ? Double(field.float(76 + 4 * $0)) : field.double(104 + 8 * $0) }

        let slopeField = version == 1 ? Double(field.float(112)) : field.double(176)
        let interceptField = version == 1 ? Double(field.float(116)) : field.double(184)
        (slope, intercept) = try Self.scaling(slopeField, interceptField)

        let offset = version == 1 ? Double(field.float(108)) : Double(field.int64(168))
        let isPair =
            version == 1
            ? bytes[344] == UInt8(ascii: "n") && bytes[345] == UInt8(ascii: "i") : bytes[5] == UInt8(ascii: "i")
        guard let start = Int(exactly: offset), start >= 0, isPair || start == 0 || start >= length else {
            throw .badOffset(offset)
        }
        dataOffset = isPair || start > 0 ? start : length + 4

        let units: Int = version == 1 ? Int(bytes[123]) : Int(field.int32(500))
        timeUnit = Self.timeUnits[units & 0x38]
        let scale: Double = Self.millimetres[units & 7] ?? 1
        intentCode = version == 1 ? Int(field.int16(68)) : Int(field.int32(504))
        (worldFromVoxel, affineRule) = Self.affine(field, version, dim, spacing)
        if scale != 1 {
            let toMillimetres = Affine(scale: SIMD3(repeating: scale))
            worldFromVoxel = toMillimetres * worldFromVoxel
            warnings.append("distances are stored in \(scale > 1 ? "metres" : "micrometres") and were converted to mm")
        }
        if affineRule == "none" {
            warnings.append(
                "the file has neither sform nor qform: voxel spacing is used and the centre is put at the origin")
        }
    }

    private static let timeUnits: [Int: String] = [8: "s", 16: "ms", 24: "us"]
    private static let millimetres: [Int: Double] = [1: 1000, 2: 1, 3: 0.001]

    private static func dimensions(_ field: FieldReader, _ version: Int) throws(NIfTIError) -> [Int] {
        let raw = (0...7).map { version == 1 ? Int(field.int16(40 + 2 * $0)) : Int(clamping: field.int64(16 + 8 * $0)) }
        let rank = raw[0]
        guard (1...7).contains(rank), raw[1...rank].allSatisfy({ $0 > 0 }) else { throw .badDimensions(raw) }
        guard rank <= 4 || raw[5...rank].allSatisfy({ $0 == 1 }) else {
            throw .moreThanFourDimensions(Array(raw[1...rank]))
        }
        let sizes = (1...4).map { $0 <= rank ? raw[$0] : 1 }
        var product = 1
        for size in sizes {
            let (value, overflow) = product.multipliedReportingOverflow(by: size)
            guard !overflow, value < 1 << 48 else { throw .badDimensions(raw) }
            product = value
        }
        return sizes
    }

    private static func datatype(_ code: Int16) throws(NIfTIError) -> Datatype {
        if let type = Datatype(rawValue: code) { return type }
        let known: [Int16: String] = [
            0: "unknown", 1: "binary", 32: "complex64", 128: "RGB", 1536: "float128", 1792: "complex128",
            2048: "complex256", 2304: "RGBA",
        ]
        throw .unsupportedDatatype(Int(code), known[code] ?? "not in the standard")
    }

    /// A slope of 0 or NaN means that nothing is scaled.
    private static func scaling(_ slope: Double, _ intercept: Double) throws(NIfTIError) -> (Double, Double) {
        if slope == 0 || slope.isNaN { return (1, 0) }
        guard slope.isFinite, intercept.isFinite else { throw .badScaling(slope, intercept) }
        return (slope, intercept)
    }

    /// The sform where there is one, else the qform, else spacing with x to the left and the centre at the origin, as nibabel has it.
    private static func affine(_ field: FieldReader, _ version: Int, _ dim: [Int], _ spacing: [Double]) -> (
        Affine, String
    ) {
        let qformCode = version == 1 ? Int(field.int16(252)) : Int(field.int32(344))
        let sformCode = version == 1 ? Int(field.int16(254)) : Int(field.int32(348))
        if sformCode > 0 {
            let rows = (0..<3).map { row in
                (0..<4).map {
                    version == 1 ? Double(field.float(280 + 16 * row + 4 * $0)) : field.double(400 + 32 * row + 8 * $0)
                }
            }
            return (Affine(rows: rows), "sform")
        }
        if qformCode > 0 {
            let q = (0..<6).map { version == 1 ? Double(field.float(256 + 4 * $0)) : field.double(352 + 8 * $0) }
            let handedness = version == 1 ? Double(field.float(76)) : field.double(104)
            return (
                rotation(
                    b: q[0], c: q[1], d: q[2], spacing: spacing, handedness: handedness, offset: [q[3], q[4], q[5]]),
                "qform"
            )
        }
        let size = SIMD3(spacing[0], spacing[1], spacing[2]).replacing(
            with: 1, where: SIMD3(spacing[0], spacing[1], spacing[2]) .== 0)
        let scale = SIMD3(-abs(size.x), abs(size.y), abs(size.z))
        let centre = SIMD3(Double(dim[0] - 1), Double(dim[1] - 1), Double(dim[2] - 1)) / 2
        return (Affine(scale: scale, translation: -(scale * centre)), "none")
    }

    /// The qform's quaternion as a matrix [NIfTI1, nifti1.h "METHOD 2"].
    private static func rotation(
        b: Double, c: Double, d: Double, spacing: [Double], handedness: Double, offset: SIMD3<Double>
    ) -> Affine {
        var (b, c, d) = (b, c, d)
        let rest = 1 - (b * b + c * c + d * d)
        let a: Double
        if rest < 1e-7 {
            let length = (b * b + c * c + d * d).squareRoot()
            (a, b, c, d) = (0, b / length, c / length, d / length)
        } else {
            a = rest.squareRoot()
        }
        let sign: Double = handedness < 0 ? -1 : 1
        return Affine(
            x: SIMD3(a * a + b * b - c * c - d * d, 2 * (b * c + a * d), 2 * (b * d - a * c)) * spacing[0],
            y: SIMD3(2 * (b * c - a * d), a * a + c * c - b * b - d * d, 2 * (c * d + a * b)) * spacing[1],
            z: SIMD3(2 * (b * d + a * c), 2 * (c * d - a * b), a * a + d * d - b * b - c * c) * spacing[2] * sign,
            translation: offset)
    }
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
