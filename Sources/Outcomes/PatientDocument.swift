import PET
import Records

/// A patient's `patient.json` as it was written: what a trial's page and store are made from, without measuring again.
public struct PatientDocument: Sendable {
    /// The document.
    public let json: JSONValue
    /// The study's code.
    public let code: String
    /// The primary part of the striatum.
    public let primary: String

    /// A document that `patient` wrote; `nil` for anything else.
    public init?(_ json: JSONValue) {
        guard let code = json["code"]?.string, let primary = json["primary_region"]?.string,
            json["visits"]?.elements != nil
        else { return nil }
        (self.json, self.code, self.primary) = (json, code, primary)
    }

    /// Log changes of the primary part, both sides, at every later visit that could be read.
    public var primaryChanges: [Double] {
        (json["changes"]?.elements ?? []).filter { $0["readable"]?.bool ?? true }
            .compactMap { primaryRow(of: $0)?["dln"]?.double }
    }

    private func primaryRow(of change: JSONValue) -> JSONValue? {
        change["g1_g2"]?.elements?.first {
            $0["region"]?.string == primary && $0["site"]?.string == GraftPanel.Site.bilateral.rawValue
        }
    }

    /// The patient in a cohort; planned visits that are not there are added with what is missing.
    ///
    /// Arm, site and lot are not in the document, which a blinded reader may open; they come from the study's own files.
    public func cohortPatient(
        _ folder: PatientFolder, planned: [(name: String, months: Double)], events: [Cohort.Event]
    ) -> Cohort.Patient {
        var visits = (json["visits"]?.elements ?? []).map(visit)
        for plan in planned where !visits.contains(where: { $0.name == plan.name }) {
            visits.append(Cohort.Visit(name: plan.name, months: plan.months, missing: ["the visit is missing"]))
        }
        return Cohort.Patient(
            code: code, arm: folder.arm, site: folder.site, lot: folder.lot, doseLevel: folder.doseLevel,
            visits: visits.sorted { $0.months < $1.months }, events: events)
    }

    private func visit(_ visit: JSONValue) -> Cohort.Visit {
        let (name, months) = (visit["name"]?.string ?? "", visit["months"]?.double ?? 0)
        let change = json["changes"]?.elements?.first { $0["to"]?.string == name }
        let value = visit["g1"]?.elements?.first {
            $0["region"]?.string == primary && $0["site"]?.string == GraftPanel.Site.bilateral.rawValue
        }
        var missing: [String] = []
        var uptake: Cohort.PrimaryUptake?
        let isReadable = visit["g13_quality"]?["readable"]?.bool ?? true
        if let number = value?["value"]?.double {
            let row = change.flatMap(primaryRow)
            uptake = Cohort.PrimaryUptake(
                value: number, standardError: value?["se"]?.double, dln: row?["dln"]?.double,
                sigma: row?["sigma"]?.double,
                flag: isReadable
                    ? change.flatMap { $0["pet_class"]?.string.flatMap { PETClass(rawValue: $0) } }
                    : .unreadable)
            if row?["flag"]?.string == nil, uptake?.flag == .unreadable, isReadable { uptake?.flag = nil }
        } else {
            missing.append("no uptake of the \(primary)")
        }
        let scores = (json["scores"]?.elements ?? []).filter {
            $0["scale"]?.string == "mds-updrs" && $0["name"]?.string == "part_3" && $0["state"]?.string == "off"
                && $0["visit"]?.double == months
        }
        var motor: Cohort.MotorOff?
        if let score = scores.first {
            motor = Cohort.MotorOff(
                total: score["value"]?.double, change: score["change"]?.double, isReliable: score["reliable"]?.bool,
                isImportant: score["important"]?.bool)
            if score["value"]?.double == nil { missing.append("part III in OFF has missing items") }
        } else {
            missing.append("no part III in OFF")
        }
        for recording in visit["recordings"]?.elements ?? [] {
            if let failure = recording["failure"]?.string { missing.append("a recording was not analysed: \(failure)") }
        }
        return Cohort.Visit(name: name, months: months, uptake: uptake, motorOff: motor, missing: missing)
    }
}

