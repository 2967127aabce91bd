import Foundation
import Records
import Testing
import TestSupport

/// `engraft fit` as a user calls it.
@Suite struct FitTests {
    /// Curves of 12 frames of 5 min, in s: a reference, two that bind, one with a hole.
    static func fill(_ folder: String) throws {
        let reference = [8, 20, 24, 22, 19, 16, 13.5, 11.5, 9.8, 8.4, 7.2, 6.2]
        let putamen = [8, 22, 30, 32, 31, 29, 26.5, 24, 21.6, 19.4, 17.3, 15.5]
        let caudate = [7.5, 21, 28, 30, 29, 27, 24.6, 22.2, 19.9, 17.8, 15.9, 14.2]
        var lines = ["frame_start\tframe_end\tpons\tputamen\tcaudate\tbroken\tzero"]
        for frame in 0..<12 {
            let hole = frame == 4 ? "n/a" : "5"
            lines.append(
                "\(300 * frame)\t\(300 * frame + 300)\t\(reference[frame])\t\(putamen[frame])\t\(caudate[frame])\t\(hole)\t0"
            )
        }
        try OutputFile.write(lines.joined(separator: "\n") + "\n", to: "\(folder)/a_tacs.tsv")
        try OutputFile.write("{\"Units\": \"kBq/mL\"}", to: "\(folder)/a_tacs.json")
        try OutputFile.write("weight\n" + (1...12).map { "\($0)\n" }.joined(), to: "\(folder)/w.tsv")
        try OutputFile.write("weight\n1\n", to: "\(folder)/short.tsv")
        try OutputFile.write("a\tb\n" + (1...12).map { "\($0)\t1\n" }.joined(), to: "\(folder)/two.tsv")
        let blood = (0..<13).map { "\(300 * $0)\t\(100.0 / Double($0 + 1))\t0.9" }
        try OutputFile.write(
            "time\tplasma_radioactivity\tmetabolite_parent_fraction\n" + blood.joined(separator: "\n") + "\n",
            to: "\(folder)/a_blood.tsv")
        try OutputFile.write(
            "{\"plasma_radioactivity\": {\"Units\": \"kBq/mL\"}}", to: "\(folder)/a_blood.json")
    }

    static func run(_ line: String, _ folder: String) throws -> Binary.Outcome {
        try Binary.run(("fit a_tacs.tsv " + line).split(separator: " ").map(String.init), in: folder)
    }

    static let two = "--reference pons --regions putamen,caudate"

