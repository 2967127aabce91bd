import Records

extension NIfTI {
    /// How written voxels are stored.
    public enum Storage: String, Sendable, CaseIterable {
        /// As they are.
        case float32
        /// In 16 bits, with the slope that lets the largest magnitude fit; an error of at most half a slope.
        case int16
        /// Labels, in the smallest of 8, 16 or 32 bits that holds them.
        case labels
    }

    /// Writes a volume as a single NIfTI file, gzipped where the name ends so; whole or not at all.
    ///
    /// - Parameters:
    ///   - frameDurationS: the time step for the header, s; PET frame times belong into the sidecar.
    ///   - description: at most 79 bytes, without anything that identifies a person.
    public static func write(
        _ volume: Volume, to path: String, storage: Storage = .float32, frameDurationS: Double = 0,
        description: String = "", force: Bool = false
    ) throws {
        try write(
            volume, to: path, storage: storage, frameDurationS: frameDurationS, description: description, force: force,
            atOnce: largestAtOnce)
    }

    /// The same; more voxels than `atOnce` are written in pieces.
    package static func write(
        _ volume: Volume, to path: String, storage: Storage, frameDurationS: Double, description: String, force: Bool,
        atOnce: Int
    ) throws {
        try OutputFile.refuseExisting(path, force: force)
        if storage == .float32 && volume.voxels.count > atOnce {
            return try writePieces(
                header(of: volume, StoredVoxels(volume, storage), frameDurationS, description), volume, to: path,
                force: force)
        }
        let file = encode(volume, storage: storage, frameDurationS: frameDurationS, description: description)
        try writeFile(file, to: path, force: force)
    }

    /// Writes labels as a NIfTI file.
    public static func write(_ labels: LabelMap, to path: String, description: String = "", force: Bool = false) throws
    {
        let volume = Volume(grid: labels.grid) { target in
            for place in target.indices { target[place] = Float(labels.voxels[place]) }
        }
        precondition(labels.voxels.allSatisfy { abs($0) < 1 << 24 }, "labels above 2^24 are not exact in Float32")
        try write(volume, to: path, storage: .labels, description: description, force: force)
    }

    /// Voxels that are packed in one go: 64 MiB of them, by libdeflate, to the same bytes on every processor.
    private static let largestAtOnce = 1 << 24

    /// A larger image goes to its file piece by piece: there is no room for a second one. ISA-L packs it, to bytes that may
    /// differ between processors; what they unpack to does not.
    private static func writePieces(
        _ header: [UInt8], _ volume: Volume, to path: String, force: Bool
    ) throws {
        try OutputFile.write(to: path, force: force) { put in
            guard path.lowercased().hasSuffix(".gz") else {
                try header.withUnsafeBytes { try put($0) }
                return try volume.voxels.withUnsafeBytes { try put($0) }
            }
            let writer = try GzipWriter(put)
            try header.withUnsafeBytes { try writer.write($0) }
            try volume.voxels.withUnsafeBytes { try writer.write($0, isLast: true) }
        }
    }

    private static func writeFile(_ file: [UInt8], to path: String, force: Bool) throws {
        guard path.lowercased().hasSuffix(".gz") else { return try OutputFile.write(file, to: path, force: force) }
        let packed = try naming(path) { try file.withUnsafeBytes { try Gzip.deflate($0, level: 6) } }
        try OutputFile.write(packed, to: path, force: force)
    }

    /// The bytes of a single-file NIfTI: version 1, or 2 where an axis is longer than version 1 can say.
    public static func encode(
        _ volume: Volume, storage: Storage = .float32, frameDurationS: Double = 0, description: String = ""
    ) -> [UInt8] {
        let stored = StoredVoxels(volume, storage)
        var file = header(of: volume, stored, frameDurationS, description)
        if let bytes = stored.bytes {
            file.reserveCapacity(file.count + bytes.count)
            file += bytes
        } else {
            volume.voxels.withUnsafeBytes { voxels in
                file.reserveCapacity(file.count + voxels.count)
                file.append(contentsOf: voxels)
            }
        }
        return file
    }

