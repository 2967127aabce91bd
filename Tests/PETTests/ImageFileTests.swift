import Imaging
import PET
import Records
import Testing
import TestSupport

@Suite struct ImageFileTests {
    static let sidecar = """
        {"Units": "Bq/mL", "TracerName": "FDOPA", "TracerRadionuclide": "F18", "InjectedRadioactivity": 100,
         "InjectedRadioactivityUnits": "MBq", "BodyWeight": 70, "TimeZero": "10:00:00", "InjectionStart": 0, "ScanStart": 0,
         "FrameTimesStart": [0, 60], "FrameDuration": [60, 120], "ImageDecayCorrected": true, "ImageDecayCorrectionTime": 0}
        """

    func withImage<R>(frames: Int = 2, sidecar: String? = sidecar, _ body: (String) throws -> R) throws -> R {
        try withTemporaryFolder { folder in
            let grid = try VoxelGrid(shape: [2, 1, 1], worldFromVoxel: Affine(scale: [2, 2, 2]))
            try NIfTI.write(
                Volume(grid: grid, frames: frames, voxels: (0..<(2 * frames)).map { Float($0 + 1) * 1000 }),
                to: "\(folder)/pet.nii.gz")
            if let sidecar { try OutputFile.write(sidecar, to: "\(folder)/pet.json") }
            return try body("\(folder)/pet.nii.gz")
        }
    }

    @Test func theSidecarGivesFramesDoseAndSUV() throws {
        try withImage { path in
            let image = try ImageFile.read(path)
            #expect(image.format == "NIfTI-1" && image.units == "Bq/mL" && image.frames.map(\.mid) == [30, 120])
            // Decay-corrected to injection: 70 kg in g over 100 MBq.
            #expect(abs(image.suvFactor! - 70_000 / 100e6) < 1e-15)
            #expect(try image.standardized(.bw).voxels[1] == Float(2000 * 7e-4))
            let mean = try image.average(over: nil)
            #expect(
                mean.volume.voxels == [
                    Float((1000 * 60 + 3000 * 120) / 180.0), Float((2000 * 60 + 4000 * 120) / 180.0),
                ])
            #expect(mean.windowS! == (0, 180))
            #expect(try image.average(over: FrameWindow(from: 60, to: 200)).volume.voxels == [3000, 4000])
            let members = JSONValue.object(image.members(path: path))
            #expect(members["pet"]?["suv_factor"]?["bw"]?.double == image.suvFactor)
            #expect(
                members["pet"]?["suv_rule"]?.string == "decay-corrected to the injection: mass by injected activity")
            #expect(members["pet"]?["time_zero"]?.string == "10:00:00" && members["pet"]?["scan_start_s"]?.double == 0)
            #expect(members["pet"]?["injection_start_s"]?.double == 0)
            #expect(members["frames"]?["start_s"]?.doubles == [0, 60] && members["shape"]?.doubles == [2, 1, 1, 2])
            #expect(JSONValue.object(image.sidecarMembers(suv: .bw))["Units"]?.string == "g/mL")
        }
    }

    @Test func framesThatDoNotFitTheImageAreRefused() throws {
        try withImage(frames: 3) { path in
            let problem = try #require(throws: FileProblem.self) { try ImageFile.read(path) }
            #expect(problem.reason.contains("3 frames") && problem.reason.contains("describe 2"))
        }
    }

    @Test func withoutASidecarThereIsNoSUVAndTheReasonIsSaid() throws {
        try withImage(frames: 1, sidecar: nil) { path in
            let image = try ImageFile.read(path)
            #expect(image.suvFactor == nil && image.acquisition == nil && image.frames.isEmpty)
            #expect(throws: SUVProblem.self) { try image.standardized(.bw) }
            #expect(throws: WindowError.noFrameTimes) { try image.average(over: FrameWindow(from: 0, to: 1)) }
            #expect(try image.average(over: nil).windowS == nil)
        }
    }

    @Test func aMassThatContradictsTheFileIsUsedWithAWarning() throws {
        try withImage { path in
            let image = try ImageFile.read(path).withMass(80)
            #expect(abs(image.suvFactor! - 8e-4) < 1e-15 && image.warnings.contains { $0.contains("70.0 kg") })
        }
    }

    @Test func whatIsNoImageIsNamed() throws {
        try withTemporaryFolder { folder in
            try OutputFile.write("hello", to: "\(folder)/a.txt")
            for (path, kind, part) in [
<<<<<<< HEAD
                ("\(folder)/a.txt", FileProblem.Kind.badData, "no image of a format that is read"),
=======
                ("\(folder)/a.txt", FileProblem.Kind.badData, "no image of a format"),
>>>>>>> 40018784e22cfad930972f04b801338294609f7a
                (folder, .badData, "no DICOM image"),
                ("\(folder)/gone.nii", .noInput, "no such file"),
            ] {
                let problem = try #require(throws: FileProblem.self) { try ImageFile.read(path) }
                #expect(problem.kind == kind && problem.reason.contains(part))
            }
        }
    }

    @Test func sidecarsStandBesideTheirFile() {
        #expect(ImageFile.sidecarPath(of: "a/b.nii.gz") == "a/b.json" && ImageFile.sidecarPath(of: "t.tsv") == "t.json")
        #expect(ImageFile.sidecarPath(of: "odd") == "odd.json")
    }
}
