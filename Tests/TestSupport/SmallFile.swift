/// Small image files of the formats that are not DICOM, written field by field: 16-bit whole numbers on a grid of 2 mm.
///
/// A shape may promise more voxels than follow.
public enum SmallFile: String, CaseIterable, Sendable {
    case nifti1, nifti2, ecat7, mgh, nrrd, metaImage, interfile

    /// What a file of the format is called.
    public var name: String {
        switch self {
        case .nifti1, .nifti2: "image.nii"
        case .ecat7: "image.v"
        case .mgh: "image.mgh"
        case .nrrd: "image.nrrd"
        case .metaImage: "image.mha"
        case .interfile: "image.hv"
        }
    }

    /// The bytes of a file of a shape: i, j, k and frames. Without `voxels` they count up from 0.
    ///
    /// Interfile's voxels, which have a file of their own, stand behind the header.
    public func bytes(_ shape: [Int], voxels: [UInt8]? = nil) -> [UInt8] {
        let stored = voxels ?? counting(shape.reduce(1, *))
        switch self {
        case .nifti1: return Self.nifti1(shape) + stored
        case .nifti2: return Self.nifti2(shape) + stored
        case .ecat7: return Self.ecat7(shape, stored)
        case .mgh: return Self.mgh(shape) + stored
        case .nrrd: return Array(Self.nrrd(shape).utf8) + stored
        case .metaImage: return Array(Self.metaImage(shape).utf8) + stored
        case .interfile: return Array(Self.interfile(shape).utf8) + stored
        }
    }

    private func counting(_ count: Int) -> [UInt8] {
        let isBig = self == .ecat7 || self == .mgh
        var bytes: [UInt8] = []
        for voxel in 0..<count {
            let (low, high) = (UInt8(voxel & 255), UInt8(voxel >> 8 & 255))
            bytes += isBig ? [high, low] : [low, high]
        }
        return bytes
    }

    /// Where the header of an Interfile ends in bytes as `bytes` writes them; all of them where it does not.
    public static func endOfInterfileHeader(_ bytes: UnsafeRawBufferPointer) -> Int {
        let mark = Array("!END OF INTERFILE :=\n".utf8)
        guard bytes.count >= mark.count else { return bytes.count }
        for place in 0...(bytes.count - mark.count) where bytes[place] == mark[0] {
            if bytes[place..<(place + mark.count)].elementsEqual(mark) { return place + mark.count }
        }
        return bytes.count
    }

    private static func nifti1(_ shape: [Int]) -> [UInt8] {
        var header = Fields(count: 352, isBig: false)
        header.put(Int32(348), 0)
        header.put(Int16(4), 40)
        for (axis, size) in shape.enumerated() { header.put(Int16(truncatingIfNeeded: size), 42 + 2 * axis) }
        header.put(Int16(4), 70)
        header.put(Int16(16), 72)
        header.put(Float(352), 108)
        header.put(Int16(1), 254)
        for axis in 0..<3 { header.put(Float(2), 280 + 20 * axis) }
        header.bytes.replaceSubrange(344..<348, with: Array("n+1\0".utf8))
        return header.bytes
    }

    private static func nifti2(_ shape: [Int]) -> [UInt8] {
        var header = Fields(count: 544, isBig: false)
        header.put(Int32(540), 0)
        header.bytes.replaceSubrange(4..<12, with: Array("n+2\0\r\n\u{1A}\n".utf8))
        header.put(Int16(4), 12)
        header.put(Int16(16), 14)
        header.put(Int64(4), 16)
        for (axis, size) in shape.enumerated() { header.put(Int64(size), 24 + 8 * axis) }
        header.put(Int64(544), 168)
        header.put(Int32(1), 348)
        for axis in 0..<3 { header.put(Double(2), 400 + 40 * axis) }
        return header.bytes
    }

