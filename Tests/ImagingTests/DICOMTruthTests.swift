import Imaging
import Records
import TestSupport
import Testing

/// Every DICOM series of the reference images, against pydicom 3.0.1 with numpy (`conventions` in truth.json).
@Suite(.enabled(if: ReferenceData.isPresent, "the reference data are not beside the checkout"))
struct DICOMTruthTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let truth: JSONValue
        var testDescription: String { name }
    }

    /// The keys of `dicom_series`; what follows "#" is the end of the series UID.
    static let cases: [Case] = {
        guard let truth = try? ReferenceData.json("images/truth.json") else { return [] }
        return (truth["dicom_series"]?.members ?? []).map { Case(name: $0.key, truth: $0.value) }
    }()

    /// Series listed in truth.json whose files are not in the folder any more, each with what is left of it.
    static let absent: [String: String] = [:]

    @Test func everySeriesIsThere() { #expect(DICOMTruthTests.cases.count >= 26) }

    @Test(arguments: cases)
    func seriesHasThePlaceAndVoxelsThatPydicomReads(series: Case) throws {
        guard let image = try DICOMTruthTests.read(series) else { return }
        let grid = image.volume.grid
        let geometry = try #require(series.truth["geometry"])
        #expect([grid.shape.x, grid.shape.y, grid.shape.z].map(Double.init) == geometry["shape_ijk"]?.doubles)
        let expected = try #require(geometry["affine_RAS"]?.elements).map { $0.doubles ?? [] }
        for (row, expectedRow) in zip(grid.worldFromVoxel.rows, expected) {
            // 1e-9: both are the header's decimal digits in double.
            for (value, other) in zip(row, expectedRow) { #expect(abs(value - other) < 1e-9, "\(series.name)") }
        }
        for probe in series.truth["rescaled"]?["voxels"]?.elements ?? [] {
            let ijk = try #require(probe["ijk"]?.doubles).map { Int($0) }
            #expect(image.volume[ijk[0], ijk[1], ijk[2]] == Float(probe["value"]?.double ?? .nan))
        }
        let hash = series.truth["rescaled"]?["sha256_float32_le"]?.string
        #expect(SHA256.hex(image.volume.voxels) == hash)
    }

    static func read(_ series: Case) throws -> DICOMImage? {
        let parts = series.name.split(separator: "#")
        let path = ReferenceData.path("images/\(parts[0])")
        let all = try DICOM.series(in: path)
        guard parts.count == 2 else { return try DICOM.read(try #require(all.first)) }
        guard let one = all.first(where: { $0.uid.hasSuffix(String(parts[1])) }) else { return nil }
        return try DICOM.read(one)
    }
}
