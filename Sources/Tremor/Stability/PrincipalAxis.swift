/// The direction along which three signals vary most: the first eigenvector of their covariance, by Jacobi's rotations
/// [GolubVanLoan2013].
public struct PrincipalAxis: Sendable, Equatable {
    /// The unit vector; its largest component is positive, so that the same data give the same sign.
    public let direction: SIMD3<Double>
    /// The variance along it, in the signals' unit squared.
    public let variance: Double
    /// Its share of the variance of all three, 0 to 1: 1 where all movement is along one line.
    public let share: Double

    /// The axis of a symmetric covariance of x, y and z; `nil` where there is no variance or a number is missing.
    public init?(covarianceXX xx: Double, xy: Double, xz: Double, yy: Double, yz: Double, zz: Double) {
        let total = xx + yy + zz
        guard total.isFinite, total > 0, xy.isFinite, xz.isFinite, yz.isFinite else { return nil }
        // Columns of `vectors` turn with the matrix.
        var matrix = [SIMD3(xx, xy, xz), SIMD3(xy, yy, yz), SIMD3(xz, yz, zz)]
        var vectors = [SIMD3<Double>(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1)]
        for _ in 0..<32 {
            let off = abs(matrix[0][1]) + abs(matrix[0][2]) + abs(matrix[1][2])
            if off <= 1e-300 || off <= total * 1e-17 { break }
            for (p, q) in [(0, 1), (0, 2), (1, 2)] { Self.rotate(&matrix, &vectors, p, q) }
        }
        let best = (0..<3).max { matrix[$0][$0] < matrix[$1][$1] }!
        let column = vectors[best]
        let largest = (0..<3).max { abs(column[$0]) < abs(column[$1]) }!
        direction = column[largest] < 0 ? -column : column
        variance = max(0, matrix[best][best])
        share = min(1, variance / total)
    }

    /// Makes the element (p, q) zero; `vectors[k]` is the k-th eigenvector.
    private static func rotate(_ matrix: inout [SIMD3<Double>], _ vectors: inout [SIMD3<Double>], _ p: Int, _ q: Int) {
        let element = matrix[p][q]
        guard element != 0 else { return }
        let theta = (matrix[q][q] - matrix[p][p]) / (2 * element)
        let tangent = (theta < 0 ? -1.0 : 1.0) / (abs(theta) + (theta * theta + 1).squareRoot())
        let cosine = 1 / (tangent * tangent + 1).squareRoot()
        let sine = tangent * cosine
        for k in 0..<3 {
            let (a, b) = (matrix[k][p], matrix[k][q])
            matrix[k][p] = cosine * a - sine * b
            matrix[k][q] = sine * a + cosine * b
        }
        let (rowP, rowQ) = (matrix[p], matrix[q])
        matrix[p] = cosine * rowP - sine * rowQ
        matrix[q] = sine * rowP + cosine * rowQ
        let (first, second) = (vectors[p], vectors[q])
        vectors[p] = cosine * first - sine * second
        vectors[q] = sine * first + cosine * second
    }
}
