import Imaging
import Outcomes
import PET
import Testing

/// A small patient: one voxel a region; reference 10, so SUVR is a tenth of the value.
private func uptake(_ values: [Float]) throws -> Uptake {
    let names = [
        "caudate-left", "caudate-right", "putamen-anterior-left", "putamen-anterior-right", "putamen-posterior-left",
        "putamen-posterior-right", "occipital",
    ]
    let grid = try VoxelGrid(shape: [7, 1, 1], worldFromVoxel: Affine(scale: [2, 2, 2]))
    let table = LabelTable(
        Dictionary(uniqueKeysWithValues: names.enumerated().map { (Int32($0 + 1), LabelTable.Entry(name: $1)) }))
    let labels = LabelMap(grid: grid, voxels: (1...7).map { Int32($0) }, names: table)
    return try Uptake(of: Volume(grid: grid, voxels: values + [10]), labels: labels, reference: "occipital")
}

@Suite struct GraftPanelTests {
    let repeatability = Repeatability(wCV: 0.087, source: "Vingerhoets 1994")

    func panel(_ before: [Float], _ after: [Float], wCV: Bool = true) throws -> GraftPanel {
        GraftPanel(
            before: try uptake(before), after: try uptake(after), measure: .sbr,
            repeatability: wCV ? repeatability : nil)
    }

    @Test func aGraftThatGainsSixtyPercentIsUpAndTheCaudateIsWithin() throws {
        let panel = try panel([30, 30, 25, 25, 20, 20], [29, 29, 25, 25, 26, 26])
        let posterior = try #require(panel.rows.first { $0.part == .posteriorPutamen && $0.site == .bilateral })
        #expect(posterior.before == 1 && abs(posterior.after - 1.6) < 1e-12)
        #expect(abs(posterior.change!.percent - 60) < 1e-9 && posterior.change!.flag == .up)
        let caudate = try #require(panel.rows.first { $0.part == .caudate && $0.site == .left })
        #expect(caudate.change!.flag == .within)
    }

    /// A trap: SUVR 1.6 → 1.8 is +12.5 %, the same change in SBR is +33 %.
    @Test func theMeasureDecidesThePercent() throws {
        let (before, after) = (try uptake([16, 16, 16, 16, 16, 16]), try uptake([18, 18, 18, 18, 18, 18]))
        func percent(_ measure: Uptake.Measure) throws -> Double {
            let panel = GraftPanel(before: before, after: after, measure: measure, repeatability: nil)
            return try #require(panel.rows.first { $0.part == .caudate && $0.site == .bilateral }?.change?.percent)
        }
        #expect(abs(try percent(.suvr) - 12.5) < 1e-9)
        #expect(abs(try percent(.sbr) - 100.0 / 3) < 1e-9)
    }

    @Test func asymmetryAndItsErrorFollowTheDeltaMethod() throws {
        let panel = try panel([30, 20, 20, 20, 20, 20], [30, 20, 20, 20, 30, 20])
        let caudate = try #require(panel.asymmetries.first { $0.part == .caudate })
        #expect(abs(caudate.before - 200.0 / 3) < 1e-9 && caudate.isReliable == false)
        // r = 2: 400 · 2 / 9 · √2 σ
        let sigma = repeatability.sigmaLn
        #expect(abs(caudate.standardErrors!.0 - 800.0 / 9 * 2.0.squareRoot() * sigma) < 1e-9)
        let posterior = try #require(panel.asymmetries.first { $0.part == .posteriorPutamen })
        #expect(posterior.before == 0 && posterior.isReliable == true)
    }

    @Test func theGradientMovesUpWhenThePosteriorPutamenGains() throws {
        let panel = try panel([30, 30, 30, 30, 20, 20], [30, 30, 30, 30, 35, 20])
        let left = try #require(panel.gradients.first { $0.site == .left })
        #expect(left.before == 0.5 && left.after == 1.25 && left.change.flag == .up)
        #expect(panel.gradients.first { $0.site == .right }?.change.flag == .within)
    }

    @Test func aValueThatIsNotPositiveHasNoLogChange() throws {
        let panel = try panel([30, 30, 25, 25, 9, 20], [30, 30, 25, 25, 20, 20])
        let row = try #require(panel.rows.first { $0.part == .posteriorPutamen && $0.site == .left })
        #expect(row.change == nil && row.reason != nil && abs(row.difference - 1.1) < 1e-6)
    }

    @Test func withoutARepeatabilityNothingIsFlagged() throws {
        let panel = try panel([30, 30, 25, 25, 20, 20], [29, 29, 25, 25, 26, 26], wCV: false)
        #expect(panel.rows.allSatisfy { $0.change?.flag == nil })
        #expect(panel.asymmetries.allSatisfy { $0.isReliable == nil })
    }
}
