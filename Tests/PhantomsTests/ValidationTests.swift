import Phantoms
import Testing
import TestSupport

@Suite struct ValidationTests {
    @Test func everyRowOfTheSelftestPasses() throws {
        var steps: [String] = []
        let rows = try validateAgainstPhantoms { steps.append($0) }
        #expect(rows.count == 21 && steps.count == 9)
        for row in rows { #expect(row.passes, "\(row)") }
    }

    @Test(.enabled(if: ReferenceData.isPresent, "the reference data is not beside the checkout"))
    func everyRowAgainstOtherProgramsPasses() throws {
        let rows = try ReferenceValidation.rows(folder: ReferenceData.path("images"))
        #expect(rows.map(\.cases).min()! >= 3)
        for row in rows { #expect(row.passes, "\(row)") }
    }

    @Test(.enabled(if: ReferenceData.isPresent, "the reference data is not beside the checkout"))
    func aFolderOfPETDataNeedsNoImages() throws {
        let rows = try ReferenceValidation.rows(folder: ReferenceData.path("pet"))
        #expect(rows.count { $0.measure.contains("reference phantom") } == 3)
        for row in rows { #expect(row.passes, "\(row)") }
    }

    @Test(.enabled(if: ReferenceData.isPresent, "the reference data is not beside the checkout"))
    func everyKineticRowPasses() throws {
        #expect(KineticValidation.describes(ReferenceData.path("pet")))
        #expect(!KineticValidation.describes(ReferenceData.path("images")))
        let rows = try KineticValidation.rows(folder: ReferenceData.path("pet"))
        #expect(rows.map(\.cases) == [630, 630, 90, 90, 90, 64, 16, 16, 32, 29, 32, 34, 25, 51])
        for row in rows { #expect(row.passes, "\(row)") }
    }

    @Test func anErrorBeyondItsLimitDoesNotPass() {
        #expect(!ValidationRow("x", against: "y", cases: 1, error: 2, limit: 1, unit: "", reason: "").passes)
        #expect(!ValidationRow("x", against: "y", cases: 1, error: .nan, limit: 1, unit: "", reason: "").passes)
    }
}
