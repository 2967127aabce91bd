import Foundation
import Imaging
import Records
import Testing
import TestSupport

/// `tacs` and `blood` as a user calls them.
@Suite struct CurveCommandTests {
    private static func fill(_ folder: String) throws {
        let grid = try VoxelGrid(shape: [2, 1, 1], worldFromVoxel: Affine(scale: [10, 10, 10]))
        let volume = Volume(grid: grid, frames: 2, voxels: [1, 3, 2, 4])
        for name in ["pet", "bare", "raw"] { try NIfTI.write(volume, to: "\(folder)/\(name).nii.gz") }
        try NIfTI.write(LabelMap(grid: grid, voxels: [11, 12]), to: "\(folder)/labels.nii.gz")
        let times = "\"FrameTimesStart\": [0, 60], \"FrameDuration\": [60, 60], \"TracerRadionuclide\": \"F18\""
        let corrected =
            "\"InjectionStart\": 0, \"ImageDecayCorrected\": true, \"ImageDecayCorrectionTime\": 0, \"Units\": \"kBq/mL\""
        try OutputFile.write("{\(times), \(corrected)}", to: "\(folder)/pet.json")
        try OutputFile.write("{\(times)}", to: "\(folder)/bare.json")
        try OutputFile.write(
            "{\(times), \"ImageDecayCorrected\": false, \"Units\": \"Bq/mL\"}", to: "\(folder)/raw.json")
        try OutputFile.write("{\"11\": \"Left-Caudate\", \"12\": \"Left-Putamen\"}", to: "\(folder)/names.json")
        try OutputFile.write(
            "time\tplasma_radioactivity\n60\t5\n120\t3\n", to: "\(folder)/a_blood.tsv")
        try OutputFile.write("time[seconds]\tplasma[kBq/cc]\tparent[1/1]\n60\t5\t0.5\n", to: "\(folder)/a.bld")
    }

    @Test func curvesComeInTheUnitWantedWithTableStatisticsAndPicture() throws {
        try withTemporaryFolder { folder in
            try Self.fill(folder)
            let call =
                "tacs pet.nii.gz --labels labels.nii.gz --lut names.json --out o.tsv --statistics s.tsv --plot p.png"
            let outcome = try Binary.run(call.split(separator: " ").map(String.init), in: folder)
            #expect(outcome.status == 0, "\(outcome)")
            let table = try DelimitedTable(parsing: InputFile.read("\(folder)/o.tsv"))
            #expect(table.columns == ["frame_start", "frame_end", "Left-Caudate", "Left-Putamen"])
            #expect(table.rows[1] == ["60", "120", "2000", "4000"])
            let json = try JSONValue(parsing: InputFile.read("\(folder)/o.json"))
            #expect(json["Units"]?.string == "Bq/mL" && json["ImageDecayCorrected"]?.bool == true)
            #expect(try DelimitedTable(parsing: InputFile.read("\(folder)/s.tsv")).rows.count == 4)
            #expect(try InputFile.read("\(folder)/p.png").starts(with: [0x89, 0x50, 0x4E, 0x47]))
            let kilo = try Binary.run(
                [
                    "tacs", "pet.nii.gz", "--labels", "labels.nii.gz", "--units", "kBq/mL", "--decay", "uncorrect",
                    "--json",
                ],
                in: folder)
            let document = try JSONValue(parsing: Array(kilo.output.utf8))
            #expect(document["Units"]?.string == "kBq/mL" && document["ImageDecayCorrected"]?.bool == false)
            // λΔ / (1 - e^-λΔ) of F-18 (6586.2 s) over the 60 s from the reference on: 1.003160…
            let mean = try #require(document["regions"]?[0]?["mean"]?[0]?.double)
            let exponent = 0.693147180559945 * 60 / 6586.2
            #expect(abs(mean - (1 - exp(-exponent)) / exponent) < 1e-12)
        }
    }

    @Test(arguments: [
        (
            "tacs bare.nii.gz --labels labels.nii.gz --units kBq/mL", 65,
            "bare.nii.gz: the unit of the values is not declared"
        ),
        (
            "tacs bare.nii.gz --labels labels.nii.gz --decay correct", 65,
            "bare.nii.gz: whether the values are corrected for decay"
        ),
        ("tacs pet.nii.gz --labels labels.nii.gz --decay correct", 65, "corrected for decay already, to 0 s"),
        ("tacs raw.nii.gz --labels labels.nii.gz --decay uncorrect", 65, "the values are not corrected for decay"),
        ("tacs pet.nii.gz --labels labels.nii.gz --units SUV", 64, "is no unit of activity per volume"),
        ("tacs pet.nii.gz --labels labels.nii.gz --half-life 60", 64, "belong to --decay"),
        ("tacs pet.nii.gz --labels labels.nii.gz --decay correct --nuclide Xx99", 64, "not in the table of nuclides"),
        (
            "tacs raw.nii.gz --labels labels.nii.gz --decay correct --nuclide C11", 65,
            "the image declares a half-life of 6586.2 s, but 1221"
        ),
        ("tacs pet.nii.gz --labels labels.nii.gz --decay uncorrect --half-life inf", 64, "--half-life is in s"),
        ("tacs raw.nii.gz --labels labels.nii.gz --decay correct --decay-reference nan", 64, "number of seconds"),
        ("tacs raw.nii.gz --labels labels.nii.gz --decay-reference 5", 64, "belongs to --decay correct"),
        ("tacs raw.nii.gz --labels labels.nii.gz --out o.json", 64, "ending in .tsv"),
        ("tacs raw.nii.gz --labels labels.nii.gz --out o.tsv --statistics o.tsv", 64, "are the same file"),
        ("tacs raw.nii.gz --labels labels.nii.gz --plot o.tsv", 64, "ending in .png"),
        ("blood a.bld --blood-delay nan", 64, "--blood-delay is a number of seconds"),
        ("blood a.bld --blood-delay inf", 64, "--blood-delay is a number of seconds"),
        ("blood a.bld --out o.json", 64, "ending in .tsv"),
        ("tacs pet.nii.gz --labels labels.nii.gz --lut a.bld", 65, "a.bld: "),
        ("blood a_blood.tsv --out o.tsv", 65, "a_blood.tsv: the unit of plasma_radioactivity is not said"),
        ("blood a_blood.tsv --blood-units kBq/mL --out o.tsv", 65, "a_blood.tsv: there is no parent fraction"),
        (
            "blood a.bld --parent-fraction hill --out o.tsv", 65,
            "a.bld: too few parent fractions after time zero for the hill model"
        ),
        ("blood gone.tsv --out o.tsv", 66, "gone.tsv: there is no such file"),
    ])
    func oneSentenceAndTheRightCode(call: String, status: Int32, sentence: String) throws {
        try withTemporaryFolder { folder in
            try Self.fill(folder)
            let outcome = try Binary.run(call.split(separator: " ").map(String.init), in: folder)
            #expect(outcome.status == status && outcome.error.contains(sentence), "\(outcome)")
            #expect(outcome.output.isEmpty && !InputFile.exists("\(folder)/o.tsv"))
        }
    }

