import Foundation
import TestSupport
import Testing
import Tremor

@Suite struct MultitaperTests {
    struct Row: Sendable {
        let length: Int
        let timeBandwidth: Double
        let order: Int
        let values: [Double]
        let concentration: Double
        init(_ length: Int, _ timeBandwidth: Double, _ order: Int, _ values: [Double], _ concentration: Double) {
            (self.length, self.timeBandwidth, self.order) = (length, timeBandwidth, order)
            (self.values, self.concentration) = (values, concentration)
        }
    }

    /// scipy 1.17.1 `signal.windows.dpss`, `Golden/multitaper.py`: places 0, 1, a fifth, the middle and the last but two.
    static let ofScipy = [
        Row(
            500, 2.5, 0,
            [0.0003083008882842, 0.0003418858914346, 0.01955920258098, 0.0784466928241, 0.0003772026121585],
            0.9999971854735837),
        Row(
            500, 2.5, 1,
            [0.002180408549379, 0.002354250948769, 0.04882258413312, -0.0005865147692604, -0.002534224829043],
            0.9998430577598129),
        Row(
            500, 2.5, 2, [0.01002159856696, 0.01055334883642, 0.06743437913188, -0.05157201741621, 0.01109509521252],
            0.9962162523040375),
        Row(
            500, 2.5, 3, [0.03266544497305, 0.03363113239138, 0.04567145758271, 0.0006171766497604, -0.03459646696249],
            0.9521296069607846),
        Row(
            400, 4.0, 0,
            [5.098985839672e-06, 6.955528040946e-06, 0.009720307837791, 0.09919048602481, 9.141842754138e-06],
            0.999999999706493),
        Row(
            400, 4.0, 1,
            [4.691797632438e-05, 6.117204112797e-05, 0.03134381818968, -0.001202399060202, -7.751190215647e-05],
            0.9999999723987104),
        Row(
            400, 4.0, 2,
            [0.0002939494317833, 0.0003663567300602, 0.0623465706843, -0.0675995182855, 0.0004471633307172],
            0.9999987926235276),
        Row(
            400, 4.0, 3,
            [0.001438245205091, 0.001714269292847, 0.08289414736595, 0.001376904764538, -0.002014157633736],
            0.9999676092504342),
        Row(
            400, 4.0, 4, [0.005765815459502, 0.006578606324246, 0.06615189936786, 0.05550894313313, 0.007437890367479],
            0.9994107614599184),
        Row(
            400, 4.0, 5,
            [0.01912988746227, 0.02093016982822, 0.008803630802349, -0.001393162803944, -0.02277859826072],
            0.9925097788940032),
        Row(
            400, 4.0, 6, [0.05092974416454, 0.05359562556691, -0.04669880520148, -0.04590573935685, 0.05623239358292],
            0.9366730444676452),
        Row(
            255, 1.5, 0, [0.006398956988161, 0.006855662226708, 0.04500161988219, 0.09546717861824, 0.007325852981255],
            0.9988927214650432),
        Row(
            255, 1.5, 1,
            [0.03079419295649, 0.03200823661104, 0.08200601482454, -7.570585536228e-15, -0.03322924523995],
            0.9685969614438645),
        Row(
            64, 3.25, 0,
            [0.0001925756467673, 0.0004700413824867, 0.03401906631586, 0.2345168040928, 0.0009313708256648],
            0.9999999728839158),
        Row(
            64, 3.25, 1, [0.001404606001051, 0.002999879457687, 0.100255766989, -0.015859212867, -0.005389996712251],
            0.999997928456224),
        Row(
            64, 3.25, 2, [0.006926400950108, 0.01281007586974, 0.17672243605, -0.1574561261343, 0.02068136914283],
            0.9999281911633021),
        Row(
            64, 3.25, 3, [0.02628538637874, 0.04165010117489, 0.1939131313495, 0.01770690538922, -0.05972350947178],
            0.9985296374699034),
        Row(
            64, 3.25, 4, [0.07876883620478, 0.1059813011394, 0.09587088190971, 0.1248591149761, 0.1330600023246],
            0.9810696877703493),
    ]

