import Records

/// What is said of a file of curves elsewhere than in it.
public struct CurveDeclarations: Sendable {
    /// The JSON beside the table.
    public var sidecar: JSONValue?
    /// Frame times from another file, s.
    public var frames: [Frame]?
    /// The unit of the activity, where the file does not say it.
    public var units: String?
    /// The unit of the times, where the file does not say it or says it wrongly.
    public var timeUnit: TimeUnit?
    /// Of several scans in one table, which.
    public var scan: String?

    /// Declarations.
    public init(
        sidecar: JSONValue? = nil, frames: [Frame]? = nil, units: String? = nil, timeUnit: TimeUnit? = nil,
        scan: String? = nil
    ) {
        (self.sidecar, self.frames, self.units) = (sidecar, frames, units)
        (self.timeUnit, self.scan) = (timeUnit, scan)
    }

    /// The unit that counts: the table's, the sidecar's or the one given. Throws where two of them differ.
    func unit(inTable: String?) throws(CurveProblem) -> String? {
        let beside = sidecar?["Units"]?.string
        if let units {
            for case let found? in [inTable, beside] where !Self.same(found, units) {
                throw .unitsGiven(units, declared: found)
            }
            return units
        }
        if let inTable, let beside, !Self.same(inTable, beside) { throw .unitsDiffer(inTable, beside) }
        return inTable ?? beside
    }

    /// What the sidecar says of one column's unit.
    func units(of column: String) -> String? { sidecar?[column]?["Units"]?.string }

    private static func same(_ one: String, _ other: String) -> Bool {
        if let one = ActivityUnit(named: one), let other = ActivityUnit(named: other) { return one == other }
        return one == other
    }

    /// The unit of the times that counts: the one given, else the table's.
    func time(
        inTable: TimeUnit?, column: String, option: String = "--time-unit", warnings: inout [String]
    ) throws(CurveProblem) -> TimeUnit {
        if let timeUnit {
            if let inTable, inTable != timeUnit {
                warnings.append("the file says times in \(inTable.rawValue); \(timeUnit.rawValue) was given and used")
            }
            return timeUnit
        }
        guard let inTable else { throw .noTimeUnit(column, option: option) }
        return inTable
    }
}
