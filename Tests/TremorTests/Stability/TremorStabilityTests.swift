import Foundation
import TestSupport
import Testing
import Tremor

@Suite struct TremorStabilityTests {
    /// A tremor of 5 Hz whose frequency wanders by a sum of four sines, along one line, with gravity and a slow movement; as in
    /// `Golden/stability.py`.
    private func unstable(_ rate: Double, _ seconds: Double, _ wander: Double, phase: Double = 0) -> [[Double]] {
        var axes = [[Double]](repeating: [], count: 3)
        let parts: [(Double, Double)] = [(0.37, 0.1), (0.83, 1.7), (1.31, 2.9), (1.9, 4.1)]
        for sample in 0..<Int(rate * seconds) {
            let t = Double(sample) / rate
            var cycles = 5 * t + phase
            for (f, p) in parts { cycles -= wander / (2 * .pi * f) * cos(2 * .pi * f * t + p) }
            let s = sin(2 * .pi * cycles)
            axes[0].append(0.6 * s)
            axes[1].append(-0.3 * s + 0.05 * sin(2 * .pi * 1.1 * t))
            axes[2].append(9.8 + 0.74 * s)
        }
        return axes
    }

    private func tone(_ frequency: Double, rate: Double = 100, seconds: Double = 60) -> [[Double]] {
        let wave = (0..<Int(rate * seconds)).map { sin(2 * .pi * frequency * Double($0) / rate + 0.4) }
        return [wave, wave.map { 0.2 * $0 }, wave.map { 9.8 - 0.1 * $0 }]
    }

    @Test(arguments: [3.0, 4.87, 5, 7.31, 9.5, 12], [4.0, 60])
    func aToneIsStable(frequency: Double, seconds: Double) throws {
        var stability = TremorStability(fewestCycles: 8)
        stability.add(tone(frequency, seconds: seconds), sampleRateHz: 100, frequencyHz: frequency)
        #expect(try #require(stability.index).hz < 0.01)
    }

    @Test(arguments: [49.66, 64, 92.774, 102.61])
    func aToneIsStableAtOtherRates(rate: Double) throws {
        var stability = TremorStability()
        stability.add(tone(4.87, rate: rate), sampleRateHz: rate, frequencyHz: 4.87)
        #expect(try #require(stability.index).hz < 0.01)
    }

    /// numpy 2.4.6 and scipy 1.17.1 (`sosfiltfilt`, `eigh`, `percentile`), `Golden/stability.py`: rate, wander, index, differences.
    @Test(arguments: [
        (100, 0, 6.664063444894452e-05, 493), (49.66, 0, 8.330378225096524e-05, 493),
        (100, 0.2, 0.37045333520139145, 493), (49.66, 0.2, 0.37240757215088305, 493),
        (100, 0.6, 1.0933217366336851, 493), (49.66, 0.6, 1.0856661145939848, 493),
    ])
    func theIndexIsThatOfScipy(rate: Double, wander: Double, expected: Double, differences: Int) throws {
        var stability = TremorStability()
        stability.add(unstable(rate, 100, wander), sampleRateHz: rate, frequencyHz: 5)
        let index = try #require(stability.index)
        // Two order statistics, each exact to half of 2⁻¹² Hz.
        #expect(abs(index.hz - expected) < 0.00025)
        #expect(index.differences == differences && stability.cycles == differences + 1)
    }

    /// The trap: a difference between the end of one stretch and the beginning of the next.
    @Test func noDifferenceCrossesAGap() throws {
        var stability = TremorStability()
        for phase in [0, 0.3, 0.7] {
            stability.add(unstable(100, 12, 0.6, phase: phase), sampleRateHz: 100, frequencyHz: 5)
        }
        let index = try #require(stability.index)
        #expect(abs(index.hz - 1.0068008518771996) < 0.00025)
        #expect(index.differences == 159 && stability.cycles == 159 + 3)
    }

    /// Two tones in turn: each is stable, and the step between them is no difference of cycles.
    @Test func stretchesOfDifferentFrequencyAreStable() throws {
        var stability = TremorStability()
        for frequency in [4.0, 6.5, 4.0, 6.5] {
            stability.add(tone(frequency, seconds: 10), sampleRateHz: 100, frequencyHz: frequency)
        }
        #expect(try #require(stability.index).hz < 0.01)
    }

    /// The trap of a published program, which takes (N, 3) for (3, N) and so always finds 0: an unstable tremor is unstable along
    /// whatever line it runs.
    @Test(arguments: [SIMD3<Double>(1, 0, 0), [0, 1, 0], [0, 0, -1], [0.577, -0.577, 0.577]])
    func directionDoesNotMakeATremorStable(direction: SIMD3<Double>) throws {
        let wave = unstable(100, 100, 0.6)[0]
        let axes = (0..<3).map { axis in wave.map { $0 * direction[axis] + 9.81 * direction[(axis + 1) % 3] } }
        var stability = TremorStability()
        stability.add(axes, sampleRateHz: 100, frequencyHz: 5)
        // Upside down the upward crossings are the other ones of each cycle.
        #expect(abs(try #require(stability.index).hz - 1.09) < 0.08)
    }

    /// What lies beside the tremor is seen by the filter and by nothing else.
    @Test func onlyTheRangeCounts() throws {
        let before = [[Double]](repeating: [Double](repeating: 3, count: 1000), count: 3)
        let axes = zip(before, tone(5, seconds: 20)).map { $0 + $1 }
        var stability = TremorStability()
        stability.add(axes, in: 1100..<2500, sampleRateHz: 100, frequencyHz: 5)
        #expect(try #require(stability.index).hz < 0.001)
        #expect(stability.cycles == 69)
    }

    /// A long stretch is cut every 120 s: that costs two differences a cut.
    @Test func anHourNeedsNoMoreRoomThanMinutes() throws {
        var stability = TremorStability()
        stability.add(tone(5, seconds: 600), sampleRateHz: 100, frequencyHz: 5)
        let index = try #require(stability.index)
        #expect(index.hz < 0.001)
        #expect(stability.cycles >= 2984 && stability.cycles <= 2996)
    }

    @Test func fewCyclesHaveNoIndex() {
        var stability = TremorStability()
        #expect(stability.index == nil)
        stability.add(tone(5, seconds: 4), sampleRateHz: 100, frequencyHz: 5)
        #expect(stability.cycles == 14 && stability.index == nil)
        stability.add(tone(5, seconds: 4), sampleRateHz: 100, frequencyHz: 5)
        #expect(stability.cycles == 28 && stability.index != nil)
    }

    @Test func whatCannotBeFilteredAddsNothing() {
        var stability = TremorStability()
        stability.add(tone(5, rate: 10), sampleRateHz: 10, frequencyHz: 5)
        stability.add([[], [], []], sampleRateHz: 100, frequencyHz: 5)
        stability.add([[1], [1], [1]], sampleRateHz: 100, frequencyHz: 5)
        stability.add(
            [[Double]](repeating: [Double](repeating: 0, count: 1000), count: 3), sampleRateHz: 100, frequencyHz: 5)
        var missing = tone(5)
        missing[1][3000] = .nan
        stability.add(missing, sampleRateHz: 100, frequencyHz: 5)
        #expect(stability.cycles == 0 && stability.index == nil)
    }
}
