import Imaging
import Records
import Testing
import TestSupport

/// Every image of the reference data that is not DICOM, as nibabel 5.4.2, SimpleITK 2.5.7 or numpy 2.4.6 read it
/// (`truth.json`).
@Suite(.enabled(if: ReferenceData.isPresent, "the reference data is not beside the checkout"))
struct ImageTruthTests {
    /// What is not read, and what the refusal says of the reason.
    static let outOfScope = [
        "atlas/niivue_demo/CIT168/CIT168.nii.gz": "RGBA",
        "nifti/nibabel/analyze.hdr": "Analyze 7.5",
        "nifti/nibabel/nifti1.hdr": "nifti1.img is not beside it",
        "nifti/nibabel/nifti2.hdr": "nifti2.img is not beside it",
        "nifti/nifti-rs/avg152T1_LR_nifti.hdr.gz": "avg152T1_LR_nifti.img.gz is not beside it",
    ]

    /// nibabel looks for another name of the voxels and has no values; ours are those of its twin.
    static let withoutTruth = ["nifti/nifti-rs/minimal2.hdr": "nifti/nifti-rs/minimal.hdr"]

    static let files = TruthCase.all("files").filter { $0.truth["kind"]?.string != "dicom-file" }

    static let inScope = files.filter { outOfScope[$0.path] == nil && withoutTruth[$0.path] == nil }

    @Test func everyFileIsEitherReadOrListedWithItsReason() {
        #expect(Self.files.count == Self.inScope.count + Self.outOfScope.count + Self.withoutTruth.count)
        #expect(Self.inScope.count >= 130)
        #expect(
            Set(Self.inScope.compactMap { $0.truth["kind"]?.string })
                == ["Nifti1Image", "Nifti2Image", "Nifti1Pair", "MGHImage", "ECAT7", "NRRD/MHA", "Interfile"])
    }

    @Test(arguments: inScope)
    func readsWhatItsOwnProgramReads(_ file: TruthCase) throws {
        let image = try StoredImage.read(ReferenceData.path("images/\(file.path)"))
        let grid = image.volume.grid
        let shape = try #require((file.truth["shape"] ?? file.truth["shape_ijk"])?.doubles).map { Int($0) }
        #expect(
            [grid.shape.x, grid.shape.y, grid.shape.z, image.volume.frames] == shape
                + Array(repeating: 1, count: 4 - shape.count))
        for (row, expected) in (Self.affine(file.truth) ?? []).enumerated() {
            for (column, value) in expected.enumerated() {
                // A qform or directions composed in another order of the same Double products; nibabel multiplies ECAT's
                // centimetres in Float32.
                let tolerance = file.truth["kind"] == "ECAT7" ? 1e-7 : 1e-9
                #expect(abs(grid.worldFromVoxel.rows[row][column] - value) < tolerance * max(1, abs(value)))
            }
        }
        if let codes = file.truth["axcodes"]?.string, file.truth["kind"] != "MGHImage" {
            #expect(grid.orientation == codes)
        }
        #expect(SHA256.hex(image.volume.voxels) == file.truth["values"]?["sha256_float32_le"]?.string)
        for probe in file.truth["values"]?["voxels"]?.elements ?? [] {
            let ijk = probe["ijk"]!.doubles!.map { Int($0) }
            #expect(image.volume[ijk[0], ijk[1], ijk[2]] == Float(probe["value"]!.double!))
        }
    }

    /// RAS from voxels; of an ITK image from its direction, spacing and origin in LPS.
    static func affine(_ truth: JSONValue) -> [[Double]]? {
        if let rows = truth["affine_RAS"]?.elements { return rows.compactMap(\.doubles) }
        guard let direction = truth["direction_LPS"]?.doubles, let spacing = truth["spacing"]?.doubles,
            let origin = truth["origin_LPS"]?.doubles
        else { return nil }
        return (0..<3).map { row in
            let sign: Double = row < 2 ? -1 : 1
            return (0..<3).map { sign * direction[3 * row + $0] * spacing[$0] } + [sign * origin[row]]
        }
    }

    @Test(arguments: outOfScope.sorted { $0.key < $1.key })
    func whatIsNotReadIsRefusedByName(_ file: (key: String, value: String)) {
        #expect {
            try StoredImage.read(ReferenceData.path("images/\(file.key)"))
        } throws: { ($0 as? FileProblem)?.reason.contains(file.value) == true }
    }

    @Test(arguments: withoutTruth.sorted { $0.key < $1.key })
    func aHeaderAloneFindsItsGzippedVoxels(_ file: (key: String, value: String)) throws {
        let image = try StoredImage.read(ReferenceData.path("images/\(file.key)"))
        let twin = try StoredImage.read(ReferenceData.path("images/\(file.value)"))
        #expect(image.volume.grid == twin.volume.grid && image.volume.voxels == twin.volume.voxels)
    }

    static let orientations: [String] =
        ((try? InputFile.list(ReferenceData.path("images/nifti/niivue_space/nifti_space"))) ?? [])
        .filter { $0.hasSuffix(".nii.gz") }

    /// One head in 16 orders and directions of its axes; the world is the same in all.
    @Test(arguments: orientations)
    func everyOrientationIsTheSameBrainAfterReorientation(_ name: String) throws {
        #expect(Self.orientations.count == 16)
        let folder = ReferenceData.path("images/nifti/niivue_space/nifti_space")
        let image = try StoredImage.read("\(folder)/\(name)").volume
        #expect(image.grid.orientation == String(name.prefix(3)))
        let brain = try StoredImage.read("\(folder)/RAS.nii.gz").volume
        let turned = image.reoriented(to: "RAS")
        #expect(turned.voxels == brain.voxels)
        // Headers hold positions as Float32.
        #expect(turned.grid.matches(brain.grid, tolerance: 1e-3))
    }

    /// Files that crashed another reader.
    @Test(arguments: ["crash-1.nii", "crash-98aa054390f8d3f932f190dc22ef62c6ff2d6619"])
    func filesThatCrashedAnotherReaderAreRefused(_ name: String) {
        #expect {
            try StoredImage.read(ReferenceData.path("images/fuzz/nifti-rs/\(name)"))
        } throws: { ($0 as? FileProblem)?.kind == .badData }
    }
}
