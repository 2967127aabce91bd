/// What is computed in every voxel: a kinetic model, a graphical method, or a mean of frames.
public enum ParametricModel: String, Sendable, CaseIterable {
    /// Net influx against plasma [Patlak1983].
    case patlak
    /// Net influx against a reference region [Patlak1985].
    case refPatlak = "ref-patlak"
    /// Distribution volume ratio against a reference region [Logan1996].
    case refLogan = "ref-logan"
    /// Multilinear reference tissue model with three parameters [Ichise2003].
    case mrtm
    /// The same with k2' of the reference fixed: two parameters [Ichise2003].
    case mrtm2
    /// Simplified reference tissue model [LammertsmaHume1996], solved over basis functions [Gunn1997].
    case srtm = "srtm-basis"
    /// The same with k2' of the reference fixed [WuCarson2002].
    case srtm2
    /// Mean of a window over the reference's mean in it.
    case suvr
    /// Mean of a window, frames weighing by their duration.
    case mean

    /// One map of a model.
    public struct Parameter: Sendable, Equatable {
        /// The symbol, as `--parameters` takes it and the documents name it: "BP_ND".
        public let name: String
        /// "1/min", "min" or "" for a ratio; `nil` for the unit of the image.
        public let unit: String?
        /// Whether it is written where no parameters are named.
        public let usual: Bool

        init(_ name: String, unit: String? = "", usual: Bool = true) {
            (self.name, self.unit, self.usual) = (name, unit, usual)
        }

        /// The name as a BIDS label, letters and digits only: "BPND".
        public var label: String { name == "k2_prime" ? "k2prime" : name.filter { $0.isLetter || $0.isNumber } }
    }

    /// The maps it gives, in the order of `ParametricMaps.maps`.
    public var parameters: [Parameter] {
        let (BPND, R1) = (Parameter("BP_ND"), Parameter("R1"))
        let (k2, k2a) = (Parameter("k2", unit: "1/min", usual: false), Parameter("k2a", unit: "1/min", usual: false))
        let k2Prime = Parameter("k2_prime", unit: "1/min", usual: false)
        switch self {
        case .patlak: return [Parameter("Ki", unit: "mL/cm3/min"), Parameter("intercept", unit: "mL/cm3")]
        case .refPatlak: return [Parameter("Ki_ref", unit: "1/min"), Parameter("intercept")]
        case .refLogan:
            return [BPND, Parameter("DVR", usual: false), Parameter("intercept", unit: "min", usual: false)]
        case .mrtm: return [BPND, R1, k2, k2a, k2Prime]
        case .mrtm2, .srtm2: return [BPND, R1, k2, k2a]
        case .srtm: return [BPND, R1, Parameter("k2", unit: "1/min"), k2a, k2Prime]
        case .suvr: return [Parameter("SUVR")]
        case .mean: return [Parameter("mean", unit: nil)]
        }
    }

    /// The `model-` label of BIDS.
    public var label: String {
        switch self {
        case .patlak: "Patlak"
        case .refPatlak: "RefPatlak"
        case .refLogan: "RefLogan"
        case .mrtm: "MRTM"
        case .mrtm2: "MRTM2"
        case .srtm: "SRTM"
        case .srtm2: "SRTM2"
        case .suvr: "SUVR"
        case .mean: "Mean"
        }
    }

    /// What a voxel's curve is held against.
    public enum Input: Sendable, Equatable { case none, reference, plasma }

    /// What it needs beside the image.
    public var input: Input {
        switch self {
        case .mean: .none
        case .patlak: .plasma
        case .refPatlak, .refLogan, .mrtm, .mrtm2, .srtm, .srtm2, .suvr: .reference
        }
    }

    /// Whether a voxel's own running integral enters, so that frames before t* count too.
    public var integratesVoxels: Bool { [.refLogan, .mrtm, .mrtm2].contains(self) }

    /// Whether k2' of the reference enters; reference Logan may do without.
    public var takesK2Prime: Bool { fixesK2Prime || self == .refLogan }

    /// Whether running integrals are taken, by one rule or another.
    public var integrates: Bool { integratesVoxels || self == .refPatlak }

    /// Whether k2' of the reference is fixed beforehand.
    public var fixesK2Prime: Bool { self == .mrtm2 || self == .srtm2 }
}
