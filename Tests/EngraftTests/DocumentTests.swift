import Foundation
import Imaging
import Records
import Testing
import TestSupport

/// The JSON that other programs read, and the files a command leaves.
@Suite struct DocumentTests {
    let visit = "\(SampleScans.folder)/month-12"
    var regions: [String] { ["--labels", "\(visit)/labels.nii.gz", "--lut", "\(SampleScans.folder)/labels_dseg.tsv"] }

    func json(_ arguments: [String]) throws -> JSONValue {
        let outcome = try Binary.run(arguments + ["--json"])
        #expect(outcome.status == 0, "\(outcome.error)")
        return try JSONValue(parsing: Array(outcome.output.utf8))
    }

    func expectKeys(_ keys: [String], in document: JSONValue?, _ common: Bool = true) {
        for key in keys + (common ? ["version", "command", "inputs", "warnings"] : []) {
            #expect(document?[key] != nil, "\(key)")
        }
    }

    @Test func infoHasEveryKey() throws {
        let document = try json(["info", "\(visit)/pet.nii.gz", "--checksum", "--probe", "30,40,20,5"])
        expectKeys(
            [
                "path", "format", "shape", "voxel_size_mm", "affine", "orientation", "datatype", "units", "frames",
                "pet",
                "statistics", "probe", "sha256_float32_le",
            ], in: document)
        expectKeys(
            [
                "radionuclide", "half_life_s", "injected_mbq", "weight_kg", "decay_correction", "decay_reference",
                "decay_rule",
                "suv_factor", "warnings",
            ], in: document["pet"], false)
        expectKeys(["count", "finite", "min", "max", "mean", "sum"], in: document["statistics"], false)
        #expect(
            document["shape"]?.doubles == [64, 76, 56, 18] && document["frames"]?["start_s"]?.elements?.count == 18)
        #expect(document["probe"]?[0]?["value"]?.double != nil && document["inputs"]?.elements?.count == 2)
        // 181 MBq and 73 kg were put in, decay-corrected to the injection.
        #expect(abs(document["pet"]!["suv_factor"]!["bw"]!.double! - 73_000 / 181e6) < 1e-12)
    }

    @Test func uptakeHasEveryKeyAndItsTableIsWritten() throws {
        try withTemporaryFolder { folder in
            let document = try json(
                ["uptake", "\(visit)/pet.nii.gz"] + regions
                    + ["--reference", "occipital", "--window", "4500,5400", "--out", "\(folder)/uptake.tsv"])
            expectKeys(["regions", "indices", "reference", "window_s", "parameters"], in: document)
            expectKeys(
                [
                    "name", "index", "side", "voxels", "volume_ml", "mean", "sd", "median", "min", "max", "suv_bw",
                    "suvr", "sbr",
                ],
                in: document["regions"]?[0], false)
            #expect(document["window_s"]?.doubles == [4500, 5400] && document["indices"]?["measure"]?.string == "sbr")
            #expect(try InputFile.list(folder) == ["uptake.json", "uptake.tsv"])
            #expect(try DelimitedTable(parsing: InputFile.read("\(folder)/uptake.tsv")).rows.count == 12)
        }
    }

    @Test func tacsAreABIDSTable() throws {
        try withTemporaryFolder { folder in
            let document = try json(["tacs", "\(visit)/pet.nii.gz"] + regions + ["--out", "\(folder)/a_tacs.tsv"])
            expectKeys(["FrameTimesStart", "FrameDuration", "Units", "regions"], in: document)
            let table = try DelimitedTable(parsing: InputFile.read("\(folder)/a_tacs.tsv"))
            #expect(table.columns.prefix(2) == ["frame_start", "frame_end"] && table.rows.count == 18)
            #expect(document["regions"]?[0]?["sem"]?.elements?.count == 18)
        }
    }

    @Test func tremorHasEveryKeyAndItsPicture() throws {
        try withTemporaryFolder { folder in
            let document = try json([
                "tremor", "\(visit)/wrist-right_rest.csv", "--site", "wrist-right", "--task", "rest", "--png",
                "\(folder)/t.png", "--spectrum", "\(folder)/t.csv",
            ])
            expectKeys(["recordings", "parameters"], in: document)
            expectKeys(
                [
                    "path", "sample_rate_hz", "duration_s", "coverage", "windows", "peak_frequency_hz",
                    "peak_to_peak_cm",
                    "peak_to_peak_cm_ci95", "tremor_time_percent", "updrs", "flags",
                ], in: document["recordings"]?[0], false)
            #expect(document["parameters"]?["site"]?.string == "wrist-right")
            #expect(try InputFile.list(folder) == ["t.csv", "t.json", "t.png"], "both share their sidecar")
            let spectrum = try #require(document["recordings"]?[0]?["spectrum"])
            let power = try #require(spectrum["power_m2_s4_per_hz"]?.doubles)
            let low = try #require(spectrum["ci95_low_m2_s4_per_hz"]?.doubles)
            let high = try #require(spectrum["ci95_high_m2_s4_per_hz"]?.doubles)
            #expect(zip(low, power).allSatisfy { $0 < $1 } && zip(power, high).allSatisfy { $0 < $1 })
            let highest = try #require(power.indices.dropFirst(8).max { power[$0] < power[$1] })
            let step = try #require(spectrum["step_hz"]?.double)
            let peak = try #require(document["recordings"]?[0]?["peak_frequency_hz"]?.double)
            #expect(abs(Double(highest) * step - peak) <= step)
            #expect(try DelimitedTable(parsing: InputFile.read("\(folder)/t.csv")).rows.count == power.count)
        }
    }

    @Test func whatIsConvertedKeepsItsVoxelsAndSaysItsUnit() throws {
        try withTemporaryFolder { folder in
            let outcome = try Binary.run(["convert", "\(visit)/pet.nii.gz", "\(folder)/suv.nii.gz", "--suv", "bw"])
            #expect(outcome.status == 0)
            let suv = try NIfTI.read("\(folder)/suv.nii.gz").volume
            let pet = try NIfTI.read("\(visit)/pet.nii.gz").volume
            #expect(abs(suv[30, 40, 20, frame: 9] / pet[30, 40, 20, frame: 9] / Float(73_000 / 181e6) - 1) < 1e-6)
            let sidecar = try JSONValue(parsing: InputFile.read("\(folder)/suv.json"))
            #expect(sidecar["Units"]?.string == "g/mL" && sidecar["FrameTimesStart"]?.elements?.count == 18)
            #expect(sidecar["engraft"]?["inputs"]?[0]?["sha256"]?.string?.count == 64)
        }
    }

    @Test func imagesAreResampledSmoothedAndDrawn() throws {
        try withTemporaryFolder { folder in
            for arguments in [
                ["resample", "\(visit)/ct.nii.gz", "ct.nii.gz", "--like", "\(visit)/pet.nii.gz"],
                ["resample", "\(visit)/ct.nii.gz", "fine.nii.gz", "--voxel-size", "4", "--interpolation", "cubic"],
                ["smooth", "\(visit)/ct.nii.gz", "smooth.nii.gz", "--fwhm", "6"],
                [
                    "overlay", "\(visit)/pet.nii.gz", "--ct", "\(visit)/ct.nii.gz", "--window", "4500,5400", "--out",
                    "o.png",
                ] + regions,
            ] {
                let outcome = try Binary.run(arguments, in: folder)
                #expect(outcome.status == 0, "\(outcome.error)")
            }
            #expect(try NIfTI.read("\(folder)/ct.nii.gz").volume.grid.shape == [64, 76, 56])
            #expect(try NIfTI.read("\(folder)/fine.nii.gz").volume.grid.shape == [48, 57, 42])
            #expect(
                try InputFile.list(folder) == [
                    "ct.json", "ct.nii.gz", "fine.json", "fine.nii.gz", "o.json", "o.png", "smooth.json",
                    "smooth.nii.gz",
                ])
        }
    }
}

