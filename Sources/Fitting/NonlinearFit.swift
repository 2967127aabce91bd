import CMinpack
import Glibc

/// Least squares of a few bounded parameters, by Levenberg and Marquardt's method (MINPACK `lmdif`) [More1980].
///
/// Bounds are kept by a sine: parameter = middle + half width · sin u. A fit that ends on a bound says so.
public struct NonlinearFit: Sendable {
    /// Where the search ended.
    public let parameters: [Double]
    /// Residuals there.
    public let residuals: [Double]
    /// Σ residuals².
    public let sumOfSquares: Double
    /// Which parameters lie on a bound: closer than 1e-6 of the width.
    public let atBound: [Bool]
    /// Whether MINPACK reports convergence.
    public let converged: Bool

    /// Searches from `start`. `residuals` gets parameters and fills as many residuals as `count`; √weight is theirs to
    /// apply. Residuals that are not finite end the search there (`converged` is false).
    ///
    /// - Precondition: a lower bound lies below its upper bound, and both are finite.
    public init(
        count: Int, start: [Double], lower: [Double], upper: [Double], tolerance: Double = 1e-14,
        residuals: (_ parameters: [Double], _ into: inout [Double]) -> Void
    ) {
        let n = start.count
        precondition(n > 0 && lower.count == n && upper.count == n && count >= n, "bounds and residuals for all")
        precondition(zip(lower, upper).allSatisfy { $0 < $1 && $0.isFinite && $1.isFinite }, "bounds with room between")
        let middle = zip(lower, upper).map { ($0 + $1) / 2 }
        let half = zip(lower, upper).map { ($1 - $0) / 2 }
        func inside(_ u: UnsafePointer<Double>) -> [Double] { (0..<n).map { middle[$0] + half[$0] * sin(u[$0]) } }
        var buffer = [Double](repeating: 0, count: count)
        var best: (sum: Double, u: [Double])?
        /// What MINPACK hands back to us at each evaluation.
        let body: (UnsafePointer<Double>, UnsafeMutablePointer<Double>) -> Bool = { u, output in
            residuals(inside(u), &buffer)
            var sum = 0.0
            for place in 0..<count {
                output[place] = buffer[place]
                sum += buffer[place] * buffer[place]
            }
            guard sum.isFinite else { return false }
            if best.map({ sum < $0.sum }) ?? true { best = (sum, Array(UnsafeBufferPointer(start: u, count: n))) }
            return true
        }
        var u = (0..<n).map { place -> Double in
            // A start on a bound has no slope there.
            asin(Swift.min(Swift.max((start[place] - middle[place]) / half[place], -0.999_999), 0.999_999))
        }
        let status = withoutActuallyEscaping(body) { body in
            Self.search(count: count, from: &u, tolerance: tolerance, body: body)
        }
        if let best { u = best.u }
        let found = inside(u)
        residuals(found, &buffer)
        (parameters, self.residuals) = (found, buffer)
        sumOfSquares = buffer.reduce(0) { $0 + $1 * $1 }
        atBound = (0..<n).map { half[$0] - abs(found[$0] - middle[$0]) < 2e-6 * half[$0] }
        converged = (1...4).contains(status)
    }

    private final class Context {
        let body: (UnsafePointer<Double>, UnsafeMutablePointer<Double>) -> Bool
        init(_ body: @escaping (UnsafePointer<Double>, UnsafeMutablePointer<Double>) -> Bool) { self.body = body }
    }

    private static func search(
        count: Int, from u: inout [Double], tolerance: Double,
        body: @escaping (UnsafePointer<Double>, UnsafeMutablePointer<Double>) -> Bool
    ) -> Int32 {
        let n = u.count
        var residuals = [Double](repeating: 0, count: count)
        var diagonal = [Double](repeating: 1, count: n)
        var jacobian = [Double](repeating: 0, count: n * count)
        var (pivots, qtf) = ([Int32](repeating: 0, count: n), [Double](repeating: 0, count: n))
        var (w1, w2, w3) = (qtf, qtf, qtf)
        var w4 = residuals
        var evaluations: Int32 = 0
        let context = Context(body)
        return withExtendedLifetime(context) {
            lmdif(
                { context, _, _, u, residuals, _ in
                    let context = Unmanaged<Context>.fromOpaque(context!).takeUnretainedValue()
                    return context.body(u!, residuals!) ? 0 : -1
                }, Unmanaged.passUnretained(context).toOpaque(), Int32(count), Int32(n), &u, &residuals, tolerance,
                tolerance, 0, Int32(200 * (n + 1)), 0, &diagonal, 1, 100, 0, &evaluations, &jacobian, Int32(count),
                &pivots, &qtf, &w1, &w2, &w3, &w4)
        }
    }
}