    @Test(arguments: ofScipy.indices)
    func tapersAreThoseOfScipy(row: Int) {
        let expected = Self.ofScipy[row]
        let tapers = SlepianTapers(
            length: expected.length, timeBandwidth: expected.timeBandwidth, count: expected.order + 1)
        let length = expected.length
        for (place, value) in zip([0, 1, length / 5, length / 2, length - 3], expected.values) {
            // Two eigenvalue programs in Double; scipy's own error is of this size.
            #expect(abs(tapers.tapers[expected.order][place] - value) < 1e-10)
        }
        #expect(abs(tapers.concentrations[expected.order] - expected.concentration) < 1e-10)
    }

    @Test(arguments: [5, 8, 33, 64, 250])
    func tapersAreOrthonormal(length: Int) {
        let tapers = SlepianTapers(length: length, timeBandwidth: 2, count: min(length, 9)).tapers
        for (i, a) in tapers.enumerated() {
            for (j, b) in tapers.enumerated() {
                var product = 0.0
                for place in a.indices { product += a[place] * b[place] }
                #expect(abs(product - (i == j ? 1 : 0)) < 1e-12)
            }
        }
    }

    /// All tapers of a length are a basis: then the density's sum times the bin width is the mean square, exactly (Parseval).
    @Test(arguments: Array(6...40) + [101])
    func powerOfAllTapersIsTheMeanSquare(length: Int) throws {
        var noise = SeededNoise(seed: 1)
        var (signal, meanSquare): ([Double], Double) = ([], 0)
        for _ in 0..<length {
            signal.append(noise.gaussian())
            meanSquare += signal.last! * signal.last! / Double(length)
        }
        let spectrum = try #require(multitaper(signal, sampleRateHz: 97.3, tapers: length, detrend: .none))
        let power: Double = spectrum.density.reduce(0, +) * spectrum.binHz
        #expect(abs(power - meanSquare) < 1e-12 * meanSquare)
    }

    /// scipy 1.17.1 `periodogram` with each of `dpss(n, 2.5, 4)`, averaged: bins 0, 1, 7, the middle and the last two.
    static let densities: [[Double]] = [
        [
            0.35725770589893047, 0.6785928081967605, 0.03028191091468047, 0.03453927925932688, 0.01015377999263328,
            0.0014159090925759826,
        ],
        [
            0.0008280441170654548, 0.010322522466201803, 0.044104820713286266, 0.029018506536537224,
            0.006253222694300097, 0.012143699702264902,
        ],
    ]

    @Test(arguments: [(500, Detrend.mean, 0), (333, Detrend.linear, 1)])
    func densityIsThatOfScipy(length: Int, detrend: Detrend, row: Int) throws {
        let signal = (0..<length).map { (n: Int) -> Double in
            let whole = (n * 37 + n * n * 11) % 101 - 50
            return Double(whole) / 16 + Double(n) / 256
        }
        let spectrum = try #require(multitaper(signal, sampleRateHz: 97.5, detrend: detrend))
        let last = spectrum.density.count - 1
        for (bin, value) in zip([0, 1, 7, spectrum.density.count / 2, last - 1, last], Self.densities[row]) {
            // The tapers' 1e-10, relative to the larger bins whose leakage a bin carries.
            #expect(abs(spectrum.density[bin] - value) < 1e-9 * max(value, 1e-2))
        }
    }

    /// The bins count alike whatever was transformed before: an estimator keeps nothing of a window.
    @Test func anEstimatorGivesEveryWindowTheSpectrumItHasAlone() throws {
        let estimator = MultitaperEstimator(length: 400, sampleRateHz: 100)
        var noise = SeededNoise(seed: 3)
        for _ in 0..<3 {
            let window = (0..<400).map { _ in noise.gaussian() }
            #expect(estimator.spectrum(of: window) == multitaper(window, sampleRateHz: 100))
        }
    }

    @Test func aSignalTooShortForItsTapersHasNoSpectrum() {
        #expect(multitaper([1, 2, 3], sampleRateHz: 1) == nil)
        #expect(multitaper([1, 2, 3, 4, 5], sampleRateHz: 1, timeBandwidth: 2.5) == nil)
        #expect(multitaper([], sampleRateHz: 1) == nil)
    }
}
