import CNLopt

/// The least value of a function of a few bounded parameters, without derivatives: Powell's BOBYQA [Powell2009], by NLopt.
///
/// Deterministic. Parameters should have one scale: a step of the same size should matter as much in each.
public struct BoundedSearch: Sendable {
    /// Where the function was least.
    public let parameters: [Double]
    /// Its value there.
    public let value: Double
    /// How often the function was called.
    public let evaluations: Int
    /// Whether the search ended by itself, before the limit of evaluations.
    public let converged: Bool

    /// Searches around `start`.
    ///
    /// - Parameters:
    ///   - reach: how far each parameter may go from its start; all positive.
    ///   - step: the size of the first steps, in each parameter.
    ///   - tolerance: where steps get smaller than this in every parameter, the search ends.
    ///   - limit: evaluations after which it ends anyway.
    ///   - function: the function; a value that is not finite counts as very large.
    public init(
        start: [Double], reach: [Double], step: Double, tolerance: Double, limit: Int,
        function: (UnsafeBufferPointer<Double>) -> Double
    ) {
        precondition(start.count >= 2 && reach.count == start.count, "BOBYQA needs two parameters or more")
        precondition(step > 0 && tolerance > 0 && limit > 0 && reach.allSatisfy { $0 > 0 }, "sizes are positive")
        let count = start.count
        var (calls, best) = (0, (value: Double.infinity, parameters: start))
        let body: (UnsafePointer<Double>) -> Double = { x in
            let x = UnsafeBufferPointer(start: x, count: count)
            let value = function(x)
            calls += 1
            if value < best.value { best = (value, Array(x)) }
            return value.isFinite ? value : 1e30
        }
        let status = withoutActuallyEscaping(body) { body in
            let context = Context(body)
            return withExtendedLifetime(context) {
                Self.search(context, start: start, reach: reach, step: step, tolerance: tolerance, limit: limit)
            }
        }
        (parameters, value, evaluations) = (best.parameters, best.value, calls)
        converged = status.rawValue > 0 && status != NLOPT_MAXEVAL_REACHED
    }

    private final class Context {
        let body: (UnsafePointer<Double>) -> Double
        init(_ body: @escaping (UnsafePointer<Double>) -> Double) { self.body = body }
    }

    private static func search(
        _ context: Context, start: [Double], reach: [Double], step: Double, tolerance: Double, limit: Int
    ) -> nlopt_result {
        let search = nlopt_create(NLOPT_LN_BOBYQA, UInt32(start.count))
        defer { nlopt_destroy(search) }
        nlopt_set_lower_bounds(search, zip(start, reach).map { $0 - $1 })
        nlopt_set_upper_bounds(search, zip(start, reach).map { $0 + $1 })
        nlopt_set_min_objective(
            search,
            { _, x, _, context in
                Unmanaged<Context>.fromOpaque(context!).takeUnretainedValue().body(x!)
            }, Unmanaged.passUnretained(context).toOpaque())
        nlopt_set_initial_step1(search, step)
        nlopt_set_xtol_abs1(search, tolerance)
        nlopt_set_maxeval(search, Int32(limit))
        var (x, value) = (start, 0.0)
        return nlopt_optimize(search, &x, &value)
    }
}
