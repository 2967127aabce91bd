import CKernels

/// How a number is stored in an image file.
public enum VoxelType: String, Sendable, CaseIterable {
    case uint8, int8, uint16, int16, uint32, int32, uint64, int64, float32, float64

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
    public var name: String { rawValue }

    typealias Decoder =
        @Sendable @convention(c) (UnsafeRawPointer?, UnsafeMutablePointer<Float>?, Int, Double, Double, Int32) -> Void

    /// The kernel that turns stored numbers of this type into scaled Float32.
    var decoder: Decoder {
        switch self {
        case .uint8: ck_decode_u8
        case .int8: ck_decode_i8
        case .int16: ck_decode_i16
        case .uint16: ck_decode_u16
        case .int32: ck_decode_i32
        case .uint32: ck_decode_u32
        case .int64: ck_decode_i64
        case .uint64: ck_decode_u64
        case .float32: ck_decode_f32
        case .float64: ck_decode_f64
        }
    }
}

/// How the numbers of one block of voxels stand in a file: their type, byte order and scaling.
struct VoxelCoding {
    var type: VoxelType
    /// Whether the bytes are in the other order than this machine's.
    var swapped: Bool
    var slope = 1.0
    var intercept = 0.0

    /// Decodes `count` voxels, scaled, from any alignment.
    func decode(_ source: UnsafeRawPointer, _ target: UnsafeMutablePointer<Float>, _ count: Int) {
        type.decoder(source, target, count, slope, intercept, swapped ? 1 : 0)
    }
}
