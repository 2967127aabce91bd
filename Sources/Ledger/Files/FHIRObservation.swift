import Records

/// One Observation: a measure of a visit, or its change since the first.
struct FHIRObservation {
    /// What kind of observation it is, of FHIR's own list.
    enum Category: String { case imaging, survey, exam }

    /// A part of an observation: an interval, or the values a change is between.
    struct Component {
        var code: String
        var value: JSONValue.Member
    }

    var category: Category
    /// Our code of the measure, and what it is in words.
    var measure: (code: String, display: String)
    var value: Double?
    var unit: String
    /// Where: our name of the region or sensor; `nil` where the measure has no place.
    var place: String?
    var visit: String
    var months: Double?
    var method: String?
    /// Why there is no value.
    var absence: String?
    var interpretation: String?
    var components: [Component] = []

    /// The resource.
    func json(code: String, device: String) -> JSONValue {
        func concept(_ system: String, _ code: String, _ text: String) -> JSONValue {
            [
                "coding": [["system": .string(system), "code": .string(code), "display": .string(text)]],
                "text": .string(text),
            ]
        }
        var members: [JSONValue.Member] = [
            .init("resourceType", "Observation"), .init("status", "final"),
            .init(
                "category",
                [
                    [
                        "coding": [
                            [
                                "system": "http://terminology.hl7.org/CodeSystem/observation-category",
                                "code": .string(category.rawValue),
                            ]
                        ]
                    ]
                ]),
            .init("code", concept("urn:engraft:measure", measure.code, measure.display)),
            .init(
                "subject",
                ["type": "Patient", "identifier": ["system": "urn:engraft:study-code", "value": .string(code)]]),
            .init(
                "encounter",
                ["type": "Encounter", "identifier": ["system": "urn:engraft:visit", "value": .string(visit)]]),
        ]
        if let months {
            members.insert(
                .init("extension", [["url": "urn:engraft:months", "valueDecimal": .number(months)]]), at: 1)
        }
        if let value, value.isFinite {
            members.append(.init("valueQuantity", Self.quantity(value, unit)))
        } else {
            let reason = absence == nil ? "unknown" : "error"
            var absent: [JSONValue.Member] = [
                .init(
                    "coding",
                    [
                        [
                            "system": "http://terminology.hl7.org/CodeSystem/data-absent-reason",
                            "code": .string(reason),
                        ]
                    ])
            ]
            if let absence { absent.append(.init("text", .string(absence))) }
            members.append(.init("dataAbsentReason", .object(absent)))
        }
        if let interpretation { members.append(.init("interpretation", [["text": .string(interpretation)]])) }
        members.append(.init("note", [["text": .string(Engraft.researchUse)]]))
        if let place { members.append(.init("bodySite", concept("urn:engraft:place", place, place))) }
        if let method { members.append(.init("method", ["text": .string(method)])) }
        members.append(.init("device", ["reference": .string(device)]))
        if !components.isEmpty {
            let parts = components.map { component in
                JSONValue.object([
                    .init("code", concept("urn:engraft:component", component.code, component.code)), component.value,
                ])
            }
            members.append(.init("component", .array(parts)))
        }
        return .object(members)
    }

    /// A value with its unit as UCUM writes it [UCUM].
    static func quantity(_ value: Double, _ unit: String) -> JSONValue {
        [
            "value": .number(value), "unit": .string(unit == "{score}" ? "points" : unit),
            "system": "http://unitsofmeasure.org", "code": .string(unit),
        ]
    }

    /// An interval, where there is one.
    static func interval(_ code: String, _ ends: [Double]?, _ unit: String) -> [Component] {
        guard let ends, ends.count == 2, ends.allSatisfy(\.isFinite) else { return [] }
        let range: JSONValue = ["low": quantity(ends[0], unit), "high": quantity(ends[1], unit)]
        return [Component(code: code, value: .init("valueRange", range))]
    }
}

extension FHIRObservation {
    private static let uptake = [
        ("suv_bw", "Standardised uptake value, body weight", "g/mL"),
        ("suvr", "Uptake ratio to the reference region", "1"),
        ("sbr", "Specific binding ratio", "1"),
    ]
    private static let tremor = [
        ("tremor_peak_frequency", "peak_frequency_hz", "Tremor: peak frequency", "Hz"),
        ("tremor_peak_to_peak", "peak_to_peak_cm", "Tremor: peak-to-peak displacement", "cm"),
        ("tremor_time", "tremor_time_percent", "Tremor: share of the time", "%"),
    ]
    private static let exams = [
        ("total", "total", "MDS-UPDRS part III, sum"),
        ("rest_tremor", "rest_tremor", "MDS-UPDRS part III, rest tremor items"),
        ("action_tremor", "action_tremor", "MDS-UPDRS part III, action tremor items"),
    ]

