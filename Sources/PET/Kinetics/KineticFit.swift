import Glibc

/// A kinetic model or graphical method, by its name on the command line.
public enum KineticModel: String, Sendable, CaseIterable {
    case patlak
    case refPatlak = "ref-patlak"
    case logan
    case refLogan = "ref-logan"
    case ma1
    case mrtm
    case mrtm2
    case srtm
    case srtmBasis = "srtm-basis"
    case srtm2
    case oneTissue = "1tcm"
    case twoTissue = "2tcm"
    case twoTissueIrreversible = "2tcm-irreversible"
    case suvr
    case sbr
}

/// What a model found in one region.
public struct KineticFit: Sendable, Equatable {
    /// One estimated or derived quantity.
    public struct Parameter: Sendable, Equatable {
        /// The symbol: "BP_ND", "R1", "k2", "k2a", "k2_prime", "Ki", "V_T" …
        public var name: String
        /// The estimate.
        public var value: Double
        /// Its standard error; NaN where it has none.
        public var standardError: Double
        /// "1/min", "mL/cm3", "mL/cm3/min", "min" or "" for a ratio.
        public var unit: String

        /// A parameter.
        public init(_ name: String, _ value: Double, standardError: Double = .nan, unit: String = "") {
            (self.name, self.value, self.standardError, self.unit) = (name, value, standardError, unit)
        }

        /// The coefficient of variation, %; NaN where there is no standard error.
        public var cvPercent: Double { value == 0 ? .nan : 100 * standardError / abs(value) }
    }

    /// What is doubtful about a fit.
    public enum Flag: Sendable, Equatable, Hashable {
        /// A parameter ended on a bound: the data did not decide.
        case atBound(String)
        /// No answer: the reason.
        case noSolution(String)
        /// Frames were left out: how many, and why.
        case framesLeftOut(Int, String)
        /// Anything else worth a look.
        case note(String)
    }

    /// The model.
    public var model: KineticModel
    /// The region's name.
    public var region: String
    /// Estimates in the model's order; empty where there is no solution.
    public var parameters: [Parameter]
    /// What is doubtful.
    public var flags: [Flag]
    /// Frames that took part, ascending, counted from 0.
    public var framesUsed: [Int]
    /// The abscissa of the fit: min for curves, the graphical method's own x otherwise.
    public var x: [Double]
    /// What was fitted, one value a frame used.
    public var observed: [Double]
    /// What the model says there.
    public var fitted: [Double]
    /// Weights, one a frame used.
    public var weights: [Double]
    /// How many parameters were estimated together, the variance of the residuals not among them; 0 where nothing was fitted.
    public var freeParameters: Int

    /// A fit.
    public init(
        model: KineticModel, region: String, parameters: [Parameter], flags: [Flag] = [], framesUsed: [Int],
        x: [Double], observed: [Double], fitted: [Double], weights: [Double], freeParameters: Int = 0
    ) {
        (self.model, self.region, self.parameters, self.flags) = (model, region, parameters, flags)
        (self.framesUsed, self.x, self.observed, self.fitted) = (framesUsed, x, observed, fitted)
        (self.weights, self.freeParameters) = (weights, freeParameters)
    }

    /// A region without an answer, and why.
    public init(model: KineticModel, region: String, noSolution reason: String, flags: [Flag] = []) {
        self.init(
            model: model, region: region, parameters: [], flags: [.noSolution(reason)] + flags, framesUsed: [], x: [],
            observed: [], fitted: [], weights: [])
    }

    /// Why there is no answer; `nil` where there is one.
    public var failure: String? {
        for case .noSolution(let reason) in flags { return reason }
        return nil
    }

    /// A parameter by its name.
    public subscript(name: String) -> Parameter? { parameters.first { $0.name == name } }

    /// What the model is asked for: Ki, V_T, BP_ND or the ratio; `nil` where there is no answer.
    public var outcome: Parameter? {
        let names: [String] =
            switch model {
            case .patlak, .refPatlak, .twoTissueIrreversible: ["Ki", "Ki_ref", "Ki_occ"]
            case .logan, .ma1, .oneTissue, .twoTissue: ["V_T"]
            case .refLogan, .mrtm, .mrtm2, .srtm, .srtmBasis, .srtm2: ["BP_ND"]
            case .suvr, .sbr: ["SUVR", "SBR"]
            }
        return parameters.first { names.contains($0.name) }
    }

    /// Observed less fitted.
    public var residuals: [Double] { zip(observed, fitted).map { $0 - $1 } }

    /// Σ w residual².
    public var weightedRSS: Double { zip(weights, residuals).reduce(0) { $0 + $1.0 * $1.1 * $1.1 } }

    /// Akaike's information criterion for few data [HurvichTsai1989]: n ln(RSS / n) + 2K + 2K(K + 1) / (n − K − 1) with K the
    /// parameters and the variance; NaN where n ≤ K + 1 or nothing was fitted.
    ///
    /// Only differences between models of the same data with the same weights mean something.
    public var aicc: Double {
        let (n, k) = (Double(weights.count { $0 > 0 }), Double(freeParameters + 1))
        guard freeParameters > 0, n > k + 1 else { return .nan }
        return n * log(weightedRSS / n) + 2 * k + 2 * k * (k + 1) / (n - k - 1)
    }

    /// The weighted share of variance explained, 1 - RSS / TSS around the weighted mean; NaN without spread.
    public var rSquared: Double {
        let total = weights.reduce(0, +)
        let mean = zip(weights, observed).reduce(0) { $0 + $1.0 * $1.1 } / total
        let spread = zip(weights, observed).reduce(0) { $0 + $1.0 * ($1.1 - mean) * ($1.1 - mean) }
        return spread > 0 ? 1 - weightedRSS / spread : .nan
    }
}

extension KineticFit.Flag: CustomStringConvertible {
    /// The flag as a table has it.
    public var description: String {
        switch self {
        case .atBound(let name): "\(name) on a bound"
        case .noSolution(let reason): "no solution: \(reason)"
        case .framesLeftOut(let count, let reason): "\(count) frame\(count == 1 ? "" : "s") left out: \(reason)"
        case .note(let text): text
        }
    }
}