extension Cohort {
    /// A trial from the documents of its patients.
    public init(
        of patients: [(document: PatientDocument, folder: PatientFolder)], in study: StudyFolder,
        repeatability: Repeatability?, events: [String: [Cohort.Event]]
    ) {
        let documents = patients.map(\.document)
        let kind = documents.first?.json["measure"]?.string.flatMap { UptakeKind(rawValue: $0) }
        let primary = documents.first.map { StriatalPart(rawValue: $0.primary)?.rawValue ?? $0.primary } ?? ""
        let limit = documents.lazy.compactMap { document -> (JSONValue)? in
            document.json["limits"]?.elements?.first { $0["score"]?.string == "mds-updrs/part_3" }
        }.first
        self.init(
            study: study.name, uptakeLabel: "\(kind?.label ?? "uptake"), \(primary), both sides",
            uptakeUnit: kind.map { $0.unit == "1" ? "" : $0.unit } ?? "", uptakeLimitLn: repeatability?.limitLn,
            uptakeLimitSource: repeatability?.source,
            motorReliable: limit?["sem"]?.double.map { normalQuantile975 * 2.0.squareRoot() * $0 },
            motorImportant: limit?["improvement"]?.double.map { abs($0) },
            toxicityWindowDays: study.toxicityWindowDays,
            patients: patients.sorted { $0.document.code < $1.document.code }.map { document, folder in
                document.cohortPatient(folder, planned: study.plannedVisits, events: events[document.code] ?? [])
            })
    }

    /// The cohort in one long table: a row a patient and visit.
    public var table: DelimitedTable {
        var rows: [[String]] = []
        for patient in patients {
            for visit in patient.visits {
                rows.append([
                    patient.code, patient.arm ?? "n/a", patient.site ?? "n/a", patient.lot ?? "n/a", visit.name,
                    significant(visit.months, 6), significant(visit.uptake?.value, 10),
                    significant(visit.uptake?.dln, 10), visit.uptake?.flag?.rawValue ?? "n/a",
                    significant(visit.motorOff?.total, 6), significant(visit.motorOff?.change, 6),
                    visit.motorOff?.isReliable.map { $0 ? "yes" : "no" } ?? "n/a",
                    visit.motorOff?.isImportant.map { $0 ? "yes" : "no" } ?? "n/a",
                    visit.missing.joined(separator: "; "),
                ])
            }
        }
        return DelimitedTable(
            columns: [
                "code", "arm", "site", "lot", "visit", "months", "uptake", "dln", "flag", "part_3_off",
                "part_3_off_change", "reliable", "important", "missing",
            ], rows: rows)
    }
}

extension Cohort {
    /// The cohort's rows as JSON.
    public var json: JSONValue {
        .array(
            patients.flatMap { patient in
                patient.visits.map { visit in
                    [
                        "code": .string(patient.code), "arm": JSONValue(patient.arm), "site": JSONValue(patient.site),
                        "lot": JSONValue(patient.lot), "visit": .string(visit.name), "months": .number(visit.months),
                        "uptake": JSONValue(visit.uptake?.value), "dln": JSONValue(visit.uptake?.dln),
                        "sigma": JSONValue(visit.uptake?.sigma), "flag": JSONValue(visit.uptake?.flag?.rawValue),
                        "part_3_off": JSONValue(visit.motorOff?.total),
                        "part_3_off_change": JSONValue(visit.motorOff?.change),
                        "reliable": JSONValue(visit.motorOff?.isReliable),
                        "important": JSONValue(visit.motorOff?.isImportant), "missing": JSONValue(visit.missing),
                    ]
                }
            })
    }
}
