import Foundation
import Records
import TestSupport
import Testing

/// What may not be written is known before the work.
@Suite struct OutputFileTests {
    private func refuses(_ path: String, _ reason: String, _ body: () throws -> Void) {
        #expect {
            try body()
        } throws: {
            let problem = $0 as? FileProblem
            return problem?.path == path && problem?.kind == .cannotWrite && problem?.reason.contains(reason) == true
        }
    }

    @Test func anInputIsNoOutput() throws {
        try withTemporaryFolder { folder in
            try OutputFile.write("a", to: "\(folder)/a.txt")
            try OutputFile.makeFolder("\(folder)/series")
            try OutputFile.write("b", to: "\(folder)/series/b.dcm")
            try FileManager.default.createSymbolicLink(atPath: "\(folder)/link", withDestinationPath: "a.txt")
            let inputs = ["\(folder)/a.txt", "\(folder)/series", "\(folder)/gone"]
            for name in ["a.txt", "link", "series/../a.txt", "series/b.dcm"] {
                refuses("\(folder)/\(name)", "this is an input") {
                    try OutputFile.refuseInputs(["\(folder)/new", "\(folder)/\(name)"], inputs)
                }
            }
            try OutputFile.refuseInputs(["\(folder)/new", "\(folder)/series/new"], inputs)
        }
    }

    @Test func aFolderThatIsNotThereIsNamed() throws {
        try withTemporaryFolder { folder in
            try OutputFile.checkFolders(of: ["\(folder)/a", "b"])
            refuses("\(folder)/no/a", "there is no folder \(folder)/no") {
                try OutputFile.checkFolders(of: ["\(folder)/b", "\(folder)/no/a"])
            }
        }
    }

    @Test func outputsOfOneNameCollide() throws {
        try withTemporaryFolder { folder in
            #expect(OutputFile.collision(among: ["\(folder)/a", "\(folder)/b"]) == nil)
            #expect(OutputFile.collision(among: ["\(folder)/a", "\(folder)/./a"]) == "\(folder)/./a")
            #expect(OutputFile.collision(among: ["no/a", "a", "./no/a", "./a"]) == "./a")
        }
    }
}