    @Test func aFitIsPrintedAndWrittenAsBIDS() throws {
        try withTemporaryFolder { folder in
            try Self.fill(folder)
            let outcome = try Self.run("--model srtm \(Self.two) --out a_model-SRTM_kinpar.tsv --json", folder)
            #expect(outcome.status == 0, "\(outcome.error)")
            let document = try JSONValue(parsing: Array(outcome.output.utf8))
            for key in [
                "fits", "ModelName", "ReferenceRegion", "version", "command", "inputs", "warnings", "parameters",
            ] {
                #expect(document[key] != nil, "\(key)")
            }
            let fit = document["fits"]?[0]
            #expect(fit?["region"]?.string == "putamen" && fit?["model"]?.string == "srtm")
            #expect(
                fit?["parameters"]?["R1"]?["value"]?.double != nil && fit?["parameters"]?["BP_ND"]?["se"]?.double != nil
            )
            #expect(fit?["frames_used"]?.elements?.count == 12 && fit?["aicc"]?.double != nil)
            #expect(fit?["r_squared"]?.double ?? 0 > 0.99)
            let table = try DelimitedTable(parsing: InputFile.read("\(folder)/a_model-SRTM_kinpar.tsv"))
            #expect(
                table.columns.prefix(3) == ["name", "BP_ND", "BP_ND_se"]
                    && table.rows.map(\.[0]) == ["putamen", "caudate"])
            let sidecar = try JSONValue(parsing: InputFile.read("\(folder)/a_model-SRTM_kinpar.json"))
            #expect(sidecar["ModelName"]?.string == "SRTM" && sidecar["ReferenceRegion"]?.string == "pons")
            let again = try Self.run("--model srtm \(Self.two) --out a_model-SRTM_kinpar.tsv", folder)
            #expect(again.status == 73 && again.error.contains("--force"))
        }
    }

    @Test(arguments: [
        "ref-patlak --t-star 20", "ref-patlak --window 1200,3600", "ref-logan --t-star auto",
        "ref-logan --last-frames 6 --k2-prime 0.1", "mrtm --weights duration", "mrtm2 --k2-prime 0.1 --weights w.tsv",
        "srtm --weights counts --nuclide F18", "srtm --convention kinfitr --weights duration-activity", "srtm-basis",
        "srtm2 --k2-prime-rule weighted", "suvr --window 2400,3600", "sbr --window 2400,3600",
        "ref-logan --t-star 20 --convention tpc",
    ])
    func everyModelWithAReferencePrintsBothRegions(line: String) throws {
        try withTemporaryFolder { folder in
            try Self.fill(folder)
            let outcome = try Self.run("--model \(line) \(Self.two)", folder)
            #expect(outcome.status == 0, "\(outcome.error)")
            #expect(outcome.output.contains("putamen") && outcome.output.contains("caudate"))
            #expect(outcome.output.contains("convention") && outcome.output.contains(" of 12, "))
        }
    }

    @Test(arguments: ["patlak --t-star 20", "logan --t-star 20", "ma1 --t-star 20", "1tcm --blood-volume 0"])
    func modelsWithPlasmaReadBlood(line: String) throws {
        try withTemporaryFolder { folder in
            try Self.fill(folder)
            let outcome = try Self.run("--model \(line) --blood a_blood.tsv --regions putamen --json", folder)
            #expect(outcome.status == 0, "\(outcome.error)")
            let document = try JSONValue(parsing: Array(outcome.output.utf8))
            // Both tables and the JSON beside each.
            #expect(document["inputs"]?.elements?.count == 4 && document["ReferenceRegion"] == .null)
            #expect(document["fits"]?[0]?["parameters"]?.members?.isEmpty == false)
        }
    }

    @Test func curvesDeclaredAsNotCorrectedForDecayAreRefused() throws {
        try withTemporaryFolder { folder in
            try Self.fill(folder)
            try OutputFile.write(
                "{\"Units\": \"kBq/mL\", \"ImageDecayCorrected\": false}", to: "\(folder)/a_tacs.json", force: true)
            for line in [
                "--model ref-patlak --t-star 20 --reference pons", "--model suvr --window 0,600 --reference pons",
            ] {
                let outcome = try Self.run(line, folder)
                #expect(outcome.status == 65 && outcome.error.contains("run engraft tacs with --decay correct"))
            }
        }
    }

    @Test func theTStarThatWasFoundIsRecorded() throws {
        try withTemporaryFolder { folder in
            try Self.fill(folder)
            func parameters(_ tStar: String) throws -> JSONValue? {
                let outcome = try Self.run("--model ref-logan --t-star \(tStar) \(Self.two) --json", folder)
                #expect(outcome.status == 0 && outcome.output.contains("too small"), "\(outcome.error)")
                return try JSONValue(parsing: Array(outcome.output.utf8))["parameters"]
            }
            let found = try parameters("auto")
            let minutes = try #require(found?["t_star_min"]?.double)
            #expect(found?["t_star_rule"]?.string == "auto" && minutes.remainder(dividingBy: 5) == 0)
            #expect(try parameters("20")?["t_star_rule"]?.string == "given")
        }
    }

    /// A file of one column needs no header; either kind is named in the output.
    @Test func weightsOfAFileAreNamed() throws {
        try withTemporaryFolder { folder in
            try Self.fill(folder)
            try OutputFile.write((1...12).map { "\($0)\n" }.joined(), to: "\(folder)/plain.tsv")
            var fits: [JSONValue?] = []
            for file in ["w.tsv", "plain.tsv"] {
                let outcome = try Self.run("--model mrtm --weights \(file) \(Self.two) --json", folder)
                #expect(outcome.output.contains("weights given in \(file)"), "\(outcome)")
                fits.append(try JSONValue(parsing: Array(outcome.output.utf8))["fits"])
            }
            #expect(fits[0] != nil && fits[0] == fits[1])
        }
    }

    @Test func aRatioWeighsFramesByTheirLengthAndSaysSo() throws {
        try withTemporaryFolder { folder in
            try Self.fill(folder)
            let outcome = try Self.run("--model suvr --window 2400,3600 \(Self.two)", folder)
            #expect(outcome.output.contains("weights duration: w = d"))
        }
    }

    @Test func oneScanOfATableOfSeveralIsFitted() throws {
        try withTemporaryFolder { folder in
            try Self.fill(folder)
            let table = try DelimitedTable(parsing: InputFile.read("\(folder)/a_tacs.tsv"))
            let rows = ["one", "two"].flatMap { name in table.rows.map { [name] + $0 } }
            try OutputFile.write(
                DelimitedTable(columns: ["PET"] + table.columns, rows: rows).tsv, to: "\(folder)/a_tacs.tsv",
                force: true)
            let line = "--model mrtm \(Self.two)"
            let none = try Self.run(line, folder)
            #expect(none.status == 65 && none.error.contains("choose one with --scan: one, two"))
            #expect(try Self.run(line + " --scan two", folder).status == 0)
        }
    }

    /// Some regions without an answer are 3, all are 65; either is named.
    @Test func regionsWithoutAnAnswerAreNamed() throws {
        try withTemporaryFolder { folder in
            try Self.fill(folder)
            let some = try Self.run("--model mrtm --reference pons", folder)
            #expect(some.status == 3 && some.error.contains("broken: the curve has no value in frame 5"))
            #expect(some.output.contains("putamen"))
            let all = try Self.run("--model mrtm --reference pons --regions broken", folder)
            #expect(all.status == 65)
        }
    }

    @Test(arguments: [
        ("--model srtm --reference cerebellum", 65, "cerebellum"), ("--model srtm", 64, "needs --reference"),
        ("--model logan --t-star 20", 64, "give --blood"),
        ("--model ref-patlak --reference pons", 64, "--t-star or --window"),
        ("--model ref-patlak --reference pons --t-star 55", 65, "leaves 1 frame, but 3 are needed"),
        (
            "--model srtm --reference pons --weights two.tsv", 65,
            "two.tsv: there is no column weight; the columns are a, b"
        ),
        ("--model sbr --reference pons --window 2400,3600 --weights duration", 64, "takes no --weights"),
        ("--model srtm --reference pons --integral frame-sum", 64, "--integral is for"),
        ("--model logan --t-star 20 --blood a_blood.tsv --reference pons", 64, "not --reference"),
        ("--model srtm --reference pons --regions putamen,,caudate", 64, "empty name"),
        ("--model srtm --reference pons --regions putamen,putamen", 64, "a name twice"),
        ("--model srtm --reference zero", 65, "the reference region zero has no value above 0"),
        ("--model srtm --reference pons --units Bq/mL", 65, "the file declares kBq/mL, but Bq/mL was given"),
        ("--model srtm --reference pons --scan x", 65, "no scan x"),
        ("--model srtm --reference pons --out o.json", 64, "ending in .tsv"),
        ("--model srtm --reference pons --plot o.svg", 64, "ending in .png"),
        ("--model srtm --reference pons --out o.png --plot ./o.png", 64, "are the same file"),
        ("--model srtm --reference pons --out a_tacs.tsv --force", 64, "which is an input"),
        ("--model logan --t-star 20 --blood a_blood.tsv --blood-delay nan", 64, "number of seconds"),
        ("--model sbr --reference pons", 64, "needs --window"),
        ("--model srtm --reference pons --k2-prime 0.1", 64, "takes no k2'"),
        ("--model mrtm --reference pons --weights counts", 64, "needs --nuclide"),
        ("--model mrtm --reference pons --weights short.tsv", 65, "one number a frame"),
        ("--model mrtm --reference pons --weights tacs", 65, "no weights"),
        ("--model mrtm --reference pons --weights none.tsv", 66, "none.tsv"),
        ("--model srtm --reference pons --convention tpc", 65, "linear methods"),
        ("--model mrtm --reference pons --t-star auto", 64, "Patlak's and Logan's"),
        ("--model mrtm --reference pons --blood a_blood.tsv", 64, "not --blood"),
        ("--model mrtm --reference pons --regions nowhere", 65, "nowhere"),
    ])
    func whatCannotBeFittedIsOneSentence(line: String, status: Int32, part: String) throws {
        try withTemporaryFolder { folder in
            try Self.fill(folder)
            let outcome = try Self.run(line, folder)
            #expect(outcome.status == status && outcome.error.contains(part), "\(outcome)")
            #expect(outcome.output.isEmpty)
        }
    }

    @Test func fitsAreDrawnWhereAsked() throws {
        try withTemporaryFolder { folder in
            try Self.fill(folder)
            let outcome = try Self.run("--model srtm \(Self.two) --plot fits.png", folder)
            #expect(outcome.status == 0 && outcome.error.contains("wrote fits.png"))
            #expect(try InputFile.read("\(folder)/fits.png").starts(with: [0x89, 0x50, 0x4E, 0x47]))
            #expect(try Self.run("--model srtm \(Self.two) --plot fits.png", folder).status == 73)
        }
    }

    @Test(.enabled(if: ReferenceData.isPresent, "needs the reference data beside the checkout"))
    func theDelayOfBloodIsFoundAndBloodMayBeAdded() throws {
        let data = ReferenceData.path("pet/ds004869_cc0/sub-11_ses-test")
        func fit(_ more: String) throws -> JSONValue {
            let line =
                "fit \(data)_desc-preproc_seg-gtm_tacs.tsv --blood \(data)_recording-manual_blood.tsv --model 2tcm "
                + "--regions Left-Putamen --json \(more)"
            let outcome = try Binary.run(line.split(separator: " ").map(String.init))
            #expect(outcome.status == 0, "\(outcome.error)")
            return try JSONValue(parsing: Array(outcome.output.utf8))
        }
        func value(_ document: JSONValue, _ name: String) -> Double {
            document["fits"]?[0]?["parameters"]?[name]?["value"]?.double ?? .nan
        }
        let delayed = try fit("--fit-delay")
        #expect(abs(delayed["fitted_delay_s"]?.double ?? .nan) < 10)
        // The same tissue: A = (1 − v_B) K1 in one convention and K1 in the other.
        let (scaled, added) = (try fit("--blood-volume 0.05"), try fit("--blood-volume 0.05 --add-blood"))
        #expect(abs(value(added, "K1") / value(scaled, "K1") - 0.95) < 1e-6)
        #expect(abs(value(added, "k2") / value(scaled, "k2") - 1) < 1e-6)
        #expect(scaled["fitted_delay_s"] == nil)
    }

    @Test func whatIsForCompartmentModelsIsRefusedElsewhere() throws {
        try withTemporaryFolder { folder in
            try Self.fill(folder)
            #expect(try Self.run("--model srtm --reference pons --fit-delay", folder).status == 64)
            #expect(try Self.run("--model srtm --reference pons --add-blood", folder).status == 64)
        }
    }
}
