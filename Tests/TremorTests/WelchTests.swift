import Testing
import Tremor

@Suite struct WelchTests {
    /// With a rectangular taper, without overlap, the density's sum times the bin width is the mean square: Parseval.
    @Test(arguments: Array(2...67) + [400, 1001])
    func powerIsTheMeanSquareAtEveryLength(length: Int) throws {
        let signal = (0..<(3 * length)).map { (place: Int) -> Double in Double((place * 7919 + 13) % 1000) / 500 - 1 }
        let spectrum = try #require(
            welch(signal, sampleRateHz: 97.3, segmentLength: length, overlap: 0, taper: .rectangular, detrend: .none))
        let meanSquare = signal.reduce(0) { $0 + $1 * $1 } / Double(signal.count)
        #expect(abs(spectrum.density.reduce(0, +) * spectrum.binHz - meanSquare) < 1e-12 * meanSquare)
        #expect(spectrum.segments == 3 && spectrum.frequenciesHz.count == length / 2 + 1)
    }

    /// scipy 1.17.1, `Golden/welch.py`: bins 0, 1, 7, the middle and the last two.
    static let ofScipy: [(length: Int, overlap: Int, detrend: Detrend, bins: [Double])] = [
        (
            64, 32, .mean,
            [
                0x1.b88052a3ac721p-7, 0x1.31a805a6cec8fp-5, 0x1.e9a03116898c2p-5, 0x1.00961b32a3c7cp-4,
                0x1.e6139612b1be4p-4,
                0x1.2fb104f531144p-5,
            ]
        ),
        (
            101, 50, .linear,
            [
                0x1.91edbcc0115b4p-7, 0x1.18074d03659acp-5, 0x1.4727690e08aadp-3, 0x1.ee87a9ea7698bp-6,
                0x1.4e349f732b207p-3,
                0x1.081fb10b3c3c0p-5,
            ]
        ),
        (
            128, 96, .none,
            [
                0x1.990ff77fbbc6fp+1, 0x1.9f2d706b09788p+0, 0x1.d05080a389698p-5, 0x1.42c9c03555463p-5,
                0x1.1b60b8041b396p-4,
                0x1.15c2d9b9c07cbp-8,
            ]
        ),
        (
            250, 125, .mean,
            [
                0x1.423b3cf0a787fp-10, 0x1.9d86247fd09f5p-5, 0x1.3f2defd209ce2p-12, 0x1.25864268144dap-6,
                0x1.a9f2638eb339ep-7,
                0x1.ab1525e055679p-10,
            ]
        ),
    ]

    @Test(arguments: 0..<4)
    func densityIsThatOfScipy(row: Int) throws {
        let (length, overlap, detrend, expected) = Self.ofScipy[row]
        let signal = (0..<1000).map { (n: Int) -> Double in
            let whole = (n * 37 + n * n * 11) % 101 - 50
            return Double(whole) / 16 + Double(n) / 256
        }
        let spectrum = try #require(
            welch(signal, sampleRateHz: 97.5, segmentLength: length, overlap: overlap, detrend: detrend))
        let last = spectrum.density.count - 1
        for (bin, value) in zip([0, 1, 7, spectrum.density.count / 2, last - 1, last], expected) {
            // Two programs' Double arithmetic; small bins carry the rounding of large ones.
            #expect(abs(spectrum.density[bin] - value) < 1e-12 * max(value, 1e-2))
        }
    }

    @Test func aSignalShorterThanASegmentHasNoSpectrum() {
        #expect(welch([1, 2, 3], sampleRateHz: 1, segmentLength: 4, overlap: 2) == nil)
    }

    @Test func powerBetweenTwoFrequenciesCountsTheBinsInside() {
        let spectrum = Spectrum(binHz: 0.5, density: [1, 2, 4, 8, 16], segments: 1)
        #expect(spectrum.power(from: 0.5, to: 1.5) == 7)
        #expect(spectrum.power(from: 0.6, to: 0.9) == 0)
    }
}
