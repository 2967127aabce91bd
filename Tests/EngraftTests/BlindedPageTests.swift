import Records
import TestSupport
import Testing

/// `patient --blinded`: what a reader gets, and what stays away from readers.
@Suite struct BlindedPageTests {
    @Test func aReaderGetsScansWithoutNamesAndTheKeyStaysApart() throws {
        try withTemporaryFolder { folder in
            let outcome = try Binary.run(
                ["patient", SampleScans.folder, "--out", "read", "--blinded", "--key", "key.json"], in: folder)
            #expect(outcome.status == 0, "\(outcome.error)")
            #expect(
                try InputFile.list("\(folder)/read") == [
                    "index.html", "overlay_scan-A.png", "overlay_scan-B.png", "page.png",
                ])
            #expect(!outcome.output.contains("month-"), "what is printed says no visit")
            let page = String(decoding: try InputFile.read("\(folder)/read/index.html"), as: UTF8.self)
            for word in ["demo-01", "month-00", "month-12", SampleScans.folder] {
                #expect(!page.contains(word), "\(word)")
            }
            let key = try JSONValue(parsing: InputFile.read("\(folder)/key.json"))
            let visits = (key["scans"]?.elements ?? []).compactMap { $0["visit"]?.string }
            #expect(visits.sorted() == ["month-00", "month-12"] && key["code"]?.string == "demo-01")
            let hash = try SHA256.hex(ofFile: "\(SampleScans.folder)/\(visits[0])/pet.nii.gz")
            #expect(key["scans"]?[0]?["pet_sha256"]?.string == hash)

            let again = try Binary.run(
                ["patient", SampleScans.folder, "--out", "read", "--blinded", "--key", "key.json"], in: folder)
            #expect(again.status == 73 && again.error.contains("key.json") && again.error.contains("--force"))
        }
    }

    @Test func theKeyAndTheOpenPageAreKeptOutOfTheReadersFolder() throws {
        try withTemporaryFolder { folder in
            let inside = try Binary.run(
                ["patient", SampleScans.folder, "--out", "read", "--blinded", "--key", "read/key.json"], in: folder)
            #expect(inside.status == 73 && inside.error.contains("the key does not belong into the folder"))
            try OutputFile.makeFolder("\(folder)/open")
            try OutputFile.write("{}", to: "\(folder)/open/patient.json", force: false)
            let open = try Binary.run(
                ["patient", SampleScans.folder, "--out", "open", "--blinded", "--key", "key.json", "--force"],
                in: folder)
            #expect(open.status == 73 && open.error.contains("open/patient.json"))
        }
    }

    @Test(arguments: [["--blinded"], ["--key", "k.json"], ["--blinded", "--key", "k.json", "--json"]])
    func whatDoesNotBelongTogetherIsUsage(options: [String]) throws {
        let outcome = try Binary.run(["patient", SampleScans.folder, "--out", "read"] + options)
        #expect(outcome.status == 64 && outcome.error.contains("--blinded"))
    }
}
