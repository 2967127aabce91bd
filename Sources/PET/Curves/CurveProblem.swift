import Records

/// Why curves or blood cannot be read or used.
public enum CurveProblem: Error, Equatable, CustomStringConvertible {
    case empty
    case table(DelimitedTable.Problem)
    case noTimes([String])
    case noTimeUnit(String)
    case noCurves([String])
    case badNumber(line: Int, column: String, String)
    case noLength(frames: Int)
    case notAscending(frame: Int)
    case frameCount(table: Int, times: Int)
    case timesDiffer(frame: Int, Double, Double)
    case severalScans([String])
    case noScan(String, [String])
    case badTimes(String)
    case unitsMissing
    case unitsDiffer(String, String)
    case notActivity(String)
    case notConvertible(from: String, to: String)
    case noCurve(String, [String])
    case ambiguous(String, [String])
    case header(line: Int, String)

    /// One sentence for the person holding the file.
    public var description: String {
        switch self {
        case .empty: "the file has no values"
        case .table(let problem): problem.description
        case .noTimes(let columns):
            "no columns with the start and end of frames were found; the columns are \(columns.joined(separator: ", "))"
        case .noTimeUnit(let column):
            "the unit of the times in \(column) is not said: write it into the column's name, such as start_s or "
                + "start[minutes], or give it with --time-unit"
        case .noCurves(let columns):
            "there is no column of a region; the columns are \(columns.joined(separator: ", "))"
        case .badNumber(let line, let column, let text): "line \(line): \"\(text)\" in \(column) is no number"
        case .noLength(let frames): "\(frames) frames end before they start or have no length"
        case .notAscending(let frame): "frame \(frame) starts before the one above it"
        case .frameCount(let table, let times): "the table has \(table) frames, but its times describe \(times)"
        case .timesDiffer(let frame, let table, let other):
            "frame \(frame) starts at \(significant(table, 6)) s in the table and at \(significant(other, 6)) s in the "
                + "times beside it"
        case .severalScans(let names):
            "the table holds \(names.count) scans; choose one with --scan: \(names.joined(separator: ", "))"
        case .noScan(let name, let names): "there is no scan \(name); the scans are \(names.joined(separator: ", "))"
        case .badTimes(let reason): "these are no acquisition times: \(reason)"
        case .unitsMissing:
            "the unit of the activity is not said: put Units into the JSON sidecar or give it with --units"
        case .unitsDiffer(let first, let second): "the table says \(first), but its sidecar \(second)"
        case .notActivity(let unit): "\(unit) is no unit of activity per volume, such as Bq/mL or kBq/mL"
        case .notConvertible(let from, let to): "values in \(from) cannot be converted to \(to)"
        case .noCurve(let name, let names):
            "there is no region \(name); the regions are \(names.joined(separator: ", "))"
        case .ambiguous(let name, let names):
            "\(name) may be \(names.joined(separator: " or ")), whose sizes are not known; name one"
        case .header(let line, let reason): "line \(line): \(reason)"
        }
    }
}
