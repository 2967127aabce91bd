import Glibc
import Fitting

extension CompartmentModel.Problem {
    typealias Parameter = KineticFit.Parameter

    /// Rates, blood volume and what follows from them, with standard errors by the delta method.
    ///
    /// The covariance is s²(JᵀWJ)⁻¹ with the Jacobian of the frames' predictions in the rates themselves.
    func parameters(_ solution: CompartmentModel.Solution) -> [Parameter] {
        let names = freeNames(solution)
        let free = values(names, solution)
        let jacobian = names.indices.map { place in
            Self.slope(free, place) { prediction($0, names, solution) }
        }
        let residuals = zip(means, prediction(free, names, solution)).map { $0 - $1 }
        let linear = LinearFit(residuals, columns: jacobian, weights: weights)
        func derived(_ name: String, _ unit: String, _ value: (CompartmentRates) -> Double) -> Parameter {
            let gradient = names.indices.map { place in
                Self.slope(free, place) { [value(rates($0, names, solution))] }[0]
            }
            return Parameter(
                name, value(solution.rates), standardError: linear?.standardError(gradient: gradient) ?? .nan,
                unit: unit)
        }
        var list = [
            derived("K1", "mL/cm3/min") { $0.K1 }, derived("k2", "1/min") { $0.k2 },
        ]
        if model.kind != .oneTissue { list.append(derived("k3", "1/min") { $0.k3 }) }
        if model.kind == .twoTissue { list.append(derived("k4", "1/min") { $0.k4 }) }
        let volume = names.firstIndex(of: "v_B").flatMap { place in
            linear?.standardError(gradient: names.indices.map { $0 == place ? 1 : 0 })
        }
        list.append(Parameter("v_B", solution.bloodVolume, standardError: volume ?? .nan))
        switch model.kind {
        case .twoTissueIrreversible: list.append(derived("Ki", "mL/cm3/min") { $0.netInflux })
        case .oneTissue: list.append(derived("V_T", "mL/cm3") { $0.volumeOfDistribution })
        default:
            list += [
                derived("V_T", "mL/cm3") { $0.volumeOfDistribution }, derived("V_ND", "mL/cm3") { $0.K1 / $0.k2 },
                derived("BP_ND", "") { $0.k3 == 0 ? 0 : $0.k3 / $0.k4 },
                derived("BP_P", "mL/cm3") { $0.k3 == 0 ? 0 : $0.K1 / $0.k2 * $0.k3 / $0.k4 },
            ]
        }
        return list
    }

    func flags(_ solution: CompartmentModel.Solution) -> [KineticFit.Flag] { solution.atBound.map { .atBound($0) } }

    /// The parameters that the data decide; with k3 = 0 nothing is known of k4.
    private func freeNames(_ solution: CompartmentModel.Solution) -> [String] {
        var names = ["K1", "k2"]
        if solution.rates.k3 != 0 { names += model.kind == .twoTissue ? ["k3", "k4"] : ["k3"] }
        if model.bloodVolume == .fitted, solution.bloodVolume > 0 { names.append("v_B") }
        return names
    }

    private func values(_ names: [String], _ solution: CompartmentModel.Solution) -> [Double] {
        let rates = solution.rates
        let all = ["K1": rates.K1, "k2": rates.k2, "k3": rates.k3, "k4": rates.k4, "v_B": solution.bloodVolume]
        return names.map { all[$0]! }
    }

    private func rates(
        _ values: [Double], _ names: [String], _ solution: CompartmentModel.Solution
    ) -> CompartmentRates {
        var rates = solution.rates
        for (name, value) in zip(names, values) {
            switch name {
            case "K1": rates.K1 = value
            case "k2": rates.k2 = value
            case "k3": rates.k3 = value
            case "k4": rates.k4 = value
            default: break
            }
        }
        return rates
    }

    private func prediction(_ values: [Double], _ names: [String], _ solution: CompartmentModel.Solution) -> [Double] {
        let volume = names.firstIndex(of: "v_B").map { values[$0] } ?? solution.bloodVolume
        return predicted(rates(values, names, solution), volume)
    }

    /// By how much a function of all values changes with one of them: central difference, exact to about 1e-9.
    private static func slope(_ values: [Double], _ place: Int, _ function: ([Double]) -> [Double]) -> [Double] {
        let step = 1e-5 * max(abs(values[place]), 1e-6)
        var (above, below) = (values, values)
        above[place] += step
        below[place] -= step
        return zip(function(above), function(below)).map { ($0 - $1) / (above[place] - below[place]) }
    }
}
