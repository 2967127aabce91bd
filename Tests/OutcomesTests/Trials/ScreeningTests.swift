import Outcomes
import Records
import TestSupport
import Testing

/// The 26 boundary cases of `clinical/08_eligibility.py`, an independent program, on our own study file.
@Suite struct ScreeningTests {
    private static let base: [String: String] = [
        "screening_date": "2025-10-01", "consent_date": "2025-10-01", "consent_signed": "yes", "age_years": "72",
        "cfs": "5", "weight_kg": "61.5", "diagnoses": "none", "mmse": "27", "dialysis": "none", "child_pugh": "none",
        "nyha": "1", "gold_stage": "0", "malignancy_last_date": "never", "malignancy_type": "none",
        "prednisone_equiv_mg_per_day": "0", "on_tnf_antagonist": "no", "on_other_chronic_immunosuppressant": "no",
        "on_transplant_immunosuppression": "no", "last_investigational_date": "never",
        "last_stem_cell_therapy_date": "never", "allergies": "none", "substance_abuse_last_date": "never",
        "hiv": "negative", "inpatient": "no", "hbv_active": "no", "hcv_active": "no",
    ]
    private static let cases: [(String, [String: String])] = [
        ("base", [:]), ("age 60.0 boundary", ["age_years": "60"]), ("age 59", ["age_years": "59"]),
        ("age 85", ["age_years": "85"]), ("age 86", ["age_years": "86"]), ("CFS 3", ["cfs": "3"]),
        ("CFS 7", ["cfs": "7"]),
        ("MMSE 24", ["mmse": "24"]), ("MMSE 25", ["mmse": "25"]), ("weight 40", ["weight_kg": "40"]),
        ("weight 39.9", ["weight_kg": "39.9"]), ("weight 90", ["weight_kg": "90"]),
        ("prednisone 5", ["prednisone_equiv_mg_per_day": "5"]),
        ("prednisone 5.1", ["prednisone_equiv_mg_per_day": "5.1"]), ("NYHA 2", ["nyha": "2"]),
        ("NYHA 3", ["nyha": "3"]),
        ("malignancy 5 y ago to the day", ["malignancy_last_date": "2020-10-01", "malignancy_type": "other"]),
        ("malignancy 4 y 364 d ago", ["malignancy_last_date": "2020-10-02", "malignancy_type": "other"]),
        ("BCC cured last year", ["malignancy_last_date": "2024-11-01", "malignancy_type": "bcc_cured"]),
        ("trial 6 months ago to the day", ["last_investigational_date": "2025-04-01"]),
        ("trial 5 m 30 d ago", ["last_investigational_date": "2025-04-02"]), ("MMSE missing", ["mmse": ""]),
        ("MMSE missing and HIV+", ["mmse": "", "hiv": "positive"]),
        ("TNF unknown, prednisone 10", ["on_tnf_antagonist": "", "prednisone_equiv_mg_per_day": "10"]),
        ("TNF unknown, prednisone 0", ["on_tnf_antagonist": ""]), ("parkinson", ["diagnoses": "parkinson"]),
    ]

    /// The cases as a table, through the reader that users use.
    private static func subjects(_ study: Study) throws -> [Subject] {
        let columns = base.keys.sorted()
        let rows = cases.enumerated().map { place, entry in
            ["S\(place)"] + columns.map { entry.1[$0] ?? base[$0] ?? "" }
        }
        return try withTemporaryFolder { folder in
            let path = "\(folder)/subjects.csv"
            try OutputFile.write(DelimitedTable(columns: ["code"] + columns, rows: rows).csv, to: path)
            return try Subject.read(path, study: study).subjects
        }
    }

