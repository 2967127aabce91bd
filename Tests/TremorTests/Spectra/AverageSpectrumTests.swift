import Foundation
import TestSupport
import Testing
import Tremor

@Suite struct AverageSpectrumTests {
    /// Noise of standard deviation 0.1 m/s² on some of the axes, at 100 Hz; its density is 0.1² / 50 on each.
    private func noise(
        seconds: Double, axes: Int, seed: UInt64, gap: ClosedRange<Double>? = nil, size: (Double) -> Double = { _ in 1 }
    ) -> [SyntheticSource.Sample] {
        var random = SeededNoise(seed: seed)
        return (0..<Int(seconds * 100)).compactMap { place in
            let time = Double(place) / 100
            var acceleration = SIMD3<Double>(0, 0, 9.80665)
            for axis in 0..<axes { acceleration[axis] += 0.1 * size(time) * random.gaussian() }
            return gap?.contains(time) == true ? nil : .init(time: time, acceleration: acceleration)
        }
    }

    /// The mean over all windows: noise along one axis alone stands out by chance, and chosen windows have another mean.
    private func average(_ samples: [SyntheticSource.Sample]) throws -> AverageSpectrum {
        var settings = TremorSettings()
        settings.prominence = 1e9
        return try #require(try analyzeTremor(SyntheticSource(samples), settings: settings).averageSpectrum)
    }

    /// 93 bins from 1 to 24 Hz of 120 recordings; neighbours share 4/9 of their scatter, so that three standard deviations are 1 %.
    @Test(arguments: [1, 3], [30.0, 60, 180])
    func theIntervalHoldsTheTruthOfWhiteNoise(axes: Int, seconds: Double) throws {
        let truth = Double(axes) * 0.01 / 50
        var (inside, count) = (0, 0)
        for seed in 0..<UInt64(120) {
            let spectrum = try average(noise(seconds: seconds, axes: axes, seed: 1000 + seed))
            for bin in 4...96 {
                if spectrum.low[bin] <= truth, truth <= spectrum.high[bin] { inside += 1 }
                count += 1
            }
        }
        let share = Double(inside) / Double(count)
        #expect(share > 0.93 && share < 0.97, "\(share)")
    }

    /// Welch 1967: 36K² / (19K − 1) of K Hann windows at half overlap.
    @Test(arguments: [1, 2, 5])
    func fewWindowsHaveWelchsDegreesOfFreedom(windows: Int) throws {
        let spectrum = try average(noise(seconds: 4.01 + 2 * Double(windows - 1), axes: 3, seed: 5))
        let k = Double(windows)
        #expect(spectrum.windows == windows)
        #expect(spectrum.degreesOfFreedom.allSatisfy { abs($0 - 36 * k * k / (19 * k - 1)) < 1e-9 })
    }

    /// Two windows before a gap and three after it are three pairs of neighbours, not four: 2 · 25 / (5 + 2 · 3 / 36).
    @Test func windowsOnBothSidesOfAGapDoNotOverlap() throws {
        let spectrum = try average(noise(seconds: 24.01, axes: 3, seed: 6, gap: 6.015...15.995))
        #expect(spectrum.windows == 5)
        #expect(abs(spectrum.degreesOfFreedom[30] - 50 / (5 + 6.0 / 36)) < 1e-9)
    }

    /// Three axes of equal noise have three times the degrees of freedom of one; noise that is 5 times as strong in every other minute
    /// has few: its minutes differ by 25 in power.
    @Test func whatWaxesAndWanesIsLessSure() throws {
        func median(_ samples: [SyntheticSource.Sample]) throws -> Double {
            let freedom = try average(samples).degreesOfFreedom[4...96].sorted()
            return freedom[freedom.count / 2]
        }
        let steady = try median(noise(seconds: 600, axes: 3, seed: 7))
        let one = try median(noise(seconds: 600, axes: 1, seed: 7))
        let waxing = try median(noise(seconds: 600, axes: 3, seed: 7) { Int($0 / 60) % 2 == 0 ? 1 : 5 })
        let welch = 36.0 * 299 * 299 / (19 * 299 - 1)
        #expect(steady > 2.2 * welch && steady <= 3.0001 * welch)
        #expect(one > 0.7 * welch && one < 1.4 * welch)
        #expect(waxing < steady / 20)
    }

