import Foundation
import TestSupport
import Testing
import Tremor

@Suite struct SpectralShapeTests {
    /// A Gaussian of σ 0.3 Hz is 0.7064 Hz wide at half its power. Straight lines between bins of
    /// 0.1 Hz make it 0.7090, as in another program, and bins of 0.25 Hz 0.7259.
    @Test(arguments: [(0.01, 0.7064, 1e-4), (0.05, 0.7064, 1e-3), (0.1, 0.7090, 1e-4), (0.25, 0.7259, 1e-4)])
    func halfPowerWidthOfAGaussian(binHz: Double, expected: Double, tolerance: Double) throws {
        let density = (0...Int(10 / binHz)).map { exp(-0.5 * pow((Double($0) * binHz - 5) / 0.3, 2)) }
        let peak = try #require(SpectralPeak(of: Spectrum(binHz: binHz, density: density, segments: 1), in: 3...8))
        #expect(abs(peak.widthHz - expected) < tolerance)
        #expect(abs(peak.frequencyHz - 5) < 1e-9)
    }

    private func spectrum(_ signal: (Double) -> Double, seconds: Int = 4) -> Spectrum {
        welch(
            (0..<(100 * seconds)).map { signal(Double($0) / 100) }, sampleRateHz: 100, segmentLength: 400, overlap: 200,
            detrend: .linear)!
    }

    private func sum(_ axes: [Spectrum]) -> Spectrum {
        var total = axes[0]
        for axis in axes.dropFirst() { for bin in total.density.indices { total.density[bin] += axis.density[bin] } }
        return total
    }

    /// Amplitudes 1 and 0.3: powers 0.5 and 0.045. A Hann peak between bins has all but 0.1 % within half a hertz.
    @Test(arguments: [3.5, 4.87, 5, 6.31])
    func harmonicRatioIsThatOfThePowers(frequency: Double) throws {
        let found = spectrum {
            sin(2 * .pi * frequency * $0) + 0.3 * sin(4 * .pi * frequency * $0 + 0.7)
        }
        #expect(abs(try #require(found.harmonicRatio(at: frequency)) - 0.09) < 0.002)
    }

    @Test func harmonicRatioNeedsTheSecondHarmonicInTheSpectrum() {
        let found = spectrum { sin(2 * .pi * 5 * $0) }
        #expect(found.harmonicRatio(at: 24.8) == nil && found.harmonicRatio(at: 0.4) == nil)
        let empty = Spectrum(binHz: 0.25, density: [Double](repeating: 0, count: 201), segments: 1)
        #expect(empty.harmonicRatio(at: 5) == nil)
    }

    @Test func entropyIsOneForAllAlikeAndZeroForOneBin() throws {
        var density = [Double](repeating: 2, count: 201)
        #expect(abs(try #require(Spectrum(binHz: 0.25, density: density, segments: 1).entropy(in: 3...12)) - 1) < 1e-14)
        density = [Double](repeating: 0, count: 201)
        #expect(Spectrum(binHz: 0.25, density: density, segments: 1).entropy(in: 3...12) == nil)
        density[20] = 7
        #expect(Spectrum(binHz: 0.25, density: density, segments: 1).entropy(in: 3...12) == 0)
        // Two of four bins alike: ln 2 / ln 4.
        density[21] = 7
        let half = try #require(Spectrum(binHz: 0.25, density: density, segments: 1).entropy(in: 4.75...5.5))
        #expect(abs(half - 0.5) < 1e-14)
        #expect(Spectrum(binHz: 0.25, density: density, segments: 1).entropy(in: 5.0...5.1) == nil)
        #expect(Spectrum(binHz: 0.25, density: density, segments: 1).entropy(in: 100...200) == nil)
    }

    /// Tones of known power in each band; borders belong to one band only.
    @Test func bandPowersAddUp() {
        let found = BandPowers(
            of: spectrum { 2 * sin(2 * .pi * $0) + sin(2 * .pi * 5 * $0) + 0.5 * sin(2 * .pi * 10 * $0) })
        // The trend of a slow tone is not all its own.
        #expect(abs(found.movement - 2) < 5e-3)
        #expect(abs(found.restTremor - 0.5) < 1e-3)
        #expect(abs(found.actionTremor - 0.125) < 1e-3)
        let flat = BandPowers(of: Spectrum(binHz: 0.5, density: [Double](repeating: 1, count: 101), segments: 1))
        #expect(flat == BandPowers(of: Spectrum(binHz: 0.5, density: [Double](repeating: 1, count: 25), segments: 1)))
        #expect(flat.movement == 2.5 && flat.restTremor == 5 && flat.actionTremor == 4.5)
    }
}

