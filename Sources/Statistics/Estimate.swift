import Records

/// An interval of real numbers; an end may be infinite.
public struct Interval: Sendable, Equatable {
    /// The ends.
    public var low, high: Double

    /// An interval.
    public init(_ low: Double, _ high: Double) { (self.low, self.high) = (low, high) }

    /// Whether a value lies inside or on an end.
    public func contains(_ value: Double) -> Bool { low <= value && value <= high }
}

/// One line of a result: a term, its estimate and how sure it is. What a method does not give is `nil`.
public struct Estimate: Sendable, Equatable {
    /// What is estimated, in the words of the table: `XS411 − SOC`, `baseline`.
    public var term: String
    /// The estimate, in the unit of the outcome unless the term says otherwise.
    public var estimate: Double
    /// Its standard error.
    public var standardError: Double?
    /// Degrees of freedom of the statistic.
    public var degreesOfFreedom: Double?
    /// t, z or another statistic, as the method says.
    public var statistic: Double?
    /// The two-sided p.
    public var p: Double?
    /// The 95 % confidence interval.
    public var interval95: Interval?

    /// A line of given numbers.
    public init(
        _ term: String, _ estimate: Double, standardError: Double? = nil, degreesOfFreedom: Double? = nil,
        statistic: Double? = nil, p: Double? = nil, interval95: Interval? = nil
    ) {
        (self.term, self.estimate, self.standardError) = (term, estimate, standardError)
        (self.degreesOfFreedom, self.statistic) = (degreesOfFreedom, statistic)
        (self.p, self.interval95) = (p, interval95)
    }

    /// A line by Student's t: statistic, p against 0 and interval from estimate, standard error and degrees of freedom.
    public init(_ term: String, _ estimate: Double, standardError: Double, t degreesOfFreedom: Double) {
        let distribution = StudentT(degreesOfFreedom)
        let half = distribution.quantile(0.975) * standardError
        let statistic = estimate / standardError
        self.init(
            term, estimate, standardError: standardError, degreesOfFreedom: degreesOfFreedom, statistic: statistic,
            p: distribution.twoSided(statistic), interval95: Interval(estimate - half, estimate + half))
    }

    /// The line as every result document has it; a number that does not exist is null.
    public var json: JSONValue {
        [
            "term": .string(term), "estimate": .number(estimate), "se": JSONValue(standardError),
            "df": JSONValue(degreesOfFreedom), "statistic": JSONValue(statistic), "p": JSONValue(p),
            "ci95": interval95.map { JSONValue([$0.low, $0.high]) } ?? .null,
        ]
    }
}
