import PET

/// What a patient's uptake is expressed in (G1): one kind for all visits, since percents of different kinds mean different
/// things. An SUVR from 1.6 to 1.8 is +12.5 %, the same change in SBR +33 %.
public enum UptakeKind: String, Sendable, CaseIterable {
    /// Standardised uptake value, by body mass.
    case suv
    /// Uptake over that of the reference region.
    case suvr
    /// Specific binding ratio, SUVR − 1.
    case sbr
    /// Influx constant against a reference region, Patlak's slope, 1/min.
    case kiRef = "ki_ref"
    /// Nondisplaceable binding potential of the simplified reference tissue model.
    case bpND = "bp_nd"

    /// As tables and axes have it.
    public var label: String {
        switch self {
        case .suv, .suvr, .sbr: rawValue.uppercased()
        case .kiRef: "Ki_ref"
        case .bpND: "BP_ND"
        }
    }

    /// Its unit; "1" for ratios.
    public var unit: String {
        switch self {
        case .suv: "g/mL"
        case .suvr, .sbr, .bpND: "1"
        case .kiRef: "1/min"
        }
    }

    /// The ratio of one image that it is; `nil` for what needs the whole scan.
    public var imageMeasure: Uptake.Measure? { Uptake.Measure(rawValue: rawValue) }
}

extension Uptake.Measure {
    /// The kind that this measure is.
    public var kind: UptakeKind {
        switch self {
        case .suv: .suv
        case .suvr: .suvr
        case .sbr: .sbr
        }
    }
}
