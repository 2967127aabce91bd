import PET

/// The PET side of graft survival between two visits: uptake, change, asymmetry and gradient, each with its error.
///
/// Measures are numbered as in our panel: G1 uptake, G2 change, G8 asymmetry, G9 putaminal gradient. They stay
/// separate: there is no single score. G3 to G7 and G10 to G13 have their place here when they come.
public struct GraftPanel: Sendable {
    /// Where a value is taken: one side, or both sides weighted by volume.
    public enum Site: String, Sendable, CaseIterable { case left, right, bilateral }

    /// G1 and G2 of one part at one site.
    public struct Row: Sendable {
        /// The part of the striatum.
        public var part: StriatalPart
        /// The side, or both.
        public var site: Site
        /// G1 at the first visit, in the panel's measure.
        public var before: Double
        /// G1 at the later visit.
        public var after: Double
        /// Standard errors of G1 from the spread over voxels; `nil` without a resolution.
        public var standardErrors: (Double?, Double?)
        /// G2; `nil` where a value is not above three standard errors (or not positive), so that a log has no meaning.
        public var change: LogChange?
        /// Why there is no `change`.
        public var reason: String?
        /// The absolute difference, always there.
        public var difference: Double { after - before }
    }

    /// G8 of one part.
    public struct Asymmetry: Sendable {
        /// The part of the striatum.
        public var part: StriatalPart
        /// 100 (L − R) / ((L + R) / 2) at the first visit, %.
        public var before: Double
        /// The same at the later visit, %.
        public var after: Double
        /// Standard errors at the two visits, %; `nil` without a repeatability.
        public var standardErrors: (Double, Double)?
        /// Whether the change is beyond 1.96 of its standard error.
        public var isReliable: Bool? {
            standardErrors.map { abs(after - before) > normalQuantile975 * ($0.0 * $0.0 + $0.1 * $0.1).squareRoot() }
        }
    }

    /// G9 at one site: posterior over anterior putamen.
    public struct Gradient: Sendable {
        /// The side, or both.
        public var site: Site
        /// The ratio at the first visit.
        public var before: Double
        /// The ratio at the later visit.
        public var after: Double
        /// The change of the ratio; `up` moves toward the ratio of a healthy putamen.
        public var change: LogChange
    }

    /// What the values are: SBR, SUVR or SUV; one kind for a patient.
    public var measure: Uptake.Measure
    /// The repeatability used; `nil` gives values without flags.
    public var repeatability: Repeatability?
    /// G1 and G2 by part and site.
    public var rows: [Row]
    /// G8 by part.
    public var asymmetries: [Asymmetry]
    /// G9 by site.
    public var gradients: [Gradient]

    /// The panel of two visits.
    ///
    /// - Parameter fwhm: the images' resolution, mm: standard errors count one independent value per resolution volume.
    public init(
        before: Uptake, after: Uptake, measure: Uptake.Measure, repeatability: Repeatability?, fwhm: Double? = nil
    ) {
        (self.measure, self.repeatability) = (measure, repeatability)
        let (first, second) = (SiteValues(before, measure, fwhm), SiteValues(after, measure, fwhm))
        rows = StriatalPart.allCases.flatMap { part in
            Site.allCases.compactMap { site in
                guard let a = first[part, site], let b = second[part, site] else { return nil }
                return Self.row(part, site, a, b, repeatability)
            }
        }
        asymmetries = StriatalPart.allCases.compactMap { part in
            guard let a = first.sides(part), let b = second.sides(part) else { return nil }
            return Asymmetry(
                part: part, before: Self.index(a), after: Self.index(b),
                standardErrors: repeatability.map { (Self.indexError(a, $0), Self.indexError(b, $0)) })
        }
        gradients = Site.allCases.compactMap { site in
            guard let p0 = first[.posteriorPutamen, site], let p1 = second[.posteriorPutamen, site],
                let a0 = first[.anteriorPutamen, site], let a1 = second[.anteriorPutamen, site],
                min(p0.value, p1.value, a0.value, a1.value) > 0
            else { return nil }
            let change =
                LogChange(from: p0.value, to: p1.value, repeatability: repeatability)
                - LogChange(from: a0.value, to: a1.value, repeatability: repeatability)
            return Gradient(site: site, before: p0.value / a0.value, after: p1.value / a1.value, change: change)
        }
    }

