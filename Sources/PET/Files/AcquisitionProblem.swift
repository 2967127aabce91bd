/// Why a file does not say how a PET image was acquired.
public enum AcquisitionProblem: Error, Equatable, CustomStringConvertible {
    /// The DICOM image is of another modality.
    case notPET(String)
    /// The sidecar is no JSON object.
    case notObject
    /// A key has the wrong kind of value: key, and what was expected.
    case badValue(String, String)
    /// The keys of the frames do not fit together.
    case frames(String)
    /// More than one of these.
    case several([AcquisitionProblem])

    /// One sentence for the person holding the file.
    public var description: String {
        switch self {
        case .notPET(let modality): "the image is \(modality.isEmpty ? "of no named modality" : modality), not PT"
        case .notObject: "the sidecar is not a JSON object"
        case .badValue(let key, let expected): "\(key) must be \(expected)"
        case .frames(let what): what
        case .several(let problems): problems.map(\.description).joined(separator: "; ")
        }
    }

    /// What was found, one or several; `nil` where nothing was.
    init?(_ problems: [AcquisitionProblem]) {
        guard let first = problems.first else { return nil }
        self = problems.count == 1 ? first : .several(problems)
    }
}

extension Acquisition {
    /// Adds a warning where the dose is not one that is given to people: 1 MBq to 2 GBq.
    mutating func checkDose(_ name: String) {
        guard let injectedBq, !(1e6...2e9).contains(injectedBq) else { return }
        warnings.append("\(name) is \(injectedBq / 1e6) MBq, outside 1 MBq to 2 GBq; SUV may be wrong by a unit")
    }

    /// Adds a warning where weight or height is not a person's.
    mutating func checkBody() {
        if let massKg, !(2...400).contains(massKg) { warnings.append("the body weight is \(massKg) kg") }
        if let heightCm, !(40...250).contains(heightCm) { warnings.append("the body height is \(heightCm) cm") }
    }

    /// Adds a warning where the half-life is not the nuclide's; 1 % covers what scanners write.
    mutating func checkHalfLife() {
        guard let radionuclide, let halfLifeS, let table = Radionuclide.halfLifeS(of: radionuclide) else { return }
        if abs(halfLifeS / table - 1) > 0.01 {
            warnings.append("the half-life is \(halfLifeS) s; that of \(radionuclide) is \(table) s")
        }
    }
}
