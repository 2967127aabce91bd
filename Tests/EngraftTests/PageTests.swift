import Foundation
import Records
import Testing

/// Whole runs: the sample patient, phantoms, and what a run leaves behind.
struct PageTests {
    @Test func theDemoAgreesWithItsTruthAndItsPageNeedsNothingElse() throws {
        try withWorkFolder { folder in
            let samples = BuiltEngraft.checkout + "/sample-scans"
            let run = try BuiltEngraft.run(["demo", "--samples", samples, "--out", "Bericht für Ü"], in: folder)
            #expect(run.status == 0, "\(run.out)\(run.error)")
            #expect(run.out.contains("measures agree with the truth of the phantom") && !run.out.contains("DIFFERS"))
            let page = try String(contentsOfFile: "\(folder)/Bericht für Ü/index.html", encoding: .utf8)
            #expect(!page.contains("<script src") && !page.contains("src=\"http") && !page.contains("href=\"http"))
            #expect(!page.contains("url(http") && !page.contains("@import"))
            #expect(page.contains("Research use only") && page.contains("demo-01"))
            #expect(!everything(below: folder).contains { $0.hasSuffix(".part") })

            let again = try BuiltEngraft.run(["patient", samples, "--out", "Bericht für Ü"], in: folder)
            #expect(again.status == 73 && again.out.isEmpty)
        }
    }

    @Test func aPatientsDocumentHasItsKeysAndHashes() throws {
        try withWorkFolder { folder in
            let samples = BuiltEngraft.checkout + "/sample-scans"
            let run = try BuiltEngraft.run(["patient", samples, "--out", "out", "--json"], in: folder)
            let json = try JSONValue(parsing: Array(run.out.utf8))
            let keys = json.members?.map(\.key) ?? []
            for key in [
                "code", "measure", "reference", "visits", "changes", "version", "command", "inputs", "warnings",
            ] {
                #expect(keys.contains(key))
            }
            // patient.json, the names, and for each of two visits PET, CT, labels, three recordings and the scores.
            #expect((json["inputs"]?.elements?.count ?? 0) >= 16)
            #expect(try InputFile.read("\(folder)/out/patient.json") == Array(run.out.utf8))
        }
    }

    @Test func aTremorPhantomIsMeasuredAsItWasMade() throws {
        try withWorkFolder { folder in
            let made = try BuiltEngraft.run(
                ["phantom", "tremor", "--frequency", "5.2", "--peak-to-peak", "1.5", "--duration", "40", "--out", "t"],
                in: folder, environment: ["LC_ALL": "de_DE.UTF-8", "TZ": "Asia/Kathmandu"])
            #expect(made.status == 0)
            let run = try BuiltEngraft.run(["tremor", "t/tremor.csv", "--json", "--png", "t.png"], in: folder)
            let found = try JSONValue(parsing: Array(run.out.utf8))["recordings"]?.elements?.first
            #expect(abs((found?["peak_frequency_hz"]?.double ?? 0) - 5.2) < 0.01)  // the limit of docs/validation.md
            #expect(abs((found?["peak_to_peak_cm"]?.double ?? 0) / 1.5 - 1) < 0.01)  // the same
            #expect(everything(below: folder) == ["t", "t.png", "t/tremor.csv", "t/truth.json"])
        }
    }

    /// A noise-free scan without blurring has the truth's means, to 1e-5: the rounding of 16-bit voxels averages out
    /// over a region.
    @Test func aPETPhantomIsMeasuredAsItWasMade() throws {
        try withWorkFolder { folder in
            let made = try BuiltEngraft.run(
                ["phantom", "pet-ct", "--noise", "0", "--fwhm", "0", "--out", "p h"], in: folder)
            #expect(made.status == 0)
            let run = try BuiltEngraft.run(
                [
                    "uptake", "p h/pet.nii.gz", "--labels", "p h/labels.nii.gz", "--lut", "p h/labels_dseg.tsv",
                    "--reference", "occipital", "--window", "4500,5400", "--out", "u.tsv",
                ], in: folder)
            #expect(run.status == 0, "\(run.error)")
            let found = try JSONValue(parsing: InputFile.read("\(folder)/u.json"))["regions"]?.elements ?? []
            let truth = try JSONValue(parsing: InputFile.read("\(folder)/p h/truth.json"))["regions"]?.elements ?? []
            var compared = 0
            for region in found {
                guard let known = truth.first(where: { $0["index"] == region["index"] }) else { continue }
                let (mean, expected) = (region["mean"]?.double ?? 0, known["unblurred"]?["mean_bq_per_ml"]?.double ?? 1)
                #expect(abs(mean / expected - 1) < 1e-5, "\(region["name"]?.string ?? "")")
                compared += 1
            }
            #expect(compared == 12)
            #expect(everything(below: folder).filter { $0.hasPrefix("u") } == ["u.json", "u.tsv"])
        }
    }

    @Test func everyRowOfTheSelftestPasses() throws {
        let run = try BuiltEngraft.run(["selftest", "--json"])
        let rows = try JSONValue(parsing: Array(run.out.utf8))["rows"]?.elements ?? []
        #expect(rows.count >= 11)
        for row in rows { #expect(row["passes"] == .bool(true), "\(row["measure"]?.string ?? "")") }
        #expect(run.status == 0)
    }

    /// A binary file of any length is told from text by its start.
    @Test func aSparseFileOfTwoGigabytesIsRefusedAtOnce() throws {
        try withWorkFolder { folder in
            _ = FileManager.default.createFile(atPath: "\(folder)/big.csv", contents: nil)
            let file = try #require(FileHandle(forWritingAtPath: "\(folder)/big.csv"))
            try file.truncate(atOffset: 2 << 30)
            let run = try BuiltEngraft.run(["tremor", "big.csv"], in: folder)
            #expect(run.error == "engraft: big.csv: this is not a text file in UTF-8\n")
            #expect(run.status == 65 && run.out.isEmpty)
        }
    }
}
