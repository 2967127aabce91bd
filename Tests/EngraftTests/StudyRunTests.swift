import Foundation
import Records
import Statistics
import TestSupport
import Testing

/// A whole trial of phantoms: computed once, again where something changed, and whatever kills it.
@Suite(.serialized) struct StudyRunTests {
    /// Two patients with two visits each, one of them grafted; made once for all tests, which copy it.
    static let made = Result {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("engraft-trial-\(getpid())").path
        let outcome = try Binary.run(
            ["phantom", "trial", "--patients", "2", "--visits", "0,12", "--out", folder, "--force"])
        guard outcome.status == 0 else { throw FileProblem(folder, .cannotWrite, outcome.error) }
        return folder
    }

    private func copied(to folder: String) throws -> String {
        let trial = "\(folder)/trial"
        try FileManager.default.copyItem(atPath: try Self.made.get(), toPath: trial)
        return trial
    }

    /// Every file of the results with its hash, but the store, whose pages hold times, and what remembers hashes.
    private func hashes(_ out: String) throws -> [String: String] {
        var found: [String: String] = [:]
        for path in try InputFile.files(below: out) {
            let name = String(path.dropFirst(out.count + 1))
            if !name.hasPrefix(".engraft/") && !name.hasPrefix("study.db") {
                found[name] = try SHA256.hex(ofFile: path)
            }
        }
        return found
    }

    private func run(_ trial: String, _ out: String, _ more: [String] = []) throws -> Binary.Outcome {
        try Binary.run(["study", trial, "--out", out] + more)
    }

    @Test func onlyWhatChangedIsComputedAgain() throws {
        try withTemporaryFolder { folder in
            let (trial, out) = (try copied(to: folder), "\(folder)/results")
            let first = try run(trial, out)
            #expect(first.status == 0, "\(first.error)")
            #expect(first.output.contains("2 patients: 2 computed, 0 unchanged, 0 failed"))
            let before = try hashes(out)
            for name in [
                "index.html", "study.json", "study.csv", "patients/P001/index.html", "patients/P002/patient.json",
            ] {
                #expect(before[name] != nil, "\(name)")
            }
            #expect(try run(trial, out).output.contains("0 computed, 2 unchanged"))
            #expect(try hashes(out) == before)
            // The same at one patient a time, into another folder.
            #expect(try run(trial, "\(folder)/single", ["--jobs", "1"]).status == 0)
            #expect(try hashes("\(folder)/single")["patients/P001/patient.csv"] == before["patients/P001/patient.csv"])
            #expect(try hashes("\(folder)/single")["study.csv"] == before["study.csv"])

            let scores = "\(trial)/patients/P002/month-12/mds_updrs.tsv"
            let text = String(decoding: try InputFile.read(scores), as: UTF8.self)
            let row = try #require(text.split(separator: "\n").first { $0.hasPrefix("3.1\t") })
            let changed = "3.1\t\(row.split(separator: "\t")[1] == "2" ? 3 : 2)\toff\t780"
            try OutputFile.write(text.replacingOccurrences(of: String(row), with: changed), to: scores, force: true)
            #expect(try run(trial, out).output.contains("1 computed, 1 unchanged"))
            let after = try hashes(out)
            #expect(after["patients/P001/patient.json"] == before["patients/P001/patient.json"])
            #expect(after["patients/P002/patient.json"] != before["patients/P002/patient.json"])
        }
    }

    @Test func aFailingPatientStopsNobody() throws {
        try withTemporaryFolder { folder in
            let (trial, out) = (try copied(to: folder), "\(folder)/results")
            let pet = "\(trial)/patients/P001/month-12/pet.nii.gz"
            try OutputFile.write(Array(try InputFile.read(pet).prefix(1000)), to: pet, force: true)
            let outcome = try run(trial, out)
            #expect(outcome.status == 3)
            #expect(outcome.error.contains("P001 has no results") && outcome.error.contains("pet.nii.gz"))
            #expect(outcome.output.contains("1 patients: 1 computed, 0 unchanged, 1 failed"))
            #expect(InputFile.exists("\(out)/patients/P002/patient.json") && !InputFile.exists("\(out)/patients/P001"))
            let document = try JSONValue(parsing: InputFile.read("\(out)/study.json"))
            #expect(document["failures"]?[0]?["patient"]?.string == "P001")
        }
    }

    @Test func whatIsNoTrialIsRefused() throws {
        try withTemporaryFolder { folder in
            #expect(try run("\(folder)/nowhere", "\(folder)/out").status == 66)
            #expect(try run(folder, "\(folder)/out").status == 65)
            try OutputFile.makeFolder("\(folder)/patients/P1")
            try OutputFile.write("{}", to: "\(folder)/patients/P1/patient.json")
            try OutputFile.write("{\"wcv\": 8.7, \"armz\": 1}", to: "\(folder)/study.json")
            let outcome = try run(folder, "\(folder)/out")
            #expect(
                outcome.status == 65 && outcome.error.contains("wcv needs")
                    && outcome.error.contains("armz is not known"))
        }
    }

    /// Killed at twenty random moments: every result that is there is whole, and the next run comes to the same end.
    @Test func aKilledRunLeavesOnlyWholeResults() throws {
        try withTemporaryFolder { folder in
            let (trial, out, whole) = (try copied(to: folder), "\(folder)/results", "\(folder)/whole")
            let started = Date()
            #expect(try run(trial, whole).status == 0)
            let length = Date().timeIntervalSince(started)
            let expected = try hashes(whole)
            var random = RandomSource(seed: 9)
            for _ in 0..<20 {
                let process = Process()
                process.executableURL = URL(fileURLWithPath: Binary.path)
                process.arguments = ["study", trial, "--out", out]
                (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
                try process.run()
                usleep(UInt32(1e6 * length * 1.1 * random.uniform()))
                kill(process.processIdentifier, SIGKILL)
                process.waitUntilExit()
                try expectWhole(out)
                // Something is left to do for the next.
                if random.below(2) == 0 { try? FileManager.default.removeItem(atPath: "\(out)/patients/P001") }
            }
            #expect(try run(trial, out).status == 0)
            let after = try hashes(out)
            #expect(Set(after.keys) == Set(expected.keys))
            for (name, hash) in expected where name.hasPrefix("patients/") && !name.hasSuffix("run.json") {
                #expect(after[name] == hash, "\(name)")
            }
            #expect(after["study.csv"] == expected["study.csv"])
            let query = try Binary.run(["study", "query", "\(out)/study.db", "--code", "P001"])
            #expect(query.status == 0, "\(query.error)")
        }
    }

    /// Every patient with a `run.json` has all the files it names, as it names them.
    private func expectWhole(_ out: String) throws {
        guard InputFile.isFolder("\(out)/patients") else { return }
        for name in try InputFile.list("\(out)/patients") where !name.hasPrefix(".") {
            let place = "\(out)/patients/\(name)"
            let record = try JSONValue(parsing: InputFile.read("\(place)/run.json"))
            for file in record["files"]?.elements ?? [] {
                let path = "\(place)/\(file["name"]?.string ?? "")"
                #expect(try SHA256.hex(ofFile: path) == file["sha256"]?.string, "\(path)")
            }
        }
        for name in ["index.html", "study.json", "study.csv"] where InputFile.exists("\(out)/\(name)") {
            #expect(try InputFile.byteCount("\(out)/\(name)") > 100)
        }
    }
}
