import Records

/// MDS-UPDRS part III of one visit: item codes and their scores 0-4, and the sums made of them [Goetz2008].
///
/// The wording of the scale is copyrighted and is not here. A sum is only given where all its items are: a missing item
/// is counted, never taken as 0. An exam without a medication state is refused, since OFF and ON must not be pooled.
public struct MotorExam: Sendable, Equatable {
    /// Medication state of the exam.
    public enum State: String, Sendable { case off, on }

    /// Scores by item code, "3.1" to "3.18".
    public let scores: [String: Int]
    /// Medication state.
    public let state: State
    /// Minutes since the last levodopa; `nil` where not said.
    public let minutesSinceLevodopa: Double?

    /// The 33 items of part III.
    public static let items: [String] = {
        let plain = ["3.1", "3.2"]
        let sided = (4...8).flatMap { ["3.\($0)a", "3.\($0)b"] }
        let axial = (9...14).map { "3.\($0)" }
        let tremor = ["3.15a", "3.15b", "3.16a", "3.16b", "3.17a", "3.17b", "3.17c", "3.17d", "3.17e", "3.18"]
        return plain + "abcde".map { "3.3\($0)" } + sided + axial + tremor
    }()

    /// Rest tremor amplitude and constancy: 3.17a-e and 3.18, 0-24.
    public static let restTremorItems = ["3.17a", "3.17b", "3.17c", "3.17d", "3.17e", "3.18"]
    /// Postural and kinetic tremor of the hands: 3.15 and 3.16, 0-16.
    public static let actionTremorItems = ["3.15a", "3.15b", "3.16a", "3.16b"]

    /// The items of part III that have no score.
    public var missing: [String] { Self.items.filter { scores[$0] == nil } }
    /// Part III, 0-132; `nil` where an item is missing.
    public var total: Int? { sum(of: Self.items) }
    /// Rest tremor, 0-24; `nil` where an item is missing.
    public var restTremor: Int? { sum(of: Self.restTremorItems) }
    /// Action tremor of the hands, 0-16; `nil` where an item is missing.
    public var actionTremor: Int? { sum(of: Self.actionTremorItems) }

    /// The sum of some items; `nil` where one is missing.
    public func sum(of items: [String]) -> Int? {
        let known = items.compactMap { scores[$0] }
        return known.count == items.count ? known.reduce(0, +) : nil
    }
}

extension MotorExam {
    /// Why a table of scores is refused: all its problems at once.
    public struct Problems: Error, Equatable, CustomStringConvertible {
        /// One sentence each.
        public var sentences: [String]
        /// The sentences, one a line.
        public var description: String { sentences.joined(separator: "\n  ") }
    }

    /// Reads a table with the columns item, score (or value) and state (off or on), and optionally minutes_since_levodopa.
    public static func read(_ path: String) throws -> [MotorExam] {
        let bytes = try InputFile.read(path)
        let table = try naming(path) { try DelimitedTable(parsing: bytes) }
        return try naming(path) { try MotorExam.exams(in: table) }
    }

    /// The exams of a table, one a medication state, OFF first; every problem is found in one pass.
    public static func exams(in table: DelimitedTable) throws(Problems) -> [MotorExam] {
        guard let item = table.column("item"), let score = table.column("score", "value"),
            let state = table.column("state")
        else {
            throw Problems(sentences: [
                "the table needs the columns item, score and state, but has \(table.columns.joined(separator: ", "))"
            ])
        }
        let minutes = table.column("minutes_since_levodopa")
        var problems: [String] = []
        var scores: [State: [String: Int]] = [:]
        var seen: Set<String> = []
        var times: [State: Double] = [:]
        for (place, row) in table.rows.enumerated() {
            let (line, code) = (place + 2, row[item])
            if !items.contains(code) { problems.append("line \(line): there is no item \"\(code)\" in part III") }
            guard let known = State(rawValue: row[state].lowercased()) else {
                problems.append("line \(line): the state \"\(row[state])\" is neither off nor on")
                continue
            }
            if !seen.insert("\(known) \(code)").inserted { problems.append("line \(line): item \(code) stands twice") }
            scores[known, default: [:]][code] = nil
            if let minutes, times[known] == nil { times[known] = Double(row[minutes]) }
            if row[score].isEmpty || row[score] == "n/a" { continue }
            if let value = Int(row[score]), (0...4).contains(value) {
                scores[known, default: [:]][code] = value
            } else {
                problems.append(
                    "line \(line): the score \"\(row[score])\" of item \(code) is no whole number from 0 to 4")
            }
        }
        if table.rows.isEmpty { problems.append("the table has no rows") }
        if !problems.isEmpty { throw Problems(sentences: problems) }
        return [State.off, .on].compactMap { state in
            scores[state].map { MotorExam(scores: $0, state: state, minutesSinceLevodopa: times[state]) }
        }
    }
}
