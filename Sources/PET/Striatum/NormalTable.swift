import Records

/// What healthy people of an age have: a line for each region, from a study of the user's own choice.
///
/// Normal values belong to a tracer, a scanner, a window and a way of labelling; none are built in.
public struct NormalTable: Sendable, Equatable {
    /// One region's line.
    public struct Line: Sendable, Equatable {
        /// The value at birth, as the line has it, and what is lost a year.
        public let intercept, slopePerYear: Double
        /// The scatter of healthy people around the line.
        public let sd: Double

        /// A line.
        public init(intercept: Double, slopePerYear: Double, sd: Double) {
            (self.intercept, self.slopePerYear, self.sd) = (intercept, slopePerYear, sd)
        }

        /// What is expected at an age, years: a − b · age.
        public func expected(age: Double) -> Double { intercept - slopePerYear * age }

        /// 100 x / (a − b · age); `nil` where nothing positive is expected.
        public func percent(_ value: Double, age: Double) -> Double? {
            let expected = expected(age: age)
            return expected > 0 ? 100 * value / expected : nil
        }

        /// (x − (a − b · age)) / sd.
        public func z(_ value: Double, age: Double) -> Double { (value - expected(age: age)) / sd }
    }

    /// Lines by region, in lower case: "putamen-posterior" for both sides, or "putamen-posterior-left" for one.
    public let lines: [String: Line]

    /// Reads a CSV or TSV with the columns region, intercept, slope (lost a year) and sd.
    public init(parsing bytes: [UInt8]) throws {
        let table: DelimitedTable
        do { table = try DelimitedTable(parsing: bytes) } catch {
            throw StriatumError.normalTable("cannot be read: \(error.description)")
        }
        guard let region = table.column("region"), let a = table.column("intercept", "a"),
            let b = table.column("slope", "b"), let sd = table.column("sd")
        else {
            throw StriatumError.normalTable(
                "needs the columns region, intercept, slope and sd, but has \(table.columns.joined(separator: ", "))")
        }
        var lines: [String: Line] = [:]
        for (place, row) in table.rows.enumerated() {
            guard let intercept = Double(row[a]), let slope = Double(row[b]), let spread = Double(row[sd]),
                intercept.isFinite, slope.isFinite, spread.isFinite, spread > 0
            else {
                throw StriatumError.normalTable(
                    "has no numbers in line \(place + 2): intercept and slope are numbers, sd is above 0")
            }
            let key = row[region].lowercased()
            guard lines[key] == nil else { throw StriatumError.normalTable("has \(row[region]) twice") }
            lines[key] = Line(intercept: intercept, slopePerYear: slope, sd: spread)
        }
        guard !lines.isEmpty else { throw StriatumError.normalTable("has no rows") }
        self.lines = lines
    }

    /// The line of a region: its own, or that of both sides.
    public func line(for region: StriatalRegion) -> Line? { lines[region.name] ?? lines[region.structure.rawValue] }
}