    /// The mean of all windows is computed a second way, axis by axis and chunk by chunk; sums in another order differ by rounding.
    @Test func withoutTremorItIsTheMeanOfAllWindows() throws {
        var settings = TremorSettings()
        settings.prominence = 1e9
        let result = try analyzeTremor(SyntheticSource(noise(seconds: 900, axes: 3, seed: 9)), settings: settings)
        let spectrum = try #require(result.averageSpectrum)
        #expect(spectrum.windows == result.windows.count)
        for (bin, density) in spectrum.density.enumerated() {
            #expect(abs(density - result.spectrum.psdTotal[bin]) <= 1e-12 * density)
        }
        #expect(!spectrum.isOfTremor)
    }

    /// Tremor in 30 of 90 seconds: the mean of its windows is about three times that of all; 10 % for windows at the edges.
    @Test func withTremorItIsTheMeanOfItsWindows() throws {
        let samples = tone(5, 1, rate: 100, seconds: 900, noise: 0.05) { Int($0 / 30) % 3 == 0 ? 1 : 0 }
        let result = try analyzeTremor(SyntheticSource(samples))
        let spectrum = try #require(result.averageSpectrum)
        #expect(spectrum.isOfTremor && spectrum.windows == result.windows.filter(\.isTremor).count)
        #expect(spectrum.density.count == 101 && spectrum.binHz == result.spectrum.frequenciesHz[1])
        let share = Double(spectrum.windows) / Double(result.windows.count)
        #expect(abs(spectrum.density[20] * share / result.spectrum.psdTotal[20] - 1) < 0.1)
        for bin in spectrum.density.indices {
            #expect(spectrum.low[bin] < spectrum.density[bin] && spectrum.density[bin] < spectrum.high[bin])
        }
    }

    /// Above 120 windows batches are joined; how samples arrive changes no bit.
    @Test func anyBatchesGiveTheSameBits() throws {
        let samples = tone(5, 1, rate: 100, seconds: 700, noise: 0.05) { Int($0 / 7) % 3 == 0 ? 1 : 0 }
        let results = try [97, 1000, 70_000].map { try analyzeTremor(SyntheticSource(samples, batch: $0)) }
        for result in results.dropFirst() {
            #expect(result.averageSpectrum?.density == results[0].averageSpectrum?.density)
            #expect(result.averageSpectrum?.high == results[0].averageSpectrum?.high)
            #expect(result.spectrogram.power == results[0].spectrogram.power)
        }
    }

    /// 4500 windows are columns of four: a bout of three windows is in one or two of them, with a quarter of its power at least.
    @Test func aShortBoutIsInTheSpectrogramOfHours() throws {
        let samples = tone(5, 1, rate: 50, seconds: 9000, noise: 0.3) { (5001...5009).contains($0) ? 1 : 0 }
        let map = try analyzeTremor(SyntheticSource(samples)).spectrogram
        #expect(map.timesS.count > 1000 && map.timesS.count < 2000)
        let power = map.power.map { $0[20] }
        let highest = try #require(power.indices.max { power[$0] < power[$1] })
        #expect(abs(map.timesS[highest] - 5005) < 8)
        #expect(power[highest] > 100 * power.sorted()[power.count / 2])
    }

    @Test func theTableHasALineABin() throws {
        let result = try analyzeTremor(SyntheticSource(tone(5, 1, rate: 100, seconds: 60, noise: 0.05)))
        let lines = TremorTables.spectrum(of: result).split(separator: "\n").map { $0.split(separator: ",") }
        #expect(lines.count == 102 && lines.allSatisfy { $0.count == 5 })
        #expect(lines[0][0] == "frequency_hz" && lines[21][0] == "5.0000")
        let spectrum = try #require(result.averageSpectrum)
        // Six digits are printed.
        #expect(abs((Double(lines[21][1]) ?? 0) / spectrum.density[20] - 1) < 1e-5)
        #expect((Double(lines[21][2]) ?? 1) < spectrum.density[20])
    }
}
