import Records

/// Which scan each code of a blinded read is: the key that stays with somebody who does not read.
///
/// It holds a random text of its own, so that nobody can find the right one of few possible keys by its hash.
public struct BlindKey: Sendable, Equatable {
    /// One scan.
    public struct Entry: Sendable, Equatable {
        /// The code that readers see.
        public var read: String
        /// The study's code of the patient.
        public var code: String
        /// The visit's name.
        public var visit: String
        /// Months as the patient's folder has them.
        public var months: Double
        /// SHA-256 of the PET image that was read.
        public var sha256: String

        /// A scan without a code yet.
        public init(code: String, visit: String, months: Double, sha256: String) {
            (read, self.code, self.visit, self.months, self.sha256) = ("", code, visit, months, sha256)
        }
    }

    /// Scans in the shuffled order that readers are given.
    public private(set) var entries: [Entry]
    /// 32 hexadecimal digits that make the key's hash unguessable.
    public private(set) var salt: String

    /// A key: scans in random order, each with a random code of its own.
    public init(of scans: [Entry], using source: inout some RandomNumberGenerator) {
        entries = scans.shuffled(using: &source)
        var taken: Set<String> = []
        for place in entries.indices {
            var code: String
            repeat { code = Self.code(using: &source) } while !taken.insert(code).inserted
            entries[place].read = code
        }
        let words = (source.next(), source.next())
        salt = [words.0, words.1].map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }

    /// A letter and five signs that are not mistaken for others: no 0 and O, 1, I and L.
    private static func code(using source: inout some RandomNumberGenerator) -> String {
        let letters = Array("ABCDEFGHJKMNPQRSTUVWXYZ"), signs = letters + Array("23456789")
        let rest = (0..<5).map { _ in signs.randomElement(using: &source)! }
        return String([letters.randomElement(using: &source)!] + rest)
    }

    /// The key file's text.
    public var text: String {
        let rows = entries.map { entry -> JSONValue in
            [
                "read": .string(entry.read), "code": .string(entry.code), "visit": .string(entry.visit),
                "months": .number(entry.months), "pet_sha256": .string(entry.sha256),
            ]
        }
        let document: JSONValue = [
            "kind": "engraft blind key", "version": .string(Engraft.version), "salt": .string(salt),
            "scans": .array(rows),
        ]
        return document.text
    }

    /// Why a file is no key.
    public enum Problem: Error, Equatable, CustomStringConvertible {
        case notKey

        /// One sentence for the person holding the file.
        public var description: String { "this is not a key that engraft blind wrote" }
    }

    /// Reads a key file's text.
    public init(parsing bytes: [UInt8]) throws {
        let json = try JSONValue(parsing: bytes)
        guard json["kind"] == "engraft blind key", let salt = json["salt"]?.string,
            let scans = json["scans"]?.elements
        else { throw Problem.notKey }
        self.salt = salt
        entries = try scans.map { scan in
            guard let read = scan["read"]?.string, let code = scan["code"]?.string, let visit = scan["visit"]?.string,
                let months = scan["months"]?.double, let hash = scan["pet_sha256"]?.string
            else { throw Problem.notKey }
            var entry = Entry(code: code, visit: visit, months: months, sha256: hash)
            entry.read = read
            return entry
        }
    }
}
