import PET
import Records

/// A patient's folder as its `patient.json` describes it: visits with their files, and how they are to be measured.
///
/// Paths are relative to the folder. Nothing in it identifies a person: `code` is the study's code.
public struct PatientFolder: Sendable {
    /// A wrist recording.
    public struct RecordingFile: Sendable, Equatable {
        /// The file.
        public var path: String
        /// Where the sensor was: "wrist-left" or "wrist-right".
        public var site: String
        /// What the patient did: "rest", "postural" or "kinetic".
        public var task: String
    }

    /// One visit.
    public struct Visit: Sendable, Equatable {
        /// Its name, as pictures and tables have it.
        public var name: String
        /// Months since the first visit.
        public var months: Double
        /// The PET image.
        public var pet: String
        /// The CT image; `nil` where there is none.
        public var ct: String?
        /// The label image.
        public var labels: String
        /// Wrist recordings.
        public var recordings: [RecordingFile]
        /// The MDS-UPDRS part III table; `nil` where there is none.
        public var scores: String?
        /// Body mass at this visit, kg, where the PET's sidecar has none.
        public var massKg: Double?
        /// The day, which places the visit among dated medication and is written nowhere; `nil` where not said.
        public var date: CalendarDate?
        /// What is known of the scan's quality (G13), beside what the images say.
        public var quality: [ScanQuality.Check: Double] = [:]
        /// What a reader measured of the graft on MRI (G12).
        public var anatomy: GraftAnatomy?
        /// Serotonin and dopamine transporters of the primary region (G11).
        public var transporters: SerotoninRatio?
    }

    /// The folder.
    public var path: String
    /// The study's code of the patient.
    public var code: String
    /// Names of the labels; `nil` where the numbers are the names.
    public var labelNames: String?
    /// Visits in order of time; at least one.
    public var visits: [Visit]
    /// The reference region.
    public var reference: String
    /// What G1 is.
    public var kind: UptakeKind
    /// What pictures and indices of one image show: G1, or SBR where G1 needs the whole scan.
    public var measure: Uptake.Measure { kind.imageMeasure ?? .sbr }
    /// From where Patlak's plot is taken as straight, s after time zero.
    public var fitFromS: Double
    /// The time averaged, s after time zero; `nil` averages all frames.
    public var window: FrameWindow?
    /// The part whose bilateral change is the primary result.
    public var primaryRegion: StriatalPart
    /// The body side that is worse, from which the contralateral striatum follows; `nil` where not said.
    public var worseSide: RegionName.Side?
    /// Test-retest repeatability; `nil` gives no flags.
    public var repeatability: Repeatability?
    /// Resolution of the images, mm; `nil` where not known.
    public var fwhmMm: Double?
    /// What was done and when, in the study's words.
    public var notes: [String]
    /// The study's arm; never shown where a page is blinded.
    public var arm: String?
    /// The trial's site and the lot of cells.
    public var site, lot: String?
    /// The level of dose.
    public var doseLevel: String?
    /// What is decided about the panel beyond uptake.
    public var plan: PanelPlan
    /// Tables of clinical data by scale, as `score` reads them.
    public var tables: [(scale: String, path: String)]
}

extension PatientFolder {
    /// Why a patient's folder is refused: every problem of its `patient.json` at once.
    public struct Problems: Error, Equatable, CustomStringConvertible {
        /// One sentence each.
        public var sentences: [String]
        /// The sentences, one a line.
        public var description: String { sentences.joined(separator: "\n  ") }
    }

    /// Reads a patient's folder.
    ///
    /// - Parameter defaults: members that hold where the patient's file does not say otherwise.
    public static func read(_ folder: String, defaults: [JSONValue.Member] = []) throws -> PatientFolder {
        let file = "\(folder)/patient.json"
        guard InputFile.isFolder(folder) else {
            throw FileProblem(folder, .noInput, "there is no such folder; a folder with a patient.json was expected")
        }
        let json = try naming(file) { try JSONValue(parsing: InputFile.read(file)) }
        let own = json.members ?? []
        let added = defaults.filter { member in !own.contains { $0.key == member.key } }
        return try naming(file) { try PatientFolder(folder, own.isEmpty ? json : .object(own + added)) }
    }

