import Imaging
import Records
import Testing
import TestSupport

/// Every real-valued NIfTI image of the reference data, as nibabel 5.4.2 reads it (`truth.json`).
@Suite(.enabled(if: ReferenceData.isPresent, "the reference data is not beside the checkout"))
struct NIfTIReferenceTests {
    struct Case: Sendable, CustomStringConvertible {
        var path: String
        var truth: JSONValue
        var description: String { path }
    }

    static let cases: [Case] = {
        guard let truth = try? ReferenceData.json("images/truth.json"), let files = truth["files"]?.members else {
            return []
        }
        return files.filter { file in
            let kind = file.value["kind"]?.string ?? ""
            return kind.hasPrefix("Nifti") && file.value["values"]?["sha256_float32_le"] != nil
        }.map { Case(path: $0.key, truth: $0.value) }
    }()

    @Test func thereAreManyOfThem() { #expect(Self.cases.count > 100) }

    @Test(arguments: cases)
    func readsWhatNibabelReads(_ file: Case) throws {
        let image = try NIfTI.read(ReferenceData.path("images/\(file.path)"))
        let grid = image.volume.grid
        let shape = try #require(file.truth["shape"]?.doubles).map { Int($0) }
        #expect(
            [grid.shape.x, grid.shape.y, grid.shape.z, image.volume.frames] == shape
                + Array(repeating: 1, count: 4 - shape.count))
        #expect(grid.orientation == file.truth["axcodes"]?.string)

        let affine = try #require(file.truth["affine_RAS"]?.elements).map { $0.doubles! }
        for (row, expected) in affine.enumerated() {
            for (column, value) in expected.enumerated() {
                // nibabel composes a qform in another order of the same Double products.
                #expect(abs(grid.worldFromVoxel.rows[row][column] - value) < 1e-9 * max(1, abs(value)))
            }
        }
        #expect(SHA256.hex(image.volume.voxels) == file.truth["values"]?["sha256_float32_le"]?.string)
        for probe in file.truth["values"]?["voxels"]?.elements ?? [] {
            let ijk = probe["ijk"]!.doubles!.map { Int($0) }
            #expect(image.volume[ijk[0], ijk[1], ijk[2]] == Float(probe["value"]!.double!))
        }
    }
}
