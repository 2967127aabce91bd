import Glibc
import Outcomes
import PET
import Testing

@Suite struct PanelPartsTests {
    /// A side's mean is weighted by volume, and so is a putamen of which only parts are there.
    @Test func partsAndSidesAreJoinedByVolume() throws {
        let visit = VisitUptake(
            kind: .sbr,
            regions: [
                ("putamen-anterior-left", .init(2, standardError: 0.2, volumeML: 1)),
                ("putamen-posterior-left", .init(1, standardError: 0.1, volumeML: 3)),
                ("putamen-anterior-right", .init(4, standardError: 0.4, volumeML: 1)),
                ("putamen-posterior-right", .init(2, standardError: 0.2, volumeML: 3)),
            ])
        let left = try #require(visit[.putamen, .left])
        #expect(abs(left.value - 1.25) < 1e-12 && left.volumeML == 4)
        #expect(abs(try #require(left.standardError) - (0.05 * 0.05 + 0.075 * 0.075).squareRoot()) < 1e-12)
        #expect(abs(try #require(visit[.putamen, .bilateral]).value - 1.875) < 1e-12)
        #expect(visit[.caudate, .left] == nil)
    }

    @Test func oneSideAloneIsNotBoth() {
        let visit = VisitUptake(kind: .suvr, regions: [("caudate-left", .init(2))])
        #expect(visit[.caudate, .left] != nil && visit[.caudate, .bilateral] == nil)
    }

    /// se(AI) against a difference quotient: dAI/dlnL and dAI/dlnR are ±400 r/(r+1)².
    @Test func theErrorOfAsymmetryIsThatOfTheDeltaMethod() throws {
        func visit(_ left: Double, _ right: Double) -> VisitUptake {
            VisitUptake(kind: .sbr, regions: [("caudate-left", .init(left)), ("caudate-right", .init(right))])
        }
        func index(_ l: Double, _ r: Double) -> Double { 200 * (l - r) / (l + r) }
        let repeatability = Repeatability(wCV: 0.06, source: "test")
        let panel = GraftPanel(
            before: visit(1.3, 0.8), after: visit(1, 1), settings: .init(repeatability: repeatability))
        let found = try #require(panel.asymmetries.first)
        let step = 1e-5
        let slope = (index(1.3 * exp(step), 0.8) - index(1.3 * exp(-step), 0.8)) / (2 * step)
        let expected = abs(slope) * 2.0.squareRoot() * repeatability.sigmaLn
        #expect(abs(try #require(found.standardErrors).0 - expected) < 1e-6)
    }

    /// A graft makes its region uneven: the spread over voxels must not hide its gain. A fit that is that bad may.
    @Test(arguments: [(false, ChangeFlag.up), (true, .within)])
    func onlyTheErrorOfAFitWidensTheLimit(isFitted: Bool, flag: ChangeFlag) throws {
        func visit(_ value: Double, _ error: Double) -> VisitUptake {
            VisitUptake(
                kind: isFitted ? .kiRef : .sbr,
                regions: [("caudate-left", .init(value, standardError: error, isFitted: isFitted))])
        }
        let settings = GraftPanel.Settings(repeatability: Repeatability(wCV: 0.05, source: "test"))
        let panel = GraftPanel(before: visit(1, 0.1), after: visit(1.4, 0.3), settings: settings)
        #expect(panel[.caudate, .left]?.change?.flag == flag)
    }

    @Test func growthIsTheSlopeOfTheReadings() {
        let readings = [(0.0, 1.0), (6, 1.3), (12, 1.6)].map { GraftAnatomy(months: $0.0, volumeML: $0.1) }
        let growth = GraftGrowth(readings.reversed(), limitMLPerMonth: 0.04)
        #expect(abs((growth.slopeMLPerMonth ?? 0) - 0.05) < 1e-12 && growth.needsReview == true)
        #expect(GraftGrowth(Array(readings.prefix(1))).slopeMLPerMonth == nil)
        #expect(GraftGrowth(readings).needsReview == nil)
    }

    @Test func aCheckWithoutALimitIsNotJudged() {
        let values: [ScanQuality.Check: Double] = [.motion: 4, .windowShift: -6]
        #expect(ScanQuality(values: values).isReadable)
        #expect(ScanQuality(values: values, limits: [.windowShift: 5, .motion: 4]).failures == [.windowShift])
        #expect(!ScanQuality(values: [.motion: .nan], limits: [.motion: 3]).isReadable)
        #expect(!ScanQuality(values: [.reader: 1]).isReadable && ScanQuality(values: [.reader: 0]).isReadable)
    }

    @Test func serotoninOverDopamineHasTheErrorOfBoth() throws {
        let before = try #require(
            SerotoninRatio(serotonin: .init(0.5, standardError: 0.05), dopamine: .init(2, standardError: 0.1)))
        let after = try #require(
            SerotoninRatio(serotonin: .init(1, standardError: 0.1), dopamine: .init(2, standardError: 0.1)))
        #expect(abs(before.ratio - 0.25) < 1e-12)
        #expect(abs(try #require(before.standardError) - (0.01 + 0.0025).squareRoot()) < 1e-12)
        let change = after.change(since: before)
        let sigma = try #require(change.sigma)
        #expect(abs(change.percent - 100) < 1e-9 && abs(sigma - 0.025.squareRoot()) < 1e-12)
        #expect(SerotoninRatio(serotonin: .init(0), dopamine: .init(1)) == nil)
    }

    /// Test and retest before the control arm, that before a cited number; the reference example of eight pairs.
    @Test func aStudysOwnRepeatabilityComesFirst() throws {
        let pairs = zip([4.9, 6.1, 3.8, 7.2, 5.5, 4.4, 8.0, 5.0], [5.3, 5.8, 4.1, 6.8, 5.1, 4.6, 8.6, 5.0])
            .map { ($0, $1) }
        let cited = Repeatability(wCV: 0.087, source: "cited")
        let own = try #require(
            try Repeatability.preferred(testRetest: pairs, controlChanges: [0.1, 0.2], cited: cited))
        #expect(abs(own.sigmaLn - 0.04376759) < 5e-9 && own.source.contains("8 patients"))
        let changes = [0.1, -0.1, 0.05, -0.05, 0.0, 0.02]
        let control = try #require(try Repeatability.preferred(controlChanges: changes, cited: cited))
        let mean = changes.reduce(0, +) / 6
        let variance = changes.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 5
        #expect(abs(control.sigmaLn - (variance / 2).squareRoot()) < 1e-12)
        #expect(try Repeatability.preferred(controlChanges: [0.1], cited: cited) == cited)
        #expect(try Repeatability.preferred() == nil)
    }
}
