import Records

extension Subject {
    /// Reads the subjects' table of a study; every problem of it at once.
    ///
    /// - Parameter today: dates behind it are refused.
    public static func read(
        _ path: String, study: Study, today: CalendarDate = .today
    ) throws -> (subjects: [Subject], warnings: [String]) {
        var problems = TableProblems()
        var subjects: [Subject] = []
        var warnings: [String] = []
        var lines: [String: Int] = [:]
        try TableFile.read(path, needs: ["code"], problems: &problems) { header, _ in
            let code = header["code"] ?? 0
            let known: [(Int, StudyField)] = header.columns.enumerated().compactMap { place, name in
                study.fields[name].map { (place, $0) }
            }
            let odd = header.columns.filter { study.fields[$0] == nil && !StudyField.administrative.contains($0) }
            if !odd.isEmpty { warnings.append("no rule of the study reads the columns \(odd.joined(separator: ", "))") }
            let birth = header["birth_year_or_age"]
            return { line, problems in
                let name = line[code]
                if name.isEmpty { problems.add(line.number, "code", "the subject has no code") }
                if let first = lines.updateValue(line.number, forKey: name) {
                    problems.add(line.number, "code", "\(name) stands in line \(first) already")
                }
                var values: [String: FieldValue] = [:]
                for (place, field) in known {
                    switch field.value(of: line[place], decimalComma: line.decimalComma) {
                    case .success(let value):
                        values[field.name] = value
                        if case .date(let date) = value, date.earliest > today {
                            problems.add(line.number, field.name, "\(date) lies in the future; today is \(today)")
                        }
                    case .failure(let problem): problems.add(line.number, field.name, problem.reason)
                    }
                }
                if let birth { Self.birth(line[birth], line, &values, &problems) }
                subjects.append(Subject(code: name, values: values))
                Self.check(values, line.number, &problems)
            }
        }
        try problems.throwIfAny(path)
        return (subjects, warnings)
    }

    /// A number of four digits is a year of birth, a smaller one an age.
    private static func birth(
        _ text: String, _ line: TableLine, _ values: inout [String: FieldValue], _ problems: inout TableProblems
    ) {
        if text.isEmpty { return }
        if let year = Int(text), (1850...2200).contains(year), let date = PartialDate(text) {
            if values["birth_date"] == nil || values["birth_date"] == .unknown { values["birth_date"] = .date(date) }
        } else if let age = TableLine.number(text, decimalComma: line.decimalComma), (0...130).contains(age) {
            if values["age_years"] == nil || values["age_years"] == .unknown {
                values["age_years"] = .number(age...age)
            }
        } else {
            problems.add(line.number, "birth_year_or_age", "\"\(text)\" is neither a year nor an age")
        }
    }

    /// What two fields say against each other.
    private static func check(_ values: [String: FieldValue], _ line: Int, _ problems: inout TableProblems) {
        guard case .date(let birth) = values["birth_date"] else { return }
        for name in ["screening_date", "diagnosis_date", "onset_date"] {
            if case .date(let date) = values[name], date.latest < birth.earliest {
                problems.add(line, name, "\(date) lies before the birth in \(birth)")
            }
        }
        guard case .number(let age) = values["age_years"], case .date(let day) = values["screening_date"] else {
            return
        }
        let (low, high) = (birth.latest.completedYears(to: day.earliest), birth.earliest.completedYears(to: day.latest))
        if age.lowerBound < Double(low) || age.lowerBound >= Double(high + 1) {
            problems.add(line, "age_years", "\(significant(age.lowerBound, 4)) does not fit the birth in \(birth)")
        }
    }
}

extension Attestation {
    /// Reads the table of attestations: code, criterion, answer (yes or no), signed_by, signed_at.
    ///
    /// A statement without a signature or its date does not count, and is warned of.
    public static func read(
        _ path: String, study: Study, subjects: [Subject], today: CalendarDate = .today
    ) throws -> (signed: [String: [String: Attestation]], warnings: [String]) {
        var problems = TableProblems()
        var signed: [String: [String: Attestation]] = [:]
        var warnings: [String] = []
        let codes = Set(subjects.map(\.code))
        let kinds = Dictionary(study.criteria.map { ($0.id.lowercased(), $0) }) { first, _ in first }
        let needs = ["code", "criterion", "answer", "signed_by", "signed_at"]
        var seen: Set<String> = []
        try TableFile.read(path, needs: needs, problems: &problems) { header, _ in
            let places = needs.map { header[$0] ?? 0 }
            return { line, problems in
                let fields = places.map { line[$0] }
                let (code, answer) = (fields[0], fields[2].lowercased())
                if !codes.contains(code) { problems.add(line.number, "code", "there is no subject \"\(code)\"") }
                let criterion = kinds[fields[1].lowercased()]
                if criterion == nil {
                    problems.add(line.number, "criterion", "the study has no criterion \"\(fields[1])\"")
                }
                if criterion?.kind == .data {
                    problems.add(line.number, "criterion", "\(fields[1]) is decided by data; nothing is to be attested")
                }
                if !["yes", "no"].contains(answer) {
                    problems.add(line.number, "answer", "\"\(fields[2])\" is neither yes nor no")
                }
                if !seen.insert("\(code) \(fields[1].lowercased())").inserted {
                    problems.add(line.number, "criterion", "\(fields[1]) of \(code) is attested twice")
                }
                let date = PartialDate(fields[4])?.day
                if !fields[4].isEmpty, date == nil {
                    problems.add(line.number, "signed_at", "\"\(fields[4])\" is no date such as 2025-10-01")
                }
                if let date, date > today {
                    problems.add(line.number, "signed_at", "\(date) lies in the future; today is \(today)")
                }
                guard let date, !fields[3].isEmpty else {
                    warnings.append("line \(line.number): the statement is not signed and dated, and does not count")
                    return
                }
                if let criterion {
                    signed[code, default: [:]][criterion.id] = Attestation(holds: answer == "yes", signedAt: date)
                }
            }
        }
        try problems.throwIfAny(path)
        return (signed, warnings)
    }
}
