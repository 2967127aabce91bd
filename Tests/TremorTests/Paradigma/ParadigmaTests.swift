import Foundation
import TestSupport
import Testing
import Tremor

@Suite struct ParadigmaTests {
    /// Tones of an amplitude in deg/s about y, and 0.05 deg/s of noise about all axes.
    private func turning(_ tones: [(hertz: Double, amplitude: Double)], seconds: Double = 40) -> [[Double]] {
        var noise = SeededNoise(seed: 5)
        return (0..<3).map { axis in
            (0..<Int(seconds * 100)).map { sample in
                var value = 0.05 * noise.gaussian()
                if axis == 1 {
                    for tone in tones {
                        value += tone.amplitude * sin(2 * .pi * tone.hertz * Double(sample) / 100 + 0.3)
                    }
                }
                return value
            }
        }
    }

    private func windows(_ axes: [[Double]]) -> [ParadigmaWindow] {
        var windows: [ParadigmaWindow] = []
        ParadigmaDetector().add(axes) { windows.append($0) }
        return windows
    }

    /// A tone of 120 deg/s has a mean square of 7200; scipy 1.17.1 with the published windows gives 7195.5.
    @Test func powerOfAToneIsItsMeanSquare() {
        let found = windows(turning([(5, 120)]))
        #expect(found.count == 10)
        for window in found {
            #expect(window.isTremor && window.peakHz == 5)
            #expect(abs(window.tremorPower - 7195.5) < 7)
            #expect(abs(window.tremorPower.squareRoot() / (7200.0).squareRoot() - 1) < 1e-3)
            // Turning at 120 deg/s and 5 Hz goes 120 / (2π · 5) degrees to either side.
            #expect(abs(window.peakToPeakDeg! / (2 * 120 / (10 * .pi)) - 1) < 1e-3)
        }
    }

