/// G12: what a reader measured of the graft on MRI at one visit.
public struct GraftAnatomy: Sendable, Equatable {
    /// Months since the first visit.
    public var months: Double
    /// Volume of graft or tract, mL.
    public var volumeML: Double
    /// Whether it takes up contrast agent; `nil` where not said.
    public var enhances: Bool?
    /// Volume of oedema, mL; `nil` where not said.
    public var oedemaML: Double?

    /// One visit's reading.
    public init(months: Double, volumeML: Double, enhances: Bool? = nil, oedemaML: Double? = nil) {
        (self.months, self.volumeML, self.enhances, self.oedemaML) = (months, volumeML, enhances, oedemaML)
    }
}

/// G12 over all visits.
public struct GraftGrowth: Sendable, Equatable {
    /// Readings in order of time.
    public var readings: [GraftAnatomy]
    /// Growth by least squares, mL a month; `nil` with fewer than two times.
    public var slopeMLPerMonth: Double?
    /// What the protocol allows, mL a month; `nil` where it says nothing.
    public var limitMLPerMonth: Double?
    /// Whether the growth is beyond the protocol's limit, which asks for a safety review; `nil` without limit or growth.
    public var needsReview: Bool? {
        guard let slopeMLPerMonth, let limitMLPerMonth else { return nil }
        return slopeMLPerMonth > limitMLPerMonth
    }

    /// The growth over some readings.
    public init(_ readings: [GraftAnatomy], limitMLPerMonth: Double? = nil) {
        self.readings = readings.sorted { $0.months < $1.months }
        self.limitMLPerMonth = limitMLPerMonth
        let n = Double(readings.count)
        let (x, y) = (readings.reduce(0) { $0 + $1.months } / n, readings.reduce(0) { $0 + $1.volumeML } / n)
        let spread = readings.reduce(0) { $0 + ($1.months - x) * ($1.months - x) }
        if spread > 0 {
            slopeMLPerMonth = readings.reduce(0) { $0 + ($1.months - x) * ($1.volumeML - y) } / spread
        }
    }
}