    /// Main header, directory, and a subheader and whole blocks of voxels for each frame.
    private static func ecat7(_ shape: [Int], _ stored: [UInt8]) -> [UInt8] {
        var main = Fields(count: 512, isBig: true)
        main.bytes.replaceSubrange(0..<9, with: Array("MATRIX72v".utf8))
        main.put(Int16(7), 50)
        main.put(Float(1), 144)
        main.put(Int16(1), 148)
        main.put(Int16(3), 330)
        main.put(Int16(shape[3]), 354)
        main.bytes.replaceSubrange(466..<471, with: Array("Bq/ml".utf8))
        var directory = Fields(count: 512, isBig: true)
        directory.put(Int32(shape[3]), 12)
        directory.put(Int32(2), 4)
        var frames: [UInt8] = []
        let size = stored.count / shape[3]
        for frame in 0..<shape[3] {
            let block = 3 + frames.count / 512
            let place = 16 + 16 * frame
            directory.put(Int32(16_842_752 + frame + 1), place)
            directory.put(Int32(block), place + 4)
            directory.put(Int32(block + (size + 511) / 512), place + 8)
            directory.put(Int32(1), place + 12)
            var header = Fields(count: 512, isBig: true)
            header.put(Int16(6), 0)
            header.put(Int16(3), 2)
            for axis in 0..<3 { header.put(Int16(truncatingIfNeeded: shape[axis]), 4 + 2 * axis) }
            header.put(Float(1), 26)
            for axis in 0..<3 { header.put(Float(0.2), 34 + 4 * axis) }
            header.put(Int32(60000), 46)
            header.put(Int32(60000 * frame), 50)
            frames += header.bytes + stored[(frame * size)..<((frame + 1) * size)]
            frames += [UInt8](repeating: 0, count: (512 - size % 512) % 512)
        }
        return main.bytes + directory.bytes + frames
    }

    private static func mgh(_ shape: [Int]) -> [UInt8] {
        var header = Fields(count: 284, isBig: true)
        header.put(Int32(1), 0)
        for (axis, size) in shape.enumerated() { header.put(Int32(truncatingIfNeeded: size), 4 + 4 * axis) }
        header.put(Int32(4), 20)
        header.put(Int16(1), 28)
        for axis in 0..<3 {
            header.put(Float(2), 30 + 4 * axis)
            header.put(Float(1), 42 + 16 * axis)
        }
        return header.bytes
    }

    private static func nrrd(_ shape: [Int]) -> String {
        """
        NRRD0004
        type: short
        dimension: 4
        space: left-posterior-superior
        sizes: \(shape.map(String.init).joined(separator: " "))
        space directions: (2,0,0) (0,2,0) (0,0,2) none
        space origin: (0,0,0)
        kinds: domain domain domain list
        endian: little
        encoding: raw


        """
    }

    private static func metaImage(_ shape: [Int]) -> String {
        """
        ObjectType = Image
        NDims = 4
        BinaryData = True
        BinaryDataByteOrderMSB = False
        CompressedData = False
        TransformMatrix = 1 0 0 0 0 1 0 0 0 0 1 0 0 0 0 1
        Offset = 0 0 0 0
        ElementSpacing = 2 2 2 1
        DimSize = \(shape.map(String.init).joined(separator: " "))
        ElementType = MET_SHORT
        ElementDataFile = LOCAL

        """
    }

    private static func interfile(_ shape: [Int]) -> String {
        """
        !INTERFILE :=
        !imaging modality := PT
        name of data file := image.v
        imagedata byte order := LITTLEENDIAN
        !type of data := PET
        !number format := signed integer
        !number of bytes per pixel := 2
        number of dimensions := 3
        !matrix size[1] := \(shape[0])
        scaling factor (mm/pixel)[1] := 2
        !matrix size[2] := \(shape[1])
        scaling factor (mm/pixel)[2] := 2
        !matrix size[3] := \(shape[2])
        scaling factor (mm/pixel)[3] := 2
        number of time frames := \(shape[3])
        !END OF INTERFILE :=

        """
    }

    /// A header being filled, in either byte order.
    private struct Fields {
        var bytes: [UInt8]
        let isBig: Bool

        init(count: Int, isBig: Bool) { (bytes, self.isBig) = ([UInt8](repeating: 0, count: count), isBig) }

        mutating func put<T: FixedWidthInteger>(_ value: T, _ place: Int) {
            withUnsafeBytes(of: isBig ? value.bigEndian : value.littleEndian) {
                bytes.replaceSubrange(place..<(place + $0.count), with: $0)
            }
        }
        mutating func put(_ value: Float, _ place: Int) { put(value.bitPattern, place) }
        mutating func put(_ value: Double, _ place: Int) { put(value.bitPattern, place) }
    }
}
