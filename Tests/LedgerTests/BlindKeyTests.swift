import Ledger
import Records
import TestSupport
import Testing

/// Codes, their key, and its seal.
@Suite struct BlindKeyTests {
    static let scans = (0..<40).map { place in
        BlindKey.Entry(
            code: "P\(place / 4)", visit: "m\(place % 4)", months: Double(place % 4),
            sha256: String(repeating: "a", count: 64))
    }

    private func key(_ seed: UInt64) -> BlindKey {
        var noise = SeededNoise(seed: seed)
        return BlindKey(of: Self.scans, using: &noise)
    }

    @Test func everyScanHasACodeOfItsOwnInAnotherOrder() {
        let key = key(1)
        let codes = key.entries.map(\.read)
        #expect(
            Set(codes).count == 40 && codes.allSatisfy { $0.wholeMatch(of: /[A-HJKMNP-Z][A-HJKMNP-Z2-9]{5}/) != nil })
        #expect(Set(key.entries.map { "\($0.code) \($0.visit)" }).count == 40)
        #expect(key.entries.map(\.code) != Self.scans.map(\.code) && key.salt.count == 32)
        #expect(self.key(1) == key && self.key(2).entries.map(\.read) != codes && self.key(2).salt != key.salt)
    }

    /// Each of six orders of three scans in a sixth of 6000 keys: 1000, whose standard deviation is 29.
    @Test func everyOrderIsAsLikely() {
        var noise = SeededNoise(seed: 9)
        var counts: [String: Int] = [:]
        for _ in 0..<6000 {
            let order = BlindKey(of: Array(Self.scans.prefix(3)), using: &noise).entries.map(\.visit).joined()
            counts[order, default: 0] += 1
        }
        #expect(counts.count == 6 && counts.values.allSatisfy { abs($0 - 1000) < 5 * 29 })
    }

    @Test func aKeyComesBackFromItsText() throws {
        let key = key(3)
        #expect(try BlindKey(parsing: Array(key.text.utf8)) == key)
        #expect(throws: BlindKey.Problem.notKey) { try BlindKey(parsing: Array("{\"scans\": []}".utf8)) }
    }

    @Test func aChangeOfKeyOrExportIsNoticed() throws {
        try withTemporaryFolder { folder in
            let key = key(4)
            try OutputFile.makeFolder("\(folder)/out/A")
            try OutputFile.write("pet", to: "\(folder)/out/A/pet.nii.gz")
            try OutputFile.write(key.text, to: "\(folder)/key.json")
            let seal = BlindSeal(
                keySHA256: try SHA256.hex(ofFile: "\(folder)/key.json"),
                files: [.init(path: "A/pet.nii.gz", sha256: try SHA256.hex(ofFile: "\(folder)/out/A/pet.nii.gz"))])
            try OutputFile.write(seal.text, to: "\(folder)/out/sealed.json")
            let read = try BlindSeal.read(in: "\(folder)/out")
            #expect(read == seal)
            try read.check("\(folder)/out", key: "\(folder)/key.json")
            func problem() -> String? {
                do { try read.check("\(folder)/out", key: "\(folder)/key.json") } catch { return "\(error)" }
                return nil
            }
            try OutputFile.write(self.key(5).text, to: "\(folder)/key.json", force: true)
            #expect(problem()?.contains("was changed since") == true)
            try OutputFile.write(key.text, to: "\(folder)/key.json", force: true)
            try OutputFile.write("PET", to: "\(folder)/out/A/pet.nii.gz", force: true)
            #expect(problem()?.contains("pet.nii.gz: the file was changed") == true)
        }
    }

    @Test func readersTablesAreCheckedAndJoined() throws {
        try withTemporaryFolder { folder in
            let known: Set<String> = ["AAAAAA", "BBBBBB", "CCCCCC"]
            try OutputFile.write(
                "code,reader,value,class\nAAAAAA,r1,1.5,2\nBBBBBB,r1,2.5,\nCCCCCC,r1,,1\n", to: "\(folder)/1.csv")
            try OutputFile.write("code,reader,value\nBBBBBB,r2,2\nAAAAAA,r2,1\n", to: "\(folder)/2.csv")
            var table = ReadingTable()
            try table.add("\(folder)/1.csv", known: known)
            try table.add("\(folder)/2.csv", known: known)
            #expect(table.readers == ["r1", "r2"])
            #expect(table.complete(["AAAAAA", "BBBBBB", "CCCCCC"], \.value) == [[1.5, 1], [2.5, 2]])
            for (text, part) in [
                ("code,reader,value\nZZZZZZ,r3,1\n", "is no scan of this export"),
                ("code,reader,value\nAAAAAA,r2,1\n", "has read AAAAAA before"),
                ("code,reader,value\nAAAAAA,r3,x\n", "is no number"),
                ("code,reader,class\nAAAAAA,r3,1.5\n", "no whole number"),
                ("code,reader\nAAAAAA,r3\n", "needs the column value, or class"),
            ] {
                try OutputFile.write(text, to: "\(folder)/3.csv", force: true)
                let before = table.readings
                #expect {
                    try table.add("\(folder)/3.csv", known: known)
                } throws: {
                    "\($0)".contains(part)
                }
                #expect(table.readings == before)
            }
        }
    }
}
