import Records

/// What is said of a file of curves elsewhere than in it.
public struct CurveDeclarations: Sendable {
    /// The JSON beside the table.
    public var sidecar: JSONValue?
    /// Frame times from another file, s.
    public var frames: [Frame]?
    /// The unit of the activity, where the file does not say it or says it wrongly.
    public var units: String?
    /// The unit of the times, likewise.
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

    /// The unit that counts: the one given, else the table's, else the sidecar's. Throws where these two differ.
    func unit(inTable: String?, warnings: inout [String]) throws(CurveProblem) -> String? {
        let beside = sidecar?["Units"]?.string
        if let units {
            if let found = inTable ?? beside, !Self.same(found, units) {
                warnings.append("the file says \(found); \(units) was given and used")
            }
            return units
        }
        if let inTable, let beside, !Self.same(inTable, beside) { throw .unitsDiffer(inTable, beside) }
        return inTable ?? beside
    }

    private static func same(_ one: String, _ other: String) -> Bool {
        if let one = ActivityUnit(named: one), let other = ActivityUnit(named: other) { return one == other }
        return one == other
    }

    /// The unit of the times that counts: the one given, else the table's.
    func time(inTable: TimeUnit?, column: String, warnings: inout [String]) throws(CurveProblem) -> TimeUnit {
        if let timeUnit {
            if let inTable, inTable != timeUnit {
                warnings.append("the file says times in \(inTable.rawValue); \(timeUnit.rawValue) was given and used")
            }
            return timeUnit
        }
        guard let inTable else { throw .noTimeUnit(column) }
        return inTable
    }
}
