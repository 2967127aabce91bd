import Foundation
import TestSupport
import Testing
import Tremor

@Suite struct PrincipalAxisTests {
    private func axis(_ d: SIMD3<Double>, along: Double, across: Double) -> PrincipalAxis? {
        // along · d dᵀ + across · (1 − d dᵀ)
        func element(_ i: Int, _ j: Int) -> Double { (along - across) * d[i] * d[j] + (i == j ? across : 0) }
        return PrincipalAxis(
            covarianceXX: element(0, 0), xy: element(0, 1), xz: element(0, 2), yy: element(1, 1), yz: element(1, 2),
            zz: element(2, 2))
    }

    @Test func theAxisOfAKnownCovarianceIsFoundInEveryDirection() throws {
        var noise = SeededNoise(seed: 2)
        for _ in 0..<500 {
            var d = SIMD3(noise.gaussian(), noise.gaussian(), noise.gaussian())
            d /= (d * d).sum().squareRoot()
            let found = try #require(axis(d, along: 5, across: 1))
            #expect(abs(abs((found.direction * d).sum()) - 1) < 1e-14)
            #expect(abs(found.variance - 5) < 1e-13 && abs(found.share - 5.0 / 7) < 1e-14)
            #expect(found.direction.max() >= -found.direction.min())
        }
    }

    @Test(arguments: [SIMD3<Double>(1, 0, 0), [0, 1, 0], [0, 0, 1]])
    func coordinateAxesAreThemselves(direction: SIMD3<Double>) throws {
        let found = try #require(axis(direction, along: 2, across: 0))
        #expect(found.direction == direction && found.share == 1)
    }

    @Test func nothingThatVariesHasNoAxis() {
        #expect(axis([1, 0, 0], along: 0, across: 0) == nil)
        #expect(axis([1, 0, 0], along: .nan, across: 1) == nil)
    }
}