    @Test(.enabled(if: ReferenceData.isPresent, "the reference data is not beside the checkout"))
    func all26CasesHaveTheVerdictAndReasonsOfAnIndependentProgram() throws {
        let study = try Study.read("hexell-2020-fs-001")
        let truth = try ReferenceData.json("clinical/out_08_eligibility.json")
        let subjects = try Self.subjects(study)
        #expect(truth.members?.count == 26 && subjects.count == 26)
        for (subject, entry) in zip(subjects, Self.cases) {
            let screening = Screening(of: subject, for: study)
            let expected = try #require(truth[entry.0])
            #expect(screening.verdict.rawValue == expected["verdict"]?.string, "\(entry.0)")
            #expect(screening.ids(.fail) == expected["fails"]?.elements?.compactMap(\.string), "\(entry.0)")
            #expect(screening.ids(.unknown) == expected["unknown"]?.elements?.compactMap(\.string), "\(entry.0)")
            #expect(screening.findings.allSatisfy { !$0.reason.isEmpty })
        }
    }

    /// Every way one of the statements can be missing leaves the subject not eligible.
    @Test func nobodyIsEligibleWhileAStatementIsMissing() throws {
        let study = try Study.read("hexell-2020-fs-001")
        let subject = try #require(try Self.subjects(study).first)
        let day = try #require(PartialDate("2025-10-02")?.day)
        let asked = study.criteria.filter { $0.kind != .data }
        let all = Dictionary(
            uniqueKeysWithValues: asked.map { ($0.id, Attestation(holds: $0.isInclusion, signedAt: day)) })
        #expect(asked.count == 12)
        #expect(Screening(of: subject, for: study, attested: all).verdict == .eligible)
        for criterion in asked {
            var fewer = all
            fewer[criterion.id] = nil
            let screening = Screening(of: subject, for: study, attested: fewer)
            #expect(screening.verdict == .pendingJudgement && screening.ids(.pending) == [criterion.id])
            fewer[criterion.id] = Attestation(holds: !criterion.isInclusion, signedAt: day)
            #expect(Screening(of: subject, for: study, attested: fewer).ids(.fail) == [criterion.id])
        }
    }

    /// Born in 1950, a subject screened in October 2025 is 74 or 75; "2010-04" to 1 October 2025 is 15.4 to 15.5 years.
    @Test func partialDatesDecideOnlyWhereAllTheirDaysAgree() throws {
        let study = try Study.read("xs411-phase2")
        func verdict(_ birth: String, _ diagnosis: String) throws -> Screening.Verdict {
            var values: [String: FieldValue] = [:]
            for (name, text) in [
                ("birth_date", birth), ("diagnosis_date", diagnosis), ("screening_date", "2025-10-01"),
            ] {
                values[name] = .date(try #require(PartialDate(text)))
            }
            return Screening(of: Subject(code: "a", values: values), for: study).verdict
        }
        #expect(try verdict("1950", "2015-01-01") == .pendingJudgement)
        #expect(try verdict("1949", "2015-01-01") == .incomplete)
        #expect(try verdict("1949-10-02", "2015-01-01") == .pendingJudgement)
        #expect(try verdict("1950", "2010-04") == .ineligible)
        #expect(try verdict("1950", "2010") == .incomplete)
    }

    @Test func everyFaultOfATableIsNamedWithItsRowAndColumn() throws {
        let study = try Study.read("hexell-2020-fs-001")
        let table =
            "code;mmse;hiv;screening_date;weight_kg\nA;31;yes;2025-10-01;61,5\nA;12;;2999-01-01;seven\n;1;positive;01.10.2025;50\n"
        try withTemporaryFolder { folder in
            try OutputFile.write("\u{FEFF}" + table, to: "\(folder)/s.csv")
            #expect { try Subject.read("\(folder)/s.csv", study: study) } throws: { error in
                let text = "\(error)"
                return [
                    "7 problems", "line 2, mmse: 31 is outside 0 to 30", "line 2, hiv: \"yes\" is none of",
                    "line 3, code: A stands in line 2 already", "line 3, screening_date: 2999-01-01 lies in the future",
                    "line 3, weight_kg: \"seven\" is no number", "line 4, code: the subject has no code",
                    "line 4, screening_date: \"01.10.2025\" is no date",
                ].allSatisfy { text.contains($0) } && !text.contains("61,5")
            }
        }
    }
}
