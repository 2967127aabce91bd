/// The directions along which three columns vary: eigenvectors of their covariance, by Jacobi's rotations [GolubVanLoan2013].
struct PrincipalAxes {
    /// Unit vectors, that of the largest variance first; the largest part of each is positive.
    let axes: [SIMD3<Double>]
    /// Variances along them, in the columns' unit squared.
    let variances: [Double]

    /// The axes of three columns of equal length, at least one sample.
    init(_ columns: [[Double]], in places: Range<Int>) {
        let count = Double(places.count)
        let means = columns.map { column in places.reduce(0) { $0 + column[$1] } / count }
        var matrix = [[Double]](repeating: [0, 0, 0], count: 3)
        for place in places {
            for row in 0..<3 {
                for column in row..<3 {
                    matrix[row][column] += (columns[row][place] - means[row]) * (columns[column][place] - means[column])
                }
            }
        }
        for row in 0..<3 {
            for column in row..<3 {
                matrix[row][column] /= count
                matrix[column][row] = matrix[row][column]
            }
        }
        let vectors = Self.diagonalize(&matrix)
        let found = [matrix[0][0], matrix[1][1], matrix[2][2]]
        let order = [0, 1, 2].sorted { found[$0] > found[$1] }
        variances = order.map { max(0, found[$0]) }
        axes = order.map { column in
            let vector = SIMD3(vectors[0][column], vectors[1][column], vectors[2][column])
            let largest = [0, 1, 2].max { abs(vector[$0]) < abs(vector[$1]) }!
            return vector[largest] < 0 ? -vector : vector
        }
    }

    /// The share of all variance that the first axis has, 0 to 1; `nil` where nothing varies.
    var firstShare: Double? {
        let sum = variances.reduce(0, +)
        return sum > 0 ? variances[0] / sum : nil
    }

    /// A column along an axis: what three columns are in its direction.
    static func projection(_ columns: [[Double]], on axis: SIMD3<Double>, in places: Range<Int>) -> [Double] {
        places.map { columns[0][$0] * axis.x + columns[1][$0] * axis.y + columns[2][$0] * axis.z }
    }

    /// Turns a symmetric matrix until it is diagonal; the columns of the result are its eigenvectors.
    private static func diagonalize(_ a: inout [[Double]]) -> [[Double]] {
        var vectors: [[Double]] = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
        // Six sweeps reach rounding for three rows; a matrix of zeros needs none.
        for _ in 0..<12 {
            for (p, q) in [(0, 1), (0, 2), (1, 2)] where a[p][q] != 0 {
                let theta = (a[q][q] - a[p][p]) / (2 * a[p][q])
                let t = (theta < 0 ? -1.0 : 1.0) / (abs(theta) + (theta * theta + 1).squareRoot())
                let c = 1 / (t * t + 1).squareRoot()
                turnColumns(p, q, c, t * c, &a)
                for k in 0..<3 {
                    let (x, y) = (a[p][k], a[q][k])
                    a[p][k] = c * x - t * c * y
                    a[q][k] = t * c * x + c * y
                }
                turnColumns(p, q, c, t * c, &vectors)
            }
        }
        return vectors
    }

    private static func turnColumns(_ p: Int, _ q: Int, _ c: Double, _ s: Double, _ matrix: inout [[Double]]) {
        for row in 0..<3 {
            let (x, y) = (matrix[row][p], matrix[row][q])
            matrix[row][p] = c * x - s * y
            matrix[row][q] = s * x + c * y
        }
    }
}
