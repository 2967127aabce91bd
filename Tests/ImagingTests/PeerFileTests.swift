import Foundation
import Imaging
import Records
import Testing
import TestSupport

/// Small images written by nibabel 5.4.2, pynrrd 1.1.3 and SimpleITK 2.5.7 (`Golden/formats.py`).
@Suite struct PeerFileTests {
    func bytes(_ file: PeerFile) throws -> [UInt8] { [UInt8](try #require(Data(base64Encoded: file.base64))) }

    /// i + 10 j + 100 k + 1000 t.
    static func ramp(_ shape: [Int]) -> [Float] {
        let frames = shape.count > 3 ? shape[3] : 1
        var values: [Float] = []
        for t in 0..<frames {
            for k in 0..<shape[2] {
                for j in 0..<shape[1] { values += (0..<shape[0]).map { Float($0 + 10 * j + 100 * k + 1000 * t) } }
            }
        }
        return values
    }

    @Test(arguments: PeerFile.all)
    func readsWhatAnotherProgramWrote(_ file: PeerFile) throws {
        let image = try reading(bytes(file)) { try StoredImage.read(bytes: $0) }
        let grid = image.volume.grid
        #expect(
            [grid.shape.x, grid.shape.y, grid.shape.z, image.volume.frames] == file.shape
                + (file.shape.count < 4 ? [1] : []))
        #expect(image.volume.voxels == Self.ramp(file.shape))
        #expect(image.datatype == file.datatype)
        for row in 0..<3 {
            for column in 0..<4 {
                // MGH stores Float32, NRRD and MetaImage six or more digits.
                #expect(abs(grid.worldFromVoxel.rows[row][column] - file.affine[row][column]) < 1e-4)
            }
        }
        // Written with every field: nothing is doubtful. pynrrd writes what it is given, here all there is.
        #expect(image.warnings.isEmpty)
    }

    /// A name that says nothing, and names that say something else.
    @Test(arguments: ["image", "image.nii", "image.nii.gz", "image.img", "image.dcm", "image.v"])
    func theContentDecidesAndNotTheName(name: String) throws {
        for file in PeerFile.all {
            try withTemporaryFolder { folder in
                try OutputFile.write(bytes(file), to: "\(folder)/\(name)")
                #expect(try StoredImage.read("\(folder)/\(name)").volume.voxels == Self.ramp(file.shape))
            }
        }
    }

    /// Cut at every length: refused, never a trap, and never read as if it were whole.
    @Test(arguments: PeerFile.all)
    func aFileCutAnywhereIsRefused(_ file: PeerFile) throws {
        let whole = try bytes(file)
        // nibabel writes scan parameters after the voxels of an MGH file, which may be missing.
        let voxels = file.name.hasSuffix(".mgh") ? 284 + 2 * Self.ramp(file.shape).count : whole.count
        for length in 0..<voxels {
            #expect(throws: ImageProblem.self) {
                try reading(Array(whole[..<length])) { try StoredImage.read(bytes: $0) }
            }
        }
    }

    /// Every byte set to extremes: read or refused, never a trap.
    @Test(arguments: PeerFile.all)
    func aDamagedFileNeverTraps(_ file: PeerFile) throws {
        let whole = try bytes(file)
        var refused = 0
        for place in whole.indices {
            for value: UInt8 in [0, 0x2D, 0x39, 0x7F, 0x80, 0xFF] {
                var damaged = whole
                damaged[place] = value
                do { _ = try reading(damaged) { try StoredImage.read(bytes: $0) } } catch { refused += 1 }
            }
        }
        #expect(refused > 0)
    }
}
