import Imaging
import Records
import TestSupport
import Testing

/// What `allowGaps` makes of slices that do not form an even grid. The pixels of a slice at height z are the values of a
/// plane in space, which linear interpolation must give back.
@Suite struct DICOMEvenSlicesTests {
    /// Slices of 4 × 3 pixels, 3 × 2 mm, shifted by `shear` mm along a column for each mm of height.
    static func files(_ heights: [Double], shear: Double = 0) -> [DICOMFile] {
        heights.map { z in
            var file = DICOMFile(z: z, modality: "CT")
            let y = -20 + shear * z
            file.elements[0x0020_0032] = .text("DS", "-10\\\(y)\\\(z)")
            file.elements[0x0028_1053] = .text("DS", "1")
            file.pixels = (0..<12).map { n in Int16(value(-10 + 3 * Double(n % 4), y + 2 * Double(n / 4), z)) }
            return file
        }
    }

    static func value(_ x: Double, _ y: Double, _ z: Double) -> Double { 100 + 2 * x + 3 * y + 5 * z }

    static func read(_ files: [DICOMFile]) throws -> DICOMImage {
        try withTemporaryFolder { folder in
            for (n, file) in files.enumerated() { try OutputFile.write(file.bytes, to: "\(folder)/\(n).dcm") }
            return try DICOM.read(DICOM.series(in: folder)[0], allowGaps: true)
        }
    }

    /// How far voxels are from the plane's values; voxels of `outside` are left out, and counted.
    static func compare(_ image: DICOMImage, outside: Float? = nil) -> (worst: Double, outside: Int) {
        let grid = image.volume.grid
        var (worst, left) = (0.0, 0)
        for k in 0..<grid.shape.z {
            for j in 0..<grid.shape.y {
                for i in 0..<grid.shape.x {
                    let ras = grid.worldFromVoxel(SIMD3(Double(i), Double(j), Double(k)))
                    let value = image.volume[i, j, k]
                    if value == outside {
                        left += 1
                    } else {
                        worst = max(worst, abs(Double(value) - Self.value(-ras.x, -ras.y, ras.z)))
                    }
                }
            }
        }
        return (worst, left)
    }

    @Test func aMissingSliceIsInterpolatedOnRequestOnly() throws {
        let files = Self.files([0, 4, 12, 16, 20])
        #expect(try DICOMSeriesTests.reason(files).contains("1 slice is missing"))
        let image = try Self.read(files)
        #expect(image.volume.grid.shape == [4, 3, 6] && image.volume.grid.worldFromVoxel.z == [0, 0, 4])
        #expect(Self.compare(image).worst == 0)  // whole numbers, and halves of them
        #expect(
            image.warnings.contains { $0.contains("5 slices were interpolated linearly onto 6 slices 4.0 mm apart") })
        #expect(image.slices.count == 6 && image.slices[2].position.z == 4)
    }

    @Test func unevenSlicesComeOntoTheUsualSpacing() throws {
        let image = try Self.read(Self.files([0, 4, 8, 13, 16, 20]))
        #expect(image.volume.grid.shape == [4, 3, 6])
        // Float32 sums of products of fifths: a few parts in 1e7 of values up to 200.
        #expect(Self.compare(image).worst < 1e-4)
    }

    /// A gantry tilt of 14 degrees: each slice lies 1 mm, half a pixel, further along its columns than the one below.
    @Test func aTiltedGantryIsSetUpright() throws {
        let files = Self.files([0, 4, 8, 12], shear: 0.25)
        #expect(try DICOMSeriesTests.reason(files).contains("gantry tilt of 14.0°"))
        let image = try Self.read(files)
        #expect(image.volume.grid.shape == [4, 5, 4])
        #expect(image.volume.grid.worldFromVoxel.z == [0, 0, 4])
        // Rows at the borders mix with the value outside: only those between two rows of a slice must fit.
        for k in 0..<4 {
            let rows = k % 2 == 0 ? (k / 2)..<(k / 2 + 3) : (k / 2 + 1)..<(k / 2 + 3)
            for j in rows {
                let ras = image.volume.grid.worldFromVoxel(SIMD3(1, Double(j), Double(k)))
                #expect(Double(image.volume[1, j, k]) == Self.value(-ras.x, -ras.y, ras.z), "\(j) \(k)")
            }
        }
    }

    @Test func aWideHoleIsRefusedEvenSo() throws {
        #expect {
            try Self.read(Self.files([0, 4, 8, 40, 44, 48]))
        } throws: {
            "\($0)".contains("too wide")
        }
    }

    @Test func evenSlicesStayAsTheyAre() throws {
        let files = Self.files([0, 4, 8])
        let image = try Self.read(files)
        let strict = try DICOMSeriesTests.read(files)
        #expect(image.warnings.isEmpty && image.volume.voxels == strict.volume.voxels)
    }
}
