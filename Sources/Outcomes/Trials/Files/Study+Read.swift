import Records
import Yams

extension Study {
    /// The version of the schema that study files name.
    public static let schema = "engraft-study/1"

    /// Reads a study: a file, or one of the built-in ones by its name.
    public static func read(_ pathOrName: String) throws(FileProblem) -> Study {
        if !InputFile.exists(pathOrName), let text = BuiltInStudy.text(named: pathOrName) {
            return try naming(pathOrName) { try Study(yaml: text) }
        }
        if InputFile.isFolder(pathOrName) {
            throw FileProblem(
                pathOrName, .noInput, "this is a folder; a study file was expected, such as \(pathOrName)/study.yaml")
        }
        do throws(FileProblem) {
            let bytes = try InputFile.readText(pathOrName)
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw FileProblem(pathOrName, .badData, "this is not a text file in UTF-8")
            }
            return try naming(pathOrName) { try Study(yaml: text) }
        } catch {
            guard error.kind == .noInput, !pathOrName.contains("/"), !pathOrName.contains(".") else { throw error }
            let names = BuiltInStudy.names.joined(separator: ", ")
            throw FileProblem(pathOrName, .noInput, "there is no such file, and no built-in study; there are \(names)")
        }
    }

    /// Reads the text of a study; every problem at once, with its line.
    public init(yaml text: String) throws(TableProblems) {
        let problems = StudyProblems()
        let root = try StudyNode.root(of: text, problems)
        let known = [
            "schema", "study", "population", "arms", "visits", "assessments", "endpoints", "fields", "criteria",
            "design",
            "tables", "limits", "notes",
        ]
        var parts: [String: StudyNode] = [:]
        for (key, value) in root.members(allowing: known) where !value.isNull { parts[key] = value }
        if parts["schema"]?.text != Self.schema {
            (parts["schema"] ?? root).problem("schema: \(Self.schema) was expected")
        }

        (id, registry, phase, product) = ("", nil, nil, nil)
        (condition, durationFrom) = (nil, Stated())
        (visitMonths, windowsDays, primaryEndpoint) = (Stated(), Stated(), Stated())
        arms = (parts["arms"]?.elements ?? []).compactMap(Self.arm)
        assessments = []
        (fields, criteria) = ([:], [])
        tables = [:]
        for field in StudyField.standard { fields[field.name] = field }
        escalation = parts["design"].flatMap(DoseEscalation.init)
        limits = (parts["limits"]?.elements ?? []).compactMap(ScoreLimit.init)

        readStudy(parts["study"], root)
        if let population = parts["population"] { readPopulation(population) }
        if let visits = parts["visits"] { readVisits(visits) }
        if let endpoints = parts["endpoints"] {
            for (key, value) in endpoints.members(allowing: ["primary", "secondary", "exploratory", "reported", "note"])
            where key == "primary" {
                primaryEndpoint = value.stated { $0.text }
            }
        }
        for (name, value) in parts["fields"]?.members() ?? [] {
            if let field = Self.field(name, value) { fields[name] = field }
        }
        if let node = parts["criteria"] { readCriteria(node) }
        for (key, value) in parts["tables"]?.members(allowing: Self.tableKeys) ?? [] where !value.isNull {
            tables[key] = value.text
            if ["off_hours", "diary_missing_slots", "diary_valid_days"].contains(key), let number = value.number,
                !(0...168).contains(number)
            {
                value.problem("is not from 0 to 168")
            }
        }
        readAssessments(parts["assessments"])
        if !problems.found.isEmpty { throw problems.found }
    }

    private static let tableKeys = [
        "ledd", "mds_updrs_missing", "off_hours", "diary_missing_slots", "diary_valid_days", "bradykinesia_with_face",
    ]

    private mutating func readStudy(_ node: StudyNode?, _ root: StudyNode) {
        guard let node else { return root.problem("study is missing; it has at least an id") }
        let keys = [
            "id", "title", "registry", "phase", "product", "route", "masking", "allocation", "n", "note", "related",
        ]
        for (key, value) in node.members(allowing: keys) where !value.isNull {
            switch key {
            case "id": id = value.text ?? ""
            case "registry": registry = value.text
            case "phase": phase = value.text
            case "product": product = value.text
            case "n": _ = value.stated { $0.node.sequence == nil ? $0.whole.map(Double.init) : $0.range?.upperBound }
            default: break
            }
        }
        if id.isEmpty { node.problem("has no id") }
    }

    private mutating func readPopulation(_ node: StudyNode) {
        let keys = ["condition", "age_years", "disease_duration_years", "disease_duration_from", "note"]
        for (key, value) in node.members(allowing: keys) where !value.isNull {
            switch key {
            case "condition": condition = value.text
            case "disease_duration_from":
                durationFrom = value.stated {
                    guard let text = $0.text, ["diagnosis_date", "onset_date"].contains(text) else {
                        $0.problem("is neither diagnosis_date nor onset_date")
                        return nil
                    }
                    return text
                }
            case "age_years", "disease_duration_years": _ = value.stated { $0.range }
            default: break
            }
        }
    }

    private mutating func readVisits(_ node: StudyNode) {
        for (key, value) in node.members(allowing: ["months", "windows_days", "day_0", "note"]) {
            if key == "months" {
                visitMonths = value.stated { list in
                    let months = list.numbers
                    if zip(months, months.dropFirst()).contains(where: { $0 >= $1 }) { list.problem("is not in order") }
                    return months
                }
            }
            if key == "windows_days" {
                windowsDays = value.stated { windows in
                    var days: [Double: Double] = [:]
                    for (month, window) in windows.members() {
                        guard let at = TableLine.number(month) else {
                            window.problem("belongs to \"\(month)\", which is no month")
                            continue
                        }
                        days[at] = window.number
                    }
                    return days
                }
            }
        }
        guard let months = visitMonths.used else { return }
        for month in windowsDays.used?.keys.sorted() ?? [] where !months.contains(month) {
            node.problem("has a window for month \(significant(month, 4)), at which there is no visit")
        }
    }

    private mutating func readAssessments(_ node: StudyNode?) {
        for (name, value) in node?.members() ?? [] {
            var visits: [Double] = []
            for (key, part) in value.members(allowing: ["visits", "state", "days", "tasks", "tracer", "table", "note"])
            where key == "visits" {
                visits = part.numbers
                if let planned = visitMonths.used, let odd = visits.first(where: { !planned.contains($0) }) {
                    part.problem("names month \(significant(odd, 4)), at which there is no visit")
                }
            }
            assessments.append(Assessment(name: name, visits: visits))
        }
    }

    private static func arm(_ node: StudyNode) -> Arm? {
        var arm = Arm(id: "", size: Stated())
        for (key, value) in node.members(allowing: ["id", "intervention", "n", "note"]) where !value.isNull {
            if key == "id" { arm.id = value.text ?? "" }
            if key == "n" { arm.size = value.stated { $0.whole } }
        }
        if arm.id.isEmpty { node.problem("has no id") }
        return arm
    }
}
