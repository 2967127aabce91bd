import Glibc
import Outcomes
import Review
import Testing

private func cell(_ table: ReviewPage.Table, _ row: String, _ column: String) throws -> String {
    let place = try #require(table.columns.firstIndex { $0.title == column })
    return try #require(table.rows.first { $0.cells[0] == row }).cells[place]
}

private func table(_ page: CohortPage, _ caption: String) throws -> ReviewPage.Table {
    try #require(page.page.sections.flatMap(\.tables).first { $0.caption.contains(caption) })
}

/// Four patients whose classes are written out by hand.
private func small() -> Cohort {
    func patient(
        _ code: String, _ arm: String, _ dln: Double?, _ flag: PETClass?, _ change: Double?,
        _ isReliable: Bool, _ isImportant: Bool, site: String
    ) -> Cohort.Patient {
        Cohort.Patient(
            code: code, arm: arm, site: site, lot: "lot 1", doseLevel: "level 1",
            visits: [
                .init(name: "baseline", months: 0, uptake: .init(value: 1), motorOff: .init(total: 40)),
                .init(
                    name: "month-12", months: 12,
                    uptake: dln.map { .init(value: exp($0), dln: $0, sigma: 0.1, flag: flag) },
                    motorOff: change.map {
                        .init(total: 40 + $0, change: $0, isReliable: isReliable, isImportant: isImportant)
                    }, missing: dln == nil ? ["no scan: fever"] : []),
            ])
    }
    var cohort = Cohort(
        study: "S1", uptakeLabel: "SBR", uptakeLimitLn: 0.2, motorReliable: 11, motorImportant: 3.25,
        patients: [
            patient("A", "grafted", 0.5, .up, -15, true, true, site: "Lund"),
            patient("B", "grafted", 0.1, .within, -5, false, true, site: "Lund"),
            patient("C", "grafted", nil, nil, 13, true, true, site: "Kyoto"),
            patient("D", "control", -0.4, .unreadable, nil, false, false, site: "Kyoto"),
        ])
    cohort.patients[0].events = [
        .init(term: "haematoma", grade: 3, day: 5, isDoseLimiting: true), .init(term: "nausea", grade: 2, day: 9),
    ]
    return cohort
}

@Test func countsByArmAreThoseCountedByHand() throws {
    let page = try CohortPage(of: small())
    let uptake = try table(page, "against its repeatability")
    #expect(
        try ["▲ Up", "· Within error", "▼ Down", "? Unreadable", "No change to judge"].map {
            try cell(uptake, "grafted", $0)
        } == ["1", "1", "0", "0", "1"])
    #expect(try cell(uptake, "control", "? Unreadable") == "1")
    let motor = try table(page, "MDS-UPDRS III OFF, patients")
    #expect(
        try [
            "Patients", "With a change", "Reliable", "Important", "▲ Improved, both", "▼ Worse, both",
            "○ Important only",
        ]
        .map { try cell(motor, "grafted", $0) } == ["3", "3", "2", "3", "1", "1", "1"])
    #expect(motor.caption.contains("reliable beyond 11") && motor.caption.contains("important from 3.25"))
}

@Test func everyGapHasItsReason() throws {
    let gaps = try table(CohortPage(of: small()), "Every gap")
    #expect(
        gaps.rows.map(\.cells) == [
            ["C", "grafted", "month-12", "uptake", "no scan: fever"],
            ["D", "control", "month-12", "uptake unreadable, MDS-UPDRS III OFF", "no reason given"],
        ])
    let presence = try table(CohortPage(of: small()), "What is there")
    #expect(try cell(presence, "month-12", "Uptake") == "3")
}

@Test func eventsAreCountedByTheWorstGradeOfAPatient() throws {
    let events = try table(CohortPage(of: small()), "by dose level")
    #expect(events.rows.map(\.cells) == [["level 1", "4", "1", "0", "0", "1", "0", "0", "3"]])
}

@Test func sitesAndLotsAreCrossed() throws {
    let sites = try table(CohortPage(of: small()), "by site")
    #expect(sites.rows.map(\.cells) == [["Kyoto", "2", "1", "1", "lot 1"], ["Lund", "2", "2", "0", "lot 1"]])
}

@Test func theJointPlotTurnsImprovementUpwardAndUnreadablePointsHollow() throws {
    let plot = JointPlot(
        title: "", uptakeLabel: "SBR", motorLabel: "III OFF", groups: ["a", "b"],
        paths: [
            .init("P1", dln: [0, 0.5], improvement: [0, 15]),
            .init("P2", group: 1, dln: [0, 0.1], improvement: [0, -4], open: [1]),
        ], uptakeLimitLn: 0.2, reliable: 11, important: 3.25)
    var points: [(Point, Picture.Shape, Bool)] = []
    for case .point(let place, let shape, _, let radius, let isOpen) in plot.picture.marks where radius == 4.6 {
        points.append((place, shape, isOpen))
    }
    #expect(points.count == 2)
    #expect(points[0].0.y < points[1].0.y, "15 points better stands above 4 points worse")
    #expect(points[0].0.x > points[1].0.x)
    #expect(points.map(\.1) == [.disc, .triangle], "arms differ by shape")
    #expect(points.map(\.2) == [false, true])
    // The band of uptake, and one of the score for each of its two limits.
    #expect(plot.picture.marks.count { if case .box(_, .band?, 0.22, nil) = $0 { true } else { false } } == 3)
    // The second scale: +50 % stands at ln 1.5, which is left of 0.5.
    var fifty: Point?
    for case .text("+40", let place, _, _, _, _) in plot.picture.marks { fifty = place }
    #expect(try #require(fifty).x < points[0].0.x)
}

@Test func changesStandInOrderAndThoseWithoutOneBelow() throws {
    let html = try CohortPage(of: small()).html()
    let places = try ["A, month 12", "B, month 12", "D, month 12"].map {
        try #require(html.firstRange(of: ">\($0)<")).lowerBound
    }
    // An axis writes its ticks from the low end: the largest change, on top, comes last.
    #expect(places == places.sorted().reversed())
    #expect(html.contains("no scan: fever"))
}

@Test func aCohortWithoutAnythingStillMakesAPage() throws {
    let html = try CohortPage(of: Cohort(study: "S0", uptakeLabel: "SBR", patients: [])).html()
    #expect(html.contains("S0"))
    #expect(html.contains(ReviewPage.notice))
}
