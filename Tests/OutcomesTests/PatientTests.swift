import Outcomes
import PET
import Records
import Testing
import TestSupport

@Suite struct PatientFolderTests {
    static let minimal = """
        {"code": "p1", "reference": "occipital", "visits": [{"name": "m0", "months": 0, "pet": "p.nii", "labels": "l.nii"}]}
        """

    func read(_ json: String, files: [String] = ["p.nii", "l.nii"]) throws -> PatientFolder {
        try withTemporaryFolder { folder in
            try OutputFile.write(json, to: "\(folder)/patient.json")
            for file in files { try OutputFile.write("x", to: "\(folder)/\(file)") }
            return try PatientFolder.read(folder)
        }
    }

    @Test func whatIsNotSaidHasItsUsualValue() throws {
        let folder = try read(Self.minimal)
        #expect(folder.measure == .sbr && folder.primaryRegion == .posteriorPutamen && folder.window == nil)
        #expect(folder.repeatability == nil && folder.worseSide == nil && folder.visits[0].recordings.isEmpty)
    }

    @Test func everyProblemIsNamedAtOnce() throws {
        let json = """
            {"code": "", "measure": "sur", "window_s": [5, 1], "primary_region": "nose", "wcv": {"value": 8.7},
             "visits": [{"name": "b", "months": 3, "pet": "p.nii", "labels": "gone.nii"}, {"name": "a", "months": "x"}]}
            """
        let problem = try #require(throws: FileProblem.self) { try read(json) }
        for part in [
            "code is missing", "reference is missing", "measure is \"sur\"", "window_s is not",
            "primary_region is \"nose\"",
            "wcv needs", "visits[1].months", "visits[1].pet", "not in order", "gone.nii is named, but not there",
        ] {
            #expect(problem.reason.contains(part), "\(part)")
        }
        #expect(problem.kind == .badData)
    }

    @Test func aFolderThatIsNotThereIsNoInput() {
        let problem = #expect(throws: FileProblem.self) { try PatientFolder.read("/nowhere") }
        #expect(problem?.kind == .noInput)
    }
}

/// The sample patient: what was put in is known (`truth.json`).
@Suite struct PatientAssessmentTests {
    static let assessed = Result { try PatientAssessment(of: PatientFolder.read(SampleScans.folder)) }

    @Test func everyMeasureAgreesWithTheTruthOfThePhantom() throws {
        let patient = try Self.assessed.get()
        let truth = try JSONValue(parsing: InputFile.read("\(SampleScans.folder)/truth.json"))
        let rows = patient.compared(with: truth)
        #expect(rows.count == 34)
        for row in rows { #expect(row.agrees, "\(row)") }
    }

    /// 85 % of the cells survive on the left, 20 % on the right; the caudate is not grafted.
    @Test func theGraftThatSurvivedIsUpAndNothingElse() throws {
        let panel = try #require(try Self.assessed.get().panels.first)
        func flag(_ part: StriatalPart, _ site: GraftPanel.Site) -> ChangeFlag? {
            panel.rows.first { $0.part == part && $0.site == site }?.change?.flag
        }
        #expect(flag(.posteriorPutamen, .left) == .up && flag(.posteriorPutamen, .right) == .within)
        #expect(flag(.caudate, .left) == .within && flag(.caudate, .bilateral) == .within)
        #expect(panel.gradients.first { $0.site == .left }?.change.flag == .up)
    }

    @Test func motorExamsAreReadInBothStates() throws {
        let visits = try Self.assessed.get().visits
        #expect(visits.map { $0.exams.map(\.total) } == [[57, 28], [41, 26]])
    }

    @Test func theDocumentAndTheTableHaveEveryNumber() throws {
        let patient = try Self.assessed.get()
        let document = JSONValue.object(patient.members)
        #expect(document["visits"]?.elements?.count == 2 && document["changes"]?.elements?.count == 1)
        #expect(document["changes"]?[0]?["g1_g2"]?.elements?.count == 15)
        #expect(try JSONValue(parsing: Array(document.text.utf8))["code"]?.string == "demo-01")
        // 12 regions × 3 measures, 3 recordings × 3, 2 exams × 2, at two visits.
        #expect(patient.table.rows.count == 2 * (36 + 15 + 9 + 4))
        #expect(patient.isComplete && patient.comparisonWarnings.isEmpty)
    }

    @Test func aDamagedRecordingLeavesTheRestStanding() throws {
        try withTemporaryFolder { folder in
            for name in ["month-00", "month-12"] { try OutputFile.makeFolder("\(folder)/\(name)") }
            var files = ["patient.json", "labels_dseg.tsv"]
            for visit in ["month-00", "month-12"] {
                files += try InputFile.list("\(SampleScans.folder)/\(visit)").map { "\(visit)/\($0)" }
            }
            for file in files {
                try OutputFile.write(InputFile.read("\(SampleScans.folder)/\(file)"), to: "\(folder)/\(file)")
            }
            try OutputFile.write("time,heart\n0,1\n", to: "\(folder)/month-12/wrist-left_rest.csv", force: true)
            let patient = try PatientAssessment(of: PatientFolder.read(folder))
            #expect(!patient.isComplete)
            #expect(patient.visits[1].recordings.filter { $0.result == nil }.map(\.failure?.isEmpty) == [false])
            #expect(patient.panels.count == 1)
        }
    }
}
