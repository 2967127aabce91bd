import Records

/// One subject of a trial as the subjects' table has it: a study code and what is known, nothing that names a person.
public struct Subject: Sendable, Equatable {
    /// The study's code.
    public var code: String
    /// What is known, by field.
    public var values: [String: FieldValue]

    /// A subject.
    public init(code: String, values: [String: FieldValue]) { (self.code, self.values) = (code, values) }

    /// What is known of a field: as given, or reckoned from others.
    ///
    /// Age is completed years at screening; the duration of disease is days since the study's date / 365.25; body-mass
    /// index is kg/m². A date known to the month or year gives a range.
    public func value(_ name: String, in study: Study) -> FieldValue {
        if let given = values[name], given != .unknown { return given }
        switch name {
        case "age_years":
            guard case .date(let birth) = values["birth_date"], case .date(let day) = values["screening_date"] else {
                return .unknown
            }
            let youngest = birth.latest.completedYears(to: day.earliest)
            return .number(Double(youngest)...Double(max(youngest, birth.earliest.completedYears(to: day.latest))))
        case "disease_duration_years":
            guard let from = study.durationFrom.used, case .date(let start) = values[from],
                case .date(let day) = values["screening_date"], start.latest <= day.latest
            else { return .unknown }
            let shortest = max(0, day.earliest.dayNumber - start.latest.dayNumber)
            let longest = max(shortest, day.latest.dayNumber - start.earliest.dayNumber)
            return .number(Double(shortest) / 365.25...Double(longest) / 365.25)
        case "bmi":
            guard case .number(let mass) = values["weight_kg"], case .number(let height) = values["height_cm"],
                mass.lowerBound > 0, height.lowerBound > 0
            else {
                return .unknown
            }
            let square = { (cm: Double) in cm * cm / 10_000 }
            return .number(mass.lowerBound / square(height.upperBound)...mass.upperBound / square(height.lowerBound))
        default: return .unknown
        }
    }
}

/// What an investigator stated and signed about a criterion.
public struct Attestation: Sendable, Equatable {
    /// Whether the statement of the criterion is true of the subject.
    public var holds: Bool
    /// When it was signed.
    public var signedAt: CalendarDate

    /// A signed statement.
    public init(holds: Bool, signedAt: CalendarDate) { (self.holds, self.signedAt) = (holds, signedAt) }
}
