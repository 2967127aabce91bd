/// The simplified reference tissue models: the target sees the reference curve, and what it keeps of it.
extension KineticSetup {
    /// SRTM [LammertsmaHume1996]: C_T = R1 C_R + (k2 − R1 k2a) C_R ⊗ e^(−k2a t), k2a = k2 / (1 + BP_ND).
    ///
    /// By variable projection, or over basis functions refined by a parabola [Gunn1997].
    func srtm(_ target: [Double], _ region: String) -> KineticFit {
        if isReference(target) { return reference(target, region, k2: .nan) }
        guard let source = source() else { return failed(region, "there is no reference") }
        return projected(
            target, region, model == .srtm ? .full : .parabola, columns: { [source.input, source.at($0)] }
        ) {
            search in
            let (r1, kept, k2a) = (search.coefficients[0], search.coefficients[1], search.rate)
            let k2 = kept + r1 * k2a
            // Gradients by R1, the coefficient of the convolution, and k2a.
            return [
                .init("BP_ND", k2 / k2a - 1, standardError: search.standardError([1, 1 / k2a, -kept / (k2a * k2a)])),
                .init("R1", r1, standardError: search.standardError([1, 0, 0])),
                .init("k2", k2, standardError: search.standardError([k2a, 1, r1]), unit: "1/min"),
                .init("k2a", k2a, standardError: search.standardError([0, 0, 1]), unit: "1/min"),
                .init(
                    "k2_prime", k2 / r1,
                    standardError: search.standardError([-kept / (r1 * r1), 1 / r1, 1]), unit: "1/min"),
            ]
        }
    }

    /// SRTM2 [WuCarson2002]: SRTM with k2' known, C_T = R1 (C_R + (k2' − k2a) C_R ⊗ e^(−k2a t)).
    func srtm2(_ target: [Double], _ region: String) -> KineticFit {
        let k2Prime = options.k2Prime ?? .nan
        if isReference(target) { return reference(target, region, k2: k2Prime) }
        guard let source = source() else { return failed(region, "there is no reference") }
        func shape(_ k2a: Double) -> [Double] { zip(source.input, source.at(k2a)).map { $0 + (k2Prime - k2a) * $1 } }
        return projected(target, region, .full, columns: { [shape($0)] }) { search in
            let (r1, k2a) = (search.coefficients[0], search.rate)
            let error = search.standardError([1, 0])
            return [
                .init(
                    "BP_ND", r1 * k2Prime / k2a - 1,
                    standardError: search.standardError([k2Prime / k2a, -r1 * k2Prime / (k2a * k2a)])),
                .init("R1", r1, standardError: error),
                .init("k2", r1 * k2Prime, standardError: error * k2Prime, unit: "1/min"),
                .init("k2a", k2a, standardError: search.standardError([0, 1]), unit: "1/min"),
                .init("k2_prime", k2Prime, unit: "1/min"),
            ]
        }
    }

    /// The reference curve and its convolution with e^(−θt), at the chosen frames, in the convention.
    private func source() -> (input: [Double], at: (Double) -> [Double])? {
        guard let reference = input.reference else { return nil }
        let chosen = chosen
        let response = InputResponse(reference: reference.curve, frames: frames, convention: options.convention)
        let curve = options.convention == .kinfitr ? response.input : reference.means
        return (
            chosen.map { curve[$0] },
            { theta in
                let all = response(theta: theta)
                return chosen.map { all[$0] }
            }
        )
    }

    /// A variable projection as a fit, with its doubts.
    private func projected(
        _ target: [Double], _ region: String, _ refinement: VariableProjection.Refinement,
        columns: (Double) -> [[Double]], parameters: (VariableProjection) -> [KineticFit.Parameter]
    ) -> KineticFit {
        let observed = chosen.map { target[$0] }
        let weights = options.weights.map { weights in chosen.map { weights[$0] } } ?? chosen.map { _ in 1 }
        let search = VariableProjection(
            observed, weights: weights, range: options.k2aRange, count: options.k2aCount, refinement: refinement,
            columns: columns)
        guard let search else { return failed(region, "no k2a gives a fit") }
        let found = parameters(search)
        var flags = flags
        if search.isAtEnd { flags.append(.atBound("k2a")) }
        for name in ["R1", "k2"] where found.contains(where: { $0.name == name && $0.value <= 0 }) {
            flags.append(.note("\(name) is not positive"))
        }
        return KineticFit(
            model: model, region: region, parameters: found, flags: flags, framesUsed: chosen,
            x: chosen.map { frames.mids[$0] }, observed: observed, fitted: search.fitted, weights: weights,
            freeParameters: model.freeParameters)
    }
}
