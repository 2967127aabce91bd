import Fitting

/// Patlak's and Logan's plots: a straight line through a transformed curve.
extension KineticSetup {
    /// Patlak's plot [Patlak1983, Gjedde1982], C_T / C_p = Ki ∫C_p / C_p + V0, and with a reference region in the plasma's
    /// place [Patlak1985].
    func patlak(_ target: [Double], _ region: String) -> KineticFit {
        let terms = terms(target)
        let (used, left) = split { terms.input[$0] > 0 }
        let what = model == .patlak ? "plasma" : "the reference"
        let flags = left == 0 ? [] : [KineticFit.Flag.framesLeftOut(left, "\(what) is 0 or less")]
        let y = terms.patlakRatios?.y ?? zip(terms.target, terms.input).map { $0 / $1 }
        let x = terms.patlakRatios?.x ?? zip(terms.inputIntegral, terms.input).map { $0 / $1 }
        // y = C_T / C_in: its variance is that of C_T over C_in².
        let weights = options.weights.map { zip($0, terms.input).map { $0 * $1 * $1 } }
        return line(y, x, used, weights, region, flags) { line in
            if model == .patlak {
                [line.slope("Ki", unit: "mL/cm3/min"), line.intercept("V0", unit: "mL/cm3")]
            } else {
                [line.slope(referencePatlakName, unit: "1/min"), line.intercept("intercept", unit: "")]
            }
        }
    }

    /// Ki_occ is the name in FDOPA studies, where the reference is the occipital cortex.
    private var referencePatlakName: String {
        options.referenceName?.lowercased().contains("occ") == true ? "Ki_occ" : "Ki_ref"
    }

    /// Logan's plot [Logan1990], ∫C_T / C_T = V_T ∫C_p / C_T + b, and its reference form [Logan1996],
    /// ∫C_T / C_T = DVR (∫C_R + C_R / k2') / C_T + b; without k2' its term is left out.
    func logan(_ target: [Double], _ region: String) -> KineticFit {
        let terms = terms(target)
        let (used, left) = split { terms.target[$0] > 0 }
        let flags = left == 0 ? [] : [KineticFit.Flag.framesLeftOut(left, "the region is 0 or less")]
        let y = terms.loganRatios?.y ?? zip(terms.targetIntegral, terms.target).map { $0 / $1 }
        let delay = options.k2Prime.map { 1 / $0 } ?? 0
        let x =
            terms.loganRatios?.x
            ?? frames.starts.indices.map {
                (terms.inputIntegral[$0] + (model == .refLogan ? delay * terms.input[$0] : 0)) / terms.target[$0]
            }
        let weights = options.weights.map { loganWeights($0, terms.target) }
        return line(y, x, used, weights, region, flags) { line in
            let intercept = line.intercept("intercept", unit: "min")
            if model == .logan { return [line.slope("V_T", unit: "mL/cm3"), intercept] }
            let ratio = line.slope("DVR", unit: "")
            let binding = KineticFit.Parameter("BP_ND", ratio.value - 1, standardError: ratio.standardError)
            let given = options.k2Prime.map { [KineticFit.Parameter("k2_prime", $0, unit: "1/min")] } ?? []
            return [binding, ratio, intercept] + given
        }
    }

    /// Weights of y = ∫C_T / C_T from those of C_T by the delta method: y depends on every frame before by Δ_j / C_i, and on
    /// its own by -I_(i-1) / C_i², I being the integral over the frames before. Frames without weight have no variance.
    func loganWeights(_ weights: [Double], _ target: [Double]) -> [Double] {
        var (before, variance) = (0.0, 0.0)
        return target.indices.map { frame in
            let (length, value) = (frames.ends[frame] - frames.starts[frame], target[frame])
            let own = weights[frame] > 0 ? before * before / (value * value) / weights[frame] : 0
            let total = (variance + own) / (value * value)
            before += length * value
            if weights[frame] > 0 { variance += length * length / weights[frame] }
            return total > 0 && total.isFinite ? 1 / total : 0
        }
    }

    /// The chosen frames that fulfil a condition, and how many do not.
    func split(_ isUsable: (Int) -> Bool) -> (used: [Int], leftOut: Int) {
        let used = chosen.filter(isUsable)
        return (used, chosen.count - used.count)
    }

    /// A straight line through the used frames, as a fit.
    private func line(
        _ y: [Double], _ x: [Double], _ used: [Int], _ weights: [Double]?, _ region: String, _ more: [KineticFit.Flag],
        parameters: (FittedLine) -> [KineticFit.Parameter]
    ) -> KineticFit {
        guard used.count >= 3 else { return failed(region, "fewer than 3 frames are left", more) }
        let (observed, abscissa) = (used.map { y[$0] }, used.map { x[$0] })
        let w = weights.map { weights in used.map { weights[$0] } } ?? used.map { _ in 1 }
        guard let fit = LinearFit(observed, columns: [abscissa, used.map { _ in 1 }], weights: w) else {
            return failed(region, "the points do not determine a line", more)
        }
        return KineticFit(
            model: model, region: region, parameters: parameters(FittedLine(fit: fit)), flags: flags + more,
            framesUsed: used, x: abscissa, observed: observed, fitted: fit.fitted, weights: w, freeParameters: 2)
    }
}

/// Slope and intercept with their standard errors.
private struct FittedLine {
    let fit: LinearFit

    func slope(_ name: String, unit: String) -> KineticFit.Parameter { parameter(0, name, unit) }
    func intercept(_ name: String, unit: String) -> KineticFit.Parameter { parameter(1, name, unit) }

    private func parameter(_ place: Int, _ name: String, _ unit: String) -> KineticFit.Parameter {
        KineticFit.Parameter(
            name, fit.coefficients[place], standardError: fit.covariance(place, place).squareRoot(), unit: unit)
    }
}