    @Test(arguments: [(3.75, true), (4.0, true), (6.0, true), (7.1, true), (8.0, false), (10.0, false)])
    func tonesFrom3To7HzAreTremor(frequency: Double, expected: Bool) {
        for window in windows(turning([(frequency, 120)])) { #expect(window.isTremor == expected) }
    }

    /// As published: the leakage of a tremor at 3 Hz is taken for movement below 3 Hz (1806 (deg/s)² with scipy 1.17.1), and
    /// the model knows no such tremor.
    @Test func aTremorAt3HzIsNeverAtRest() {
        for window in windows(turning([(3, 120)])) {
            #expect(window.peakHz == 3)
            #expect(abs(window.powerBelowTremor - 1806) < 5 && !window.isAtRest && !window.isTremor)
        }
    }

    @Test func tremorDuringMovementIsNotAtRest() {
        for window in windows(turning([(5, 120), (1.1, 100)])) { #expect(!window.isAtRest && !window.isTremor) }
    }

    /// ParaDigMa 1.1.2 counts 200 s of zeros as an arm at rest without tremor: 100 % become 66.4 %.
    @Test func timeWithTheSensorOffIsNotRest() {
        let detector = ParadigmaDetector()
        var aggregates = ParadigmaAggregates()
        detector.add(turning([(5, 120)], seconds: 400)) { aggregates.add($0) }
        detector.add([[Double]](repeating: [Double](repeating: 0, count: 20_000), count: 3)) { aggregates.add($0) }
        #expect(aggregates.windows == 100 && aggregates.tremorPercentOfRest == 100)
        #expect(detector.constantWindows == 50)
    }

    /// ParaDigMa 1.1.2 answers nothing at all for a recording with ten numbers missing.
    @Test func missingNumbersCostTheirWindowOnly() {
        var axes = turning([(5, 120)])
        for sample in 1010..<1020 { axes[2][sample] = .nan }
        axes[0][2000] = .infinity
        let detector = ParadigmaDetector()
        var found: [ParadigmaWindow] = []
        detector.add(axes) { found.append($0) }
        #expect(detector.missingWindows == 2)
        #expect(found.map(\.startS) == [0, 4, 12, 16, 24, 28, 32, 36])
    }

    /// ParaDigMa 1.1.2 finds 0 windows after a gap of 5 s, or invents them across one of 60 s.
    @Test func noWindowTouchesAGap() {
        let axes = turning([(5, 120)])
        let detector = ParadigmaDetector()
        var found: [ParadigmaWindow] = []
        detector.beginStretch(atS: 100)
        detector.add(axes.map { Array($0[..<999]) }) { found.append($0) }
        detector.beginStretch(atS: 115)
        detector.add(axes.map { Array($0[1500..<2400]) }) { found.append($0) }
        #expect(found.map(\.startS) == [100, 104, 115, 119])
        #expect(found.filter(\.isTremor).count == 4)
    }

    @Test func nothingAtRestHasNoShare() {
        var aggregates = ParadigmaAggregates()
        #expect(aggregates.tremorPercentOfRest == nil && aggregates.medianLogPower == nil)
        var window = ParadigmaWindow(startS: 0)
        window.powerBelowTremor = 51
        aggregates.add(window)
        #expect(aggregates.windows == 1 && aggregates.tremorPercentOfRest == nil && aggregates.modalLogPower == nil)
    }

    private func aggregates(ofLogPowers values: [Double]) -> ParadigmaAggregates {
        var aggregates = ParadigmaAggregates()
        for value in values {
            var window = ParadigmaWindow(startS: 0)
            (window.peakHz, window.probability, window.tremorPower) = (5, 1, pow(10, value) - 1)
            aggregates.add(window)
        }
        return aggregates
    }

    /// scipy 1.17.1 `gaussian_kde` on 0, 0.02, … 8 has its highest at 6.28; ParaDigMa's steps end at 6 and its answer is 6.
    @Test func theModeOfStrongTremorIsBeyond6() throws {
        let mode = try #require(aggregates(ofLogPowers: [6.2, 6.3, 6.25, 6.4, 6.3, 7.1]).modalLogPower)
        #expect(abs(mode - 6.28) < 1e-9)
    }

    @Test func theModeOfEqualOrCloseValuesIsNearThem() throws {
        #expect(abs((aggregates(ofLogPowers: [2, 2, 2]).modalLogPower ?? .nan) - 2) < 1e-9)
        #expect(abs((aggregates(ofLogPowers: [0.4109, 0.4111]).modalLogPower ?? .nan) - 0.42) < 1e-9)
        #expect(aggregates(ofLogPowers: [2]).modalLogPower == nil)
    }

    /// At 200 Hz a vibration at 95 Hz would fold to 5 Hz at 100 Hz, where it would hide a tremor or be taken for one.
    @Test(arguments: [(160.0, 78.0), (200, 95), (200, 97.3), (256, 105), (500, 95)])
    func vibrationIsTakenOutBeforeTheRateIsLowered(rate: Double, vibrationHz: Double) throws {
        func windows(tremor: Double, vibration: Double) throws -> [ParadigmaWindow] {
            var noise = SeededNoise(seed: 5)
            let samples = (0..<Int(40 * rate)).map { place -> SyntheticSource.Sample in
                let t = Double(place) / rate
                let degrees = tremor * sin(2 * .pi * 5 * t + 0.3) + vibration * sin(2 * .pi * vibrationHz * t)
                let turning = 1e-3 * SIMD3(noise.gaussian(), noise.gaussian(), noise.gaussian())
                return .init(
                    time: t, acceleration: [0, 0, 9.81 + 1e-3 * noise.gaussian()],
                    angularRate: turning + [0, degrees * .pi / 180, 0])
            }
            return try analyzeParadigma(SyntheticSource(samples)).windows
        }
        let found = try windows(tremor: 120, vibration: 120)
        #expect(found.count == 9 || found.count == 10)
        for window in found {
            #expect(window.isTremor && window.peakHz == 5)
            // 0.3 % for what the filter and the spline leave of both.
            #expect(abs(window.tremorPower / 7195.5 - 1) < 3e-3, "\(window.tremorPower)")
        }
        #expect(try windows(tremor: 0, vibration: 120).allSatisfy { !$0.isTremor && $0.tremorPower < 0.1 })
    }
}
