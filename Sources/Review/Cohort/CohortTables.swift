import Outcomes
import Records

/// The numbers of a cohort page: counts by arm, events, and what is missing.
struct CohortTables {
    private typealias Table = ReviewPage.Table
    private let cohort: Cohort
    private let arms: [String]

    init(_ cohort: Cohort) { (self.cohort, arms) = (cohort, cohort.arms) }

    private func patients(_ arm: String) -> [Cohort.Patient] { cohort.patients.filter { $0.armName == arm } }

    /// Reliable gains of uptake, and improvements that are reliable and important, by arm.
    var headlines: [ReviewPage.Headline] {
        arms.flatMap { arm -> [ReviewPage.Headline] in
            let all = patients(arm)
            let flags = all.compactMap(Self.lastFlag)
            let scores = all.compactMap(Self.lastMotor)
            return [
                ReviewPage.Headline(
                    label: "\(arm): uptake up beyond error",
                    value: flags.isEmpty ? "n/a" : "\(flags.count { $0 == .up }) of \(flags.count)",
                    detail: "\(all.count) patients; \(all.count - flags.count) without a flag"),
                ReviewPage.Headline(
                    label: "\(arm): III OFF improved, reliable and important",
                    value: scores.isEmpty
                        ? "n/a" : "\(scores.count { Self.motor($0) == .improved }) of \(scores.count)",
                    detail: "\(all.count) patients; \(all.count - scores.count) without a change"),
            ]
        }
    }

    // MARK: - Counts

    private static func lastFlag(_ patient: Cohort.Patient) -> PETClass? {
        patient.visits.last { $0.uptake?.flag != nil }?.uptake?.flag
    }

    private static func lastMotor(_ patient: Cohort.Patient) -> Cohort.MotorOff? {
        patient.visits.last { $0.motorOff?.change != nil }?.motorOff
    }

    private enum MotorClass { case improved, worse, none, unknown }

    /// Improved and worse only where the change is reliable and important.
    private static func motor(_ score: Cohort.MotorOff) -> MotorClass {
        guard let change = score.change, let isReliable = score.isReliable, let isImportant = score.isImportant else {
            return .unknown
        }
        guard isReliable && isImportant else { return .none }
        return change < 0 ? .improved : .worse
    }

    /// Uptake flags by arm.
    var uptakeCounts: ReviewPage.Table {
        Table(
            caption: "\(cohort.uptakeLabel) against its repeatability, patients",
            columns: [.init("Arm")]
                + ["Patients", "▲ Up", "· Within error", "▼ Down", "? Unreadable", "No change to judge"]
                .map { .init($0, isNumeric: true) },
            rows: arms.map { arm in
                let all = patients(arm)
                let flags = all.map(Self.lastFlag)
                let counts = [.up, .within, .down, .unreadable].map { flag in flags.count { $0 == flag } }
                return .init(
                    [arm, String(all.count)] + counts.map(String.init) + [String(flags.count { $0 == nil })])
            })
    }

    /// MDS-UPDRS III OFF by arm.
    var motorCounts: ReviewPage.Table {
        Table(
            caption: "MDS-UPDRS III OFF, patients" + limits,
            columns: [.init("Arm")]
                + [
                    "Patients", "With a change", "Reliable", "Important", "▲ Improved, both", "▼ Worse, both",
                    "○ Important only",
                ].map { .init($0, isNumeric: true) },
            rows: arms.map { arm in
                let all = patients(arm)
                let scores = all.compactMap(Self.lastMotor)
                return .init(
                    [arm]
                        + [
                            all.count, scores.count, scores.count { $0.isReliable == true },
                            scores.count { $0.isImportant == true }, scores.count { Self.motor($0) == .improved },
                            scores.count { Self.motor($0) == .worse },
                            scores.count { $0.isImportant == true && $0.isReliable == false },
                        ].map(String.init))
            })
    }

    private var limits: String {
        [
            cohort.motorReliable.map { "reliable beyond \(significant($0, 3)) points" },
            cohort.motorImportant.map { "important from \(significant($0, 3)) points" },
        ].compactMap { $0 }.map { "; \($0)" }.joined()
    }

    // MARK: - Events

    /// That none were entered, or how many patients each dose level has.
    var eventText: String {
        cohort.patients.allSatisfy(\.events.isEmpty) ? "No adverse events were entered." : ""
    }