    private static func header(
        of volume: Volume, _ stored: StoredVoxels, _ frameDurationS: Double, _ description: String
    ) -> [UInt8] {
        let shape = [volume.grid.shape.x, volume.grid.shape.y, volume.grid.shape.z, volume.frames]
        return shape.contains { $0 > Int(Int16.max) }
            ? header2(volume.grid, shape, stored, frameDurationS, description)
            : header1(volume.grid, shape, stored, frameDurationS, description)
    }

    private static let millimetresAndSeconds: UInt8 = 2 | 8
    private static let scannerAnatomical: Int16 = 1

    private static func header1(
        _ grid: VoxelGrid, _ shape: [Int], _ stored: StoredVoxels, _ step: Double, _ description: String
    ) -> [UInt8] {
        var h = HeaderBytes(count: 352)
        h.put(Int32(348), 0)
        h.put(Int16(shape[3] > 1 ? 4 : 3), 40)
        for (axis, size) in (shape + [1, 1, 1]).enumerated() { h.put(Int16(size), 42 + 2 * axis) }
        h.put(stored.datatype.niftiCode, 70)
        h.put(Int16(8 * stored.datatype.bytes), 72)
        let q = Quaternion(grid)
        let spacing = [q.handedness, grid.voxelSize.x, grid.voxelSize.y, grid.voxelSize.z, step]
        for (place, value) in spacing.enumerated() { h.put(Float(value), 76 + 4 * place) }
        h.put(Float(352), 108)
        h.put(stored.slope, 112)
        h.put(Float(0), 116)
        h.bytes[123] = millimetresAndSeconds
        h.put(text: description, 148, limit: 79)
        h.put(q.isExact ? scannerAnatomical : 0, 252)
        h.put(scannerAnatomical, 254)
        for (place, value) in q.fields.enumerated() { h.put(Float(value), 256 + 4 * place) }
        for (row, values) in grid.worldFromVoxel.rows.prefix(3).enumerated() {
            for (column, value) in values.enumerated() { h.put(Float(value), 280 + 16 * row + 4 * column) }
        }
        h.bytes.replaceSubrange(344..<348, with: Array("n+1\0".utf8))
        return h.bytes
    }

    private static func header2(
        _ grid: VoxelGrid, _ shape: [Int], _ stored: StoredVoxels, _ step: Double, _ description: String
    ) -> [UInt8] {
        var h = HeaderBytes(count: 544)
        h.put(Int32(540), 0)
        h.bytes.replaceSubrange(4..<12, with: [0x6E, 0x2B, 0x32, 0, 0x0D, 0x0A, 0x1A, 0x0A])
        h.put(stored.datatype.niftiCode, 12)
        h.put(Int16(8 * stored.datatype.bytes), 14)
        h.put(Int64(shape[3] > 1 ? 4 : 3), 16)
        for (axis, size) in (shape + [1, 1, 1]).enumerated() { h.put(Int64(size), 24 + 8 * axis) }
        let q = Quaternion(grid)
        let spacing = [q.handedness, grid.voxelSize.x, grid.voxelSize.y, grid.voxelSize.z, step]
        for (place, value) in spacing.enumerated() { h.put(value, 104 + 8 * place) }
        h.put(Int64(544), 168)
        h.put(Double(stored.slope), 176)
        h.put(text: description, 240, limit: 79)
        h.put(Int32(q.isExact ? scannerAnatomical : 0), 344)
        h.put(Int32(scannerAnatomical), 348)
        for (place, value) in q.fields.enumerated() { h.put(value, 352 + 8 * place) }
        for (row, values) in grid.worldFromVoxel.rows.prefix(3).enumerated() {
            for (column, value) in values.enumerated() { h.put(value, 400 + 32 * row + 8 * column) }
        }
        h.put(Int32(millimetresAndSeconds), 500)
        return h.bytes
    }
}

/// Voxels as they stand in a file.
private struct StoredVoxels {
    var datatype: VoxelType
    var slope: Float
    /// `nil` where voxels are written as they are, which needs no copy.
    var bytes: [UInt8]?

