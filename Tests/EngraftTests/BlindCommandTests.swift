import Foundation
import Imaging
import PET
import Records
import TestSupport
import Testing

/// A blinded read from beginning to end, as a user goes through it.
@Suite struct BlindCommandTests {
    private func made<R>(_ body: (String) throws -> R) throws -> R {
        try withTemporaryFolder { folder in
            let outcome = try Binary.run(
                ["blind", SampleScans.folder, "--out", "reading", "--key", "key.json", "--seed", "5", "--labels"],
                in: folder)
            #expect(outcome.status == 0, "\(outcome.error)")
            return try body(folder)
        }
    }

    @Test func nothingOfTheExportTellsWhoseOrWhen() throws {
        try made { folder in
            let key = try JSONValue(parsing: InputFile.read("\(folder)/key.json"))
            let scans = try #require(key["scans"]?.elements)
            #expect(Set(scans.compactMap { $0["visit"]?.string }) == ["month-00", "month-12"])
            for scan in scans {
                let read = try #require(scan["read"]?.string)
                let image = try ImageFile.read("\(folder)/reading/\(read)/pet.nii.gz")
                let visit = try #require(scan["visit"]?.string)
                let original = try ImageFile.read("\(SampleScans.folder)/\(visit)/pet.nii.gz")
                #expect(image.volume.voxels == original.volume.voxels && image.volume.grid == original.volume.grid)
                #expect(try image.suvFactor(.bw).single == original.suvFactor(.bw).single)
                #expect(image.acquisition?.frames == original.acquisition?.frames)
            }
            for path in try InputFile.files(below: "\(folder)/reading") {
                #expect(!path.contains("month") && !path.contains("demo"))
                let bytes = try InputFile.read(path)
                let text = path.hasSuffix(".gz") ? "" : String(decoding: bytes, as: UTF8.self)
                for word in ["demo-01", "month", "10:00:00", "Manufacturer"] {
                    #expect(!text.contains(word), "\(path)")
                }
            }
            var status = stat()
            #expect(stat("\(folder)/key.json", &status) == 0 && status.st_mode & 0o077 == 0)
        }
    }

    @Test func aReadIsOpenedWithItsKeyAlone() throws {
        try made { folder in
            let checked = try Binary.run(["blind", "check", "reading", "--key", "key.json"], in: folder)
            #expect(checked.status == 0, "\(checked.error)")
            let form = try DelimitedTable(parsing: InputFile.read("\(folder)/reading/readings.csv"))
            for (reader, shift) in [("a", 0.0), ("b", 0.25)] {
                var text = "code,reader,value,class\n"
                for (place, row) in form.rows.enumerated() {
                    text += "\(row[0]),\(reader),\(Double(place) + shift),\(place)\n"
                }
                try OutputFile.write(text, to: "\(folder)/\(reader).csv")
            }
            let arguments = ["blind", "open", "reading", "--key", "key.json", "a.csv", "b.csv"]
            let opened = try Binary.run(arguments + ["--out", "joined.csv", "--json"], in: folder)
            let document = try JSONValue(parsing: Array(opened.output.utf8))
            #expect(document["weighted_kappa"]?[0]?["value"] == 1 && document["icc_2_1"]?["scans"] == 2)
            let joined = try DelimitedTable(parsing: InputFile.read("\(folder)/joined.csv"))
            #expect(joined.rows.count == 4 && Set(joined.rows.map { $0[1] }) == ["month-00", "month-12"])
            try OutputFile.write(
                InputFile.read("\(folder)/key.json") + [0x20], to: "\(folder)/key.json", force: true)
            let refused = try Binary.run(arguments, in: folder)
            #expect(refused.status == 65 && refused.error.contains("key.json: the key is not the one"))
        }
    }

    @Test func whatWouldTellOrOverwriteIsRefused() throws {
        try made { folder in
            for (arguments, status, part) in [
                (["--out", "reading", "--key", "other.json"], Int32(73), "exists already"),
                (["--out", "new", "--key", "key.json"], 73, "exists already"),
                (["--out", "new", "--key", "./new/x/../key.json"], 64, "does not belong into the folder"),
                (["--out", ".", "--key", "../other.json"], 73, "exists already"),
            ] {
                let outcome = try Binary.run(["blind", SampleScans.folder] + arguments, in: folder)
                #expect(outcome.status == status && outcome.error.contains(part), "\(outcome.error)")
            }
            let gone = try Binary.run(["blind", "gone", "--out", "x", "--key", "y.json"], in: folder)
            #expect(gone.status == 66 && gone.error.contains("there is no such folder"))
            let empty = try Binary.run(["blind", ".", "--out", "x", "--key", "y.json"], in: folder)
            #expect(empty.status == 66 && empty.error.contains("there is no patient.json in it"))
        }
    }
}
