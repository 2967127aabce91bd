import Dispatch
import Glibc
import Outcomes
import Records

/// Takes every patient of a trial through the page, and the trial through its own: only what changed is computed again.
///
/// A patient's results stand in a folder that is renamed into place when it is whole, with a `run.json` that names the hash
/// of everything they were made of. An interrupted run therefore leaves whole folders and leftovers, which the next removes.
final class TrialRun {
    /// How a run ended.
    struct Outcome {
        /// All patients that have results, in order of their codes.
        var patients: [(document: PatientDocument, folder: PatientFolder)] = []
        /// The name of each patient's folder, with what it says.
        var folders: [(name: String, folder: PatientFolder)] = []
        /// Patients computed in this run, and kept from an earlier one.
        var computed = 0, kept = 0
        /// Patients without results, and why.
        var failures: [(patient: String, reason: String)] = []
        /// Patients some of whose inputs could not be analysed.
        var incomplete: [String] = []
        /// The repeatability that flags rest on.
        var repeatability: Repeatability?
        /// What was doubtful about the study.
        var warnings: [String] = []
    }

    let study: StudyFolder
    let out: String
    let jobs: Int
    private var hashes: FileHashes
    private let state: String

    init(_ study: StudyFolder, out: String, jobs: Int, trustsTimes: Bool) throws {
        (self.study, self.out, self.jobs) = (study, out, jobs)
        state = "\(out)/.engraft"
        try OutputFile.makeFolder("\(out)/patients")
        try OutputFile.makeFolder(state)
        hashes = FileHashes(rememberedIn: "\(state)/hashes.json")
        hashes.isTrusted = trustsTimes
    }

    /// One patient before computing.
    private struct Plan: Sendable {
        let name, folder: String
        let patient: PatientFolder
        /// The hash of what results are made of, but for the study's repeatability.
        let inputsHash: String
        let inputs: [Provenance.Input]
    }

    func run(progress: @escaping (String) -> Void) throws -> Outcome {
        let lock = try RunLock("\(state)/lock")
        defer { lock.release() }
        try removeLeftovers()
        var outcome = Outcome()
        let plans = plan(&outcome)
        try OutputFile.write(hashes.document.text, to: "\(state)/hashes.json", force: true)
        outcome.repeatability = try repeatability(plans, &outcome)
        let results = compute(plans, outcome.repeatability, progress: progress)
        for (plan, result) in zip(plans, results) {
            switch result {
            case .success(let done):
                outcome.patients.append((done.document, plan.patient))
                outcome.folders.append((plan.name, plan.patient))
                if done.isKept { outcome.kept += 1 } else { outcome.computed += 1 }
                if !done.isComplete { outcome.incomplete.append(plan.name) }
            case .failure(let error): outcome.failures.append((plan.name, "\(error)"))
            }
        }
        outcome.patients.sort { $0.document.code < $1.document.code }
        try removeForeign(plans)
        return outcome
    }

    /// Reads every patient's file and hashes what it names; a patient that cannot be read is a failure of that patient.
    private func plan(_ outcome: inout Outcome) -> [Plan] {
        var plans: [Plan] = []
        var codes: [String: String] = [:]
        for folder in study.patients {
            let name = folder.split(separator: "/").last.map(String.init) ?? folder
            do {
                let patient = try study.patient(folder, repeatability: nil)
                if let other = codes[patient.code] {
                    throw FileProblem(
                        "\(folder)/patient.json", .badData, "the code \(patient.code) is that of patients/\(other) too")
                }
                codes[patient.code] = name
                var inputs: [Provenance.Input] = []
                for path in try patient.inputs() {
                    inputs.append(.init(path: path, sha256: try hashes.hex(ofFile: path)))
                }
                let defaults = JSONValue.object(study.defaults).text
                let text =
                    ([Engraft.version, defaults] + inputs.map { "\($0.path.dropFirst(folder.count)) \($0.sha256)" })
                plans.append(
                    Plan(
                        name: name, folder: folder, patient: patient,
                        inputsHash: SHA256.hex(Array(text.joined(separator: "\n").utf8)), inputs: inputs))
            } catch {
                outcome.failures.append((name, "\(error)"))
            }
        }
        return plans
    }

    // MARK: Repeatability

    /// The study's own repeatability: test and retest, else the control arm's changes, else a cited number.
    private func repeatability(_ plans: [Plan], _ outcome: inout Outcome) throws -> Repeatability? {
        let pairs = try study.testRetestPairs()
        var changes: [Double] = []
        if pairs.isEmpty, let arm = study.controlArm {
            let controls = plans.filter { $0.patient.arm == arm }
            if controls.isEmpty { outcome.warnings.append("no patient is in the control arm \(arm)") }
            changes = controlChanges(controls)
        }
        let found = try Repeatability.preferred(testRetest: pairs, controlChanges: changes, cited: study.cited)
        if study.controlArm != nil, pairs.isEmpty, changes.count < 5, study.cited != nil {
            outcome.warnings.append(
                "the control arm has \(changes.count) changes, too few for a repeatability: the cited one is used")
        }
        return found
    }

    /// The first change of every control patient: of one visit each, since changes of one patient share their baseline.
    private func controlChanges(_ plans: [Plan]) -> [Double] {
        let path = "\(state)/control.json"
        let remembered = (try? InputFile.read(path)).flatMap { try? JSONValue(parsing: $0) }
        let found = mapped(plans) { plan -> Double? in
            if let known = remembered?[plan.inputsHash] { return known.double }
            let assessed = try? PatientAssessment(of: plan.patient)
            guard let first = assessed?.comparisons.first, first.isReadable else { return nil }
            return first.panel.primary?.change?.dln
        }
        let document = JSONValue.object(zip(plans, found).map { .init($0.inputsHash, JSONValue($1)) })
        try? OutputFile.write(document.text, to: path, force: true)
        return found.compactMap { $0 }
    }

