import Foundation
import TestSupport
import Testing
import Tremor

@Suite struct CoherenceTests {
    private func noise(_ count: Int, _ source: inout SeededNoise, _ deviation: Double = 1) -> [Double] {
        (0..<count).map { _ in deviation * source.gaussian() }
    }

    /// A tremor about 5 Hz of a given width at half its power, from an autoregression of order 2, deviation 1.
    private func tremor(_ count: Int, widthHz: Double, _ source: inout SeededNoise) -> [Double] {
        let r = exp(-.pi * widthHz / 100)
        let (first, second) = (2 * r * cos(2 * .pi * 5 / 100), -r * r)
        var values = [0.0, 0.0]
        for _ in 0..<(count + 1000) {
            values.append(first * values[values.count - 1] + second * values[values.count - 2] + source.gaussian())
        }
        let tail = Array(values.suffix(count))
        let deviation = (tail.reduce(0) { $0 + $1 * $1 } / Double(count)).squareRoot()
        return tail.map { $0 / deviation }
    }

    /// scipy 1.17.1 `coherence` and the angle of `csd`, `Golden/coherence.py`: bin, coherence, phase.
    @Test(arguments: [
        (1, 0.000537794023070984, 1.8487892672615178), (7, 0.012714559423949437, 1.2796609105717238),
        (10, 0.9529621820293157, -0.8170659367935365), (11, 0.6538536439841374, -0.9173419859247252),
        (50, 0.000552499264124198, 1.9477572462250559), (99, 0.19566245445055427, 0.2967262998321424),
    ])
    func coherenceAndPhaseAreThoseOfScipy(bin: Int, value: Double, phase: Double) throws {
        var (a, b): ([Double], [Double]) = ([], [])
        for n in 0..<3000 {
            let t = 2 * Double.pi * 4.87 * Double(n) / 100
            let first = (n * 37 + n * n * 11) % 101 - 50
            let second = (n * 53 + n * n * 7) % 103 - 51
            a.append(sin(t) + Double(first) / 40)
            b.append(sin(t - 0.8) + Double(second) / 40)
        }
        let found = try #require(coherence(a, b, sampleRateHz: 100, segmentLength: 200))
        // Two programs' Double arithmetic on small differences of large sums.
        #expect(abs(found.values[bin] - value) < 1e-11 && abs(found.phases[bin] - phase) < 1e-9)
    }