    @Test func anUndeclaredUnitIsSaidAndNothingIsScaled() throws {
        try withTemporaryFolder { folder in
            try Self.fill(folder)
            let outcome = try Binary.run(["tacs", "bare.nii.gz", "--labels", "labels.nii.gz", "--json"], in: folder)
            let document = try JSONValue(parsing: Array(outcome.output.utf8))
            #expect(
                outcome.status == 0 && document["Units"] == .null && document["regions"]?[0]?["mean"]?[1]?.double == 2)
            #expect(outcome.error.contains("the image declares no unit"))
        }
    }

    @Test func curvesThatStayUncorrectedForDecayAreAWarning() throws {
        try withTemporaryFolder { folder in
            try Self.fill(folder)
            let call = ["tacs", "raw.nii.gz", "--labels", "labels.nii.gz"]
            #expect(try Binary.run(call, in: folder).error.contains("declared as not corrected for decay"))
            let corrected = try Binary.run(call + ["--decay", "correct"], in: folder)
            #expect(corrected.status == 0 && !corrected.error.contains("not corrected"), "\(corrected)")
        }
    }

    /// The sidecar of a table is an output too: it is not overwritten, and nothing else is written before.
    @Test func aSidecarThatExistsStopsBeforeTheWork() throws {
        try withTemporaryFolder { folder in
            try Self.fill(folder)
            try OutputFile.write("{}", to: "\(folder)/o.json")
            for call in ["tacs pet.nii.gz --labels labels.nii.gz --out o.tsv", "blood a.bld --out o.tsv"] {
                let outcome = try Binary.run(call.split(separator: " ").map(String.init), in: folder)
                #expect(outcome.status == 73 && outcome.error.contains("o.json"), "\(outcome)")
                #expect(!InputFile.exists("\(folder)/o.tsv"))
            }
        }
    }

    @Test func manyCurvesAreDrawnUpToTwelve() throws {
        try withTemporaryFolder { folder in
            let grid = try VoxelGrid(shape: [14, 1, 1], worldFromVoxel: Affine(scale: [10, 10, 10]))
            try NIfTI.write(Volume(grid: grid, frames: 2, repeating: 1), to: "\(folder)/pet.nii.gz")
            try NIfTI.write(LabelMap(grid: grid, voxels: (1...14).map { Int32($0) }), to: "\(folder)/l.nii.gz")
            try OutputFile.write(
                "{\"FrameTimesStart\": [0, 60], \"FrameDuration\": [60, 60], \"Units\": \"kBq/mL\"}",
                to: "\(folder)/pet.json")
            let outcome = try Binary.run(["tacs", "pet.nii.gz", "--labels", "l.nii.gz", "--plot", "p.png"], in: folder)
            #expect(outcome.status == 0 && outcome.error.contains("wrote p.png with 12 of 14 regions"), "\(outcome)")
        }
    }

    @Test func bloodBecomesAnInputInBqPerML() throws {
        try withTemporaryFolder { folder in
            try Self.fill(folder)
            let outcome = try Binary.run(["blood", "a.bld", "--out", "o.tsv", "--plot", "p.png"], in: folder)
            #expect(outcome.status == 0, "\(outcome)")
            let rows = try DelimitedTable(parsing: InputFile.read("\(folder)/o.tsv")).rows
            #expect(rows[1] == ["60", "2500", "n/a", "0.5"])
            let samples = try JSONValue(parsing: InputFile.read("\(folder)/o.json"))["samples"]
            #expect(samples?["time_s"]?[1]?.double == 60 && samples?["parent_plasma_bq_per_ml"]?[1]?.double == 2500)
            #expect(samples?["whole_blood_bq_per_ml"]?[1] == .null && samples?["parent_fraction"]?[1]?.double == 0.5)
            let json = try JSONValue(parsing: InputFile.read("\(folder)/o.json"))
            #expect(
                json["parent_plasma"]?["Units"]?.string == "Bq/mL"
                    && json["parent_fraction"]?["model"]?.string == "linear")
            let f18 = try Binary.run(
                ["blood", "a.bld", "--blood-decay", "60", "--parent-fraction", "none", "--json"], in: folder)
            #expect(f18.status == 0 && f18.error.contains("all activity in plasma is taken as unchanged tracer"))
        }
    }
}
