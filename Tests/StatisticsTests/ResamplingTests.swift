import Records
import Statistics
import Testing

@Suite struct PermutationTests {
    /// All 252 ways, `out_04_stats.txt` of the reference.
    @Test func exactWhereThereAreFew() throws {
        let test = try PermutationTest([-12, -8, -3, -15, -6], against: [2, -1, 4, 0, -5], seed: 1)
        #expect(test.isExact && test.extreme == 4 && test.total == 252 && abs(test.p - 4.0 / 252) < 1e-15)
    }

    /// 20,000 by numpy gave 0.00075 with a standard error of 0.0002; both have that error.
    @Test(.enabled(if: Clinical.isPresent))
    func freedmanAndLaneOfTheReference() throws {
        let (outcome, arm, base) = try Clinical.ancova()
        let model = try ANCOVA(outcome: outcome, arm: arm, covariates: [base]).model
        let test = try PermutationTest(of: 2, in: model, resamples: 20_000, seed: 1)
        #expect(!test.isExact && abs(test.p - 0.00075) < 3 * (0.0002 * 0.0002 * 2).squareRoot())
        #expect(try PermutationTest(of: 2, in: model, resamples: 20_000, seed: 1) == test)
    }

    /// Without covariates the permuted coefficient is the difference of means: all orders of seven against all groups.
    @Test func withoutCovariatesItIsTheTestOfTwoGroups() throws {
        let (a, b) = ([1.0, 4, 2.5], [3.0, 5, 6, 4.5])
        let arm = Factor("arm", ["a", "a", "a", "b", "b", "b", "b"])!
        let model = try LinearModel(a + b, Design(arm.indicators, rows: 7))
        let (orders, groups) = (
            try PermutationTest(of: 1, in: model, seed: 1), try PermutationTest(a, against: b, seed: 1)
        )
        #expect(orders.isExact && orders.total == 5040 && groups.total == 35)
        #expect(abs(orders.p - groups.p) < 1e-15)
    }

    /// Under no effect p is as likely below 0.2 as it says: 300 trials, five standard errors.
    @Test func pIsUniformWithoutAnEffect() throws {
        var hits = 0
        for seed in 0..<300 {
            var random = RandomSource(seed: UInt64(seed), stream: 7)
            let x = (0..<16).map { _ in random.gaussian() }
            let y = x.map { $0 + random.gaussian() * (1 + $0 * $0) }
            let arm = Factor("arm", (0..<16).map { $0 % 2 == 0 ? "a" : "b" })!
            let model = try ANCOVA(outcome: y, arm: arm, covariates: [Design.Column("x", x)]).model
            if try PermutationTest(of: 2, in: model, resamples: 199, seed: UInt64(seed)).p <= 0.2 { hits += 1 }
        }
        #expect(abs(Double(hits) / 300 - 0.2) < 5 * (0.16 / 300).squareRoot())
    }
}

@Suite struct BootstrapTests {
    /// All 3125 samples of five values, `out_06_bootstrap.txt` of the reference: exact fractions in Python.
    @Test func theExactBootstrapIsReproduced() throws {
        let x = [-12.0, -8, -3, -15, -6]
        var sums: [Int: Int] = [:]
        for code in 0..<3125 {
            var (rest, sum) = (code, 0)
            for _ in 0..<5 {
                sum += Int(x[rest % 5])
                rest /= 5
            }
            sums[sum, default: 0] += 1
        }
        let found = try Bootstrap(
            estimate: -8.8, values: sums.map { (Double($0.key) / 5, $0.value) },
            leavingOneOut: x.map { (-44 - $0) / 4 })
        #expect(agrees(found.standardError, 1.90578068, decimals: 8))
        #expect(found.percentile95 == Interval(-12.6, -5.2) && found.bca95 == Interval(-12.6, -5.2))
        #expect(
            agrees(found.z0, -0.0024063655, decimals: 10) && agrees(found.acceleration, -0.0103094639, decimals: 10))
        #expect(agrees(found.levels.low, 0.0224656435, decimals: 10))
        #expect(agrees(found.levels.high, 0.9723445897, decimals: 10) && found.used == 3125)
    }

    /// Drawn samples come near the exact ones: 20,000 have a standard error of 0.5 % of the SD.
    @Test func drawingComesNearTheExact() throws {
        let x = [-12.0, -8, -3, -15, -6]
        let found = try Bootstrap(strata: [0, 0, 0, 0, 0], resamples: 20_000, seed: 1) { chosen in
            chosen.reduce(0) { $0 + x[$1] } / 5
        }
        #expect(
            abs(found.standardError / 1.90578068 - 1) < 0.02 && agrees(found.acceleration, -0.0103094639, decimals: 9))
        #expect(found.bca95 == Interval(-12.6, -5.2) && found.estimate == -8.8)
    }

    /// A symmetric statistic of many values: BCa, percentiles and normal theory agree within the error of 20,000 draws.
    @Test func aMeanOfManyHasTheNormalInterval() throws {
        var random = RandomSource(seed: 6)
        let x = (0..<200).map { _ in random.gaussian() }
        let found = try Bootstrap(strata: x.map { _ in 0 }, resamples: 20_000, seed: 2) { chosen in
            chosen.reduce(0) { $0 + x[$1] } / 200
        }
        let error = (Summary(x).sumOfSquares / 200 / 200).squareRoot()
        #expect(abs(found.bca95.low - (found.estimate - 1.96 * error)) < 0.1 * error)
        #expect(abs(found.bca95.high - (found.estimate + 1.96 * error)) < 0.1 * error)
    }

    @Test func armsKeepTheirSizes() throws {
        let found = try Bootstrap(strata: [0, 1, 0, 1, 1], resamples: 500, seed: 3) { chosen in
            let (a, b) = (chosen.filter { $0 % 2 == 0 && $0 < 4 }.count, chosen.count)
            return b < 5 ? Double(a) : a == 2 ? Double(chosen[1]) + Double(chosen[2]) / 10 : nil
        }
        #expect(found.failed == 0 && found.used == 500)
    }

    @Test func aStatisticThatDoesNotVaryIsNamed() {
        #expect(throws: StatisticsProblem.constant("the estimate")) {
            try Bootstrap(strata: [0, 0, 0], resamples: 100, seed: 1) { _ in 1 }
        }
    }
}

@Suite struct BoundedNumberTests {
    /// Every value of a small range is as likely: χ² with 6 degrees of freedom below its 0.1 % point, 22.5.
    @Test func boundedNumbersAreEven() {
        var random = RandomSource(seed: 11)
        var counts = [Int](repeating: 0, count: 7)
        for _ in 0..<70_000 { counts[random.below(7)] += 1 }
        #expect(counts.reduce(0.0) { $0 + Double(($1 - 10_000) * ($1 - 10_000)) / 10_000 } < 22.5)
        #expect((0..<100).allSatisfy { _ in random.below(1) == 0 })
    }

    @Test func shufflingKeepsTheValues() {
        var (random, values) = (RandomSource(seed: 12), (0..<20).map(Double.init))
        random.shuffle(&values)
        #expect(values.sorted() == (0..<20).map(Double.init) && values != values.sorted())
    }
}
