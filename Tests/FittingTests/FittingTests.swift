import Fitting
import Testing

@Suite struct LinearFitTests {
    /// A worked example by hand: y = 1 + 2x with residuals ∓1, ±1.
    @Test func findsALineWithItsErrors() throws {
        let fit = try #require(LinearFit([0, 4, 4, 8], columns: [[1, 1, 1, 1], [0, 1, 2, 3]]))
        // Normal equations: n 4, Σx 6, Σx² 14, Σy 16, Σxy 36.
        #expect(abs(fit.coefficients[0] - 0.4) < 1e-14 && abs(fit.coefficients[1] - 2.4) < 1e-14)
        #expect(abs(fit.weightedRSS - 3.2) < 1e-13)
        #expect(abs(fit.standardError(gradient: [0, 1]) - (1.6 / 5).squareRoot()) < 1e-14)
    }

    @Test func aWeightCountsLikeRepeatedRows() throws {
        let (x, y) = ([0.3, 1.1, 2.5, 4.0], [1.0, 2.2, 2.9, 5.1])
        let one = [1.0, 1, 1, 1]
        let weighted = try #require(LinearFit(y, columns: [one, x], weights: [1, 2, 1, 3]))
        let places = [0, 1, 1, 2, 3, 3, 3]
        let repeated = try #require(
            LinearFit(places.map { y[$0] }, columns: [places.map { _ in 1 }, places.map { x[$0] }]))
        for place in 0..<2 { #expect(abs(weighted.coefficients[place] - repeated.coefficients[place]) < 1e-13) }
        #expect(abs(weighted.weightedRSS - repeated.weightedRSS) < 1e-13)
    }

    @Test func rowsWithoutWeightTakeNoPart() throws {
        let fit = try #require(
            LinearFit([.nan, 1, 3, 5], columns: [[1, 1, 1, 1], [9, 0, 1, 2]], weights: [0, 1, 1, 1]))
        #expect(abs(fit.coefficients[1] - 2) < 1e-14)
        #expect(fit.degreesOfFreedom == 1)
    }

    @Test func dependentColumnsAndNonFiniteDataHaveNoFit() {
        #expect(LinearFit([1, 2, 3], columns: [[1, 1, 1], [2, 2, 2]]) == nil)
        #expect(LinearFit([1, .nan, 3], columns: [[1, 1, 1]]) == nil)
        #expect(LinearFit([1], columns: [[1], [2]]) == nil)
        #expect(LinearFit([1, 2], columns: [[0, 0]]) == nil)
    }

    /// Columns that differ by 1e-6 lose 12 digits in the normal equations and 6 here.
    @Test func nearlyDependentColumnsKeepTheirDigits() throws {
        let x = (0..<50).map { Double($0) / 50 }
        let near = x.map { $0 + 1e-6 * $0 * $0 }
        let fit = try #require(LinearFit(zip(x, near).map { 3 * $0 - 2 * $1 }, columns: [x, near]))
        #expect(abs(fit.coefficients[0] - 3) < 1e-8 && abs(fit.coefficients[1] + 2) < 1e-8)
        #expect(fit.reciprocalCondition < 1e-5)
    }
}

@Suite struct MatrixTests {
    @Test func solvesAndInverts() throws {
        let matrix = Matrix(columns: [[4, 2], [1, 3]])
        let solution = try #require(matrix.solving([9, 8]))
        #expect(abs(solution[0] - 1.9) < 1e-14 && abs(solution[1] - 1.4) < 1e-14)
        let inverse = try #require(matrix.inverse)
        #expect(abs(inverse[0, 0] - 0.3) < 1e-15 && abs(inverse[1, 0] + 0.2) < 1e-15)
        #expect(Array(matrix.column(1)) == [1, 3])
    }

    @Test func aSingularMatrixHasNoInverseAndNoEndOfCondition() {
        let matrix = Matrix(columns: [[1, 2], [2, 4]])
        #expect(matrix.inverse == nil)
        #expect(matrix.conditionNumber > 1e15)
        #expect(Matrix(columns: [[.nan]]).conditionNumber.isNaN)
    }

    @Test func conditionIsTheRatioOfSingularValues() {
        var matrix = Matrix(rows: 3, columns: 3)
        for (place, value) in [2.0, -8, 0.5].enumerated() { matrix[place, place] = value }
        #expect(matrix.singularValues == [8, 2, 0.5])
        #expect(abs(matrix.conditionNumber - 16) < 1e-13)
    }
}

@Suite struct NonlinearFitTests {
    /// Rosenbrock's valley as residuals 10(y - x²), 1 - x: the minimum is at (1, 1) [More1980].
    @Test func followsRosenbrocksValley() {
        let fit = NonlinearFit(count: 2, start: [-1.2, 1], lower: [-5, -5], upper: [5, 5]) { p, r in
            r[0] = 10 * (p[1] - p[0] * p[0])
            r[1] = 1 - p[0]
        }
        #expect(fit.converged && fit.atBound == [false, false])
        #expect(abs(fit.parameters[0] - 1) < 1e-9 && abs(fit.parameters[1] - 1) < 1e-9)
    }

    @Test func stopsAtABoundAndSaysSo() {
        let fit = NonlinearFit(count: 1, start: [0.5], lower: [0], upper: [1]) { p, r in r[0] = p[0] - 2 }
        #expect(fit.atBound == [true])
        #expect(abs(fit.parameters[0] - 1) < 1e-6)
    }

    @Test func residualsThatAreNotFiniteEndTheSearch() {
        let fit = NonlinearFit(count: 1, start: [0.5], lower: [0], upper: [1]) { _, r in r[0] = .nan }
        #expect(!fit.converged)
    }
}
