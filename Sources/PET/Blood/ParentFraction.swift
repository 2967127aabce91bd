import Glibc
import Fitting
import Records

/// The share of the activity in plasma that is unchanged tracer, over time [Tonietto2016].
public struct ParentFraction: Sendable, Equatable {
    /// How it goes between and beyond the samples; t in min after time zero, 1 at 0.
    public enum Model: String, Sendable, CaseIterable {
        /// Straight between the samples, from 1 at time 0; after the last sample its value.
        case linear
        /// 1 - (1 - a) t^b / (c + t^b): a where it ends, steepness b; given as half time h = c^(1/b).
        case hill
        /// (1 + (a t)^b)^-c.
        case power
        /// a e^(-bt) + (1 - a) e^(-ct).
        case exponential
    }

    /// The model.
    public let model: Model
    /// The samples.
    public let samples: BloodSamples.Samples
    /// Estimates by name, rates per min and times in min; none for `linear`.
    public let parameters: [KineticFit.Parameter]
    /// The root of the mean squared difference from the samples; 0 for `linear`.
    public let rootMeanSquare: Double
    /// What was doubtful.
    public let warnings: [String]

    /// A fraction by a model, of samples between 0 and 1; noise to 1.1 is left as it is, with a warning.
    ///
    /// Fits start from 27 places and the best end counts. Throws where a sample is outside of 0...1.1, and where there are
    /// fewer samples after time 0 than parameters.
    public init(_ model: Model, of samples: BloodSamples.Samples) throws(CurveProblem) {
        guard let first = samples.values.first else { throw .noParentFraction }
        let extremes = samples.values.reduce((first, first)) { (min($0.0, $1), max($0.1, $1)) }
        guard extremes.0 >= 0, extremes.1 <= 1.1 else {
            throw .fractionRange(extremes.0 < 0 ? extremes.0 : extremes.1)
        }
        (self.model, self.samples) = (model, samples)
        var warnings = extremes.1 > 1 ? ["a parent fraction of \(significant(extremes.1, 4)) is above 1"] : []
        if model == .linear {
            (parameters, rootMeanSquare, self.warnings) = ([], 0, warnings)
            return
        }
        let used = zip(samples.times, samples.values).filter { $0.0 > 0 }
        guard used.count >= 3 else { throw .fewFractions(model.rawValue, used.count) }
        let (times, values) = (used.map { $0.0 / 60 }, used.map(\.1))
        let shape = Shape(model)
        let fits = shape.starts.map { start in
            NonlinearFit(count: times.count, start: start, lower: shape.lower, upper: shape.upper) { trial, residuals in
                for place in times.indices { residuals[place] = shape.value(trial, times[place]) - values[place] }
            }
        }
        let best = fits.filter(\.sumOfSquares.isFinite).min { $0.sumOfSquares < $1.sumOfSquares } ?? fits[0]
        let agreeing = fits.count { $0.sumOfSquares <= best.sumOfSquares * (1 + 1e-6) + 1e-18 }
        if agreeing < 2 { warnings.append("only one of \(fits.count) starts of the parent fraction's fit ended there") }
        for (name, isAtBound) in zip(shape.names, best.atBound) where isAtBound {
            warnings.append("the parent fraction's \(name) ended on a bound: the samples did not decide")
        }
        parameters = shape.described(best.parameters)
        rootMeanSquare = (best.sumOfSquares / Double(times.count)).squareRoot()
        self.warnings = warnings
    }

    /// The fraction at a time, s after time zero; 1 before.
    public func value(atS seconds: Double) -> Double {
        guard seconds > 0 else { return 1 }
        guard model == .linear else { return Shape(model).value(Shape(model).trial(parameters), seconds / 60) }
        guard let next = samples.times.firstIndex(where: { $0 >= seconds }) else { return samples.values.last ?? 1 }
        let (start, from) = next == 0 ? (0, 1) : (samples.times[next - 1], samples.values[next - 1])
        let length = samples.times[next] - start
        return length > 0 ? from + (samples.values[next] - from) * (seconds - start) / length : samples.values[next]
    }
}

/// A model's parameters as they are searched: times and rates as logarithms, so that steps have one size.
private struct Shape {
    let model: ParentFraction.Model

    init(_ model: ParentFraction.Model) { self.model = model }

    var names: [String] { model == .hill ? ["a", "b", "h"] : ["a", "b", "c"] }

    var lower: [Double] {
        switch model {
        case .hill, .linear: [0, 0.1, log(1e-2)]
        case .power: [log(1e-5), 0.1, log(1e-3)]
        case .exponential: [0, 0, 0]
        }
    }

    var upper: [Double] {
        switch model {
        case .hill, .linear: [1, 20, log(1e4)]
        case .power: [log(1e2), 20, log(1e2)]
        case .exponential: [1, 10, 10]
        }
    }

    /// Every combination of three values a parameter.
    var starts: [[Double]] {
        let values: [[Double]] =
            switch model {
            case .hill, .linear: [[0.05, 0.3, 0.6], [1, 2, 5], [log(5), log(20), log(60)]]
            case .power: [[log(0.01), log(0.05), log(0.3)], [1, 2, 5], [log(0.1), log(0.5), log(2)]]
            case .exponential: [[0.2, 0.5, 0.8], [0.02, 0.1, 0.5], [0.001, 0.005, 0.02]]
            }
        return values[0].flatMap { a in values[1].flatMap { b in values[2].map { c in [a, b, c] } } }
    }

    /// The fraction at t min, greater than 0.
    func value(_ p: [Double], _ t: Double) -> Double {
        switch model {
        case .linear: 1
        // t^b / (h^b + t^b), without powers that overflow.
        case .hill: 1 - (1 - p[0]) / (1 + exp(p[1] * (p[2] - log(t))))
        case .power: exp(-exp(p[2]) * log1p(exp(p[1] * (p[0] + log(t)))))
        case .exponential: p[0] * exp(-p[1] * t) + (1 - p[0]) * exp(-p[2] * t)
        }
    }

    /// The parameters as the paper has them; of the exponentials, the faster first.
    func described(_ p: [Double]) -> [KineticFit.Parameter] {
        switch model {
        case .linear: []
        case .hill: [.init("a", p[0]), .init("b", p[1]), .init("h", exp(p[2]), unit: "min")]
        case .power: [.init("a", exp(p[0]), unit: "1/min"), .init("b", p[1]), .init("c", exp(p[2]))]
        case .exponential:
            p[1] >= p[2]
                ? [.init("a", p[0]), .init("b", p[1], unit: "1/min"), .init("c", p[2], unit: "1/min")]
                : [.init("a", 1 - p[0]), .init("b", p[2], unit: "1/min"), .init("c", p[1], unit: "1/min")]
        }
    }

    /// The other way.
    func trial(_ parameters: [KineticFit.Parameter]) -> [Double] {
        let p = parameters.map(\.value)
        return switch model {
        case .linear, .exponential: p
        case .hill: [p[0], p[1], log(p[2])]
        case .power: [log(p[0]), p[1], log(p[2])]
        }
    }
}