    // MARK: Patients

    private struct Done: Sendable {
        var document: PatientDocument
        var isKept, isComplete: Bool
    }

    private func compute(
        _ plans: [Plan], _ repeatability: Repeatability?, progress: @escaping (String) -> Void
    ) -> [Result<Done, any Error>] {
        let (out, report) = (self.out, StepReport(progress))
        return mapped(plans) { plan in
            defer { report.step(plan.name) }
            return Result { try Self.patient(plan, repeatability, out: out) }
        }
    }

    /// One patient: kept where nothing changed, else computed into a folder of its own that is then put into place.
    private static func patient(_ plan: Plan, _ repeatability: Repeatability?, out: String) throws -> Done {
        let place = "\(out)/patients/\(plan.name)"
        let own = repeatability ?? plan.patient.repeatability
        let key = SHA256.hex(
            Array("\(plan.inputsHash) \(own.map { "\($0.wCV) \($0.source)" } ?? "none")".utf8))
        if let kept = Self.kept(place, key: key) { return kept }
        var patient = plan.patient
        patient.repeatability = own
        let part = "\(out)/patients/.\(plan.name).part"
        try FolderTree.remove(part)
        let written: (assessment: PatientAssessment, document: JSONValue)
        do { written = try PatientOutput.write(patient, inputs: plan.inputs, to: part, force: true) } catch {
            try? FolderTree.remove(part)
            throw error
        }
        let files = try InputFile.files(below: part).map { file -> JSONValue in
            let name = String(file.dropFirst(part.count + 1))
            return [
                "name": .string(name), "sha256": .string(try SHA256.hex(ofFile: file)),
                "bytes": .integer(try InputFile.byteCount(file)),
            ]
        }
        let record: JSONValue = [
            "made_of": .string(key), "complete": .bool(written.assessment.isComplete), "files": .array(files),
            "version": .string(Engraft.version),
        ]
        try OutputFile.write(record.text, to: "\(part)/run.json", force: true)
        try FolderTree.replace(place, with: part)
        guard let document = PatientDocument(written.document) else {
            preconditionFailure("a patient's document has a code and visits")
        }
        return Done(document: document, isKept: false, isComplete: written.assessment.isComplete)
    }

    /// Results that are whole and of the same inputs.
    private static func kept(_ place: String, key: String) -> Done? {
        func json(_ name: String) -> JSONValue? {
            (try? InputFile.read("\(place)/\(name)")).flatMap { try? JSONValue(parsing: $0) }
        }
        guard let record = json("run.json"), record["made_of"]?.string == key,
            let files = record["files"]?.elements,
            files.allSatisfy({ file in
                guard let name = file["name"]?.string, let bytes = file["bytes"]?.double else { return false }
                return (try? InputFile.byteCount("\(place)/\(name)")).map { Double($0) == bytes } ?? false
            }),
            let document = json("patient.json").flatMap({ PatientDocument($0) })
        else { return nil }
        return Done(document: document, isKept: true, isComplete: record["complete"]?.bool ?? true)
    }

    // MARK: Order

    /// What `body` gives for each, on at most `jobs` threads, in order.
    private func mapped<Input: Sendable, Value: Sendable>(
        _ inputs: [Input], _ body: @Sendable (Input) -> Value
    ) -> [Value] {
        guard !inputs.isEmpty else { return [] }
        var slots = [Value?](repeating: nil, count: inputs.count)
        let next = NextPlace()
        slots.withUnsafeMutableBufferPointer { buffer in
            nonisolated(unsafe) let buffer = buffer
            DispatchQueue.concurrentPerform(iterations: min(jobs, inputs.count)) { _ in
                while let place = next.take(below: inputs.count) { buffer[place] = body(inputs[place]) }
            }
        }
        return slots.map { $0! }
    }

    /// Folders that an interrupted run left: unfinished ones go, and one that was moved aside comes back where nothing
    /// took its place.
    private func removeLeftovers() throws {
        let parent = "\(out)/patients"
        for name in try InputFile.list(parent) where name.hasPrefix(".") {
            if name.hasSuffix(".old"), !InputFile.exists("\(parent)/\(name.dropFirst().dropLast(4))") {
                rename("\(parent)/\(name)", "\(parent)/\(name.dropFirst().dropLast(4))")
            } else {
                try FolderTree.remove("\(parent)/\(name)")
            }
        }
    }

    /// Results of patients that the study no longer has would look like its own.
    private func removeForeign(_ plans: [Plan]) throws {
        let names = Set(study.patients.map { $0.split(separator: "/").last.map(String.init) ?? $0 })
        let parent = "\(out)/patients"
        for name in try InputFile.list(parent)
        where !names.contains(name) && InputFile.exists("\(parent)/\(name)/run.json") {
            try FolderTree.remove("\(parent)/\(name)")
        }
    }
}

/// The next place of a list, from any thread.
private final class NextPlace: @unchecked Sendable {
    private let lock = DispatchQueue(label: "engraft.next")
    private var value = 0

    func take(below count: Int) -> Int? {
        lock.sync {
            guard value < count else { return nil }
            defer { value += 1 }
            return value
        }
    }
}

/// Progress from any thread, one at a time.
private final class StepReport: @unchecked Sendable {
    private let lock = DispatchQueue(label: "engraft.progress")
    private let progress: (String) -> Void

    init(_ progress: @escaping (String) -> Void) { self.progress = progress }
    func step(_ name: String) { lock.sync { progress(name) } }
}
