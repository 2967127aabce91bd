/// One comparison of what Engraft measures with what is known to be true.
public struct ValidationRow: Sendable {
    /// What is measured.
    public var measure: String
    /// What it is held against.
    public var against: String
    /// How many cases.
    public var cases: Int
    /// The largest error of any case, in `unit`.
    public var error: Double
    /// What the error may be, and why it may be that.
    public var limit: Double
    /// The unit of error and limit.
    public var unit: String
    /// Why the limit is what it is.
    public var reason: String

    /// Whether the error is within its limit.
    public var passes: Bool { error <= limit }

    /// A row.
    public init(
        _ measure: String, against: String, cases: Int, error: Double, limit: Double, unit: String, reason: String
    ) {
        (self.measure, self.against, self.cases) = (measure, against, cases)
        (self.error, self.limit, self.unit, self.reason) = (error, limit, unit, reason)
    }
}

/// Everything that can be validated without any file: phantoms with known truth, and identities that must hold.
///
/// `moves` heads are moved for each pair of images that is registered, and `trials` synthetic trials are analysed by each
/// method with and without an effect; `progress` hears the name of each step before it
/// begins.
public func validateAgainstPhantoms(
    moves: Int = 10, trials: Int = 100, progress: (String) -> Void = { _ in }
) throws -> [ValidationRow] {
    let steps: [(String, () throws -> [ValidationRow])] = [
        ("PET phantom", ImagingValidation.phantomUptake), ("smoothing", ImagingValidation.smoothing),
        ("resampling", ImagingValidation.resampling), ("decay", ImagingValidation.decay),
        ("partial volume", PartialVolumeValidation.phantom), ("tremor", TremorValidation.tones),
        ("kernels", ImagingValidation.levels),
        ("registration", { try RegistrationValidation.rows(moves: moves) }),
        ("trials", { try TrialValidation.rows(trials: trials) }),
    ]
    return try steps.flatMap { name, step in
        progress(name)
        return try step()
    }
}
