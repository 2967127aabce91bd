/// Everything that is wrong with a table, found in one pass: a line, a column and a sentence each.
///
/// The first thousand are kept, the others counted.
public struct TableProblems: Error, Equatable, Sendable, CustomStringConvertible {
    /// One thing that is wrong.
    public struct Entry: Equatable, Sendable {
        /// The line of the file, from 1; 0 for the whole table.
        public var line: Int
        /// The column's name; `nil` for the whole line.
        public var column: String?
        /// What is wrong.
        public var text: String

        /// "line 4, value: …"
        public var sentence: String {
            let place = [line > 0 ? "line \(line)" : nil, column].compactMap { $0 }.joined(separator: ", ")
            return place.isEmpty ? text : "\(place): \(text)"
        }
    }

    /// What is wrong, in order of lines.
    public var entries: [Entry] { found.sorted { $0.line < $1.line } }
    /// How many things are wrong.
    public private(set) var count = 0
    private var found: [Entry] = []
    private static let kept = 1000

    /// Nothing wrong yet.
    public init() {}

    /// Whether nothing is wrong.
    public var isEmpty: Bool { count == 0 }

    /// Notes a problem.
    public mutating func add(_ line: Int, _ column: String? = nil, _ text: @autoclosure () -> String) {
        count += 1
        if found.count < Self.kept { found.append(Entry(line: line, column: column, text: text())) }
    }

    /// Throws where something is wrong.
    public func throwIfAny(_ path: String) throws(FileProblem) {
        if !isEmpty { throw FileProblem(path, .badData, description) }
    }

    /// The sentences, one a line.
    public var description: String {
        let sentences = entries.map(\.sentence)
        if count == 1 { return sentences[0] }
        let more = count > sentences.count ? ["and \(count - sentences.count) more"] : []
        return (["\(count) problems"] + sentences + more).joined(separator: "\n  ")
    }
}
