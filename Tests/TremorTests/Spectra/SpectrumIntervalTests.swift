import Foundation
import TestSupport
import Testing
import Tremor

@Suite struct SpectrumIntervalTests {
    /// scipy 1.17.1 `stats.chi2.ppf`, `Golden/multitaper.py`: degrees of freedom, probability, quantile.
    static let ofScipy: [(Double, Double, Double)] = [
        (1, 1e-06, 1.5707963267957187e-12),
        (1, 0.005, 3.9270422220515944e-05),
        (1, 0.025, 0.0009820691171752555),
        (1, 0.5, 0.454936423119572),
        (1, 0.975, 5.023886187314888),
        (1, 0.9999, 15.136705226623606),
        (1.5, 1e-06, 1.7871324599605864e-08),
        (1.5, 0.005, 0.0015286441971937097),
        (1.5, 0.025, 0.01311302116301894),
        (1.5, 0.5, 0.9083339566477122),
        (1.5, 0.975, 6.275807973333609),
        (1.5, 0.9999, 16.894356937306135),
        (2, 1e-06, 2.0000010000006676e-06),
        (2, 0.005, 0.010025083647088564),
        (2, 0.025, 0.05063561596857975),
        (2, 0.5, 1.386294361119891),
        (2, 0.975, 7.377758908227871),
        (2, 0.9999, 18.420680743952584),
        (3, 1e-06, 0.00024181048720124264),
        (3, 0.005, 0.07172177458649197),
        (3, 0.025, 0.21579528262389785),
        (3, 0.5, 2.3659738843753377),
        (3, 0.975, 9.348403604496148),
        (3, 0.9999, 21.107513466160444),
        (8, 1e-06, 0.14198478271724216),
        (8, 0.005, 1.3444130870148099),
        (8, 0.025, 2.1797307472526497),
        (8, 0.5, 7.344121497701794),
        (8, 0.975, 17.534546139484647),
        (8, 0.9999, 31.827628001262585),
        (19.4, 1e-06, 2.3727717048536596),
        (19.4, 0.005, 7.078681075512771),
        (19.4, 0.025, 9.179239131929005),
        (19.4, 0.5, 18.737560564395295),
        (19.4, 0.975, 33.38024033102522),
        (19.4, 0.9999, 51.43348849125655),
        (100, 1e-06, 46.50133071589314),
        (100, 0.005, 67.32756330547916),
        (100, 0.025, 74.22192747492373),
        (100, 0.5, 99.33412923598846),
        (100, 0.975, 129.5611971858366),
        (100, 0.9999, 161.31865695904807),
        (2345.6, 1e-06, 2034.2997224314292),
        (2345.6, 0.005, 2172.9332112256498),
        (2345.6, 0.025, 2213.261720211142),
        (2345.6, 0.5, 2344.9333670291653),
        (2345.6, 0.975, 2481.726659215729),
        (2345.6, 0.9999, 2608.918037317746),
        (10000, 1e-06, 9342.10190723289),
        (10000, 0.005, 9639.479982193741),
        (10000, 0.025, 9724.718377389798),
        (10000, 0.5, 9999.333341235144),
        (10000, 0.975, 10279.07017988759),
        (10000, 0.9999, 10534.5220502597),
    ]

    @Test(arguments: ofScipy.indices)
    func quantileIsThatOfScipy(row: Int) {
        let (degrees, probability, expected) = Self.ofScipy[row]
        // Both solve to rounding; the gamma function's logarithm loses digits at ten thousand degrees.
        let quantile = ChiSquare.quantile(probability, degreesOfFreedom: degrees)
        #expect(abs(quantile - expected) < 1e-8 * expected)
        #expect(abs(ChiSquare.cumulative(quantile, degreesOfFreedom: degrees) - probability) < 1e-10)
    }

    /// Two degrees are an exponential distribution: −2 ln(1 − p).
    @Test(arguments: [1e-9, 0.1, 0.5, 0.9, 0.999999])
    func twoDegreesAreExponential(probability: Double) {
        let expected = -2 * log1p(-probability)
        #expect(abs(ChiSquare.quantile(probability, degreesOfFreedom: 2) - expected) < 1e-10 * expected)
    }

    /// Welch 1967 for Hann tapers at half overlap: ν = 36K² / (19K − 1).
    @Test(arguments: [1, 2, 3, 10, 149])
    func hannAtHalfOverlapHasTheKnownDegreesOfFreedom(segments: Int) throws {
        let signal = (0..<(200 + 100 * (segments - 1))).map { Double(($0 * 7919 + 13) % 1000) }
        let spectrum = try #require(welch(signal, sampleRateHz: 100, segmentLength: 200, overlap: 100))
        let k = Double(segments)
        #expect(spectrum.segments == segments)
        #expect(abs(spectrum.degreesOfFreedom - 36 * k * k / (19 * k - 1)) < 1e-9 * k)
    }

    @Test func segmentsApartHaveTwoDegreesEach() {
        let taper = [Double](repeating: 1, count: 50)
        #expect(SpectrumInterval.degreesOfFreedom(segments: 7, hop: 50, taper: taper) == 14)
        // Neighbours that are all but the same segment count for hardly more than one.
        #expect(SpectrumInterval.degreesOfFreedom(segments: 2, hop: 1, taper: taper) < 2.05)
    }

    /// Of white noise of density 0.02 the 95 % interval holds the truth in 95 % of draws: 4000 bins of independent noise, three
    /// binomial standard deviations are 1.0 %, neighbouring bins being alike double that.
    @Test(arguments: ["welch", "multitaper"])
    func theIntervalHoldsTheTruthAsOftenAsItSays(method: String) throws {
        var noise = SeededNoise(seed: 11)
        var (inside, below, count) = (0, 0, 0)
        for _ in 0..<100 {
            let signal = (0..<1000).map { _ in noise.gaussian() }
            let spectrum = try #require(
                method == "welch"
                    ? welch(signal, sampleRateHz: 100, segmentLength: 200, overlap: 100, detrend: .none)
                    : multitaper(signal, sampleRateHz: 100, detrend: .none))
            for bin in stride(from: 5, to: spectrum.density.count - 5, by: method == "welch" ? 2 : 6) {
                let interval = spectrum.interval(ofBin: bin)
                if interval.low <= 0.02, 0.02 <= interval.high { inside += 1 }
                if interval.high < 0.02 { below += 1 }
                count += 1
            }
        }
        let share = Double(inside) / Double(count)
        #expect(abs(share - 0.95) < 0.01)
        #expect(abs(Double(below) / Double(count) - 0.025) < 0.007)
    }

    @Test func theEndsOfASpectrumAreLessSure() {
        let spectrum = Spectrum(binHz: 1, density: [1, 1, 1], segments: 4)
        let (end, middle) = (spectrum.interval(ofBin: 0), spectrum.interval(ofBin: 1))
        #expect(spectrum.degreesOfFreedom == 8)
        #expect(end.low < middle.low && end.high > middle.high)
        // scipy 1.17.1: 8 / chi2.ppf([0.975, 0.025], 8).
        #expect(abs(middle.low - 0.456242211) < 1e-8 && abs(middle.high - 3.670178077) < 1e-8)
    }
}
