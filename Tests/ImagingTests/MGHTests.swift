import Imaging
import Records
import Testing
import TestSupport

/// MGH files written byte by byte.
@Suite struct MGHTests {
    static func file(type: Int, stored: String, sizes: [Int] = [2, 3, 4, 1], hasPosition: Bool = true) -> [UInt8] {
        var file = FileBytes(bigEndian: true, count: 284)
        file.put(Int32(1), at: 0)
        for (place, size) in sizes.enumerated() { file.put(Int32(size), at: 4 + 4 * place) }
        file.put(Int32(type), at: 20)
        file.put(Int16(hasPosition ? 1 : 0), at: 28)
        // 2 × 3 × 4 mm, axes to the left, down and forward, centre at (5, 6, 7).
        let numbers: [Float] = [2, 3, 4, -1, 0, 0, 0, 0, -1, 0, 1, 0, 5, 6, 7]
        for (place, number) in numbers.enumerated() { file.put(hasPosition ? number : 99, at: 30 + 4 * place) }
        file.append(Array(0..<sizes.reduce(1, *)), as: stored)
        return file.bytes
    }

    @Test(arguments: [(0, "uint8"), (1, "int32"), (3, "float32"), (4, "int16"), (10, "uint16")])
    func everyTypeIsRead(type: Int, name: String) throws {
        for frames in [1, 3] {
            let file = Self.file(type: type, stored: name, sizes: [2, 3, 4, frames])
            let image = try reading(file) { try MGH.read(bytes: $0) }
            #expect(image.volume.voxels == (0..<(24 * frames)).map(Float.init))
            #expect(image.volume.frames == frames && image.datatype == name && image.format == "MGH")
            let grid = image.volume.grid
            #expect(grid.voxelSize == [2, 3, 4] && grid.orientation == "LIA")
            // The centre is that of voxel (1, 1.5, 2), by the format.
            #expect(norm(grid.worldFromVoxel([1, 1.5, 2]) - [5, 6, 7]) < 1e-12)
        }
    }

    @Test func withoutAPositionFreeSurfersCoronalDefaultIsUsedAndSaid() throws {
        let image = try reading(Self.file(type: 0, stored: "uint8", hasPosition: false)) { try MGH.read(bytes: $0) }
        #expect(image.volume.grid.orientation == "LIA" && image.volume.grid.voxelSize == .one)
        #expect(image.warnings.count == 1)
    }

    @Test(arguments: [2, 5, 6, 7, -1])
    func otherTypesAreRefusedByNumber(type: Int) {
        #expect {
            try reading(Self.file(type: type, stored: "uint8")) { try MGH.read(bytes: $0) }
        } throws: { "\($0)".contains("MGH type \(type)") }
    }

    /// aparc+aseg.mgz as FreeSurfer names it: labels of 32 bits, gzipped.
    @Test(arguments: ["aparc+aseg.mgz", "aseg.mgh", "labels.mgh.gz", "labels"])
    func labelsAreRead(name: String) throws {
        try withTemporaryFolder { folder in
            let bytes = Self.file(type: 1, stored: "int32")
            let isPlain = name == "aseg.mgh"
            try OutputFile.write(
                isPlain ? bytes : bytes.withUnsafeBytes { try Gzip.deflate($0) }, to: "\(folder)/\(name)")
            let labels = try LabelImage.read(
                "\(folder)/\(name)", names: LabelTable([12: .init(name: "Left-Putamen")]))
            #expect(labels.voxels == (0..<24).map(Int32.init) && labels.names.name(of: 12) == "Left-Putamen")
        }
    }
}

@Suite struct LabelImageTests {
    static func volume(_ values: [Float], frames: Int = 1) throws -> Volume {
        let grid = try VoxelGrid(shape: [values.count / frames, 1, 1], worldFromVoxel: .identity)
        return Volume(grid: grid, frames: frames, voxels: values)
    }

    @Test(arguments: [-1, 0.5, Float.nan, .infinity, 3e9])
    func whatIsNoLabelIsRefused(value: Float) throws {
        let volume = try Self.volume([1, value])
        #expect(throws: LabelImage.Problem.self) { try LabelImage.labels(from: volume) }
    }

    /// Float32 counts to 2^24 without gaps.
    @Test func labelsThatFloat32CannotTellApartAreRefused() throws {
        #expect(try LabelImage.labels(from: Self.volume([16_777_216])).voxels == [16_777_216])
        #expect(throws: LabelImage.Problem.notExact(16_777_218)) {
            try LabelImage.labels(from: Self.volume([16_777_218]))
        }
    }

    @Test func severalFramesAreRefused() throws {
        #expect(throws: LabelImage.Problem.not3D(2)) { try LabelImage.labels(from: Self.volume([1, 2], frames: 2)) }
    }
}
