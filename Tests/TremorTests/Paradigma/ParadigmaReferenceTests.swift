import Foundation
import TestSupport
import Testing
import Tremor

/// ParaDigMa 1.1.2 on its own recording of a person with Parkinson's disease; its own tests allow rtol 1e-5 and atol 1e-6.
@Suite(.enabled(if: ReferenceData.isPresent, "the reference data is not beside the checkout"))
struct ParadigmaReferenceTests {
    let windows: [ParadigmaWindow]

    init() throws {
        let detector = ParadigmaDetector()
        var windows: [ParadigmaWindow] = []
        try detector.add(ParadigmaFixture.angularRate()) { windows.append($0) }
        self.windows = windows
    }

    @Test func featuresOfAllWindowsAreParadigmas() throws {
        let features = try ParadigmaFixture.features()
        #expect(windows.count == 182 && features.count == 182)
        var worst = 0.0
        for (window, row) in zip(windows, features) {
            let ours = window.mfcc + [window.peakHz, window.powerBelowTremor, window.tremorPower]
            #expect(ours.count == 15)
            for (a, b) in zip(ours, row) { worst = max(worst, abs(a - b) / (1e-6 + 1e-5 * abs(b))) }
        }
        // Far inside what ParaDigMa allows itself: only the order of sums differs.
        #expect(worst < 1e-6)
    }

    @Test func theSameWindowsAreTremorAndAtRest() throws {
        let predictions = try ParadigmaFixture.predictions()
        for (window, row) in zip(windows, predictions) {
            #expect(abs(window.probability - row[0]) < 1e-10)
            #expect(window.isTremorByModel == (row[1] == 1))
            #expect(window.isTremor == (row[2] == 1))
            #expect(window.isAtRest == (row[3] == 1))
        }
        #expect(windows.filter(\.isTremor).count == 15 && windows.filter(\.isAtRest).count == 89)
        #expect(windows.map(\.startS) == (0..<182).map { 4 * Double($0) })
    }

    @Test func aggregatesAreParadigmas() throws {
        let expected = try ReferenceData.json("\(ParadigmaFixture.folder)/aggregates/tremor_aggregates.json")
        let measures = try #require(expected["aggregated_tremor_measures"])
        let keys = ["perc_windows_tremor", "median_tremor_power", "90p_tremor_power", "modal_tremor_power"]
        let numbers = keys.map { measures[$0]?.double ?? .nan }
        var aggregates = ParadigmaAggregates()
        for window in windows { aggregates.add(window) }
        #expect(aggregates.windows == 182 && aggregates.restWindows == 89 && aggregates.tremorWindows == 15)
        #expect(aggregates.tremorPercentOfRest == numbers[0])
        let logs = [aggregates.medianLogPower, aggregates.percentile90LogPower, aggregates.modalLogPower]
        for (ours, theirs) in zip(logs, numbers[1...]) {
            // The order of a sum.
            #expect(abs((ours ?? .nan) - theirs) < 1e-12)
        }
    }

    /// Its threshold is near the noise: most of what it calls tremor here is far below a tenth of a degree.
    @Test func tremorIsGivenWithItsSize() {
        let sizes = windows.compactMap(\.peakToPeakDeg).sorted()
        #expect(sizes.count == 15 && sizes[7] < 0.3)
    }

    @Test(arguments: [1, 7, 399, 400, 401, 5000])
    func batchesOfAnySizeGiveTheSameBits(size: Int) throws {
        let axes = try ParadigmaFixture.angularRate()
        let detector = ParadigmaDetector()
        var other: [ParadigmaWindow] = []
        for start in stride(from: 0, to: axes[0].count, by: size) {
            detector.add(axes.map { Array($0[start..<min(start + size, axes[0].count)]) }) { other.append($0) }
        }
        #expect(other == windows)
    }
}
