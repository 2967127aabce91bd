import Records

/// Why curves or blood cannot be read or used.
public enum CurveProblem: Error, Equatable, CustomStringConvertible {
    case empty
    case table(DelimitedTable.Problem)
    case noTimes([String])
    case noTimeUnit(String, option: String = "--time-unit")
    case noCurves([String])
    case badNumber(line: Int, column: String, String)
    case noLength(frames: Int)
    case notAscending(frame: Int)
    case frameCount(table: Int, times: Int)
    case timesDiffer(frame: Int, Double, Double)
    case endsDiffer(frame: Int, Double, Double)
    case severalScans([String], option: String = "--scan")
    case noScan(String, [String])
    case badTimes(String)
    case unitsMissing(String)
    case unitsDiffer(String, String)
    case unitsGiven(String, declared: String)
    case columnUnitsDiffer(String, String)
    case notActivity(String)
    case notConvertible(from: String, to: String)
    case noCurve(String, [String])
    case severalCurves(String)
    case ambiguous(String, [String])
    case header(line: Int, String)
    case halfLife
    case decayUnknown
    case alreadyCorrected(toS: Double)
    case alreadyUncorrected
    case notCorrected
    case bloodNotCorrected
    case halfLivesDiffer(given: Double, declared: Double)
    case noBlood([String])
    case columnUnitsMissing(String)
    case noPlasma([String])
    case fractionUnits(String, String)
    case noParentFraction
    case plasmaStartsLate(minutes: Double)
    case fractionRange(Double)
    case fewFractions(String, Int)

    /// One sentence for the person holding the file.
    public var description: String {
        switch self {
        case .empty: "the file has no values"
        case .table(let problem): problem.description
        case .noTimes(let columns):
            "no columns with the start and end of frames were found; the columns are \(columns.joined(separator: ", "))"
        case .noTimeUnit(let column, let option):
            "the unit of the times in \(column) is not said: write it into the column's name, such as start_s or "
                + "start[minutes], or give it with \(option)"
        case .noCurves(let columns):
            "there is no column of a region; the columns are \(columns.joined(separator: ", "))"
        case .badNumber(let line, let column, let text): "line \(line): \"\(text)\" in \(column) is no number"
        case .noLength(let frames): "frames that have no length or end before they start: \(frames)"
        case .notAscending(let frame): "frame \(frame) starts before the one above it"
        case .frameCount(let table, let times): "the table has \(table) frames, but its times describe \(times)"
        case .timesDiffer(let frame, let table, let other):
            "frame \(frame) starts at \(significant(table, 6)) s in the table and at \(significant(other, 6)) s in the "
                + "times beside it"
        case .endsDiffer(let frame, let table, let other):
            "frame \(frame) ends at \(significant(table, 6)) s in the table and at \(significant(other, 6)) s in the "
                + "times beside it"
        case .severalScans(let names, let option):
            "the table holds \(names.count) scans; choose one with \(option): \(names.joined(separator: ", "))"
        case .noScan(let name, let names): "there is no scan \(name); the scans are \(names.joined(separator: ", "))"
        case .badTimes(let reason): "these are no acquisition times: \(reason)"
        case .unitsMissing(let wanted):
            "the unit of the values is not declared, so they cannot be given in \(wanted): put Units into the JSON sidecar"
        case .unitsDiffer(let first, let second): "the table says \(first), but its sidecar \(second)"
        case .unitsGiven(let given, let declared):
            "the file declares \(declared), but \(given) was given; the option is for values whose unit is not declared"
        case .columnUnitsDiffer(let first, let second): "columns are in different units, \(first) and \(second)"
        case .notActivity(let unit): "\(unit) is no unit of activity per volume, such as Bq/mL or kBq/mL"
        case .notConvertible(let from, let to): "values in \(from) cannot be converted to \(to)"
        case .noCurve(let name, let names):
            "there is no region \(name); the regions are \(names.joined(separator: ", "))"
        case .severalCurves(let name): "there are several regions called \(name); names must tell them apart"
        case .ambiguous(let name, let names):
            "\(name) may be \(names.joined(separator: " or ")), whose sizes are not known; name one"
        case .header(let line, let reason): "line \(line): \(reason)"
        case .halfLife: "the half-life is not known; give --half-life or --nuclide"
        case .decayUnknown:
            "whether the values are corrected for decay, and to when, is not said: put ImageDecayCorrected and "
                + "ImageDecayCorrectionTime into the JSON sidecar"
        case .alreadyCorrected(let moment):
            "the values are corrected for decay already, to \(significant(moment, 6)) s after time zero"
        case .alreadyUncorrected: "the values are not corrected for decay"
        case .notCorrected:
            "the curves are declared as not corrected for decay (ImageDecayCorrected is false), and every model needs them "
                + "corrected: run engraft tacs with --decay correct"
        case .bloodNotCorrected:
            "the blood is declared as not corrected for decay; give its nuclide or half-life with --blood-decay"
        case .halfLivesDiffer(let given, let declared):
            "the image declares a half-life of \(significant(declared, 6)) s, but \(significant(given, 6)) s was given"
        case .noBlood(let columns):
            "no column of whole blood, plasma or parent fraction was found; the columns are "
                + "\(columns.joined(separator: ", ")), and --signal says what a single one is"
        case .columnUnitsMissing(let column):
            "the unit of \(column) is not said: put its Units into the JSON sidecar or give it with --blood-units"
        case .noPlasma(let signals):
            "there are no plasma samples after time zero; the file has \(signals.joined(separator: ", "))"
        case .plasmaStartsLate(let minutes):
            "the first plasma sample is \(significant(minutes, 3)) min after time zero, so that the peak and with it the "
                + "integral of the input are not known; samples are needed within 5 min"
        case .fractionUnits(let column, let unit):
            "\(column) would be a parent fraction, but its unit is \(unit), an activity"
        case .noParentFraction:
            "there is no parent fraction; --parent-fraction none takes all activity in plasma as unchanged tracer"
        case .fractionRange(let value):
            "a parent fraction of \(significant(value, 4)) is not between 0 and 1; where it is in %, its Units must say so"
        case .fewFractions(let model, let count):
            "too few parent fractions after time zero for the \(model) model: \(count), where it has 3 parameters"
        }
    }
}
