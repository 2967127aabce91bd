import PET

/// A tracer the phantom can be injected with: what it is like in plasma and in every tissue.
///
/// Plasma follows the input function of Feng, an early line under three exponentials [Feng1993], so that every tissue curve
/// is a closed expression. Rates are per minute.
public enum PhantomTracer: String, Sendable, CaseIterable {
    /// Like 6-[18F]fluoro-L-dopa: trapped in the striatum, occipital cortex as reference [Patlak1985]. Its labelled
    /// metabolite, which also enters the brain, is left out.
    case fdopa
    /// Like [18F]FE-PE2I: reversible binding to the dopamine transporter, cerebellum as reference [LammertsmaHume1996].
    case dat

    /// The structure whose uptake is divided by.
    public var reference: String { self == .fdopa ? "occipital" : "cerebellum" }

    /// The name for sidecars.
    public var tracerName: String { self == .fdopa ? "FDOPA" : "FE-PE2I" }

    /// Half-life of fluorine-18, s, as DICOM files of several makers have it.
    public static let halfLifeS = 6586.2

    /// K1 (mL/min/mL) and k2 (1/min) of the reference: `reference/K1/k2` of a one-tissue model.
    public var referenceRates: (K1: Double, k2: Double) { self == .fdopa ? (0.035, 0.05) : (0.3, 0.15) }

    /// Feng's input function with its published constants, in its arbitrary unit of activity.
    public static let unitInput = ExponentialSum([
        .init(851.1225, power: 1, rate: 4.133859), .init(-21.8798 - 20.8113, rate: 4.133859),
        .init(21.8798, rate: 0.1190996), .init(20.8113, rate: 0.01043449),
    ])

    /// Plasma activity, Bq/mL, so scaled that the reference has an SUV of 1 at 75 to 90 min.
    func plasma(injectedBq: Double, massKg: Double) -> ExponentialSum {
        let rates = referenceRates
        let unit = rates.K1 * Self.unitInput.convolved(withExponentialOfRate: rates.k2)
        let suv = injectedBq / (massKg * 1000)
        return suv / unit.mean(from: 75, to: 90) * Self.unitInput
    }

    /// The specific uptake of a healthy putamen, to which a graft's gain refers: reference Ki, 1/min, from the putamen of
    /// patients and its ratio to that of controls [Nurmi2001], or BPND.
    public var healthyPutamen: Double { self == .fdopa ? 0.0045 / 0.45 : 3.6 }
}

/// The kinetics of one tissue.
public enum TissueKinetics: Sendable, Equatable {
    /// One tissue compartment: K1 (mL/min/mL) and k2 (1/min).
    case exchange(K1: Double, k2: Double)
    /// Two compartments, the second a trap: K1, k2, k3.
    case trapping(K1: Double, k2: Double, k3: Double)
    /// The simplified reference tissue model: R1, k2 (1/min), BPND.
    case binding(R1: Double, k2: Double, BPND: Double)

    /// Activity over time, from plasma, with the reference's rates.
    public func curve(plasma: ExponentialSum, reference: (K1: Double, k2: Double)) -> ExponentialSum {
        switch self {
        case .exchange(let K1, let k2):
            return K1 * plasma.convolved(withExponentialOfRate: k2)
        case .trapping(let K1, let k2, let k3):
            let loss = k2 + k3
            return K1 * k3 / loss * plasma.convolved(withExponentialOfRate: 0)
                + K1 * k2 / loss * plasma.convolved(withExponentialOfRate: loss)
        case .binding(let R1, let k2, let BPND):
            let free = reference.K1 * plasma.convolved(withExponentialOfRate: reference.k2)
            let k2a = k2 / (1 + BPND)
            let excess = k2 - R1 * k2a
            return excess == 0 ? R1 * free : R1 * free + excess * free.convolved(withExponentialOfRate: k2a)
        }
    }

    /// Trapping at a rate of `Ki` per minute relative to the reference: k3 = Ki k2 / (K1 − Ki) with Ki taken to plasma.
    static func trapping(KiRef: Double, K1: Double, k2: Double, reference: (K1: Double, k2: Double)) -> TissueKinetics {
        let Ki = KiRef * reference.K1 / reference.k2
        precondition(Ki < K1, "influx cannot exceed delivery")
        return .trapping(K1: K1, k2: k2, k3: Ki * k2 / (K1 - Ki))
    }

    /// What the tracer measures: Ki relative to the reference, 1/min, or BPND; `nil` for tissue without either.
    public func specificUptake(reference: (K1: Double, k2: Double)) -> Double? {
        switch self {
        case .exchange: nil
        case .trapping(let K1, let k2, let k3): K1 * k3 / (k2 + k3) / (reference.K1 / reference.k2)
        case .binding(_, _, let BPND): BPND
        }
    }
}