    /// Events by dose level or arm.
    var events: [ReviewPage.Table] {
        guard cohort.patients.contains(where: { !$0.events.isEmpty }) else { return [] }
        let levels = Set(cohort.patients.map(Self.level)).sorted()
        return [
            Table(
                caption: "Patients with an event, by dose level",
                columns: [.init("Dose level"), .init("Patients", isNumeric: true)]
                    + (["Dose-limiting"] + (1...5).map { "Grade \($0) at most" } + ["No event"])
                    .map { .init($0, isNumeric: true) },
                rows: levels.map { level in
                    let all = cohort.patients.filter { Self.level($0) == level }
                    let worst = all.map { $0.events.compactMap(\.grade).max() ?? 0 }
                    return .init(
                        [level, String(all.count), String(all.count { $0.events.contains(where: \.isDoseLimiting) })]
                            + (1...5).map { grade in String(worst.count { $0 == grade }) }
                            + [String(all.count(where: \.events.isEmpty))])
                }),
            Table(
                caption: "Every event",
                columns: [
                    .init("Patient"), .init("Dose level"), .init("Day", isNumeric: true), .init("Event"),
                    .init("Grade", isNumeric: true), .init("Limits the dose"),
                ],
                rows: cohort.patients.flatMap { patient in
                    patient.events.map {
                        .init([
                            patient.code, Self.level(patient), fixed($0.day, 0), $0.term,
                            $0.grade.map(String.init) ?? "not graded", $0.isDoseLimiting ? "yes" : "no",
                        ])
                    }
                }),
        ]
    }

    private static func level(_ patient: Cohort.Patient) -> String {
        patient.doseLevel ?? patient.armName
    }

    // MARK: - What is missing, and where from

    /// What is there at each visit.
    var presence: ReviewPage.Table {
        let visits = cohort.patients.flatMap(\.visits)
        var names: [(name: String, months: Double)] = []
        for visit in visits where !names.contains(where: { $0.name == visit.name }) {
            names.append((visit.name, visit.months))
        }
        names.sort { $0.months < $1.months }
        return Table(
            caption: "What is there, patients by visit",
            columns: [.init("Visit")]
                + ["Planned", "Uptake", "Unreadable", "MDS-UPDRS III OFF"].map { .init($0, isNumeric: true) },
            rows: names.map { name, _ in
                let here = visits.filter { $0.name == name }
                return .init([
                    name, String(here.count), String(here.count { $0.uptake?.value != nil }),
                    String(here.count { $0.uptake?.flag == .unreadable }),
                    String(here.count { $0.motorOff?.total != nil }),
                ])
            })
    }

    /// Every gap with its reason.
    var gaps: [ReviewPage.Table] {
        let rows = cohort.patients.flatMap { patient in
            patient.visits.compactMap { visit -> ReviewPage.Table.Row? in
                var what: [String] = []
                if visit.uptake?.value == nil { what.append("uptake") }
                if visit.uptake?.flag == .unreadable { what.append("uptake unreadable") }
                if visit.motorOff?.total == nil { what.append("MDS-UPDRS III OFF") }
                guard !what.isEmpty || !visit.missing.isEmpty else { return nil }
                let reason = visit.missing.isEmpty ? "no reason given" : visit.missing.joined(separator: "; ")
                return .init(
                    [patient.code, patient.armName, visit.name, what.joined(separator: ", "), reason], flag: .missing)
            }
        }
        return rows.isEmpty
            ? []
            : [
                Table(
                    caption: "Every gap",
                    columns: [
                        .init("Patient"), .init("Arm"), .init("Visit"), .init("What"), .init("Reason"),
                    ], rows: rows, flagTitle: "Result")
            ]
    }

    /// Patients by site and arm, with the lots given there.
    var sites: ReviewPage.Table {
        across("Site", "Lots") {
            $0.site
        } and: {
            $0.lot
        }
    }

    /// Patients by lot and arm, with the sites that gave it.
    var lots: ReviewPage.Table {
        across("Lot", "Sites") {
            $0.lot
        } and: {
            $0.site
        }
    }

    private func across(
        _ title: String, _ others: String, _ key: (Cohort.Patient) -> String?, and other: (Cohort.Patient) -> String?
    ) -> ReviewPage.Table {
        let keys = Set(cohort.patients.map { key($0) ?? "not said" }).sorted()
        return Table(
            caption: "Patients by \(title.lowercased()) and arm",
            columns: [.init(title), .init("Patients", isNumeric: true)] + arms.map { .init($0, isNumeric: true) }
                + [.init(others)],
            rows: keys.map { name in
                let all = cohort.patients.filter { (key($0) ?? "not said") == name }
                return .init(
                    [name, String(all.count)] + arms.map { arm in String(all.count { $0.armName == arm }) }
                        + [Set(all.compactMap(other)).sorted().joined(separator: ", ")])
            })
    }
}
