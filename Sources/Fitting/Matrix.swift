import CLAPACK

/// A dense matrix of Double, stored column by column as LAPACK has it.
public struct Matrix: Sendable, Equatable {
    /// Rows.
    public let rows: Int
    /// Columns.
    public let columns: Int
    /// Values, rows fastest; `rows * columns` of them.
    public var values: [Double]

    /// A matrix of zeros.
    public init(rows: Int, columns: Int) {
        precondition(rows >= 0 && columns >= 0, "a matrix has no negative side")
        (self.rows, self.columns) = (rows, columns)
        values = [Double](repeating: 0, count: rows * columns)
    }

    /// A matrix from its columns, which have the same length.
    public init(columns list: [[Double]]) {
        (rows, columns) = (list.first?.count ?? 0, list.count)
        let length = rows
        precondition(list.allSatisfy { $0.count == length }, "columns of one matrix have one length")
        values = list.flatMap(\.self)
    }

    /// The value at a row and a column.
    public subscript(row: Int, column: Int) -> Double {
        get { values[column * rows + row] }
        set { values[column * rows + row] = newValue }
    }

    /// One column.
    public func column(_ column: Int) -> ArraySlice<Double> { values[(column * rows)..<((column + 1) * rows)] }

    /// The solution x of A x = b, by LU with partial pivoting; `nil` where A is singular. A is square.
    public func solving(_ right: [Double]) -> [Double]? { solving(Matrix(columns: [right]))?.values }

    /// The solutions X of A X = B, one a column; `nil` where A is singular or not finite. A is square.
    public func solving(_ right: Matrix) -> Matrix? {
        precondition(rows == columns && right.rows == rows, "a square system and as many right-hand rows")
        guard rows > 0, values.allSatisfy(\.isFinite), right.values.allSatisfy(\.isFinite) else { return nil }
        var (factors, solution) = (values, right)
        var pivots = [Int32](repeating: 0, count: rows)
        let n = Int32(rows)
        let status = LAPACKE_dgesv(
            LAPACK_COL_MAJOR, n, Int32(right.columns), &factors, n, &pivots, &solution.values, n)
        return status == 0 ? solution : nil
    }

    /// The inverse; `nil` where the matrix is singular.
    public var inverse: Matrix? {
        var identity = Matrix(rows: rows, columns: rows)
        for place in 0..<rows { identity[place, place] = 1 }
        return solving(identity)
    }

    /// Singular values, largest first.
    public var singularValues: [Double] {
        let count = min(rows, columns)
        guard count > 0, values.allSatisfy(\.isFinite) else { return [] }
        var work = values
        var singular = [Double](repeating: 0, count: count)
        let status = LAPACKE_dgesdd(
            LAPACK_COL_MAJOR, CChar(UInt8(ascii: "N")), Int32(rows), Int32(columns), &work, Int32(rows),
            &singular, nil, 1, nil, 1)
        return status == 0 ? singular : []
    }

    /// The condition number in the 2-norm: how much a relative error of the right-hand side may grow. Infinite where the
    /// matrix is singular, NaN where it is empty or not finite.
    public var conditionNumber: Double {
        let singular = singularValues
        guard let largest = singular.first, let smallest = singular.last else { return .nan }
        return smallest > 0 ? largest / smallest : .infinity
    }
}
