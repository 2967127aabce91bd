import Glibc
import Statistics
import Testing

/// The C library is the independent program: its functions are within 1 unit in the last place themselves.
struct PortableMathTests {
    private func ulps(_ a: Double, _ b: Double) -> Double { a == b ? 0 : abs(a - b) / b.ulp }

    @Test func expIsWithinTwoUnitsOfTheCLibrary() {
        var worst = 0.0
        for i in -7000...7000 {
            let x = Double(i) / 10 + 0.0123
            worst = max(worst, ulps(PortableMath.exp(x), exp(x)))
        }
        #expect(worst <= 2)
        #expect(PortableMath.exp(0) == 1)
        #expect(PortableMath.exp(-800) == 0)
        #expect(PortableMath.exp(800) == .infinity)
        #expect(PortableMath.exp(.nan).isNaN)
        #expect(abs(PortableMath.exp(-740) - exp(-740)) <= Double.leastNonzeroMagnitude)
    }

    @Test func logIsWithinTwoUnitsOfTheCLibrary() {
        var worst = 0.0
        for i in 1...20_000 {
            for x in [
                Double(i) / 9973, Double(i) * 1e5 / 3, 1 + Double(i) * 1e-9, Double(i) * Double.leastNonzeroMagnitude,
            ] {
                worst = max(worst, ulps(PortableMath.log(x), log(x)))
            }
        }
        #expect(worst <= 2)
        #expect(PortableMath.log(1) == 0)
        #expect(PortableMath.log(0) == -.infinity)
        #expect(PortableMath.log(-1).isNaN)
    }

    /// 2.3e-16 is one rounding of a value below 1.
    @Test func sineAndCosineAreWithinARoundingOfTheCLibrary() {
        var worst = 0.0
        for i in -40_000...40_000 {
            for x in [Double(i) / 1733, Double(i) * 23.456] {
                worst = max(worst, abs(PortableMath.sin(x) - sin(x)), abs(PortableMath.cos(x) - cos(x)))
            }
        }
        #expect(worst <= 2.3e-16)
        #expect(PortableMath.sin(0) == 0)
        #expect(PortableMath.cos(0) == 1)
        #expect(PortableMath.pi == Double.pi)
    }

    @Test func powHasTheErrorItPromises() {
        for y in [-3.0, -0.5, 0, 0.4, 1, 2.5, 7, 12.75] {
            for i in 1...500 {
                let x = Double(i) / 37
                let bound = (2 + abs(y * log(x))) * 0x1p-52
                #expect(abs(PortableMath.pow(x, y) / pow(x, y) - 1) <= max(bound, 12 * 0x1p-52))
            }
        }
        #expect(PortableMath.pow(3, 4) == 81)
    }
}

struct RandomSourceTests {
    @Test func theSameSeedAndStreamGiveTheSameNumbers() {
        var (a, b) = (RandomSource(seed: 7, stream: 3), RandomSource(seed: 7, stream: 3))
        var (c, d) = (RandomSource(seed: 7, stream: 4), RandomSource(seed: 8, stream: 3))
        for _ in 0..<100 {
            let value = a.next()
            #expect(value == b.next())
            #expect(value != c.next())
            #expect(value != d.next())
        }
    }

    /// Means of 200 000 deviates: standard errors 0.0022 (mean), 0.0032 (variance), 0.011 (fourth moment of a normal, 3).
    @Test func deviatesHaveTheMomentsOfTheirLaw() {
        var source = RandomSource(seed: 1)
        var (mean, square, fourth, uniform) = (0.0, 0.0, 0.0, 0.0)
        let n = 200_000
        for _ in 0..<n {
            let x = source.gaussian()
            mean += x / Double(n)
            square += x * x / Double(n)
            fourth += x * x * x * x / Double(n)
            let u = source.uniform()
            #expect(u >= 0 && u < 1)
            uniform += u / Double(n)
        }
        #expect(abs(mean) < 0.01)
        #expect(abs(square - 1) < 0.015)
        #expect(abs(fourth - 3) < 0.1)
        #expect(abs(uniform - 0.5) < 0.003)
    }
}
