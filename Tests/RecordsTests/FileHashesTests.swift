import Foundation
import Records
import TestSupport
import Testing

@Suite struct FileHashesTests {
    /// SHA-256 of "abc" is the standard's first example [FIPS180].
    static let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

    @Test func aChangedFileHasANewHash() throws {
        try withTemporaryFolder { folder in
            let file = "\(folder)/a"
            try OutputFile.write("abc", to: file)
            var hashes = FileHashes()
            #expect(try hashes.hex(ofFile: file) == Self.abc)
            try OutputFile.write("abd", to: file, force: true)
            #expect(try hashes.hex(ofFile: file) == SHA256.hex(ofFile: file))
        }
    }

    /// What changed a moment ago is not remembered: its times cannot tell a second change within their grain.
    @Test func whatIsNewIsNotRemembered() throws {
        try withTemporaryFolder { folder in
            let (file, memory) = ("\(folder)/a", "\(folder)/m")
            try OutputFile.write("abc", to: file)
            var hashes = FileHashes()
            _ = try hashes.hex(ofFile: file)
            try OutputFile.write(hashes.document.text, to: memory)
            let read = try JSONValue(parsing: InputFile.read(memory))
            #expect(read["files"]?.members?.isEmpty == true)
        }
    }

    /// After its grain (two seconds, on a clock of whole ones) a file's hash is taken from memory: a forged memory shows that
    /// nothing was read, and without trust it is.
    @Test func whatIsOldIsNotReadAgain() throws {
        try withTemporaryFolder { folder in
            let (file, memory) = ("\(folder)/a", "\(folder)/m")
            try OutputFile.write("abc", to: file)
            Thread.sleep(forTimeInterval: 3.2)
            var hashes = FileHashes()
            _ = try hashes.hex(ofFile: file)
            let text = hashes.document.text.replacingOccurrences(of: Self.abc, with: "forged")
            try OutputFile.write(text, to: memory)
            var remembered = FileHashes(rememberedIn: memory)
            #expect(try remembered.hex(ofFile: file) == "forged")
            remembered.isTrusted = false
            #expect(try remembered.hex(ofFile: file) == Self.abc)
        }
    }

    @Test func aDamagedMemoryIsNone() throws {
        try withTemporaryFolder { folder in
            let (file, memory) = ("\(folder)/a", "\(folder)/m")
            try OutputFile.write("abc", to: file)
            for text in ["", "{", "{\"files\": 3}", "{\"files\": {\"x\": {\"state\": [\"1\"]}}}"] {
                try OutputFile.write(text, to: memory, force: true)
                var hashes = FileHashes(rememberedIn: memory)
                #expect(try hashes.hex(ofFile: file) == Self.abc)
            }
        }
    }

    @Test func aMissingFileIsAnError() {
        var hashes = FileHashes()
        #expect(throws: FileProblem.self) { try hashes.hex(ofFile: "/nowhere/at/all") }
    }
}
