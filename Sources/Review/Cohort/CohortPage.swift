import Outcomes
import Records

/// The page of a trial: every patient's uptake and score over the visits, changes in order, how many changed beyond
/// error, what happened to whom, and what is missing.
///
/// Nothing is tested or concluded here: counts and pictures only.
public struct CohortPage: Sendable {
    /// The page's text and pictures.
    public var page: ReviewPage

    /// The page of a cohort. `provenance` gives the run that made it; warnings stand on top of the page.
    public init(of cohort: Cohort, warnings: [String] = [], provenance: Provenance? = nil) throws {
        let charts = CohortCharts(cohort)
        let tables = CohortTables(cohort)
        var page = ReviewPage(
            code: cohort.study, subtitle: Self.subtitle(cohort), headlines: tables.headlines, sections: [],
            warnings: warnings)
        page.kind = "cohort"
        page.sections = [
            ReviewPage.Section(
                .uptake, title: "Uptake over the visits",
                text:
                    "One line a patient, one picture an arm, all on the same scale. A missed visit is a gap; an open point "
                    + "could not be relied on.",
                figures: try charts.courses()),
            ReviewPage.Section(.uptake, title: "Change of uptake, in order", figures: try charts.ordered()),
            ReviewPage.Section(.joint, title: "Uptake and movement", figures: try charts.joint()),
            ReviewPage.Section(
                .counts, title: "How many changed",
                text:
                    "Reliable is beyond measurement error, important is large enough to matter; only both together count as "
                    + "a change. Each patient's last visit with a value is counted.",
                tables: [tables.uptakeCounts, tables.motorCounts]),
            ReviewPage.Section(
                .safety, title: "Adverse events", text: tables.eventText, tables: tables.events,
                figures: try charts.events()),
            ReviewPage.Section(
                .quality, title: "What is missing", tables: [tables.presence] + tables.gaps),
            ReviewPage.Section(.methods, title: "Sites and lots", tables: [tables.sites, tables.lots]),
        ].map { section in
            var section = section
            section.tables.removeAll(where: \.rows.isEmpty)
            return section
        }.filter { !$0.figures.isEmpty || !$0.tables.isEmpty || !$0.text.isEmpty }
        if let provenance {
            page.provenance = [
                ("Engraft", Engraft.version), ("command", provenance.command),
                ("inputs", "\(provenance.inputs.count) files"),
            ]
            page.provenanceJSON = JSONValue.object(provenance.members).text
        }
        self.page = page
    }

    /// The page as HTML, UTF-8. The same cohort gives the same bytes.
    public func html() throws -> String { try page.html() }

    private static func subtitle(_ cohort: Cohort) -> String {
        let visits = Set(cohort.patients.flatMap { $0.visits.map(\.months) }).max()
        return [
            "\(cohort.patients.count) patients", cohort.arms.count > 1 ? "\(cohort.arms.count) arms" : nil,
            visits.map { "up to month \(fixed($0, 0))" }, cohort.uptakeLabel,
        ].compactMap { $0 }.joined(separator: " · ")
    }
}
