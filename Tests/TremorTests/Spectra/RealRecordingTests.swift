import Foundation
import TestSupport
import Testing
import Tremor

/// 100 s of a wrist with Parkinson's disease, angular rate in deg/s at 100 Hz; numpy 2.4.6 and scipy 1.17.1,
/// `Golden/real_recording.py`.
@Suite(.enabled(if: ReferenceData.isPresent, "the reference data is not beside the checkout"))
struct RealRecordingTests {
    let axes: [[Double]]

    init() throws { axes = try ParadigmaFixture.angularRate().map { Array($0[50_000..<60_000]) } }

    /// Movement that is no tremor: cycles that differ far more than those of a tremor.
    @Test(arguments: [(4, 2.5103977008814464, 351), (5.5, 2.125234508923696, 498)])
    func stabilityIsThatOfScipy(frequency: Double, expected: Double, differences: Int) throws {
        var stability = TremorStability()
        stability.add(axes, sampleRateHz: 100, frequencyHz: frequency)
        let index = try #require(stability.index)
        #expect(abs(index.hz - expected) < 0.00025 && index.differences == differences)
    }

    @Test(arguments: [
        (0, 7213, 4891, 0.3884881719643154, 0.4885279786413279),
        (4000, 5554, 3547, 0.448416213093123, 0.5193845348980233),
        (8000, 10441, 6986, 0.401832216923333, 0.5013031113438777),
    ])
    func entropiesAreThoseOfNumpy(start: Int, two: Int, three: Int, sample: Double, approximate: Double) throws {
        let found = try #require(SignalEntropy(length: 400).values(of: Array(axes[0][start..<(start + 400)])))
        #expect(found.pairsOfTwo == two && found.pairsOfThree == three)
        #expect(abs(try #require(found.sample) - sample) < 1e-12 && abs(found.approximate - approximate) < 1e-12)
    }

    @Test(arguments: [
        (8, 0.06998551280995405, 0.797408752623834), (20, 0.05215466947716547, -1.5357376447518583),
        (40, 0.19821162210826204, -1.0071770500945345),
    ])
    func coherenceOfTwoAxesIsThatOfScipy(bin: Int, value: Double, phase: Double) throws {
        let found = try #require(coherence(axes[0], axes[1], sampleRateHz: 100, segmentLength: 400))
        #expect(abs(found.values[bin] - value) < 1e-11 && abs(found.phases[bin] - phase) < 1e-10)
    }

    @Test func multitaperDensityIsThatOfScipy() throws {
        let spectrum = try #require(multitaper(Array(axes[2][..<400]), sampleRateHz: 100, detrend: .linear))
        let expected = [
            245.51220063485476, 41.64446658096939, 1.239308971848604, 0.6353255005514067, 4.543747146759334e-05,
        ]
        // The tapers' 1e-10 of the largest bins, whose leakage a small bin carries.
        for (bin, value) in zip([1, 8, 20, 40, 200], expected) { #expect(abs(spectrum.density[bin] - value) < 1e-7) }
    }
}
