import Imaging
import Records
import TestSupport
import Testing

/// Every DICOM series of the reference images, against pydicom 3.0.1 with numpy (`conventions` in truth.json).
@Suite(.enabled(if: ReferenceData.isPresent, "the reference data are not beside the checkout"))
struct DICOMTruthTests {
    /// The keys of `dicom_series`; what follows "#" is the end of the series UID.
    static let cases = TruthCase.all("dicom_series")

    /// Series of truth.json whose files are not among the reference images.
    static let absent = ["openrem_nm#338300006536", "openrem_nm#338300006537", "suyash_siemens1094#225259619313"]

    @Test func everySeriesIsThere() { #expect(DICOMTruthTests.cases.count >= 26) }

    @Test(arguments: cases)
    func seriesHasThePlaceAndVoxelsThatPydicomReads(series: TruthCase) throws {
        guard let image = try DICOMTruthTests.read(series) else {
            #expect(DICOMTruthTests.absent.contains { series.path.hasSuffix($0) }, "\(series.path) was not found")
            return
        }
        let grid = image.volume.grid
        let geometry = try #require(series.truth["geometry"])
        #expect([grid.shape.x, grid.shape.y, grid.shape.z].map(Double.init) == geometry["shape_ijk"]?.doubles)
        let expected = try #require(geometry["affine_RAS"]?.elements).map { $0.doubles ?? [] }
        for (row, expectedRow) in zip(grid.worldFromVoxel.rows, expected) {
            // 1e-7: directions are printed to 10 digits, and pydicom's normal is not set to length one.
            for (value, other) in zip(row, expectedRow) { #expect(abs(value - other) < 1e-7, "\(series.path)") }
        }
        for probe in series.truth["rescaled"]?["voxels"]?.elements ?? [] {
            let ijk = try #require(probe["ijk"]?.doubles).map { Int($0) }
            #expect(image.volume[ijk[0], ijk[1], ijk[2]] == Float(probe["value"]?.double ?? .nan))
        }
        let hash = series.truth["rescaled"]?["sha256_float32_le"]?.string
        #expect(SHA256.hex(image.volume.voxels) == hash)
    }

    /// GE slices in five transfer syntaxes (made with GDCM): the same three slices.
    @Test(arguments: ["rle", "jpll", "jpegls", "j2k"])
    func compressedSlicesAreThoseOfThePlainOnes(syntax: String) throws {
        func voxels(_ name: String) throws -> [Float] {
            let folder = ReferenceData.path("images/derived/transcoded_ge_sts001/\(name)")
            return try DICOM.read(try #require(try DICOM.series(in: folder).first)).volume.voxels
        }
        #expect(try voxels(syntax) == voxels("exple"))
    }

    /// One GE HiSpeed CT slice in six transfer syntaxes (cornerstone3D). Its twin without pixel data is refused.
    @Test func aCTSliceIsTheSameInEverySyntax() throws {
        let folder = ReferenceData.path("images/ct-dicom/cornerstone_transfer_syntaxes")
        let names = try InputFile.list(folder).filter { $0.hasPrefix("CTImage") }
        #expect(names.count == 7)
        let hashes = try names.map { name in
            let series = try DICOM.series(in: "\(folder)/\(name)")
            return SHA256.hex(try DICOM.read(series[0]).volume.voxels)
        }
        #expect(Set(hashes).count == 1)
        #expect(throws: FileProblem.self) { try DICOM.read(DICOM.series(in: "\(folder)/no-pixel-data.dcm")[0]) }
    }

    /// pydicom's small MR slice, big-endian and compressed: the same voxels.
    @Test(arguments: ["_bigendian", "_implicit", "_RLE", "_jp2klossless"])
    func aSliceIsTheSameInEveryByteOrder(variant: String) throws {
        func voxels(_ name: String) throws -> [Float] {
            try DICOM.read(DICOM.series(in: ReferenceData.path("images/fuzz/pydicom/\(name).dcm"))[0]).volume.voxels
        }
        #expect(try voxels("MR_small\(variant)") == voxels("MR_small"))
    }

    /// Philips head CT with a gantry tilt of 18.5 degrees (dcm_qa_ct); its DICOMDIR is passed over.
    @Test func tiltedGantriesAreRefused() throws {
        let all = try DICOM.series(in: ReferenceData.path("images/ct-dicom/dcm_qa_ct/In/Philips"))
        #expect(all.map(\.files.count) == [13])
        let problem = #expect(throws: FileProblem.self) { try DICOM.read(all[0]) }
        #expect(problem?.reason.contains("gantry tilt of 18.5°") == true, "\(problem?.reason ?? "")")
    }

    /// Pictures and reports are refused by name.
    @Test(arguments: [
        ("fuzz/pydicom/rtdose.dcm", "radiotherapy dose"),
        ("ct-dicom/enhanced_multiframe/JPEG-LL.dcm", "secondary capture"),
        ("pet-dicom/openrem_nm/NM-NmIm-Siemens.dcm", "nuclear medicine"),
        ("pet-dicom/openrem_nm/NM-RRDSR-Siemens.dcm", "dose report"),
    ])
    func otherObjectsAreRefusedByName(file: String, name: String) throws {
        let series = try DICOM.series(in: ReferenceData.path("images/\(file)"))
        let problem = #expect(throws: FileProblem.self) { try DICOM.read(series[0]) }
        #expect(problem?.kind == .badData)
        #expect(problem?.reason.contains(name) == true, "\(problem?.reason ?? "")")
    }

    static func read(_ series: TruthCase) throws -> DICOMImage? {
        let parts = series.path.split(separator: "#")
        let path = ReferenceData.path("images/\(parts[0])")
        let all = try DICOM.series(in: path)
        guard parts.count == 2 else { return try DICOM.read(try #require(all.first)) }
        guard let one = all.first(where: { $0.uid.hasSuffix(String(parts[1])) }) else { return nil }
        return try DICOM.read(one)
    }
}