/// The traps into which other programs fall.
@Suite struct SpectralTrapTests {
    private func axis(_ signal: (Double) -> Double) -> [Double] { (0..<400).map { signal(Double($0) / 100) } }

    private func spectrum(_ signal: [Double]) -> Spectrum {
        welch(signal, sampleRateHz: 100, segmentLength: 400, overlap: 200, detrend: .linear)!
    }

    private func peak(_ axes: [[Double]], in band: ClosedRange<Double> = 3...12) -> SpectralPeak? {
        let parts = axes.map(spectrum)
        var total = parts[0]
        for bin in total.density.indices { total.density[bin] = parts.reduce(0) { $0 + $1.density[bin] } }
        return SpectralPeak(of: total, axes: parts, in: band)
    }

    /// The length of the acceleration swings twice a cycle where the tremor is across gravity; its axes do not.
    @Test func theLengthOfTheAccelerationDoublesTheFrequencyAndAxesDoNot() throws {
        let x = axis { 20 * sin(2 * .pi * 5 * $0) }
        let z = axis { _ in 9.81 }
        let length = zip(x, z).map { ($0 * $0 + $1 * $1).squareRoot() }
        #expect(abs(try #require(peak([length])).frequencyHz - 10) < 0.01)
        #expect(abs(try #require(peak([x, axis { _ in 0 }, z])).frequencyHz - 5) < 0.01)
    }

    @Test(arguments: [4.87, 7.31])
    func tonesBetweenBinsAreReadBetweenBins(frequency: Double) throws {
        let tone = axis { sin(2 * .pi * frequency * $0 + 0.4) }
        #expect(abs(try #require(peak([tone])).frequencyHz - frequency) < 0.005)
        // A multitaper peak is flat on purpose: its frequency is known to a bin, not between bins.
        let flat = try #require(multitaper(tone, sampleRateHz: 100))
        #expect(abs(try #require(SpectralPeak(of: flat, in: 3...12)).frequencyHz - frequency) < 2.5 * 0.25)
        // Its power is that of the tone all the same.
        #expect(abs(flat.power(from: frequency - 1.25, to: frequency + 1.25) - 0.5) < 0.01)
    }

    /// Two tremors, the faster one on another axis: as accelerations alike, the slower is four times the larger as displacement.
    @Test func ofTremorsAt4And9HzTheLargerIsFoundAndTheOtherIsThere() throws {
        let slow = axis { 3 * sin(2 * .pi * 4.5 * $0) }
        let fast = axis { 4 * sin(2 * .pi * 9 * $0 + 1) }
        #expect(abs(try #require(peak([slow, fast])).frequencyHz - 4.5) < 0.01)
        #expect(abs(try #require(peak([slow, fast], in: 7...12)).frequencyHz - 9) < 0.01)
        #expect(abs(try #require(spectrum(zip(slow, fast).map { $0 + $1 }).harmonicRatio(at: 4.5)) - 16.0 / 9) < 0.01)
    }

    /// A tremor at 9 Hz stays one where there is next to nothing at half of it.
    @Test func aFastTremorIsNotHalved() throws {
        let x = axis { 0.1 * sin(2 * .pi * 4.5 * $0) + 3 * sin(2 * .pi * 9 * $0 + 1) }
        #expect(abs(try #require(peak([x])).frequencyHz - 9) < 0.01)
    }

    /// A tremor at 3 Hz of 120 deg/s leaks 1800 (deg/s)² below 3 Hz, where 50 are movement; without its skirt next to nothing.
    @Test(arguments: [3.0, 3.1])
    func aSlowTremorsSkirtIsNotMovement(frequency: Double) throws {
        let tremor = spectrum(axis { 120 * sin(2 * .pi * frequency * $0 + 0.3) })
        #expect(tremor.movementPower(besides: nil) > 50)
        #expect(tremor.movementPower(besides: frequency) < 5)
        let moved = spectrum(axis { 120 * sin(2 * .pi * frequency * $0 + 0.3) + 15 * sin(2 * .pi * 1.1 * $0) })
        // The movement's own 112.5, up to where both skirts meet.
        #expect(abs(moved.movementPower(besides: frequency) - 112.5) < 5)
    }

    /// Beyond 4 Hz nothing is left out.
    @Test func aFasterTremorChangesNothingInMovement() {
        let found = spectrum(axis { 10 * sin(2 * .pi * 2.6 * $0) + 120 * sin(2 * .pi * 5 * $0) })
        #expect(found.movementPower(besides: 5) == found.movementPower(besides: nil))
        #expect(abs(found.movementPower(besides: 5) - 50) < 3)
    }
}
