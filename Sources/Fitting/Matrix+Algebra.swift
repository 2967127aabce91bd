import CLAPACK
import Glibc

extension Matrix {
    /// The identity.
    public static func identity(_ side: Int) -> Matrix {
        var result = Matrix(rows: side, columns: side)
        for place in 0..<side { result[place, place] = 1 }
        return result
    }

    /// The matrix with rows and columns exchanged.
    public var transposed: Matrix {
        var result = Matrix(rows: columns, columns: rows)
        for column in 0..<columns { for row in 0..<rows { result[column, row] = self[row, column] } }
        return result
    }

    /// The product, by plain sums in one order: few rows here, and the same bits with any BLAS.
    public static func * (a: Matrix, b: Matrix) -> Matrix {
        precondition(a.columns == b.rows, "as many columns left as rows right")
        var result = Matrix(rows: a.rows, columns: b.columns)
        let (m, inner) = (a.rows, a.columns)
        a.values.withUnsafeBufferPointer { left in
            b.values.withUnsafeBufferPointer { right in
                result.values.withUnsafeMutableBufferPointer { out in
                    for column in 0..<b.columns {
                        for k in 0..<inner {
                            let factor = right[column * inner + k]
                            if factor == 0 { continue }
                            for row in 0..<m { out[column * m + row] += left[k * m + row] * factor }
                        }
                    }
                }
            }
        }
        return result
    }

    /// The product with a vector.
    public static func * (a: Matrix, b: [Double]) -> [Double] { (a * Matrix(columns: [b])).values }

    /// The sum, place by place.
    public static func + (a: Matrix, b: Matrix) -> Matrix { a.combined(b, 1) }
    /// The difference, place by place.
    public static func - (a: Matrix, b: Matrix) -> Matrix { a.combined(b, -1) }
    /// Every value times a factor.
    public static func * (factor: Double, a: Matrix) -> Matrix {
        var result = a
        for place in result.values.indices { result.values[place] *= factor }
        return result
    }

    private func combined(_ other: Matrix, _ factor: Double) -> Matrix {
        precondition(rows == other.rows && columns == other.columns, "matrices of one shape")
        var result = self
        for place in values.indices { result.values[place] += factor * other.values[place] }
        return result
    }

    /// Adds another matrix in place.
    public static func += (a: inout Matrix, b: Matrix) {
        precondition(a.rows == b.rows && a.columns == b.columns, "matrices of one shape")
        for place in a.values.indices { a.values[place] += b.values[place] }
    }

    /// The sum of the diagonal.
    public var trace: Double { (0..<min(rows, columns)).reduce(0) { $0 + self[$1, $1] } }

    /// Σ aᵢⱼ bⱼᵢ: the trace of A B without making it.
    public static func traceOfProduct(_ a: Matrix, _ b: Matrix) -> Double {
        precondition(a.columns == b.rows && a.rows == b.columns, "a product that is square")
        var sum = 0.0
        for column in 0..<a.columns { for row in 0..<a.rows { sum += a[row, column] * b[column, row] } }
        return sum
    }

    /// gᵀ A g.
    public func quadraticForm(_ g: [Double]) -> Double {
        zip(g, self * g).reduce(0) { $0 + $1.0 * $1.1 }
    }

    /// The inverse and the logarithm of the determinant of a symmetric positive definite matrix, by Cholesky's
    /// factors; `nil` where it is not positive definite.
    public var positiveDefiniteInverse: (inverse: Matrix, logDeterminant: Double)? {
        guard let factor = choleskyFactor else { return nil }
        var inverse = factor
        let n = Int32(rows)
        guard LAPACKE_dpotri(LAPACK_COL_MAJOR, CChar(UInt8(ascii: "L")), n, &inverse.values, n) == 0 else { return nil }
        var logDeterminant = 0.0
        for column in 0..<rows {
            logDeterminant += 2 * log(factor[column, column])
            for row in column..<rows { inverse[column, row] = inverse[row, column] }
        }
        return (inverse, logDeterminant)
    }

    /// The lower triangular L with L Lᵀ = A of a symmetric positive definite matrix; `nil` where it is not.
    public var choleskyFactor: Matrix? {
        precondition(rows == columns, "a square matrix")
        guard values.allSatisfy(\.isFinite) else { return nil }
        var factor = self
        let n = Int32(rows)
        guard rows == 0 || LAPACKE_dpotrf(LAPACK_COL_MAJOR, CChar(UInt8(ascii: "L")), n, &factor.values, n) == 0 else {
            return nil
        }
        for column in 0..<rows { for row in 0..<column { factor[row, column] = 0 } }
        return factor
    }

    /// The eigenvalues of a symmetric matrix, smallest first; none where a value is not finite.
    public var symmetricEigenvalues: [Double] {
        precondition(rows == columns, "a square matrix")
        guard rows > 0, values.allSatisfy(\.isFinite) else { return [] }
        var (work, found) = (values, [Double](repeating: 0, count: rows))
        let n = Int32(rows)
        let status = LAPACKE_dsyev(
            LAPACK_COL_MAJOR, CChar(UInt8(ascii: "N")), CChar(UInt8(ascii: "U")), n, &work, n, &found)
        return status == 0 ? found : []
    }
}
