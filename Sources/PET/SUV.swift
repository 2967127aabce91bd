import Imaging

/// What an uptake is normalised by.
public enum SUVKind: String, CaseIterable, Sendable {
    /// Body weight.
    case bw = "bw"
    /// Lean body mass with 120 for men, DICOM's LBM.
    case lbm = "lbm"
    /// Lean body mass with 128 for men, DICOM's LBMJAMES128.
    case lbmJames = "lbm-james"
    /// Lean body mass after Janmahasatian, DICOM's LBMJANMA.
    case lbmJanmahasatian = "lbm-janmahasatian"
    /// Body surface area, cm²/mL.
    case bsa = "bsa"
    /// Ideal body weight.
    case ibw = "ibw"
}

extension SUVKind {
    /// Its name in DICOM's (0054,1006) SUV Type.
    public var dicomName: String {
        switch self {
        case .bw: "BW"
        case .lbm: "LBM"
        case .lbmJames: "LBMJAMES128"
        case .lbmJanmahasatian: "LBMJANMA"
        case .bsa: "BSA"
        case .ibw: "IBW"
        }
    }

    /// The kind of a name in DICOM's (0054,1006) SUV Type, where an empty one means body weight; `nil` for other names.
    public static func named(dicom name: String) -> SUVKind? {
        name.isEmpty ? .bw : allCases.first { $0.dicomName == name.uppercased() }
    }

    /// The unit of its values.
    public var unit: String { self == .bsa ? "cm2/mL" : "g/mL" }
}

/// What turns the values of an image into SUV, and the rule that gave it.
public struct SUVFactor: Sendable, Equatable {
    /// Which SUV.
    public let kind: SUVKind
    /// One factor for the image, one for each frame, or one for each slice of each frame.
    public let factors: [Double]
    /// The rule, in words.
    public let rule: String
    /// What the factor would be by other rules: rule and factor.
    public let alternatives: [Alternative]

    /// A factor that another rule would give.
    public struct Alternative: Sendable, Equatable {
        /// The rule, in words.
        public let rule: String
        /// The factor.
        public let factor: Double
    }

    /// The factor of the whole image; `nil` where frames or slices have their own.
    public var single: Double? { factors.count == 1 ? factors[0] : nil }

    /// The image as SUV. It must have the frames and slices that the factors are for.
    public func applied(to volume: Volume) -> Volume {
        let planes = volume.frames * volume.grid.shape.z
        let perFactor = factors.count == 1 ? planes : factors.count == volume.frames ? volume.grid.shape.z : 1
        precondition(factors.count * perFactor == planes, "the factors are for another image")
        let run = perFactor * volume.grid.shape.x * volume.grid.shape.y
        var scaled = volume
        scaled.withMutableVoxels { voxels in
            for (n, factor) in factors.enumerated() {
                for i in (n * run)..<((n + 1) * run) { voxels[i] = Float(Double(voxels[i]) * factor) }
            }
        }
        return scaled
    }
}

/// Why an image cannot be turned into SUV.
public enum SUVProblem: Error, Equatable, CustomStringConvertible {
    /// Something is not known: what, and where it would stand.
    case missing(String)
    /// The values are in a unit that does not lead to SUV.
    case units(String)
    /// The image is not corrected for something, and where the file says so.
    case notCorrected(String, said: String)
    /// Injection and scan do not fit together.
    case times(String)
    /// The body-size formula gives no mass for this person.
    case bodySize(SUVKind)

    /// One sentence for the person holding the file.
    public var description: String {
        switch self {
        case .missing(let what): "no SUV: \(what)"
        case .units(let units): "no SUV: values in \(units) cannot be turned into Bq/mL ((0054,1001) Units)"
        case .notCorrected(let what, let said): "no SUV: the image is not corrected for \(what) (\(said))"
        case .times(let what): "no SUV: \(what)"
        case .bodySize(let kind):
            "no SUV \(kind.rawValue): its formula gives no positive mass for this height and weight"
        }
    }
}