    init(_ folder: String, _ json: JSONValue) throws(Problems) {
        var problems: [String] = []
        func need(_ value: String?, _ key: String) -> String {
            if value == nil || value == "" { problems.append("\(key) is missing or no text") }
            return value ?? ""
        }
        path = folder
        code = need(json["code"]?.string, "code")
        labelNames = json["label_names"]?.string
        reference = need(json["reference"]?.string, "reference")
        kind = .sbr
        if let text = json["measure"]?.string {
            if let known = UptakeKind(rawValue: text) {
                kind = known
            } else {
                let all = UptakeKind.allCases.map(\.rawValue).joined(separator: ", ")
                problems.append("measure is \"\(text)\"; one of \(all) was expected")
            }
        }
        fitFromS = json["fit_from_s"]?.double ?? 1800
        if let limits = json["window_s"], limits != .null {
            let numbers = limits.doubles ?? []
            window = numbers.count == 2 ? try? FrameWindow(from: numbers[0], to: numbers[1]) : nil
            if window == nil { problems.append("window_s is not a pair of increasing times in s") }
        }
        primaryRegion = .posteriorPutamen
        if let text = json["primary_region"]?.string {
            if let known = StriatalPart(rawValue: text) {
                primaryRegion = known
            } else {
                problems.append(
                    "primary_region is \"\(text)\"; one of \(StriatalPart.allCases.map(\.rawValue).joined(separator: ", ")) was expected"
                )
            }
        }
        worseSide = json["worse_body_side"]?.string.flatMap { RegionName.Side(rawValue: $0) }
        repeatability = Repeatability(json, "wcv", &problems)
        fwhmMm = json["fwhm_mm"]?.double
        notes = (json["notes"]?.elements ?? []).compactMap(\.string)
        (arm, site, lot) = (json["arm"]?.string, json["site"]?.string, json["lot"]?.string)
        doseLevel = json["dose_level"]?.string
        plan = PanelPlan(json, &problems)
        tables = []
        for table in json["tables"]?.members ?? [] {
            if Scoring.names.contains(table.key), table.key != "pet", table.key != "cafs", let path = table.value.string
            {
                tables.append((table.key, path))
            } else {
                problems.append("tables.\(table.key) is no scale with the path of its table")
            }
        }
        visits = []
        for (place, visit) in (json["visits"]?.elements ?? []).enumerated() {
            visits.append(Self.visit(visit, place, &problems))
        }
        if visits.isEmpty { problems.append("visits is empty; at least one visit was expected") }
        if zip(visits, visits.dropFirst()).contains(where: { $0.months >= $1.months }) {
            problems.append("visits are not in order of months")
        }
        for file in files where !InputFile.exists("\(folder)/\(file)") {
            problems.append("\(file) is named, but not there")
        }
        if !problems.isEmpty { throw Problems(sentences: problems) }
    }

    private static func visit(_ json: JSONValue, _ place: Int, _ problems: inout [String]) -> Visit {
        func text(_ value: JSONValue?, _ key: String) -> String {
            if value?.string == nil { problems.append("visits[\(place)].\(key) is missing or no text") }
            return value?.string ?? ""
        }
        if json["months"]?.double == nil { problems.append("visits[\(place)].months is missing or no number") }
        let recordings = (json["recordings"]?.elements ?? []).map { file in
            RecordingFile(
                path: text(file["path"], "recordings.path"), site: text(file["site"], "recordings.site"),
                task: text(file["task"], "recordings.task"))
        }
        var visit = Visit(
            name: text(json["name"], "name"), months: json["months"]?.double ?? 0, pet: text(json["pet"], "pet"),
            ct: json["ct"]?.string, labels: text(json["labels"], "labels"), recordings: recordings,
            scores: json["scores"]?.string, massKg: json["mass_kg"]?.double)
        if let text = json["date"]?.string {
            visit.date = PartialDate(text)?.day
            if visit.date == nil { problems.append("visits[\(place)].date is no date like 2026-01-31") }
        }
        for member in json["quality"]?.members ?? [] {
            if let check = ScanQuality.Check(rawValue: member.key), let value = member.value.double {
                visit.quality[check] = value
            } else {
                problems.append("visits[\(place)].quality.\(member.key) is no check with its number")
            }
        }
        if let anatomy = json["anatomy"], anatomy != .null {
            if let volume = anatomy["volume_ml"]?.double, volume >= 0 {
                visit.anatomy = GraftAnatomy(
                    months: visit.months, volumeML: volume, enhances: anatomy["enhances"]?.bool,
                    oedemaML: anatomy["oedema_ml"]?.double)
            } else {
                problems.append("visits[\(place)].anatomy needs a volume_ml of 0 or more")
            }
        }
        if let pair = json["transporters"], pair != .null {
            func value(_ key: String) -> VisitUptake.Value? {
                pair[key]?["value"]?.double.map { VisitUptake.Value($0, standardError: pair[key]?["se"]?.double) }
            }
            if let serotonin = value("serotonin"), let dopamine = value("dopamine") {
                visit.transporters = SerotoninRatio(serotonin: serotonin, dopamine: dopamine)
            }
            if visit.transporters == nil {
                problems.append("visits[\(place)].transporters needs a positive value of serotonin and of dopamine")
            }
        }
        return visit
    }

    /// The path of every file that results are made of, each once: what the folder names, and the sidecars beside images.
    public func inputs() throws -> [String] {
        let sidecars = try visits.flatMap { try InheritedSidecar.read(for: file($0.pet))?.paths ?? [] }
        var seen: Set<String> = []
        return ([file("patient.json")] + files.map(file) + sidecars).filter { seen.insert($0).inserted }
    }

    /// Every file the folder names, each once.
    public var files: [String] {
        let named = visits.flatMap(\.files) + [labelNames, plan.normals].compactMap { $0 } + tables.map(\.path)
        var seen: Set<String> = []
        return named.filter { seen.insert($0).inserted }
    }

    /// A file of the folder as a path that can be opened.
    public func file(_ relative: String) -> String { "\(path)/\(relative)" }
}

extension PatientFolder.Visit {
    /// Every file the visit names.
    public var files: [String] {
        [pet, ct, labels, scores].compactMap { $0 }.filter { !$0.isEmpty }
            + recordings.map(\.path).filter { !$0.isEmpty }
    }
}
