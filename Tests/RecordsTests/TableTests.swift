import Glibc
import Records
import TestSupport
import Testing

@Suite struct DelimitedTableTests {
    @Test func quotesHoldSeparatorsLineEndsAndQuotes() throws {
        let table = try DelimitedTable(parsing: Array("name,note\r\na,\"x, \"\"y\"\"\nz\"\r\n\r\nb,\n".utf8))
        #expect(table.columns == ["name", "note"])
        #expect(table.rows == [["a", "x, \"y\"\nz"], ["b", ""]])
    }

    @Test func aTabInTheHeaderMakesItATSV() throws {
        let table = try DelimitedTable(parsing: Array("\u{FEFF}index\tname, long\n1\tA\n".utf8))
        #expect(table.columns == ["index", "name, long"] && table.rows == [["1", "A"]])
    }

    @Test func whatIsWrittenReadsBackEqual() throws {
        let table = DelimitedTable(columns: ["a", "b"], rows: [["1, 2", "say \"so\""], ["", "n/a"]])
        #expect(try DelimitedTable(parsing: Array(table.csv.utf8)) == table)
        let plain = DelimitedTable(columns: ["a", "b"], rows: [["1", "2"]])
        #expect(try DelimitedTable(parsing: Array(plain.tsv.utf8)) == plain)
    }

    @Test func columnsAreFoundWithoutCase() {
        let table = DelimitedTable(columns: ["Index", "Name"], rows: [])
        #expect(table.column("label", "index") == 0 && table.column("nothing") == nil)
    }

    @Test(arguments: [
        ("", DelimitedTable.Problem.empty), ("a,b\n1\n", .unevenRow(line: 2, fields: 1, columns: 2)),
        ("a,b\n1,\"2\n", .unclosedQuote(line: 2)),
    ])
    func whatIsNoTableIsRefused(text: String, problem: DelimitedTable.Problem) {
        #expect(throws: problem) { try DelimitedTable(parsing: Array(text.utf8)) }
    }

    @Test func bytesThatAreNoTextAreRefused() {
        #expect(throws: DelimitedTable.Problem.notText) { try DelimitedTable(parsing: [0x61, 0xFF, 0x0A]) }
    }
}

@Suite struct TextTests {
    @Test func numbersStandRightAndTextLeft() {
        var table = TextTable([.text("region"), .number("mL")])
        table.add(["caudate", "3.1"])
        table.add(["put", "12.45"])
        #expect(table.text == "  region      mL\n  caudate    3.1\n  put      12.45\n")
        #expect(table.markdown.hasPrefix("| region | mL |\n|---|---:|\n| caudate | 3.1 |"))
    }

    @Test func numbersAreRoundedAndSaidToBeMissing() {
        #expect(
            fixed(1.005, 1) == "1.0" && fixed(nil, 2) == "n/a" && fixed(.nan, 2) == "n/a" && fixed(-0.001, 1) == "0.0")
        #expect(
            significant(1234.5678, 6) == "1234.57" && significant(1e-9, 2) == "1e-09" && significant(nil, 2) == "n/a")
        #expect(
            signed(1.26, 1) == "+1.3" && signed(-1.26, 1) == "−1.3" && signed(-0.01, 1) == "+0.0"
                && signed(nil, 1) == "n/a")
    }
}

@Suite struct FileTests {
    @Test func aFileIsWrittenWholeAndNothingElseIsLeft() throws {
        try withTemporaryFolder { folder in
            try OutputFile.write("hello", to: "\(folder)/a.txt")
            #expect(try InputFile.read("\(folder)/a.txt") == Array("hello".utf8))
            #expect(try InputFile.list(folder) == ["a.txt"])
            #expect(try InputFile.withMapped("\(folder)/a.txt") { $0.count } == 5)
        }
    }

    @Test func whatIsThereIsKeptUnlessForced() throws {
        try withTemporaryFolder { folder in
            try OutputFile.write("one", to: "\(folder)/a.txt")
            let problem = #expect(throws: FileProblem.self) { try OutputFile.write("two", to: "\(folder)/a.txt") }
            #expect(problem?.kind == .cannotWrite && problem?.description.contains("--force") == true)
            try OutputFile.write("two", to: "\(folder)/a.txt", force: true)
            #expect(try InputFile.read("\(folder)/a.txt") == Array("two".utf8))
        }
    }

    @Test func aFolderThatIsNotThereCannotBeWrittenInto() {
        let problem = #expect(throws: FileProblem.self) { try OutputFile.write("x", to: "/nowhere/at/all.txt") }
        #expect(problem?.kind == .cannotWrite)
    }

    @Test func foldersAreMadeWithThoseAboveThem() throws {
        try withTemporaryFolder { folder in
            try OutputFile.makeFolder("\(folder)/a/b/c")
            #expect(InputFile.isFolder("\(folder)/a/b/c") && InputFile.exists("\(folder)/a"))
            try OutputFile.write("x", to: "\(folder)/file")
            #expect(throws: FileProblem.self) { try OutputFile.makeFolder("\(folder)/file/d") }
        }
    }

    @Test func aFolderIsNoFile() throws {
        let problem = #expect(throws: FileProblem.self) { try InputFile.read("/tmp") }
        #expect(problem?.kind == .noInput)
        #expect(throws: FileProblem.self) { try InputFile.list("/nowhere") }
    }

    @Test func aPipeIsRefusedAndNotWaitedFor() throws {
        try withTemporaryFolder { folder in
            #expect(mkfifo("\(folder)/pipe", 0o600) == 0)
            let problem = try #require(throws: FileProblem.self) { try InputFile.read("\(folder)/pipe") }
            #expect(problem.kind == .noInput && problem.reason.contains("no regular file"))
        }
    }

    @Test func anErrorOfBytesGetsItsPath() {
        struct Odd: Error, CustomStringConvertible { var description: String { "it is odd" } }
        let problem = #expect(throws: FileProblem.self) { try naming("a.nii") { throw Odd() } }
        #expect(problem?.description == "a.nii: it is odd" && problem?.kind == .badData)
    }

    @Test func provenanceHasTheHashOfEveryInput() throws {
        try withTemporaryFolder { folder in
            try OutputFile.write("abc", to: "\(folder)/a.txt")
            var provenance = Provenance(command: "uptake", parameters: [.init("x", 1)])
            try provenance.read("\(folder)/a.txt")
            try provenance.read(folder)
            #expect(provenance.inputs[0].sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
            #expect(provenance.inputs[1].sha256.count == 64)
            let document = JSONValue.object(provenance.members)
            #expect(document["command"]?.string == "uptake" && document["parameters"]?["x"]?.int == 1)
            #expect(document["version"]?.string == Engraft.version && document["inputs"]?.elements?.count == 2)
        }
    }
}