    private static func row(
        _ part: StriatalPart, _ site: Site, _ a: SiteValue, _ b: SiteValue, _ repeatability: Repeatability?
    ) -> Row {
        var row = Row(
            part: part, site: site, before: a.value, after: b.value,
            standardErrors: (a.standardError, b.standardError), change: nil, reason: nil)
        if a.value <= 3 * (a.standardError ?? 0) || b.value <= 3 * (b.standardError ?? 0) {
            row.reason = "uptake is not above three standard errors: only the difference has a meaning"
        } else {
            row.change = LogChange(
                from: a.value, to: b.value, repeatability: repeatability, standardErrors: row.standardErrors)
        }
        return row
    }

    private static func index(_ v: (left: Double, right: Double)) -> Double {
        100 * (v.left - v.right) / ((v.left + v.right) / 2)
    }

    /// se(AI) = 400 r / (r + 1)² · √(σ² + σ²), by the delta method, with r = L / R.
    private static func indexError(_ v: (left: Double, right: Double), _ repeatability: Repeatability) -> Double {
        let r = v.left / v.right
        return 400 * r / ((r + 1) * (r + 1)) * 2.0.squareRoot() * repeatability.sigmaLn
    }
}

private struct SiteValue {
    var value: Double
    var standardError: Double?
}

/// One visit's values by part and site.
private struct SiteValues {
    private var values: [StriatalPart: [GraftPanel.Site: SiteValue]] = [:]

    init(_ uptake: Uptake, _ measure: Uptake.Measure, _ fwhm: Double?) {
        let named = uptake.regions.compactMap { region -> (StriatalPart, GraftPanel.Site, Uptake.Region)? in
            guard let part = RegionName(region.name).part, let side = region.side else { return nil }
            return (part, side == .left ? .left : .right, region)
        }
        let hasWholePutamen = named.contains { $0.0 == .putamen }
        for part in StriatalPart.allCases {
            let members = named.filter { member in
                member.0 == part
                    || part == .putamen && !hasWholePutamen
                        && [.anteriorPutamen, .middlePutamen, .posteriorPutamen].contains(member.0)
            }
            for site in GraftPanel.Site.allCases {
                let regions = members.filter { site == .bilateral || $0.1 == site }.map(\.2)
                let isWhole = site != .bilateral || Set(members.map(\.1)).count == 2
                if isWhole, let value = Self.pooled(regions, measure, uptake.referenceMean, fwhm) {
                    values[part, default: [:]][site] = value
                }
            }
        }
    }

    subscript(part: StriatalPart, site: GraftPanel.Site) -> SiteValue? { values[part]?[site] }

    func sides(_ part: StriatalPart) -> (left: Double, right: Double)? {
        guard let left = self[part, .left]?.value, let right = self[part, .right]?.value, left > 0, right > 0 else {
            return nil
        }
        return (left, right)
    }

    private static func pooled(
        _ regions: [Uptake.Region], _ measure: Uptake.Measure, _ referenceMean: Double?, _ fwhm: Double?
    ) -> SiteValue? {
        let values = regions.compactMap { $0.value(measure) }
        guard !values.isEmpty, values.count == regions.count else { return nil }
        let volumes = regions.map(\.volumeML)
        let total = volumes.reduce(0, +)
        let value = zip(values, volumes).reduce(0) { $0 + $1.0 * $1.1 } / total
        guard let fwhm, fwhm > 0 else { return SiteValue(value: value, standardError: nil) }
        let scale = regions[0].mean != 0 ? scaleToMeasure(regions[0], measure, referenceMean) : 0
        let variance = zip(regions, volumes).reduce(0.0) { sum, next in
            let (region, volume) = next
            let independent = max(1, volume * 1000 / resolutionVolume(fwhm))
            let error = region.sd * scale / independent.squareRoot() * volume / total
            return sum + error * error
        }
        return SiteValue(value: value, standardError: variance.squareRoot())
    }

    private static func scaleToMeasure(_ r: Uptake.Region, _ measure: Uptake.Measure, _ reference: Double?) -> Double {
        switch measure {
        case .suv: (r.suvBW ?? 0) / r.mean
        case .suvr, .sbr: reference.map { 1 / $0 } ?? 0
        }
    }

    /// The volume of one resolution element of a Gaussian, mm³: FWHM³ (π / (4 ln 2))^1.5.
    private static func resolutionVolume(_ fwhm: Double) -> Double { fwhm * fwhm * fwhm * 1.2065 }
}
