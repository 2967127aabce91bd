import Fitting
import Testing

@Suite struct BoundedSearchTests {
    /// Rosenbrock's valley has its least value, 0, at (1, 1) [Rosenbrock1960].
    @Test func theValleysEndIsFound() {
        let found = BoundedSearch(start: [-1.2, 1], reach: [5, 5], step: 0.5, tolerance: 1e-8, limit: 5000) { x in
            let (a, b) = (x[1] - x[0] * x[0], 1 - x[0])
            return 100 * a * a + b * b
        }
        #expect(found.converged)
        #expect(found.parameters.allSatisfy { abs($0 - 1) < 1e-4 })
    }

    @Test func aLeastValueBeyondTheReachIsSoughtOnTheBound() {
        let found = BoundedSearch(start: [0, 0], reach: [1, 2], step: 0.3, tolerance: 1e-8, limit: 500) { x in
            (x[0] - 5) * (x[0] - 5) + (x[1] + 1) * (x[1] + 1)
        }
        #expect(abs(found.parameters[0] - 1) < 1e-6 && abs(found.parameters[1] + 1) < 1e-5)
    }

    @Test func valuesThatAreNoNumbersAreWalkedAround() {
        let found = BoundedSearch(start: [0, 0], reach: [4, 4], step: 1, tolerance: 1e-6, limit: 500) { x in
            x[0] > 2 ? .nan : (x[0] - 1) * (x[0] - 1) + x[1] * x[1]
        }
        #expect(abs(found.parameters[0] - 1) < 1e-3 && found.value.isFinite)
    }

    @Test func theLimitOfEvaluationsIsKept() {
        let found = BoundedSearch(start: [3, 3], reach: [9, 9], step: 1, tolerance: 1e-12, limit: 9) { x in
            x[0] * x[0] + x[1] * x[1]
        }
        #expect(found.evaluations <= 9 && !found.converged)
    }
}
