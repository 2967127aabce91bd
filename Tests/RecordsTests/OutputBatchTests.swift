import Foundation
import Records
import TestSupport
import Testing

@Suite struct OutputBatchTests {
    @Test func allFilesAppearTogether() throws {
        try withTemporaryFolder { folder in
            var batch = OutputBatch(force: false)
            try batch.write("\(folder)/a.txt") { try OutputFile.write("a", to: $0) }
            try batch.write("\(folder)/b.txt") { try OutputFile.write("b", to: $0) }
            #expect(!InputFile.exists("\(folder)/a.txt"))
            try batch.commit()
            #expect(try InputFile.list(folder) == ["a.txt", "b.txt"])
        }
    }

    /// What stood there before stays when the last file of a set cannot be written.
    @Test func nothingIsLeftWhereOneCannotBeWritten() throws {
        try withTemporaryFolder { folder in
            try OutputFile.write("old", to: "\(folder)/a.txt")
            let error = #expect(throws: FileProblem.self) {
                var batch = OutputBatch(force: true)
                try batch.write("\(folder)/a.txt") { try OutputFile.write("new", to: $0) }
                try batch.write("\(folder)/nowhere/b.txt") { try OutputFile.write("b", to: $0) }
                try batch.commit()
            }
            #expect(error?.path == "\(folder)/nowhere/b.txt")
            #expect(try InputFile.list(folder) == ["a.txt"])
            #expect(try InputFile.read("\(folder)/a.txt") == Array("old".utf8))
        }
    }

    @Test func whatStandsThereIsRefused() throws {
        try withTemporaryFolder { folder in
            try OutputFile.write("old", to: "\(folder)/a.txt")
            var batch = OutputBatch(force: false)
            #expect(throws: FileProblem.self) { try batch.write("\(folder)/a.txt") { _ in } }
        }
    }
}
