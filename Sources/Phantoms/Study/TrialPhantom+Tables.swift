import Records
import Statistics

/// The tables of a synthetic trial, as the commands that score and analyse read them.
extension TrialPhantom {
    /// All files, with `truth.json`.
    public var files: [(name: String, text: String)] {
        [
            ("subjects.csv", subjects.csv), ("outcomes.csv", outcomes.csv), ("visits.csv", visits.csv),
            ("items.csv", items.csv), ("pet.csv", pet.csv), ("uptake_change.csv", uptakeChange.csv),
            ("events.csv", events.csv), ("truth.json", settings.truth(for: .parkinson).text),
        ]
    }

    /// One row a patient: who they are. Day 0 is 2024-01-15; a birth year stands for the age.
    public var subjects: DelimitedTable {
        DelimitedTable(
            columns: ["code", "arm", "sex", "birth_year", "diagnosis_date", "screening_date", "surgery_date", "site"],
            rows: patients.map {
                [
                    $0.code, $0.arm, $0.sex, "\(2023 - $0.age)", "\(2023 - $0.diseaseYears)-06", "2023-12-04",
                    $0.arm == "GRAFT" ? "2024-01-15" : "", $0.site,
                ]
            })
    }

    /// One row a patient for an ANCOVA: baseline and the score at every month, empty where missed; a third less is a
    /// response.
    public var outcomes: DelimitedTable {
        DelimitedTable(
            columns: ["code", "arm", "site", "lot", "age", "baseline"] + settings.months.map { "month_\($0)" }
                + ["responder"],
            rows: patients.map { patient in
                let kept = settings.months.indices.map { $0 < patient.visitsKept ? "\(patient.scores[$0])" : "" }
                let last = patient.visitsKept == settings.months.count ? patient.scores.last : nil
                let responder = last.map { 10 * $0 <= 7 * patient.baseline ? "yes" : "no" } ?? ""
                return [
                    patient.code, patient.arm, patient.site, patient.lot, "\(patient.age)", "\(patient.baseline)",
                ] + kept + [responder]
            })
    }

    /// One row a patient and visit kept, for the MMRM.
    public var visits: DelimitedTable {
        DelimitedTable(
            columns: ["code", "arm", "site", "baseline", "month", "score"],
            rows: patients.flatMap { patient in
                (0..<patient.visitsKept).map { visit in
                    [
                        patient.code, patient.arm, patient.site, "\(patient.baseline)", "\(settings.months[visit])",
                        "\(patient.scores[visit])",
                    ]
                }
            })
    }

    /// MDS-UPDRS III in OFF, item by item: items that add up to the scores.
    public var items: DelimitedTable {
        var random = RandomSource(seed: settings.seed, stream: 0x17E5)
        var rows: [[String]] = []
        for patient in patients {
            for visit in 0...patient.visitsKept {
                let month = visit == 0 ? 0 : settings.months[visit - 1]
                let total = visit == 0 ? patient.baseline : patient.scores[visit - 1]
                for (item, value) in zip(Self.codes, Self.spread(total, &random)) {
                    rows.append(
                        [patient.code, "\(month)", "", "mds-updrs", "off", "\(720 + 10 * month)", item, "\(value)"])
                }
            }
        }
        return DelimitedTable(
            columns: ["code", "visit_month", "date", "scale", "state", "minutes_since_levodopa", "item", "value"],
            rows: rows)
    }

    /// Uptake in the posterior putamen of both sides.
    public var pet: DelimitedTable {
        DelimitedTable(
            columns: ["code", "visit_month", "tracer", "kind", "roi", "side", "value", "se", "scanner", "qc"],
            rows: patients.flatMap { patient in
                (0...patient.visitsKept).map { visit in
                    [
                        patient.code, visit == 0 ? "0" : "\(settings.months[visit - 1])", "18F-DOPA", "Ki_ref",
                        "posterior-putamen", "bilateral", Self.digits(patient.uptake[visit], 7), "", "A1", "pass",
                    ]
                }
            })
    }

    /// The change of ln uptake and of the score at each visit kept, for correlations.
    public var uptakeChange: DelimitedTable {
        DelimitedTable(
            columns: ["code", "arm", "month", "dln_uptake", "change"],
            rows: patients.flatMap { patient in
                (0..<patient.visitsKept).map { visit in
                    let change = PortableMath.log(patient.uptake[visit + 1] / patient.uptake[0])
                    return [
                        patient.code, patient.arm, "\(settings.months[visit])", Self.digits(change, 5),
                        "\(patient.scores[visit] - patient.baseline)",
                    ]
                }
            })
    }

    /// Who left, in the month of the first visit missed.
    public var events: DelimitedTable {
        DelimitedTable(
            columns: ["code", "month", "type"],
            rows: patients.filter { $0.visitsKept < settings.months.count }.map {
                [$0.code, "\(settings.months[$0.visitsKept])", "withdrawal"]
            })
    }

    /// The 33 items of part III.
    static let codes: [String] =
        ["3.1", "3.2"] + ["a", "b", "c", "d", "e"].map { "3.3\($0)" }
        + (4...8).flatMap { ["3.\($0)a", "3.\($0)b"] } + (9...14).map { "3.\($0)" }
        + ["3.15a", "3.15b", "3.16a", "3.16b"] + ["a", "b", "c", "d", "e"].map { "3.17\($0)" } + ["3.18"]

    /// Points given one by one to items that have fewer than four.
    private static func spread(_ total: Int, _ random: inout RandomSource) -> [Int] {
        var values = [Int](repeating: 0, count: codes.count)
        var open = Array(codes.indices)
        for _ in 0..<total {
            let place = random.below(open.count)
            values[open[place]] += 1
            if values[open[place]] == 4 { open.remove(at: place) }
        }
        return values
    }

    private static func digits(_ value: Double, _ decimals: Int) -> String { fixed(value, decimals) }
}

extension SlopePhantom {
    /// All files, with `truth.json`.
    public var files: [(name: String, text: String)] {
        [("alsfrs.csv", visits.csv), ("truth.json", settings.truth.text)]
    }

    /// One row a patient and visit.
    public var visits: DelimitedTable {
        DelimitedTable(
            columns: ["code", "arm", "month", "total"],
            rows: patients.flatMap { patient in
                patient.scores.enumerated().map { visit, score in
                    [patient.code, patient.arm, "\(settings.months[visit])", "\(score)"]
                }
            })
    }
}
