import Foundation
import Records
import Testing

/// A wrong file in each place: one clear sentence on standard error, the exit code of its kind, nothing on standard
/// output, and no new file.
struct ErrorTests {
    static let sample = BuiltEngraft.checkout + "/sample-scans"
    static let pet = sample + "/month-00/pet.nii.gz"
    static let labels = sample + "/month-00/labels.nii.gz"
    static let names = sample + "/labels_dseg.tsv"

    /// A wrong input: what stands in the folder, the command, and what is said.
    struct Case: CustomTestStringConvertible, Sendable {
        var name: String
        var files: [String: String] = [:]
        var arguments: [String]
        var status: Int32 = 65
        var says: String
        var testDescription: String { name }
    }

    static let images: [Case] = [
        Case(
            name: "a missing image", arguments: ["info", "pet.nii"], status: 66,
            says: "engraft: pet.nii: there is no such file or folder\n"),
        Case(
            name: "an empty image", files: ["pet.nii": ""], arguments: ["info", "pet.nii"],
            says: "engraft: pet.nii: "),
        Case(
            name: "text named as a gzipped image", files: ["pet.nii.gz": "<html>"], arguments: ["info", "pet.nii.gz"],
            says: """
                engraft: pet.nii.gz: the file name says gzip, but the content is not gzip (a web page saved under this \
                name?)

                """),
        Case(
            name: "a folder without DICOM", files: ["scan/notes.txt": "x"], arguments: ["info", "scan"],
            says: "engraft: scan: there is no DICOM image in this folder\n"),
        Case(
            name: "another kind of file", files: ["a.txt": "x"], arguments: ["convert", "a.txt", "out.nii.gz"],
            says: """
                engraft: a.txt: this is neither a NIfTI file (.nii, .nii.gz, .hdr) nor DICOM; these are the formats that \
                are read

                """),
        Case(
            name: "a device", arguments: ["tremor", "/dev/null"], status: 66,
            says: "engraft: /dev/null: this is a pipe or a device; a file was expected\n"),
        Case(
            name: "a voxel outside", arguments: ["info", pet, "--probe", "64,0,0"],
            says: "engraft: \(pet): voxel [64, 0, 0] is outside the image of [64, 76, 56, 18] voxels and frames\n"),
    ]

    static let regions: [Case] = [
        Case(
            name: "labels that are missing", arguments: ["uptake", pet, "--labels", "l.nii"], status: 66,
            says: "engraft: l.nii: there is no such file\n"),
        Case(
            name: "labels that are not whole numbers",
            arguments: ["uptake", pet, "--labels", sample + "/month-00/ct.nii.gz"],
            says: "a label image holds whole numbers from 0 to 2147483647, but there is a voxel of "),
        Case(
            name: "labels in frames", arguments: ["uptake", pet, "--labels", pet],
            says: "engraft: \(pet): a label image is 3-D, but this one has 18 frames\n"),
        Case(
            name: "a table of names with a wrong line", files: ["lut.tsv": "index\tname\n1\tcaudate\nx\tputamen\n"],
            arguments: ["uptake", pet, "--labels", labels, "--lut", "lut.tsv"],
            says: "engraft: lut.tsv: line 3: \"x\" is no label number\n"),
        Case(
            name: "a reference that is not there",
            arguments: ["uptake", pet, "--labels", labels, "--lut", names, "--reference", "pons", "--out", "u.tsv"],
            says: "engraft: \(pet): there is no reference region pons; the regions are "),
        Case(
            name: "a window outside the scan",
            arguments: ["uptake", pet, "--labels", labels, "--window", "6000,7000", "--out", "u.tsv"],
            says:
                "engraft: \(pet): no frame lies wholly between 6000.0 and 7000.0 s; the scan runs from 0.0 to 5400.0 s\n"
        ),
    ]

    static let recordings: [Case] = [
        Case(
            name: "a recording without axes", files: ["r.csv": "a,b,c\n1,2,3\n"],
            arguments: ["tremor", "r.csv", "--png", "r.png"],
            says: "engraft: r.csv: no three axes of acceleration were found among the columns a, b, c; "),
        Case(
            name: "an empty recording", files: ["r.csv": ""], arguments: ["tremor", "r.csv", "--png", "r.png"],
            says: "engraft: r.csv: the file has no samples\n"),
        Case(
            name: "a recording whose unit cannot be told",
            files: [
                "r.csv": "time,x,y,z\n"
                    + (0..<3000).map { "\(Double($0) / 100),\(300 + 250 * sin(0.3 * Double($0))),3,2\n" }.joined()
            ],
            arguments: ["tremor", "r.csv", "--png", "r.png"],
            says: "engraft: r.csv: the unit of the acceleration is not said and cannot be told from its median size of "
        ),
    ]

