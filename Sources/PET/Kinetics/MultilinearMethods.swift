import Fitting
import Records

/// Ichise's multilinear forms: the tissue curve itself on integrals, which keeps noise out of the divisor.
extension KineticSetup {
    /// MA1 [Ichise2002]: C_T = γ1 ∫C_p + γ2 ∫C_T, V_T = -γ1 / γ2.
    func ma1(_ target: [Double], _ region: String) -> KineticFit {
        let terms = terms(target)
        return multilinear(terms.target, [terms.inputIntegral, terms.targetIntegral], region) { fit in
            let (g1, g2) = (fit.coefficients[0], fit.coefficients[1])
            return [
                .init(
                    "V_T", -g1 / g2, standardError: fit.standardError(gradient: [-1 / g2, g1 / (g2 * g2)]),
                    unit: "mL/cm3"),
                .init(
                    "intercept", 1 / g2, standardError: fit.standardError(gradient: [0, 1 / (g2 * g2)]), unit: "min"),
            ]
        }
    }

    /// MRTM [Ichise2003]: C_T = γ1 ∫C_R + γ2 ∫C_T + γ3 C_R; k2 = γ1, k2a = -γ2, R1 = γ3, k2' = γ1 / γ3 and
    /// BP_ND = -γ1 / γ2 - 1. R1, k2 and k2a hold from the injection on, so that they are left out after a t*.
    func mrtm(_ target: [Double], _ region: String) -> KineticFit {
        if isReference(target) { return reference(target, region, k2: .nan) }
        let terms = terms(target)
        let columns = [terms.inputIntegral, terms.targetIntegral, terms.input]
        return multilinear(terms.target, columns, region) { fit in
            let (g1, g2, g3) = (fit.coefficients[0], fit.coefficients[1], fit.coefficients[2])
            func own(_ place: Int) -> Double { fit.covariance(place, place).squareRoot() }
            let binding = KineticFit.Parameter(
                "BP_ND", -g1 / g2 - 1, standardError: fit.standardError(gradient: [-1 / g2, g1 / (g2 * g2), 0]))
            let k2Prime = KineticFit.Parameter(
                "k2_prime", g1 / g3, standardError: fit.standardError(gradient: [1 / g3, 0, -g1 / (g3 * g3)]),
                unit: "1/min")
            guard options.frames == .all else { return [binding, k2Prime] }
            return [
                binding, .init("R1", g3, standardError: own(2)), .init("k2", g1, standardError: own(0), unit: "1/min"),
                .init("k2a", -g2, standardError: own(1), unit: "1/min"), k2Prime,
            ]
        }
    }

    /// MRTM2 [Ichise2003]: C_T = γ1 (∫C_R + C_R / k2') + γ2 ∫C_T with k2' known; k2 = γ1, k2a = -γ2, R1 = γ1 / k2' and
    /// BP_ND = -γ1 / γ2 - 1.
    func mrtm2(_ target: [Double], _ region: String) -> KineticFit {
        let k2Prime = options.k2Prime ?? .nan
        let terms = terms(target)
        let first = zip(terms.inputIntegral, terms.input).map { $0 + $1 / k2Prime }
        return multilinear(terms.target, [first, terms.targetIntegral], region) { fit in
            let (g1, g2) = (fit.coefficients[0], fit.coefficients[1])
            let error = fit.covariance(0, 0).squareRoot()
            let binding = KineticFit.Parameter(
                "BP_ND", -g1 / g2 - 1, standardError: fit.standardError(gradient: [-1 / g2, g1 / (g2 * g2)]))
            let given = KineticFit.Parameter("k2_prime", k2Prime, unit: "1/min")
            guard options.frames == .all else { return [binding, given] }
            return [
                binding, .init("R1", g1 / k2Prime, standardError: error / k2Prime),
                .init("k2", g1, standardError: error, unit: "1/min"),
                .init("k2a", -g2, standardError: fit.covariance(1, 1).squareRoot(), unit: "1/min"), given,
            ]
        }
    }

    /// A region that is the reference: it binds nothing and is delivered alike; only a known k2' says how fast it clears.
    func reference(_ target: [Double], _ region: String, k2: Double) -> KineticFit {
        let values = chosen.map { target[$0] }
        return KineticFit(
            model: model, region: region,
            parameters: [
                .init("BP_ND", 0), .init("R1", 1), .init("k2", k2, unit: "1/min"), .init("k2a", k2, unit: "1/min"),
                .init("k2_prime", k2, unit: "1/min"),
            ], flags: flags + [.note("the region is the reference")], framesUsed: chosen,
            x: chosen.map { frames.mids[$0] }, observed: values, fitted: values,
            weights: options.weights.map { weights in chosen.map { weights[$0] } } ?? chosen.map { _ in 1 })
    }

    /// A regression of the tissue curve on columns whose second coefficient is the efflux with a minus.
    private func multilinear(
        _ target: [Double], _ columns: [[Double]], _ region: String,
        parameters: (LinearFit) -> [KineticFit.Parameter]
    ) -> KineticFit {
        let observed = chosen.map { target[$0] }
        let weights = options.weights.map { weights in chosen.map { weights[$0] } } ?? chosen.map { _ in 1 }
        let fit = LinearFit(
            observed, columns: columns.map { column in chosen.map { column[$0] } }, weights: weights)
        guard let fit else { return failed(region, "the integrals depend on each other") }
        guard fit.coefficients[1] < 0 else {
            return failed(region, "nothing leaves the tissue: the coefficient of its integral is not negative")
        }
        var flags = flags
        if fit.reciprocalCondition < 1e-5 {
            flags.append(
                .note(
                    "the integrals nearly depend on each other (1/condition \(significant(fit.reciprocalCondition, 2)))"
                ))
        }
        let parameters = parameters(fit)
        for name in ["R1", "k2"] {
            guard let found = parameters.first(where: { $0.name == name }), found.value <= 0 else { continue }
            flags.append(.note("\(name) is not positive"))
        }
        return KineticFit(
            model: model, region: region, parameters: parameters, flags: flags, framesUsed: chosen,
            x: chosen.map { frames.mids[$0] }, observed: observed, fitted: fit.fitted, weights: weights,
            freeParameters: columns.count)
    }
}
