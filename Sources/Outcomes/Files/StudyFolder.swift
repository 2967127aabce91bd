import Records

/// A trial's folder: one folder a patient, each with a `patient.json`, and what holds for all of them in `study.json`.
///
///     trial/
///       study.json                 optional: name, defaults for every patient, repeatability, arms
///       patients/CODE/patient.json and its files
///       events.csv                 optional: code, day, term, grade, dose_limiting
public struct StudyFolder: Sendable {
    /// The folder.
    public var path: String
    /// What the study is called.
    public var name: String
    /// Members that a patient's `patient.json` has where it does not say otherwise.
    public var defaults: [JSONValue.Member]
    /// The arm whose patients were not grafted; their changes say how far two scans differ. `nil` for none.
    public var controlArm: String?
    /// A repeatability from elsewhere, used where the study has none of its own.
    public var cited: Repeatability?
    /// A table of test and retest (columns test and retest) of the primary region; `nil` for none.
    public var testRetest: String?
    /// Visits that are planned, by name with their months; a patient who lacks one is listed.
    public var plannedVisits: [(name: String, months: Double)]
    /// The window in which a toxicity limits the dose, days; `nil` where the study has none.
    public var toxicityWindowDays: Double?
    /// The table of events; `nil` for none.
    public var events: String?
    /// Folders of the patients, in order of their names.
    public var patients: [String]

    /// Reads a trial's folder; every problem is found in one pass.
    public static func read(_ folder: String) throws -> StudyFolder {
        guard InputFile.isFolder(folder) else {
            throw FileProblem(folder, .noInput, "there is no such folder; a folder with patients/CODE was expected")
        }
        var study = StudyFolder(
            path: folder, name: folder.split(separator: "/").last.map(String.init) ?? folder, defaults: [],
            plannedVisits: [], patients: [])
        let file = "\(folder)/study.json"
        if InputFile.exists(file) {
            let json = try naming(file) { try JSONValue(parsing: InputFile.read(file)) }
            try naming(file) { try study.take(json) }
        }
        let parent = "\(folder)/patients"
        let names = InputFile.isFolder(parent) ? try InputFile.folders(in: parent) : []
        study.patients = names.filter { InputFile.exists("\(parent)/\($0)/patient.json") }.map { "\(parent)/\($0)" }
        guard !study.patients.isEmpty else {
            throw FileProblem(folder, .badData, "there is no patients/CODE/patient.json in it")
        }
        return study
    }

    private mutating func take(_ json: JSONValue) throws(PatientFolder.Problems) {
        var problems: [String] = []
        let known: Set = [
            "name", "defaults", "control_arm", "wcv", "test_retest", "visits", "toxicity_window_days", "events",
            "notes",
        ]
        guard let members = json.members else {
            throw PatientFolder.Problems(sentences: ["it is no JSON object"])
        }
        for member in members where !known.contains(member.key) {
            problems.append("\(member.key) is not known; the keys are \(known.sorted().joined(separator: ", "))")
        }
        if let text = json["name"]?.string { name = text }
        defaults = json["defaults"]?.members ?? []
        controlArm = json["control_arm"]?.string
        cited = Repeatability(json, "wcv", &problems)
        testRetest = json["test_retest"]?.string
        toxicityWindowDays = json["toxicity_window_days"]?.double
        events = json["events"]?.string ?? (InputFile.exists("\(path)/events.csv") ? "events.csv" : nil)
        for (place, visit) in (json["visits"]?.elements ?? []).enumerated() {
            if let name = visit["name"]?.string, let months = visit["months"]?.double {
                plannedVisits.append((name, months))
            } else {
                problems.append("visits[\(place)] needs a name and its months")
            }
        }
        for named in [testRetest, events].compactMap({ $0 }) where !InputFile.exists("\(path)/\(named)") {
            problems.append("\(named) is named, but not there")
        }
        if !problems.isEmpty { throw PatientFolder.Problems(sentences: problems) }
    }

    /// A patient's folder as its file and the study's defaults describe it.
    public func patient(_ folder: String, repeatability: Repeatability?) throws -> PatientFolder {
        var patient = try PatientFolder.read(folder, defaults: defaults)
        if let repeatability { patient.repeatability = repeatability }
        return patient
    }

    /// Pairs of a test and its retest in the study's table.
    public func testRetestPairs() throws -> [(Double, Double)] {
        guard let testRetest else { return [] }
        let file = "\(path)/\(testRetest)"
        let table = try naming(file) { try DelimitedTable(parsing: InputFile.read(file)) }
        guard let test = table.column("test"), let retest = table.column("retest") else {
            throw FileProblem(file, .badData, "the table needs the columns test and retest")
        }
        return try table.rows.enumerated().map { place, row in
            guard let a = Double(row[test]), let b = Double(row[retest]), a > 0, b > 0 else {
                throw FileProblem(file, .badData, "line \(place + 2): test and retest are no numbers above 0")
            }
            return (a, b)
        }
    }

    /// Events by the code of their patient.
    public func eventsByCode() throws -> [String: [Cohort.Event]] {
        guard let events else { return [:] }
        let file = "\(path)/\(events)"
        var problems = TableProblems()
        var found: [String: [Cohort.Event]] = [:]
        try TableFile.read(file, needs: ["code", "day", "term"], problems: &problems) { header, _ in
            { line, problems in
                let (code, term) = (line[header["code"]], line[header["term"]])
                guard let day = TableLine.number(line[header["day"]], decimalComma: line.decimalComma) else {
                    problems.add(line.number, "day", "\"\(line[header["day"]])\" is no day")
                    return
                }
                if code.isEmpty { problems.add(line.number, "code", "the event has no code") }
                let grade = line[header["grade"]]
                if !grade.isEmpty, !(1...5).contains(Int(grade) ?? 0) {
                    problems.add(line.number, "grade", "\"\(grade)\" is no grade from 1 to 5")
                }
                let limits = line[header["dose_limiting"]].lowercased()
                if !["", "yes", "no", "n/a"].contains(limits) {
                    problems.add(line.number, "dose_limiting", "\"\(limits)\" is neither yes nor no")
                }
                found[code, default: []].append(
                    Cohort.Event(term: term, grade: Int(grade), day: day, isDoseLimiting: limits == "yes"))
            }
        }
        try problems.throwIfAny(file)
        return found.mapValues { $0.sorted { $0.day < $1.day } }
    }
}