    /// Everything measured at a visit; uptake that does not exist, such as SBR without a reference, is left out.
    static func of(visit: JSONValue, in patient: JSONValue) -> [FHIRObservation] {
        let (name, months) = (visit["name"]?.string ?? "", visit["months"]?.double)
        let tracer = visit["tracer"]?.string
        let window = visit["window_s"]?.doubles.map { ends in
            "mean of \(ends.map { fixed($0, 0) }.joined(separator: " to ")) s"
        }
        let reference = visit["reference"]?["name"]?.string ?? patient["reference"]?.string
        func how(_ measure: String) -> String? {
            let parts = [
                tracer.map { "PET, \($0)" } ?? "PET", window,
                measure == "suv_bw" ? nil : reference.map { "reference \($0)" },
            ]
            return parts.compactMap { $0 }.joined(separator: ", ")
        }
        var found: [FHIRObservation] = []
        for region in visit["regions"]?.elements ?? [] {
            for (key, display, unit) in uptake {
                guard let value = region[key]?.double else { continue }
                found.append(
                    FHIRObservation(
                        category: .imaging, measure: (key, display), value: value, unit: unit,
                        place: region["name"]?.string, visit: name, months: months, method: how(key)))
            }
        }
        for part in visit["g1"]?.elements ?? [] {
            let measure = patient["measure"]?.string ?? "uptake"
            let unit = part["unit"]?.string ?? "1"
            var observation = FHIRObservation(
                category: .imaging, measure: ("g1_\(measure)", "Striatal uptake (G1), \(measure.uppercased())"),
                value: part["value"]?.double, unit: unit, place: Self.place(of: part), visit: name, months: months,
                method: how(measure))
            if let error = part["se"]?.double {
                observation.components = [Component(code: "se", value: .init("valueQuantity", quantity(error, unit)))]
            }
            found.append(observation)
        }
        for exam in visit["mds_updrs_3"]?.elements ?? [] {
            let state = exam["state"]?.string ?? "unknown"
            let missing = (exam["missing"]?.elements ?? []).compactMap(\.string)
            for (code, key, display) in exams where exam[key] != nil {
                found.append(
                    FHIRObservation(
                        category: .survey,
                        measure: ("mds_updrs_3_\(code)_\(state)", "\(display), \(state.uppercased())"),
                        value: exam[key]?.double, unit: "{score}", place: nil, visit: name, months: months,
                        method: "rated by a clinician, medication \(state.uppercased())",
                        absence: missing.isEmpty ? nil : "items missing: \(missing.joined(separator: ", "))"))
            }
        }
        for recording in visit["recordings"]?.elements ?? [] {
            let task = recording["task"]?.string ?? "unknown"
            for (code, key, display, unit) in tremor where recording[key] != nil {
                var observation = FHIRObservation(
                    category: .exam, measure: (code, display), value: recording[key]?.double, unit: unit,
                    place: recording["site"]?.string, visit: name, months: months, method: "wearable, task \(task)",
                    absence: recording["failure"]?.string)
                if key == "peak_to_peak_cm" {
                    observation.components = interval("ci95", recording["peak_to_peak_cm_ci95"]?.doubles, unit)
                }
                found.append(observation)
            }
        }
        return found
    }

    /// A part of the striatum with its side.
    private static func place(of row: JSONValue) -> String {
        [row["region"]?.string, row["site"]?.string].compactMap { $0 }.joined(separator: "-")
    }

    /// The changes of uptake between two visits, each with the values it is between and what an unchanged patient shows.
    static func of(change: JSONValue, in patient: JSONValue) -> [FHIRObservation] {
        let measure = change["measure"]?.string ?? "uptake"
        let unit = patient["unit"]?.string ?? (measure == "suv" ? "g/mL" : "1")
        return (change["g1_g2"]?.elements ?? []).map { row in
            var observation = FHIRObservation(
                category: .imaging,
                measure: ("\(measure)_change_percent", "Change of \(measure.uppercased()), percent"),
                value: row["change_percent"]?.double, unit: "%", place: place(of: row),
                visit: change["to"]?.string ?? "",
                months: change["months"]?.double, method: "against the visit \(change["from"]?.string ?? "before")",
                absence: row["reason"]?.string, interpretation: row["flag"]?.string)
            for key in ["before", "after"] {
                guard let value = row[key]?.double else { continue }
                observation.components.append(
                    Component(code: key, value: .init("valueQuantity", quantity(value, unit))))
            }
            observation.components += interval("unchanged95", row["limit_percent"]?.doubles, "%")
            return observation
        }
    }
}