    /// Of a hundred pairs of independent signals about one in twenty may have a bin that chance does not explain, corrected for the 40 of the
    /// band; without the correction nearly all have some.
    @Test func chanceHasHardlyASureBin() throws {
        var (corrected, single) = (0, 0)
        for seed in 0..<100 {
            var source = SeededNoise(seed: UInt64(seed) + 900)
            let found = try #require(
                coherence(
                    noise(12000, &source), noise(12000, &source), sampleRateHz: 100, segmentLength: 400))
            if !found.sureBins(in: 3...12).isEmpty { corrected += 1 }
            if found.values[12...48].contains(where: { $0 > found.significanceLevel() }) { single += 1 }
        }
        // At 5 % more than 12 of 100 have a chance of 0.0014.
        #expect(corrected <= 12 && single > 50, "\(corrected) \(single)")
    }

    @Test func whatBothShareIsSureInARow() throws {
        var source = SeededNoise(seed: 77)
        let common = tremor(12000, widthHz: 0.7, &source)
        let found = try #require(
            coherence(
                zip(common, noise(12000, &source, 0.3)).map { $0 + $1 },
                zip(common, noise(12000, &source, 0.3)).map { $0 + $1 }, sampleRateHz: 100, segmentLength: 400))
        let bins = found.sureBins(in: 3...12)
        #expect(bins.contains(20) && bins.count >= 5)
        // About 5 Hz, bin 20, without a break.
        let run = bins.filter { abs($0 - 20) <= 2 }
        #expect(run == Array(18...22))
    }

    /// Two tones that come 20 ms later at the second sensor, in noise of their own.
    @Test(arguments: [4.5, 9.0])
    func theLagOfATonesIsItsPhase(frequency: Double) throws {
        var source = SeededNoise(seed: 4)
        func signal(_ lag: Double, _ own: [Double]) -> [Double] {
            own.indices.map { n in
                let t = Double(n) / 100 - lag
                return sin(2 * .pi * 4.5 * t) + sin(2 * .pi * 9 * t + 1) + own[n]
            }
        }
        let a = signal(0, noise(6000, &source, 0.5))
        let b = signal(0.02, noise(6000, &source, 0.5))
        let found = try #require(coherence(a, b, sampleRateHz: 100, segmentLength: 400))
        let point = try #require(found.point(at: frequency))
        #expect(point.isSignificant && point.value > 0.95 && point.frequencyHz == frequency)
        #expect(abs(point.phase + 2 * .pi * frequency * 0.02) < 2 * point.phaseHalfWidth95)
        #expect(abs(point.delayWithinPeriodS - 0.02) < 0.002)
        #expect(point.interval95.contains(point.value) && point.interval95.upperBound < 1)
        // The phases beside a tone are the tone's: a slope would say 0 s.
        #expect(found.delay(around: frequency) == nil)
        #expect(try #require(found.point(at: 25)).value < 0.35)
    }

    /// Lag, noise and width of the tremor. In 400 draws of numpy's, `Golden/coherence.py`, the means of tremors 0.3 and 1 Hz wide are
    /// 30.01 ms for 30, and 97 and 95.5 % of the intervals hold it.
    @Test(arguments: [(3, 0.5, 1.0), (-5, 0.5, 0.6), (3, 1.0, 0.6)])
    func theSlopeOfThePhaseIsTheLag(lag: Int, own: Double, width: Double) throws {
        var source = SeededNoise(seed: 77)
        var (sum, inside) = (0.0, 0)
        let draws = 60
        for _ in 0..<draws {
            let both = tremor(12_200, widthHz: width, &source)
            let (first, second) = (noise(12_000, &source, own), noise(12_000, &source, own))
            let a = (0..<12_000).map { both[100 + $0] + first[$0] }
            let b = (0..<12_000).map { both[100 + $0 - lag] + second[$0] }
            let found = try #require(coherence(a, b, sampleRateHz: 100, segmentLength: 800))
            let delay = try #require(found.delay(around: 5))
            sum += delay.seconds
            if abs(delay.seconds - Double(lag) / 100) <= delay.halfWidth95 { inside += 1 }
        }
        // 0.0055 s of scatter at most, over √60 draws: two and a half deviations.
        #expect(abs(sum / Double(draws) - Double(lag) / 100) < 0.0018)
        // 95 % expected; more than three binomial deviations below it.
        #expect(inside >= 51)
    }

    /// Independent signals: the mean is 1/L, and 5 % of bins are above the level. scipy 1.17.1 has 0.99 / L and 4.8 %.
    @Test(arguments: [10, 40])
    func independentSignalsAreAsCoherentAsChanceSays(segments: Int) throws {
        var source = SeededNoise(seed: 6)
        var (sum, above, count) = (0.0, 0, 0)
        var independent = 0.0
        for _ in 0..<200 {
            let length = 100 + 50 * (segments - 1)
            let found = try #require(
                coherence(noise(length, &source), noise(length, &source), sampleRateHz: 100, segmentLength: 100))
            independent = found.independentSegments
            for bin in 3..<47 {
                sum += found.values[bin]
                above += found.values[bin] > found.significanceLevel() ? 1 : 0
                count += 1
            }
        }
        #expect(abs(independent - 18 * Double(segments * segments) / Double(19 * segments - 1)) < 1e-9)
        // 8800 bins, a third of them independent: 0.02 and 0.4 % of scatter.
        #expect(abs(sum / Double(count) * independent - 1) < 0.07)
        #expect(abs(Double(above) / Double(count) - 0.05) < 0.012)
    }

    /// Of one segment every pair of signals is coherent.
    @Test func oneSegmentSaysNothing() {
        var source = SeededNoise(seed: 12)
        let (a, b) = (noise(399, &source), noise(399, &source))
        #expect(coherence(a, b, sampleRateHz: 100, segmentLength: 399) == nil)
        #expect(coherence(a, b, sampleRateHz: 100, segmentLength: 400) == nil)
        #expect(coherence(a, b, sampleRateHz: 100, segmentLength: 266) != nil)
    }

    /// Stretches between gaps count as segments of their own, and a missing number costs the segments that hold it.
    @Test func gapsAndMissingNumbersCostTheirSegments() throws {
        var source = SeededNoise(seed: 13)
        let (a, b) = (noise(1000, &source), noise(1000, &source))
        let whole = CrossSpectra(channels: 2, sampleRateHz: 100, segmentLength: 100)
        whole.add([a, b])
        let parts = CrossSpectra(channels: 2, sampleRateHz: 100, segmentLength: 100)
        parts.add([Array(a[..<500]), Array(b[..<500])])
        parts.add([Array(a[500...]), Array(b[500...])])
        parts.add([[1, 2], [3, 4]])
        #expect(whole.segments == 19 && parts.segments == 18)
        #expect(parts.independentSegments < whole.independentSegments)
        var missing = a
        missing[510] = .nan
        let fewer = CrossSpectra(channels: 2, sampleRateHz: 100, segmentLength: 100)
        fewer.add([missing, b])
        #expect(fewer.segments == 17)
        #expect(try #require(fewer.coherence(of: 0, and: 1)).values.allSatisfy { $0.isFinite })
    }

    /// Two watches on one trembling arm, turned against each other: the tremor is found whatever the directions, and a sensor that
    /// hears only its own noise is not coherent with it.
    @Test func sensorsAreComparedAlongTheirOwnDirections() throws {
        var source = SeededNoise(seed: 14)
        let both = tremor(12_100, widthHz: 0.6, &source)
        func sensor(_ d: SIMD3<Double>, lag: Int) -> [[Double]] {
            (0..<3).map { axis in
                let own = noise(12_000, &source, 0.3)
                return (0..<12_000).map { d[axis] * both[100 + $0 - lag] + own[$0] + (axis == 2 ? 9.81 : 0) }
            }
        }
        let still = (0..<3).map { _ in noise(12_000, &source, 0.3) }
        let spectra = CrossSpectra(channels: 9, sampleRateHz: 100, segmentLength: 800)
        let directions: [SIMD3<Double>] = [[0.8, 0.6, 0], [0.36, 0.48, 0.8]]
        spectra.add(sensor(directions[0], lag: 0) + sensor(directions[1], lag: 4) + still)
        for (place, direction) in directions.enumerated() {
            let axis = try #require(spectra.axis(ofSensorAt: 3 * place, band: 3...8))
            #expect((axis.direction * direction).sum() > 0.999)
        }
        let found = try #require(spectra.coherence(ofSensorAt: 0, andSensorAt: 3, band: 3...8))
        #expect(try #require(found.point(at: 5)).value > 0.85)
        let delay = try #require(found.delay(around: 5))
        #expect(abs(delay.seconds - 0.04) < max(0.004, delay.halfWidth95))
        let none = try #require(spectra.coherence(ofSensorAt: 0, andSensorAt: 6, band: 3...8))
        #expect(try #require(none.point(at: 5)).value < 0.4)
        #expect(none.delay(around: 5) == nil)
    }

    @Test func outsideTheSpectrumNothingIsKnown() throws {
        var source = SeededNoise(seed: 15)
        let found = try #require(
            coherence(noise(1000, &source), noise(1000, &source), sampleRateHz: 100, segmentLength: 100))
        for frequency in [-1, 0, 50, 1e300, .nan, .infinity] {
            #expect(found.point(at: frequency) == nil && found.delay(around: frequency) == nil)
        }
    }

    @Test func aSignalWithoutPowerIsNotCoherent() throws {
        var source = SeededNoise(seed: 16)
        let flat = [Double](repeating: 2, count: 1000)
        let found = try #require(
            coherence(flat, noise(1000, &source), sampleRateHz: 100, segmentLength: 100, detrend: .mean))
        #expect(found.values.allSatisfy { $0 == 0 })
        #expect(try #require(found.point(at: 5)).phaseHalfWidth95 == .pi)
    }
}
