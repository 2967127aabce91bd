import CKernels
import TestSupport
import Testing

/// The loops over samples in C against plain loops, at every length to 67 and at every level of instructions.
@Suite(.serialized) struct SampleKernelTests {
    private func atEveryLevel(_ body: () throws -> Void) rethrows {
        let before = ck_level()
        defer { _ = ck_force_level(before) }
        for level: Int32 in 0...2 where ck_force_level(level) == level { try body() }
    }

    private func noise(_ count: Int, seed: UInt64) -> [Double] {
        var random = SeededNoise(seed: seed)
        return (0..<count).map { _ in random.gaussian() }
    }

    /// Sixteen lanes, added first to last, then what is left over.
    private func laneSum(_ values: [Double]) -> Double {
        let whole = values.count / 16 * 16
        var lanes = [Double](repeating: 0, count: 16)
        for place in 0..<whole { lanes[place % 16] += values[place] }
        return (lanes + values[whole...]).reduce(0, +)
    }

    @Test func sumsAreThoseOfSixteenLanes() {
        atEveryLevel {
            for count in 1...67 {
                let (x, y) = (noise(count, seed: 1), noise(count, seed: 2))
                let middle = Double(count - 1) / 2
                var sums = [0.0, 0]
                ck_line_sums(x, count, middle, &sums)
                let slopes = (0..<count).map { place -> Double in (Double(place) - middle) * x[place] }
                #expect(sums == [laneSum(x), laneSum(slopes)])
                #expect(ck_product(x, y, count) == laneSum(zip(x, y).map { $0 * $1 }))
                var moments = [0.0, 0, 0, 0]
                ck_moments(x, count, 0.25, &moments)
                let moved = x.map { $0 - 0.25 }
                #expect(moments == [laneSum(moved), laneSum(moved.map { $0 * $0 }), x.min()!, x.max()!])
            }
        }
    }

    @Test func elementsAreThoseOfPlainLoops() {
        atEveryLevel {
            for count in 1...67 {
                let (x, taper) = (noise(count, seed: 3), noise(count, seed: 4))
                var out = [Double](repeating: 0, count: count)
                ck_tapered(x, taper, count, 0.3, -0.07, &out)
                let straight = (0..<count).map { place -> Double in
                    let line = 0.3 + -0.07 * Double(place)
                    return (x[place] - line) * taper[place]
                }
                #expect(out == straight)
                let transform = noise(2 * count, seed: 5)
                var power = x
                ck_add_power(transform, count, 1.7, &power)
                let expected = (0..<count).map { place -> Double in
                    let (re, im) = (transform[2 * place], transform[2 * place + 1])
                    let square = re * re + im * im
                    return x[place] + square * 1.7
                }
                #expect(power == expected)
            }
        }
    }

    /// Every exponent with the ends and the middle of ten bits.
    @Test func wordsOfTenBitsAreUnpacked() {
        let values: [Int32] = [-512, -511, -1, 0, 1, 255, 511]
        var (words, expected): ([UInt32], [[Double]]) = ([], [])
        for exponent: UInt32 in 0...3 {
            for (place, x) in values.enumerated() {
                let (y, z) = (values[(place + 2) % 7], values[(place + 5) % 7])
                let bits = [x, y, z].map { UInt32(bitPattern: $0) & 1023 }
                words.append(bits[0] | bits[1] << 10 | bits[2] << 20 | exponent << 30)
                expected.append([x, y, z].map { Double($0 << Int32(exponent)) * 0.0625 })
            }
        }
        atEveryLevel {
            for count in 1...words.count {
                var (x, y) = ([Double](repeating: 9, count: count), [Double](repeating: 9, count: count))
                var z = x
                ck_unpack_tens(words, count, 0.0625, &x, &y, &z)
                for place in 0..<count { #expect([x[place], y[place], z[place]] == expected[place]) }
            }
        }
    }

    @Test func oneNumberThatIsNoneIsSeen() {
        atEveryLevel {
            for count in 1...67 {
                var x = noise(count, seed: 6)
                #expect(ck_are_below(x, count, 1000) != 0)
                for place in 0..<count {
                    for bad in [Double.nan, -.nan, .infinity, -.infinity, 1000, -1000, 1e300] {
                        let before = x[place]
                        x[place] = bad
                        #expect(ck_are_below(x, count, 1000) == 0)
                        x[place] = before
                    }
                    let before = x[place]
                    x[place] = (-1000.0).nextUp
                    #expect(ck_are_below(x, count, 1000) != 0)
                    x[place] = before
                }
            }
        }
    }

    /// With and without values that are alike.
    @Test func mediansAreThoseOfSortedValues() {
        atEveryLevel {
            for count in 1...Int(CK_FEW) {
                for seed in 0..<20 {
                    var x = noise(count, seed: UInt64(100 * count + seed))
                    if seed % 2 == 1 { x = x.map { ($0 * 2).rounded() } }
                    let sorted = x.sorted()
                    let expected = (sorted[(count - 1) / 2] + sorted[count / 2]) / 2
                    #expect(ck_median_of_few(x, count) == expected)
                }
            }
        }
    }
}
