import Fitting
import Glibc
import Testing

@Suite struct MatrixAlgebraTests {
    private let a = Matrix(columns: [[4, 2, 1], [2, 5, 3], [1, 3, 6]])

    @Test func productsAreThoseByHand() {
        let left = Matrix(columns: [[1, 4], [2, 5], [3, 6]])
        #expect(left * left.transposed == Matrix(columns: [[14, 32], [32, 77]]))
        #expect(left * [1, 0, -1] == [-2, -2])
        #expect(a.quadraticForm([1, -1, 2]) == 4 + 5 + 24 - 4 + 4 - 12)
        #expect(Matrix.traceOfProduct(left, left.transposed) == 91)
        #expect((2 * a - a) + Matrix.identity(3) == a + Matrix.identity(3) && a.trace == 15)
    }

    @Test func thePositiveDefiniteInverseIsTheInverse() throws {
        let (inverse, logDeterminant) = try #require(a.positiveDefiniteInverse)
        // Expanding along the first row: 4·21 − 2·9 + 1·1 = 67.
        #expect(abs(logDeterminant - 4.204692619390966) < 1e-14)
        let product = (a * inverse) - Matrix.identity(3)
        #expect(product.values.allSatisfy { abs($0) < 1e-15 * 10 })
        let factor = try #require(a.choleskyFactor)
        #expect((factor * factor.transposed - a).values.allSatisfy { abs($0) < 1e-14 } && factor[0, 2] == 0)
    }

    @Test func whatIsNotPositiveDefiniteHasNoFactor() {
        #expect(Matrix(columns: [[1, 2], [2, 1]]).positiveDefiniteInverse == nil)
        #expect(Matrix(columns: [[1, .nan], [.nan, 1]]).choleskyFactor == nil)
        // Eigenvalues 3 and −1.
        let found = Matrix(columns: [[1, 2], [2, 1]]).symmetricEigenvalues
        #expect(abs(found[0] + 1) < 1e-15 && abs(found[1] - 3) < 1e-15)
    }
}

@Suite struct GradientSearchTests {
    /// Rosenbrock's valley has its least value, 0, at (1, 1) [Rosenbrock1960].
    @Test func theValleysEndIsFound() {
        let found = GradientSearch(start: [-1.2, 1], tolerance: 1e-14, limit: 500) { x, gradient in
            let (a, b) = (x[1] - x[0] * x[0], 1 - x[0])
            gradient = [-400 * x[0] * a - 2 * b, 200 * a]
            return 100 * a * a + b * b
        }
        // The value is flat to 1e-14 within 1e-5 of its end.
        #expect(found.converged && found.parameters.allSatisfy { abs($0 - 1) < 1e-5 })
    }

    @Test func valuesThatAreNoNumbersAreWalkedAround() {
        let found = GradientSearch(start: [3], tolerance: 1e-12, limit: 200) { x, gradient in
            gradient = [1 - 1 / x[0]]
            return x[0] > 0 ? x[0] - (x[0] < 1e-300 ? -700 : log(x[0])) : .nan
        }
        #expect(abs(found.parameters[0] - 1) < 1e-5)
    }

    @Test func theLimitOfEvaluationsIsKept() {
        let found = GradientSearch(start: [9, 9], tolerance: 1e-15, limit: 4) { x, gradient in
            gradient = x.map { 4 * $0 * $0 * $0 }
            return x.reduce(0) { $0 + $1 * $1 * $1 * $1 }
        }
        #expect(!found.converged && found.evaluations <= 5)
    }
}
