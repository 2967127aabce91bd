import Imaging
import PET
import Records
import TestSupport
import Testing

/// Sidecars of BIDS datasets, after the rules and examples of the standard's inheritance principle.
@Suite struct InheritanceTests {
    /// A dataset with files of JSON by path; the image needs not exist to ask for its metadata.
    func withDataset<R>(_ files: [String: String], root: Bool = true, _ body: (String) throws -> R) throws -> R {
        try withTemporaryFolder { folder in
            for name in ["sub-01", "sub-01/ses-test", "sub-01/ses-test/pet"] {
                try OutputFile.makeFolder("\(folder)/\(name)")
            }
            if root { try OutputFile.write("{\"Name\": \"test\"}", to: "\(folder)/dataset_description.json") }
            for (path, text) in files { try OutputFile.write(text, to: "\(folder)/\(path)") }
            return try body(folder)
        }
    }

    static let image = "sub-01/ses-test/pet/sub-01_ses-test_trc-MC1_pet.nii.gz"

    @Test func theClosestWinsKeyByKey() throws {
        try withDataset([
            "pet.json": "{\"A\": 1, \"B\": 1, \"C\": 1}", "sub-01/sub-01_pet.json": "{\"B\": 2, \"C\": 2}",
            "sub-01/ses-test/pet/sub-01_ses-test_trc-MC1_pet.json": "{\"C\": 3, \"D\": null}",
        ]) { folder in
            let sidecar = try #require(try InheritedSidecar.read(for: "\(folder)/\(InheritanceTests.image)"))
            #expect(sidecar.json == ["A": 1, "B": 2, "C": 3, "D": nil])
            #expect(
                sidecar.paths == [
                    "\(folder)/pet.json", "\(folder)/sub-01/sub-01_pet.json",
                    "\(folder)/sub-01/ses-test/pet/sub-01_ses-test_trc-MC1_pet.json",
                ])
        }
    }

    /// Another suffix, another value of an entity, an entity that the image has not, and a name without a suffix.
    @Test(arguments: ["task-rest_bold", "trc-PS13_pet", "trc-MC1_rec-acdyn_pet", "ses-test", "PET", "trc-MC1_blood"])
    func othersDoNotApply(stem: String) throws {
        try withDataset(["\(stem).json": "{\"A\": 1}"]) { folder in
            let found = try InheritedSidecar.read(for: "\(folder)/\(InheritanceTests.image)")
            #expect(found == nil)
        }
    }

    @Test(arguments: ["pet", "trc-MC1_pet", "ses-test_pet", "ses-test_trc-MC1_pet", "trc-MC1_ses-test_pet"])
    func subsetsOfTheEntitiesApply(stem: String) throws {
        try withDataset(["\(stem).json": "{\"A\": 1}"]) { folder in
            let found = try InheritedSidecar.read(for: "\(folder)/\(InheritanceTests.image)")
            #expect(found?.json == ["A": 1])
        }
    }

    @Test func twoOfOneFolderAreRefusedByName() throws {
        try withDataset(["pet.json": "{\"A\": 1}", "trc-MC1_pet.json": "{\"A\": 2}"]) { folder in
            let problem = #expect(throws: FileProblem.self) {
                try InheritedSidecar.read(for: "\(folder)/\(InheritanceTests.image)")
            }
            #expect(problem?.kind == .badData && problem?.reason.contains("pet.json and trc-MC1_pet.json") == true)
        }
    }

    @Test func withoutADatasetOnlyTheFileBesideIsRead() throws {
        let beside = "sub-01/ses-test/pet/sub-01_ses-test_trc-MC1_pet.json"
        try withDataset(["pet.json": "{\"A\": 1}", beside: "{\"B\": 2}"], root: false) { folder in
            let sidecar = try InheritedSidecar.read(for: "\(folder)/\(InheritanceTests.image)")
            #expect(sidecar?.json == ["B": 2] && sidecar?.paths == ["\(folder)/\(beside)"])
        }
    }

    /// A dataset of derivatives inside a dataset is a dataset of its own.
    @Test func nothingAboveTheNearestDatasetIsRead() throws {
        try withDataset([
            "pet.json": "{\"A\": 1}", "sub-01/dataset_description.json": "{}",
            "sub-01/trc-MC1_pet.json": "{\"B\": 2}",
        ]) { folder in
            let found = try InheritedSidecar.read(for: "\(folder)/\(InheritanceTests.image)")
            #expect(found?.json == ["B": 2])
        }
    }

    @Test func aSidecarThatIsNoObjectIsNamed() throws {
        for text in ["[1]", "{\"A\": "] {
            try withDataset(["pet.json": text]) { folder in
                let problem = #expect(throws: FileProblem.self) {
                    try InheritedSidecar.read(for: "\(folder)/\(InheritanceTests.image)")
                }
                #expect(problem?.path == "\(folder)/pet.json" && problem?.kind == .badData)
            }
        }
    }

    /// Names outside BIDS have their sidecar beside them, in a dataset or not.
    @Test func oddNamesHaveTheirOwnSidecar() throws {
        try withDataset(["sub-01/my-scan.json": "{\"A\": 1}"]) { folder in
            let found = try InheritedSidecar.read(for: "\(folder)/sub-01/my-scan.nii")
            #expect(found?.json == ["A": 1])
        }
    }

    /// The whole way: dose and tracer of the dataset, frames of the scan; SUV from both.
    @Test func anImageHasWhatTheFoldersAboveSay() throws {
        try withDataset([
            "pet.json": """
            {"Units": "Bq/mL", "TracerName": "FDOPA", "TracerRadionuclide": "F18", "ImageDecayCorrected": true,
             "ImageDecayCorrectionTime": 0, "InjectionStart": 0, "InjectedRadioactivityUnits": "MBq"}
            """,
            "sub-01/sub-01_pet.json": "{\"BodyWeight\": 74}",
            "sub-01/ses-test/pet/sub-01_ses-test_trc-MC1_pet.json":
                "{\"InjectedRadioactivity\": 185, \"FrameTimesStart\": [0], \"FrameDuration\": [60]}",
        ]) { folder in
            let path = "\(folder)/\(InheritanceTests.image)"
            let grid = try VoxelGrid(shape: [2, 1, 1], worldFromVoxel: .identity)
            try NIfTI.write(Volume(grid: grid, frames: 1, repeating: 3), to: path)
            let image = try ImageFile.read(path)
            #expect(image.suvFactor == 74000 / 185e6 && image.sidecarPaths.count == 3)
        }
    }
}