/// The whole way, as the README has it.
@Suite struct DemoTests {
    @Test func theDemoAgreesWithItsTruthAndLeavesAPage() throws {
        try withTemporaryFolder { folder in
            let outcome = try Binary.run(["demo", "--samples", SampleScans.folder, "--out", "demo"], in: folder)
            #expect(outcome.status == 0, "\(outcome.error)")
            #expect(outcome.output.contains("34 of 34 measures agree with the truth of the phantom."))
            #expect(outcome.output.contains("The page: demo/index.html"))
            let page = String(decoding: try InputFile.read("\(folder)/demo/index.html"), as: UTF8.self)
            #expect(page.contains("demo-01") && page.contains("Research use only"))
            #expect(
                try InputFile.list("\(folder)/demo") == [
                    "index.html", "overlay_change.png", "overlay_month-00.png", "overlay_month-12.png", "page.png",
                    "patient.csv", "patient.json",
                ])
            let again = try Binary.run(["patient", SampleScans.folder, "--out", "demo"], in: folder)
            #expect(again.status == 73 && again.error.contains("--force"))
        }
    }

    /// The files in sample-scans are what this version makes.
    @Test func theSamplePatientIsMadeToTheSameBytes() throws {
        try withTemporaryFolder { folder in
            let outcome = try Binary.run(["phantom", "patient", "--out", "again"], in: folder)
            #expect(outcome.status == 0, "\(outcome.error)")
            for visit in ["", "month-00/", "month-12/"] {
                for name in try InputFile.list("\(folder)/again/\(visit)") where !name.hasPrefix("month") {
                    #expect(
                        try SHA256.hex(ofFile: "\(folder)/again/\(visit)\(name)")
                            == SHA256.hex(ofFile: "\(SampleScans.folder)/\(visit)\(name)"), "\(visit)\(name)")
                }
            }
        }
    }

    @Test func aTremorPhantomIsMeasuredAsItsTruthSays() throws {
        try withTemporaryFolder { folder in
            let made = try Binary.run(
                ["phantom", "tremor", "--frequency", "5.2", "--peak-to-peak", "1.5", "--gap", "20,25", "--out", "t"],
                in: folder)
            #expect(made.status == 0, "\(made.error)")
            let outcome = try Binary.run(["tremor", "t/tremor.csv", "--json"], in: folder)
            let recording = try JSONValue(parsing: Array(outcome.output.utf8))["recordings"]?[0]
            #expect(abs(recording!["peak_frequency_hz"]!.double! - 5.2) < 0.01)
            #expect(abs(recording!["peak_to_peak_cm"]!.double! / 1.5 - 1) < 0.01)
            #expect(recording?["gaps"]?.elements?.count == 1)
        }
    }

    @Test func aPETPhantomHasWhatItPromises() throws {
        try withTemporaryFolder { folder in
            let made = try Binary.run(
                ["phantom", "pet-ct", "--tracer", "dat", "--survival", "0.8", "--months", "12", "--out", "p"],
                in: folder)
            #expect(made.status == 0, "\(made.error)")
            #expect(
                try InputFile.list("\(folder)/p") == [
                    "ct.nii.gz", "labels.nii.gz", "labels_dseg.tsv", "pet.json", "pet.nii.gz", "truth.json",
                ])
        }
    }

    @Test func theSelftestPasses() throws {
        let outcome = try Binary.run(["selftest", "--json"])
        #expect(outcome.status == 0, "\(outcome.error)")
        let rows = try JSONValue(parsing: Array(outcome.output.utf8))["rows"]?.elements
        #expect(rows?.count == 21 && rows?.allSatisfy { $0["passes"]?.bool == true } == true)
    }
}

