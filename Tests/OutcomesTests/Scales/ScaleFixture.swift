import Outcomes
import Records
import TestSupport

/// Scores of a table written as text, through the reader that users use.
func scores(
    _ scale: String, _ table: String, _ change: (inout Scoring.Inputs) throws -> Void = { _ in }
) throws -> Scoring {
    var inputs = Scoring.Inputs(settings: try ScoreSettings())
    try change(&inputs)
    return try withTemporaryFolder { folder in
        try OutputFile.write(table, to: "\(folder)/t.csv")
        return try naming("t.csv") { try Scoring(of: "\(folder)/t.csv", scale: scale, inputs) }
    }
}

extension Scoring {
    /// The first score of a name, at a visit and in a state where given.
    func first(_ name: String, visit: Double? = nil, state: String? = nil) -> Score? {
        scores.first {
            $0.name == name && (visit == nil || $0.visit == visit) && (state == nil || $0.state == state)
        }
    }
}

/// Rows of an MDS-UPDRS table: part III in a state, other parts without one.
func updrsRows(
    _ values: [String: Int?], state: String = "off", visit: Int = 0, code: String = "P", minutes: Int = 780
) -> String {
    values.sorted { $0.key < $1.key }.map { item, value in
        let isExam = item.hasPrefix("3.")
        return
            "\(code),\(visit),\(isExam ? state : "na"),\(isExam ? "\(minutes)" : ""),\(item),\(value.map { "\($0)" } ?? "")\n"
    }.joined()
}

let updrsHeader = "code,visit_month,state,minutes_since_levodopa,item,value\n"
