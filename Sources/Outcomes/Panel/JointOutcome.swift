import Records

/// What PET says of the primary region, bilateral.
public enum PETClass: String, Sendable, CaseIterable {
    case up
    case within
    case down
    /// A scan failed its quality control, there is no repeatability, or a change cannot be computed.
    case unreadable
}

/// What the motor exam without medication says.
public enum MotorClass: String, Sendable, CaseIterable {
    /// Better, beyond the error of measurement and as much as matters.
    case improved
    case none
    /// Worse, beyond the error of measurement and as much as matters.
    case worse
    /// There is no exam at one of the visits, or the errors of measurement are not known.
    case missing
}

/// PET and motor change of one patient side by side: a cell of a grid with a fixed sentence, never a number.
public struct JointOutcome: Sendable, Equatable {
    /// The class of PET.
    public var pet: PETClass
    /// The class of the motor exam.
    public var motor: MotorClass

    /// A cell.
    public init(pet: PETClass, motor: MotorClass) { (self.pet, self.motor) = (pet, motor) }

    /// What is said of it; `nil` where one side is not there.
    ///
    /// - Parameter monthsSinceSurgery: said where a graft shows and the patient does not move better yet.
    public func sentence(monthsSinceSurgery: Double? = nil) -> String? {
        switch (pet, motor) {
        case (.up, .improved): "concordant"
        case (.up, .none):
            monthsSinceSurgery.map { "graft signal, no motor change, \(significant($0, 3)) months since surgery" }
                ?? "graft signal, no motor change (note months since surgery)"
        case (.up, .worse): "discordant: check GID, medication, progression"
        case (.within, .improved): "benefit without PET change: check dLEDD, expectation, PET error limit"
        case (.within, .none): "no detectable change"
        case (.within, .worse): "progression pattern"
        case (.down, .improved): "discordant: check scan QC"
        case (.down, .none), (.down, .worse): "possible graft loss: check immunosuppression date"
        case (.unreadable, _), (_, .missing): nil
        }
    }
}

extension PETClass {
    /// The class of a panel's primary region.
    public init(_ panel: GraftPanel, isReadable: Bool = true) {
        guard isReadable, let flag = panel.primary?.change?.flag else {
            self = .unreadable
            return
        }
        self =
            switch flag {
            case .up: .up
            case .down: .down
            case .within: .within
            }
    }
}

extension MotorClass {
    /// The class of a change of MDS-UPDRS part III without medication: reliable and important together.
    public init(_ score: Score?) {
        guard let score, score.change != nil, let reliable = score.reliable, let important = score.important else {
            self = .missing
            return
        }
        self =
            switch (reliable && important, score.direction) {
            case (true, "improvement"): .improved
            case (true, "worsening"): .worse
            default: .none
            }
    }
}