/// Real scans with independent truth, through the binary.
@Suite(.enabled(if: ReferenceData.isPresent, "the reference data is not beside the checkout"))
struct RealInputTests {
    /// pydicom 3.0.2 and numpy (`truth.json`).
    @Test func aWholeBodyPETIsWhatPydicomSays() throws {
        let series = "pet-dicom/ge_dst_sts001_raw/STS_001/FDG_PET/image"
        let truth = try #require(try ReferenceData.json("images/truth.json")["dicom_series"]?[series])
        let probes = truth["rescaled"]?["voxels"]?.elements ?? []
        let arguments = probes.flatMap { probe in
            ["--probe", (probe["ijk"]?.doubles ?? []).map { String(Int($0)) }.joined(separator: ",")]
        }
        let outcome = try Binary.run(
            ["info", ReferenceData.path("images/\(series)"), "--json", "--checksum"] + arguments)
        #expect(outcome.status == 0, "\(outcome.error)")
        let document = try JSONValue(parsing: Array(outcome.output.utf8))
        #expect(document["shape"]?.doubles == [128, 128, 267, 1])
        #expect(document["sha256_float32_le"] == truth["rescaled"]?["sha256_float32_le"])
        for (row, expected) in zip(document["affine"]!.elements!, truth["geometry"]!["affine_RAS"]!.elements!) {
            for (a, b) in zip(row.doubles!, expected.doubles!) { #expect(abs(a - b) < 1e-9) }
        }
        #expect(document["probe"]?.elements?.count == probes.count && probes.count == 10)
        for (ours, theirs) in zip(document["probe"]!.elements!, probes) {
            #expect(Float(ours["value"]!.double!) == Float(theirs["value"]!.double!))
        }
        let factor = try #require(truth["pet"]?["factor"]?.double)
        #expect(abs(document["pet"]!["suv_factor"]!["bw"]!.double! / factor - 1) < 1e-12)
    }

    @Test func nothingIdentifiesThePatient() throws {
        let path = ReferenceData.path("images/pet-dicom/ge_dst_sts001_raw/STS_001/FDG_PET/image")
        let outcome = try Binary.run(["info", path, "--json"])
        for word in ["PatientName", "PatientID", "BirthDate", "STS_001^"] { #expect(!outcome.output.contains(word)) }
    }
}
