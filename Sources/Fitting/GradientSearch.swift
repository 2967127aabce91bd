import CNLopt

/// The least value of a smooth function with its gradient: sequential least squares programming [Kraft1994], by NLopt.
///
/// Without bounds or constraints it is a quasi-Newton search (BFGS). Deterministic.
public struct GradientSearch: Sendable {
    /// Where the function was least.
    public let parameters: [Double]
    /// Its value there.
    public let value: Double
    /// How often the function was called.
    public let evaluations: Int
    /// Whether the search ended by itself, before the limit of evaluations.
    public let converged: Bool

    /// Searches from `start`.
    ///
    /// - Parameters:
    ///   - tolerance: where a step changes the value relatively by less, the search ends.
    ///   - limit: evaluations after which it ends anyway.
    ///   - function: fills the gradient and returns the value; a value that is not finite counts as very large.
    public init(
        start: [Double], tolerance: Double, limit: Int,
        function: (_ parameters: [Double], _ gradient: inout [Double]) -> Double
    ) {
        precondition(!start.isEmpty && tolerance > 0 && limit > 0, "a start, and sizes that are positive")
        let count = start.count
        var (calls, best) = (0, (value: Double.infinity, parameters: start))
        var gradient = [Double](repeating: 0, count: count)
        let body: (UnsafePointer<Double>, UnsafeMutablePointer<Double>?) -> Double = { x, slope in
            let x = Array(UnsafeBufferPointer(start: x, count: count))
            let value = function(x, &gradient)
            calls += 1
            if value < best.value { best = (value, x) }
            if let slope { for place in 0..<count { slope[place] = value.isFinite ? gradient[place] : 0 } }
            return value.isFinite ? value : 1e30
        }
        let status = withoutActuallyEscaping(body) { body in
            let context = Context(body)
            return withExtendedLifetime(context) {
                let search = nlopt_create(NLOPT_LD_SLSQP, UInt32(count))
                defer { nlopt_destroy(search) }
                nlopt_set_min_objective(
                    search,
                    { _, x, gradient, context in
                        Unmanaged<Context>.fromOpaque(context!).takeUnretainedValue().body(x!, gradient)
                    }, Unmanaged.passUnretained(context).toOpaque())
                nlopt_set_ftol_rel(search, tolerance)
                nlopt_set_maxeval(search, Int32(limit))
                var (x, value) = (start, 0.0)
                return nlopt_optimize(search, &x, &value)
            }
        }
        (parameters, value, evaluations) = (best.parameters, best.value, calls)
        converged = status.rawValue > 0 && status != NLOPT_MAXEVAL_REACHED
    }

    private final class Context {
        let body: (UnsafePointer<Double>, UnsafeMutablePointer<Double>?) -> Double
        init(_ body: @escaping (UnsafePointer<Double>, UnsafeMutablePointer<Double>?) -> Double) { self.body = body }
    }
}
