import Glibc
import PET

extension GraftPanel {
    /// G3 of one part at one site: its change over that of the patient's own caudate, which was not grafted and shows what
    /// progression and the scan itself did.
    public struct CaudateReferenced: Sendable {
        /// The part of the striatum; never the caudate.
        public var part: StriatalPart
        /// The side, or both.
        public var site: Site
        /// The difference of the two log changes; its 95 % interval as a ratio is `ratioInterval95`.
        public var change: LogChange
        /// The flag of the caudate itself: `up` means that it was grafted or that the scan's scale is wrong.
        public var caudateFlag: ChangeFlag?

        /// `nil` for the caudate itself, and where a change has no log.
        init?(_ row: Row, _ caudate: Row, correlation: Double) {
            guard row.part != .caudate, let change = row.change, let reference = caudate.change else { return nil }
            (part, site, caudateFlag) = (row.part, row.site, reference.flag)
            self.change = change.difference(from: reference, correlation: correlation)
        }
    }

    /// G4 of one part at one site: uptake over what an assumed decline would have left. Only a range means something.
    public struct Progression: Sendable {
        /// The part of the striatum.
        public var part: StriatalPart
        /// The side, or both.
        public var site: Site
        /// By rate λ per year: 100 (U_t / (U_0 e^(−λT)) − 1), %.
        public var excess: [(ratePerYear: Double, percent: Double)]

        init?(_ row: Row, years: Double, rates: [Double]) {
            guard let change = row.change, years >= 0 else { return nil }
            (part, site) = (row.part, row.site)
            excess = rates.map { ($0, 100 * expm1(change.dln + $0 * years)) }
        }
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

        /// `nil` where a side is missing or not positive.
        init?(_ part: StriatalPart, before: VisitUptake, after: VisitUptake, repeatability: Repeatability?) {
            guard let a = Sides(part, before), let b = Sides(part, after) else { return nil }
            self.part = part
            (self.before, self.after) = (a.index, b.index)
            standardErrors = repeatability.map { (a.indexError($0), b.indexError($0)) }
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

        init?(_ posterior: Row, over anterior: Row) {
            guard let upper = posterior.change, let lower = anterior.change else { return nil }
            site = posterior.site
            (before, after) = (posterior.before / anterior.before, posterior.after / anterior.after)
            change = upper - lower
        }
    }
}

/// Both sides of a part, each positive.
private struct Sides {
    var left, right: VisitUptake.Value

    init?(_ part: StriatalPart, _ visit: VisitUptake) {
        guard let left = visit[part, .left], let right = visit[part, .right], left.value > 0, right.value > 0 else {
            return nil
        }
        (self.left, self.right) = (left, right)
    }

    var index: Double { 200 * (left.value - right.value) / (left.value + right.value) }

    /// se(AI) = 400 r / (r + 1)² · √(σ_L² + σ_R²), by the delta method, with r = L / R.
    func indexError(_ repeatability: Repeatability) -> Double {
        let r = left.value / right.value
        let sigmas = [left, right].map { max(repeatability.sigmaLn, ($0.scanError ?? 0) / $0.value) }
        return 400 * r / ((r + 1) * (r + 1)) * (sigmas[0] * sigmas[0] + sigmas[1] * sigmas[1]).squareRoot()
    }
}