    init(_ volume: Volume, _ storage: NIfTI.Storage) {
        slope = 1
        switch storage {
        case .float32:
            datatype = .float32
        case .int16:
            datatype = .int16
            let largest = volume.voxels.reduce(Float(0)) { $1.isFinite ? max($0, abs($1)) : $0 }
            slope = largest > 0 ? largest / 32767 : 1
            if slope == 0 { slope = .leastNonzeroMagnitude }
            let divisor = Double(slope)
            bytes = Self.pack(volume.voxels) {
                Int16(clamping: Int((Double($0.isFinite ? $0 : 0) / divisor).rounded()))
            }
        case .labels:
            let largest = volume.voxels.max() ?? 0
            if largest < 256 {
                datatype = .uint8
                bytes = Self.pack(volume.voxels) { UInt8($0) }
            } else if largest < 32768 {
                datatype = .int16
                bytes = Self.pack(volume.voxels) { Int16($0) }
            } else {
                datatype = .int32
                bytes = Self.pack(volume.voxels) { Int32($0) }
            }
        }
    }

    private static func pack<T: BitwiseCopyable>(_ voxels: [Float], _ convert: (Float) -> T) -> [UInt8] {
        let size = MemoryLayout<T>.size
        return [UInt8](unsafeUninitializedCapacity: voxels.count * size) { buffer, count in
            let raw = UnsafeMutableRawPointer(buffer.baseAddress!)
            for (place, value) in voxels.enumerated() {
                raw.storeBytes(of: convert(value), toByteOffset: place * size, as: T.self)
            }
            count = voxels.count * size
        }
    }
}

/// A header being filled, little-endian.
private struct HeaderBytes {
    var bytes: [UInt8]
    init(count: Int) { bytes = [UInt8](repeating: 0, count: count) }

    mutating func put<T: BitwiseCopyable>(_ value: T, _ place: Int) {
        bytes.withUnsafeMutableBytes { $0.storeBytes(of: value, toByteOffset: place, as: T.self) }
    }

    mutating func put(text: String, _ place: Int, limit: Int) {
        for (offset, byte) in text.utf8.prefix(limit).enumerated() { bytes[place + offset] = byte }
    }
}

/// The qform of a grid: a rotation as a quaternion, handedness and offset [NIfTI1].
private struct Quaternion {
    var handedness: Double
    var fields: [Double]
    /// A qform cannot say a shear; it is left out then.
    var isExact: Bool

    init(_ grid: VoxelGrid) {
        let size = grid.voxelSize
        let a = grid.worldFromVoxel
        handedness = a.determinant < 0 ? -1 : 1
        let (x, y, z) = (a.x / size.x, a.y / size.y, a.z / size.z * handedness)
        isExact = max(abs(dot(x, y)), abs(dot(y, z)), abs(dot(x, z))) < 1e-6
        // The component of largest magnitude is divided by, the others follow from sums of off-diagonal elements.
        let squares = [x.x + y.y + z.z, x.x - y.y - z.z, y.y - x.x - z.z, z.z - x.x - y.y].map { max(0, $0 + 1) / 4 }
        let largest = squares.indices.max { squares[$0] < squares[$1] }!
        let root = squares[largest].squareRoot()
        let s = 1 / (4 * root)
        var q: [Double]
        switch largest {
        case 0: q = [root, (y.z - z.y) * s, (z.x - x.z) * s, (x.y - y.x) * s]
        case 1: q = [(y.z - z.y) * s, root, (x.y + y.x) * s, (z.x + x.z) * s]
        case 2: q = [(z.x - x.z) * s, (x.y + y.x) * s, root, (y.z + z.y) * s]
        default: q = [(x.y - y.x) * s, (z.x + x.z) * s, (y.z + z.y) * s, root]
        }
        if q[0] < 0 { q = q.map { -$0 } }
        let t = a.translation
        fields = [q[1], q[2], q[3], t.x, t.y, t.z]
    }
}
