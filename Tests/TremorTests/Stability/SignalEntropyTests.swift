import Foundation
import TestSupport
import Testing
import Tremor

@Suite struct SignalEntropyTests {
    /// Every pair of patterns in turn.
    private func bruteForce(_ x: [Double], share: Double = 0.2) -> (two: Int, three: Int, approximate: Double) {
        let n = x.count
        let mean = x.reduce(0, +) / Double(n)
        let limit = share * (x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(n)).squareRoot()
        func alike(_ i: Int, _ j: Int, _ m: Int) -> Bool {
            for k in 0..<m where abs(x[i + k] - x[j + k]) > limit { return false }
            return true
        }
        var (two, three) = (0, 0)
        for i in 0..<(n - 2) {
            for j in 0..<(n - 2) where j > i {
                if alike(i, j, 2) { two += 1 }
                if alike(i, j, 3) { three += 1 }
            }
        }
        func phi(_ m: Int) -> Double {
            let count = n - m + 1
            var sum = 0.0
            for i in 0..<count {
                var found = 0
                for j in 0..<count where alike(i, j, m) { found += 1 }
                sum += log(Double(found) / Double(count))
            }
            return sum / Double(count)
        }
        return (two, three, phi(2) - phi(3))
    }

    /// Lengths around the words of 64 bits, noise and coarse values that are often equal.
    @Test(arguments: [4, 5, 7, 31, 62, 63, 64, 65, 66, 67, 126, 127, 128, 129, 130, 191, 400])
    func countsAreThoseOfEveryPairInTurn(length: Int) throws {
        var noise = SeededNoise(seed: UInt64(length))
        let estimator = SignalEntropy(length: length)
        for coarse in [0.0, 0.5, 2] {
            let x = (0..<length).map { _ -> Double in
                let value = noise.gaussian()
                return coarse > 0 ? (value / coarse).rounded() * coarse : value
            }
            guard let found = estimator.values(of: x) else { continue }
            let expected = bruteForce(x)
            #expect(found.pairsOfTwo == expected.two && found.pairsOfThree == expected.three)
            // The order of a sum of logarithms.
            #expect(abs(found.approximate - expected.approximate) < 1e-12)
        }
    }

    /// numpy 2.4.6, `Golden/stability.py`, 400 samples: pairs alike over two and three samples, sample and approximate entropy.
    @Test func entropiesAreThoseOfNumpy() throws {
        var (noise, tone, both): ([Double], [Double], [Double]) = ([], [], [])
        for n in 0..<400 {
            let whole = (n * 37 + n * n * 11) % 101 - 50
            noise.append(Double(whole) / 100)
            tone.append(sin(2 * .pi * 4.87 * Double(n) / 100))
            both.append(tone[n] + noise[n])
        }
        let estimator = SignalEntropy(length: 400)
        let expected: [([Double], Int, Int, Double, Double)] = [
            (both, 1568, 488, 1.167240795057206, 0.9917366619146324),
            (noise, 1724, 1108, 0.4420905839164093, 0.37331579733970344),
            (tone, 6058, 4757, 0.24176249515490117, 0.16954229530573883),
        ]
        for (signal, two, three, sample, approximate) in expected {
            let found = try #require(estimator.values(of: signal))
            #expect(found.pairsOfTwo == two && found.pairsOfThree == three)
            #expect(abs(try #require(found.sample) - sample) < 1e-12)
            #expect(abs(found.approximate - approximate) < 1e-12)
        }
    }

    /// The trap of tolerances in units of the signal: the same tremor in g and in m/s² has the same entropy.
    @Test func theUnitDoesNotMatter() throws {
        var noise = SeededNoise(seed: 8)
        let signal = (0..<400).map { (n: Int) -> Double in sin(0.3 * Double(n)) + 0.3 * noise.gaussian() }
        let estimator = SignalEntropy(length: 400)
        // Powers of two, so that no rounding differs.
        let (one, other) = (estimator.values(of: signal), estimator.values(of: signal.map { 1024 * $0 }))
        #expect(one != nil && one == other)
    }

    @Test func noiseIsLessRegularThanATone() throws {
        var noise = SeededNoise(seed: 9)
        let estimator = SignalEntropy(length: 400)
        var ofNoise = 0.0
        for _ in 0..<40 {
            let values = estimator.values(of: (0..<400).map { _ in noise.gaussian() })
            ofNoise += try #require(values?.sample) / 40
        }
        let ofTone = try #require(estimator.values(of: (0..<400).map { sin(0.31 * Double($0)) })?.sample)
        // White noise with r = 0.2 sd: −ln of the chance that two values are alike, −ln(erf(0.1)) = 2.185; a tenth of scatter a
        // window.
        #expect(abs(ofNoise - 2.185) < 0.06)
        #expect(ofTone < 0.3)
    }

    @Test func aConstantHasNoEntropy() {
        let estimator = SignalEntropy(length: 10)
        #expect(estimator.values(of: [Double](repeating: 3, count: 10)) == nil)
        #expect(estimator.values(of: [1, 2, .nan, 4, 5, 6, 7, 8, 9, 10]) == nil)
        // Nothing repeats: no pair stays alike.
        let growing = estimator.values(of: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512], tolerance: 1e-6)
        #expect(growing?.pairsOfThree == 0 && growing?.sample == nil)
    }

    /// A window of 4 s, many times over: well below 0.1 ms each; the limit leaves room for a busy machine.
    @Test func aWindowTakesMicroseconds() {
        var noise = SeededNoise(seed: 10)
        let signal = (0..<400).map { _ in noise.gaussian() }
        let estimator = SignalEntropy(length: 400)
        let clock = ContinuousClock()
        var fastest = Duration.seconds(1)
        for _ in 0..<50 { fastest = min(fastest, clock.measure { _ = estimator.values(of: signal) }) }
        #expect(fastest < .microseconds(500))
    }
}