    static let patients: [Case] = [
        Case(
            name: "no patient's folder", arguments: ["patient", "p", "--out", "out"], status: 66,
            says: "engraft: p: there is no such folder; a folder with a patient.json was expected\n"),
        Case(
            name: "a folder without patient.json", files: ["p/x": ""], arguments: ["patient", "p", "--out", "out"],
            status: 66, says: "engraft: p/patient.json: there is no such file\n"),
        Case(
            name: "a patient.json with three problems",
            files: ["p/patient.json": #"{"code": "", "measure": "sum", "reference": "occipital", "visits": []}"#],
            arguments: ["patient", "p", "--out", "out"],
            says: """
                engraft: p/patient.json: code is missing or no text
                  measure is "sum"; suv, suvr or sbr was expected
                  visits is empty; at least one visit was expected

                """),
    ]

    @Test(arguments: images + regions + recordings + patients)
    func isSaidInOneSentence(_ wrong: Case) throws {
        try withWorkFolder { folder in
            for (name, text) in wrong.files {
                let path = "\(folder)/\(name)"
                try OutputFile.makeFolder((path as NSString).deletingLastPathComponent)
                try OutputFile.write(text, to: path)
            }
            let before = everything(below: folder)
            let run = try BuiltEngraft.run(wrong.arguments, in: folder)
            #expect(run.status == wrong.status && !run.crashed)
            #expect(
                wrong.says.hasSuffix("\n") ? run.error == wrong.says : run.error.contains(wrong.says), "\(run.error)")
            #expect(run.error.split(separator: "engraft: ").count == 1, "one sentence: \(run.error)")
            #expect(run.out.isEmpty)
            #expect(everything(below: folder) == before)
        }
    }

    /// A header that promises 40 GB in 400 bytes, and a file cut short: refused before memory is taken.
    @Test func anImageShorterThanItsHeaderSaysIsRefused() throws {
        try withWorkFolder { folder in
            var bytes = [UInt8](repeating: 0, count: 400)
            func put(_ value: some Any, at offset: Int) {
                withUnsafeBytes(of: value) { for (place, byte) in $0.enumerated() { bytes[offset + place] = byte } }
            }
            put(Int32(348), at: 0)
            for (place, size) in [3, 10000, 1000, 1000, 1, 1, 1, 1].enumerated() {
                put(Int16(size), at: 40 + 2 * place)
            }
            put(Int16(16), at: 70)
            put(Int16(32), at: 72)
            for place in 0..<4 { put(Float(1), at: 76 + 4 * place) }
            put(Float(352), at: 108)
            for (place, byte) in "n+1".utf8.enumerated() { bytes[344 + place] = byte }
            try OutputFile.write(bytes, to: "\(folder)/huge.nii")
            let run = try BuiltEngraft.run(["convert", "huge.nii", "out.nii"], in: folder)
            #expect(run.error == "engraft: huge.nii: the file ends at byte 400; byte 40000000352 was expected\n")
            #expect(run.status == 65 && run.out.isEmpty)
            #expect(everything(below: folder) == ["huge.nii"])
        }
    }

    @Test func everyProblemOfAScoreTableIsSaidInOnePass() throws {
        try withWorkFolder { folder in
            try FileManager.default.copyItem(atPath: Self.sample, toPath: "\(folder)/p")
            try OutputFile.write(
                "item\tscore\tstate\n3.1\t9\toff\n4.9\t1\toff\n3.2\t1\tsleepy\n",
                to: "\(folder)/p/month-00/mds_updrs.tsv",
                force: true)
            let run = try BuiltEngraft.run(["patient", "p", "--out", "out"], in: folder)
            #expect(run.status == 65 && run.out.isEmpty)
            for line in ["line 2", "line 3", "line 4"] { #expect(run.error.contains(line), "\(run.error)") }
            #expect(run.error.hasPrefix("engraft: p/month-00/mds_updrs.tsv: "))
            #expect(!InputFile.exists("\(folder)/out"))
        }
    }

    @Test func timesThatDoNotMatchTheFramesAreRefused() throws {
        try withWorkFolder { folder in
            try FileManager.default.copyItem(atPath: Self.pet, toPath: "\(folder)/pet.nii.gz")
            try OutputFile.write(
                #"{"Units": "Bq/mL", "TracerRadionuclide": "F18", "FrameTimesStart": [0, 60], "FrameDuration": [60, 60]}"#,
                to: "\(folder)/pet.json")
            let run = try BuiltEngraft.run(["info", "pet.nii.gz"], in: folder)
            #expect(
                run.error == """
                    engraft: pet.nii.gz: the image has 18 frames, but its times describe 2; mend FrameTimesStart and \
                    FrameDuration

                    """)
            #expect(run.status == 65 && run.out.isEmpty)
        }
    }

    @Test func aFileThatIsThereIsKept() throws {
        try withWorkFolder { folder in
            try OutputFile.write("mine", to: "\(folder)/out.nii.gz")
            let refused = try BuiltEngraft.run(["convert", Self.labels, "out.nii.gz"], in: folder)
            #expect(refused.status == 73)
            #expect(refused.error == "engraft: out.nii.gz: the file exists already; --force overwrites it\n")
            #expect(everything(below: folder) == ["out.nii.gz"])
            #expect(try String(contentsOfFile: "\(folder)/out.nii.gz", encoding: .utf8) == "mine")
            let forced = try BuiltEngraft.run(["convert", Self.labels, "out.nii.gz", "--force"], in: folder)
            #expect(forced.status == 0)
            #expect(everything(below: folder) == ["out.json", "out.nii.gz"])
        }
    }

    /// `/proc` takes no file, whoever asks.
    @Test(arguments: ["/proc/x.nii", "no/such/folder/x.nii", "file/x.nii"])
    func aPlaceThatTakesNoFileIsSaid(output: String) throws {
        try withWorkFolder { folder in
            try OutputFile.write("x", to: "\(folder)/file")
            let run = try BuiltEngraft.run(["convert", Self.labels, output], in: folder)
            #expect(run.status == 73 && run.out.isEmpty)
            #expect(run.error.hasPrefix("engraft: \(output): "))
            #expect(everything(below: folder) == ["file"])
        }
    }
}
