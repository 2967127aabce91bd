import Outcomes
import PET
import Records

/// Panel G: PET and motor exam of one patient side by side.
enum BoardJoint {
    static func panel(_ patient: PatientAssessment) -> PageBoard.Panel {
        let title = "PET and motor exam, \(patient.folder.kind.label) and MDS-UPDRS III OFF"
        guard let last = patient.comparisons.last else {
            return PageBoard.Panel(
                .g, title, lines: [.init("There is one visit: nothing can be compared.", flag: .missing)])
        }
        let room = PageBoard.room(.g)
        return PageBoard.Panel(
            .g, title,
            pictures: [
                .init(
                    plot(patient, ChartSize(width: 540, height: room.height, isDense: true)).picture,
                    alternative: "Change of uptake against improvement of MDS-UPDRS III OFF, a path through the visits")
            ], lines: lines(last, patient))
    }

    private static func plot(_ patient: PatientAssessment, _ size: ChartSize) -> JointPlot {
        let scores = patient.scores("mds-updrs", "part_3", state: "off")
        let points = patient.comparisons.map { comparison in
            let visit = patient.visits[comparison.visit]
            let score = scores.first { $0.visit == visit.plan.months }?.change
            return (
                dln: comparison.panel.primary?.change?.dln ?? .nan, improvement: score.map { -$0 } ?? .nan,
                name: visit.plan.name, isOpen: comparison.joint.pet == .unreadable
            )
        }
        let limit = patient.limit("mds-updrs", "part_3")
        return JointPlot(
            title: "", uptakeLabel: patient.folder.kind.label, motorLabel: "III OFF", groups: [],
            paths: [
                JointPlot.Path(
                    dln: [0] + points.map(\.dln), improvement: [0] + points.map(\.improvement),
                    labels: [patient.visits[0].plan.name] + points.map(\.name),
                    open: Set(points.indices.filter { points[$0].isOpen }.map { $0 + 1 }))
            ], uptakeLimitLn: patient.folder.repeatability?.limitLn, reliable: limit?.reliableChange,
            important: limit?.improvement.map { abs($0) }, size: size)
    }

    private static func lines(_ comparison: VisitComparison, _ patient: PatientAssessment) -> [PageBoard.Line] {
        var lines: [PageBoard.Line] = [
            .init(
                "PET: \(comparison.joint.pet.rawValue); motor exam: \(comparison.joint.motor.rawValue)", isStrong: true)
        ]
        if let sentence = comparison.sentence {
            lines.append(.init(sentence, isStrong: true))
        } else {
            lines.append(.init("no sentence: one of the two cannot be judged", flag: .missing))
        }
        for side in comparison.laterality {
            let opposite = side.contralateral.map { "\(signed($0, 0))" } ?? "n/a"
            let own = side.ipsilateral.map { "\(signed($0, 0))" } ?? "n/a"
            lines.append(
                .init(
                    "\(side.putamen.rawValue) putamen \(signed(side.uptake.percent, 0)) %: opposite body side \(opposite) points, own side \(own) (control)",
                    flag: side.uptake.flag?.pageFlag))
        }
        for withdrawal in patient.withdrawals where withdrawal.isDecline == true {
            lines.append(.init("decline after withdrawal, \(patient.visits[withdrawal.to].plan.name)", flag: .down))
        }
        return lines
    }
}

/// Panel H: quality control, what is missing, and how this page can be found again.
enum BoardQuality {
    static func panel(_ patient: PatientAssessment, note: String) -> PageBoard.Panel {
        var lines: [PageBoard.Line] = []
        for visit in patient.visits {
            let failures = visit.quality.failures
            let values = ScanQuality.Check.allCases.compactMap { check in
                visit.quality.values[check].map { value in
                    "\(check.words) \(fixed(value, 2))"
                        + (visit.quality.limits[check].map { " of \(significant($0, 3))" } ?? "")
                }
            }
            lines.append(
                .init(
                    "\(visit.plan.name): "
                        + (failures.isEmpty ? "" : "unreadable (\(failures.map(\.words).joined(separator: ", "))); ")
                        + (values.isEmpty ? "no quality measures" : values.joined(separator: ", ")),
                    flag: failures.isEmpty ? (values.isEmpty ? .missing : .good) : .attention))
        }
        let checks = ReportText.quality(patient).tables.flatMap(\.rows)
        for row in checks where row.flag != .good {
            lines.append(.init(row.cells.joined(separator: ": "), flag: row.flag))
        }
        let good = checks.count { $0.flag == .good }
        if good > 0 { lines.append(.init("\(good) of \(checks.count) further checks passed", flag: .good)) }
        return PageBoard.Panel(
            .h, "Quality, what is missing, and where this page is from", lines: lines,
            note: note)
    }

    /// The start of the SHA-256 over the inputs' hashes: equal for equal inputs, in any place.
    static func identity(_ provenance: Provenance) -> String {
        let hasher = SHA256()
        for input in provenance.inputs { Array(input.sha256.utf8).withUnsafeBytes { hasher.update($0) } }
        return String(hasher.finish().prefix(16))
    }
}

extension ScanQuality.Check {
    /// What is checked, in words with its unit.
    var words: String {
        switch self {
        case .motion: "motion mm"
        case .registration: "registration mm"
        case .windowShift: "window shift min"
        case .missingFrames: "missing frames"
        case .reference: "reference Δ ln"
        case .placement: "labels badly placed"
        case .reader: "reader refused"
        }
    }
}
