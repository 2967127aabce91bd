import Fitting
import Glibc

/// How the random effects of a patient, or the values at their visits, vary together: a matrix G of a few parameters.
///
/// The parameters θ are the field's own: variances and covariances, or standard deviations and correlations.
public enum CovarianceStructure: String, Sendable, CaseIterable {
    /// Every variance and covariance its own: k(k + 1)/2 parameters.
    case unstructured
    /// A standard deviation a visit, a correlation for each distance of visits: 2k − 1 parameters.
    case toeplitz
    /// A standard deviation a visit, correlations ρ, ρ², ρ³ … with the distance of visits: k + 1 parameters.
    case autoregressive
    /// A standard deviation a visit and one correlation: k + 1 parameters.
    case compoundSymmetry = "compound-symmetry"

    /// What it is called in a report.
    public var name: String {
        switch self {
        case .unstructured: "unstructured"
        case .toeplitz: "heterogeneous Toeplitz"
        case .autoregressive: "heterogeneous AR(1)"
        case .compoundSymmetry: "heterogeneous compound symmetry"
        }
    }

    /// How many parameters there are for k effects.
    func count(_ k: Int) -> Int {
        switch self {
        case .unstructured: k * (k + 1) / 2
        case .toeplitz: 2 * k - 1
        case .autoregressive, .compoundSymmetry: k + 1
        }
    }

    /// G.
    func matrix(_ theta: [Double], _ k: Int) -> Matrix {
        var result = Matrix(rows: k, columns: k)
        if self == .unstructured {
            for (place, (row, column)) in Self.lower(k).enumerated() {
                result[row, column] = theta[place]
                result[column, row] = theta[place]
            }
        } else {
            for a in 0..<k { for b in 0..<k { result[a, b] = theta[a] * theta[b] * correlation(theta, k, abs(a - b)) } }
        }
        return result
    }

    /// ∂G/∂θ, one a parameter.
    func derivatives(_ theta: [Double], _ k: Int) -> [Matrix] {
        if self == .unstructured {
            return Self.lower(k).map { row, column in
                var one = Matrix(rows: k, columns: k)
                one[row, column] = 1
                one[column, row] = 1
                return one
            }
        }
        return (0..<count(k)).map { r in
            var result = Matrix(rows: k, columns: k)
            for a in 0..<k { for b in 0..<k { result[a, b] = first(theta, k, a, b, r) } }
            return result
        }
    }

    /// ∂²G/∂θ∂θ; `nil` where all are zero.
    func secondDerivatives(_ theta: [Double], _ k: Int) -> [[Matrix]]? {
        guard self != .unstructured else { return nil }
        let n = count(k)
        return (0..<n).map { r in
            (0..<n).map { s in
                var result = Matrix(rows: k, columns: k)
                for a in 0..<k { for b in 0..<k { result[a, b] = second(theta, k, a, b, r, s) } }
                return result
            }
        }
    }

    /// The places of the lower triangle, column by column.
    static func lower(_ k: Int) -> [(Int, Int)] { (0..<k).flatMap { column in (column..<k).map { ($0, column) } } }

    // MARK: - Standard deviations and correlations

    private func correlation(_ theta: [Double], _ k: Int, _ distance: Int) -> Double {
        guard distance > 0 else { return 1 }
        return switch self {
        case .toeplitz: theta[k + distance - 1]
        case .autoregressive: pow(theta[k], Double(distance))
        default: theta[k]
        }
    }

    /// ∂ of a correlation by the correlation parameter at place `r` of θ.
    private func correlationSlope(_ theta: [Double], _ k: Int, _ distance: Int, _ r: Int) -> Double {
        guard distance > 0, r >= k else { return 0 }
        return switch self {
        case .toeplitz: r == k + distance - 1 ? 1 : 0
        case .autoregressive: Double(distance) * pow(theta[k], Double(distance - 1))
        default: 1
        }
    }

    private func correlationCurvature(_ theta: [Double], _ k: Int, _ distance: Int) -> Double {
        guard self == .autoregressive, distance > 1 else { return 0 }
        return Double(distance * (distance - 1)) * pow(theta[k], Double(distance - 2))
    }

    /// ∂(σₐσ_b)/∂θᵣ for a standard deviation.
    private func spreadSlope(_ theta: [Double], _ a: Int, _ b: Int, _ r: Int) -> Double {
        (a == r ? theta[b] : 0) + (b == r ? theta[a] : 0)
    }

    private func first(_ theta: [Double], _ k: Int, _ a: Int, _ b: Int, _ r: Int) -> Double {
        let distance = abs(a - b)
        return r < k
            ? spreadSlope(theta, a, b, r) * correlation(theta, k, distance)
            : theta[a] * theta[b] * correlationSlope(theta, k, distance, r)
    }

    private func second(_ theta: [Double], _ k: Int, _ a: Int, _ b: Int, _ r: Int, _ s: Int) -> Double {
        let distance = abs(a - b)
        switch (r < k, s < k) {
        case (true, true):
            let mixed = (a == r && b == s ? 1.0 : 0) + (b == r && a == s ? 1.0 : 0)
            return mixed * correlation(theta, k, distance)
        case (true, false): return spreadSlope(theta, a, b, r) * correlationSlope(theta, k, distance, s)
        case (false, true): return spreadSlope(theta, a, b, s) * correlationSlope(theta, k, distance, r)
        case (false, false): return theta[a] * theta[b] * correlationCurvature(theta, k, distance)
        }
    }
}

/// The parameters as a search moves them, free of bounds: G = s² D G̃ D with G̃ = L Lᵀ, or of e to the power of
/// logarithms and tanh.
extension CovarianceStructure {
    /// Where a search starts: even variances, correlations of about a half, with k effects.
    func start(_ k: Int) -> [Double] {
        switch self {
        case .unstructured: Self.lower(k).map { $0 == $1 ? 0.7 : $1 == 0 ? 0.3 : 0 }
        case .toeplitz: [Double](repeating: 0, count: k) + [Double](repeating: atanh(0.4), count: k - 1)
        case .autoregressive: [Double](repeating: 0, count: k) + [atanh(0.5)]
        case .compoundSymmetry: [Double](repeating: 0, count: k) + [atanh(0.4)]
        }
    }

    /// θ from the parameters of a search, with the scale of each effect.
    func theta(_ free: [Double], scales: [Double]) -> [Double] {
        let k = scales.count
        guard self == .unstructured else {
            return (0..<k).map { scales[$0] * exp(free[$0]) } + free[k...].map { tanh($0) }
        }
        let factor = Self.triangle(free, scales)
        let product = factor * factor.transposed
        return Self.lower(k).map { product[$0, $1] }
    }

    /// The slope of a function in a search's parameters, from its slope `d` in G: its change is Σ dᵢⱼ ∂Gᵢⱼ.
    func slope(_ free: [Double], scales: [Double], _ d: Matrix) -> [Double] {
        let k = scales.count
        if self == .unstructured {
            let product = d * Self.triangle(free, scales)
            return Self.lower(k).map { 2 * product[$0, $1] * scales[$0] }
        }
        let theta = theta(free, scales: scales)
        return derivatives(theta, k).enumerated().map { place, derivative in
            let chain = place < k ? theta[place] : 1 - theta[place] * theta[place]
            return Matrix.traceOfProduct(d, derivative) * chain
        }
    }

    private static func triangle(_ free: [Double], _ scales: [Double]) -> Matrix {
        let k = scales.count
        var factor = Matrix(rows: k, columns: k)
        for (place, (row, column)) in lower(k).enumerated() { factor[row, column] = scales[row] * free[place] }
        return factor
    }
}
