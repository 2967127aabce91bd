import Records

/// What some scores need to know of a subject beside the items.
public struct SubjectFacts: Sendable, Equatable {
    /// `nil` where the sex is not given.
    public var isMale: Bool?
    /// Body height, cm.
    public var heightCm: Double?
    /// Body mass, kg.
    public var weightKg: Double?
    /// When the disease began, as far as it is known.
    public var onset: PartialDate?

    /// Body mass over the square of the height, kg/m².
    public var bodyMassIndex: Double? {
        weightKg.flatMap { mass in heightCm.map { mass / ($0 * $0 / 10_000) } }
    }

    /// Facts about a subject.
    public init(isMale: Bool? = nil, heightCm: Double? = nil, weightKg: Double? = nil, onset: PartialDate? = nil) {
        (self.isMale, self.heightCm, self.weightKg, self.onset) = (isMale, heightCm, weightKg, onset)
    }
}

extension SubjectFacts {
    /// Reads code, sex, height_cm, weight_kg and onset_date of a subjects' table; every fault at once.
    public static func read(_ path: String) throws -> [String: SubjectFacts] {
        var problems = TableProblems()
        var all: [String: SubjectFacts] = [:]
        try TableFile.read(path, needs: ["code"], problems: &problems) { header, _ in
            { line, problems in
                func number(_ column: String, _ range: ClosedRange<Double>, _ problems: inout TableProblems) -> Double?
                {
                    let text = line[header[column]]
                    if text.isEmpty { return nil }
                    let number = TableLine.number(text, decimalComma: line.decimalComma)
                    if number.map({ range.contains($0) }) == true { return number }
                    let limits = "\(significant(range.lowerBound, 4)) to \(significant(range.upperBound, 4))"
                    problems.add(line.number, column, "\"\(text)\" is no number from \(limits)")
                    return nil
                }
                var facts = SubjectFacts()
                facts.heightCm = number("height_cm", 50...250, &problems)
                facts.weightKg = number("weight_kg", 10...400, &problems)
                let sex = line[header["sex"]].lowercased()
                switch sex {
                case "male", "m": facts.isMale = true
                case "female", "f": facts.isMale = false
                case "": break
                default: problems.add(line.number, "sex", "\"\(sex)\" is neither female nor male")
                }
                let onset = line[header["onset_date"]]
                facts.onset = PartialDate(onset)
                if !onset.isEmpty, facts.onset == nil {
                    problems.add(
                        line.number, "onset_date", "\"\(onset)\" is no date such as 2025-10-01, 2025-10 or 2025")
                }
                if all.updateValue(facts, forKey: line[header["code"]]) != nil {
                    problems.add(line.number, "code", "\(line[header["code"]]) stands twice")
                }
            }
        }
        try problems.throwIfAny(path)
        return all
    }
}
