import PET

/// The PET side of graft survival between two visits: uptake, change and what compares changes, each with its error.
///
/// Measures are numbered as in the panel: G1 uptake, G2 change, G3 change against the caudate, G4 against an assumed
/// decline, G7 percent of normal, G8 asymmetry, G9 putaminal gradient; G5, G6 and G10 are made from images
/// (`TractUptake`, `RespondingVolume`, `DorsalBalance`), G11 to G13 from other scans and readers (`SerotoninRatio`,
/// `GraftAnatomy`, `ScanQuality`). They stay separate: there is no single score.
public struct GraftPanel: Sendable {
    /// Where a value is taken: one side, or both sides weighted by volume.
    public enum Site: String, Sendable, CaseIterable { case left, right, bilateral }

    /// What a study decides about the panel.
    public struct Settings: Sendable {
        /// How far two scans of an unchanged patient differ; `nil` gives values without flags.
        public var repeatability: Repeatability?
        /// The same of the caudate, where it is known apart.
        public var caudateRepeatability: Repeatability?
        /// Correlation of the errors of putamen and caudate in one patient; 0 unless measured, which widens G3.
        public var correlation = 0.0
        /// Assumed declines without a graft, λ per year in e^(−λT), least first; G4 is shown over all of them. By default
        /// none, and the annual losses of the putamen in Hilker 2005 and Nurmi 2001 [Hilker2005, Nurmi2001].
        public var declineRates = [0.0, 0.063, 0.103]
        /// The part whose bilateral change is the primary result.
        public var primary = StriatalPart.posteriorPutamen

        /// The usual settings.
        public init(repeatability: Repeatability? = nil) { self.repeatability = repeatability }

        /// The repeatability of a part.
        func repeatability(of part: StriatalPart) -> Repeatability? {
            part == .caudate ? caudateRepeatability ?? repeatability : repeatability
        }
    }

    /// G1 and G2 of one part at one site.
    public struct Row: Sendable {
        /// The part of the striatum.
        public var part: StriatalPart
        /// The side, or both.
        public var site: Site
        /// G1 at the first visit, in the panel's kind.
        public var before: Double
        /// G1 at the later visit.
        public var after: Double
        /// Standard errors of G1; `nil` where they are not known.
        public var standardErrors: (Double?, Double?)
        /// G2; `nil` where a value is not above three standard errors (or not positive), so that a log has no meaning.
        public var change: LogChange?
        /// Why there is no `change`.
        public var reason: String?
        /// The absolute difference, always there.
        public var difference: Double { after - before }
    }

    /// What the values are; one kind for a patient.
    public var kind: UptakeKind
    /// What was decided.
    public var settings: Settings
    /// Years between the visits; `nil` where not known.
    public var years: Double?
    /// G1 and G2 by part and site.
    public var rows: [Row]
    /// G3 by part and site.
    public var caudateReferenced: [CaudateReferenced]
    /// G4 by part and site.
    public var progression: [Progression]
    /// G8 by part.
    public var asymmetries: [Asymmetry]
    /// G9 by site.
    public var gradients: [Gradient]

    /// The repeatability used; `nil` gives values without flags.
    public var repeatability: Repeatability? { settings.repeatability }
    /// G1 and G2 of the primary part, both sides.
    public var primary: Row? { self[settings.primary, .bilateral] }

    /// The row of a part at a site.
    public subscript(part: StriatalPart, site: Site) -> Row? { rows.first { $0.part == part && $0.site == site } }

    /// The panel of two visits of one kind.
    public init(before: VisitUptake, after: VisitUptake, years: Double? = nil, settings: Settings) {
        precondition(before.kind == after.kind, "a patient's visits are of one kind")
        (kind, self.settings, self.years) = (before.kind, settings, years)
        rows = StriatalPart.allCases.flatMap { part in
            Site.allCases.compactMap { site in
                guard let a = before[part, site], let b = after[part, site] else { return nil }
                return Row(part, site, a, b, settings.repeatability(of: part))
            }
        }
        asymmetries = StriatalPart.allCases.compactMap {
            Asymmetry($0, before: before, after: after, repeatability: settings.repeatability(of: $0))
        }
        (caudateReferenced, progression, gradients) = ([], [], [])
        caudateReferenced = rows.compactMap { row in
            self[.caudate, row.site].flatMap { CaudateReferenced(row, $0, correlation: settings.correlation) }
        }
        if let years { progression = rows.compactMap { Progression($0, years: years, rates: settings.declineRates) } }
        gradients = Site.allCases.compactMap { site in
            guard let posterior = self[.posteriorPutamen, site], let anterior = self[.anteriorPutamen, site] else {
                return nil
            }
            return Gradient(posterior, over: anterior)
        }
    }

    /// The panel of two images.
    ///
    /// - Parameter fwhm: the images' resolution, mm, for standard errors.
    public init(
        before: Uptake, after: Uptake, measure: Uptake.Measure, repeatability: Repeatability?, fwhm: Double? = nil
    ) {
        self.init(
            before: VisitUptake(before, measure: measure, fwhm: fwhm),
            after: VisitUptake(after, measure: measure, fwhm: fwhm), settings: Settings(repeatability: repeatability))
    }
}

extension GraftPanel.Row {
    init(
        _ part: StriatalPart, _ site: GraftPanel.Site, _ a: VisitUptake.Value, _ b: VisitUptake.Value,
        _ repeatability: Repeatability?
    ) {
        self.init(
            part: part, site: site, before: a.value, after: b.value,
            standardErrors: (a.standardError, b.standardError))
        if a.value <= 3 * (a.standardError ?? 0) || b.value <= 3 * (b.standardError ?? 0) {
            reason = "uptake is not above three standard errors: only the difference has a meaning"
        } else {
            change = LogChange(
                from: a.value, to: b.value, repeatability: repeatability,
                standardErrors: (a.scanError, b.scanError))
        }
    }
}
