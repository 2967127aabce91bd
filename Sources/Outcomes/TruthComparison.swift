import PET
import Records

/// What a sample patient's `truth.json` says should be measured, beside what was.
public struct TruthComparison: Sendable, Equatable {
    /// What is compared.
    public var name: String
    /// What the truth says, in `unit`.
    public var expected: Double
    /// What was measured; `nil` where it was not found.
    public var measured: Double?
    /// The unit.
    public var unit: String
    /// How far apart they may be, in `unit`, and still agree: what noise does to a mean of this size.
    public var tolerance: Double

    /// Whether the two agree.
    public var agrees: Bool { measured.map { abs($0 - expected) <= tolerance } ?? false }
}

extension PatientAssessment {
    /// Compares every visit with the truth of a phantom patient.
    ///
    /// PET values are held against those of the image without noise (`seen`), so that what is left is noise: a region's SBR may
    /// differ by four standard errors of its mean, as its voxels and resolution give them, and at least 0.03. Tremor may differ by
    /// 3 % where it comes and goes in bursts; their share of time by 5 %, since half-second edges belong to neither.
    public func compared(with truth: JSONValue) -> [TruthComparison] {
        var rows: [TruthComparison] = []
        for visit in visits {
            let expected = truth["visits"]?.elements?.first { $0["name"]?.string == visit.plan.name }
            rows += Self.uptake(visit, expected?["pet_ct"])
            rows += Self.movement(visit, expected?["recordings"])
        }
        return rows
    }

    private static func uptake(_ visit: Visit, _ truth: JSONValue?) -> [TruthComparison] {
        (truth?["regions"]?.elements ?? []).compactMap { region in
            guard let name = region["name"]?.string, RegionName(name).part != nil,
                let sbr = region["seen"]?["sbr"]?.double
            else { return nil }
            let found = visit.uptake.regions.first { $0.name == name }
            let error = found.flatMap { r in
                visit.uptake.referenceMean.map { r.sd / $0 / Double(r.voxels).squareRoot() }
            }
            return TruthComparison(
                name: "\(visit.plan.name)  SBR \(name)", expected: sbr, measured: found?.sbr, unit: "",
                tolerance: max(0.03, 4 * (error ?? 0)))
        }
    }

    private static func movement(_ visit: Visit, _ truth: JSONValue?) -> [TruthComparison] {
        visit.recordings.flatMap { recording -> [TruthComparison] in
            let file = recording.file.path.split(separator: "/").last.map(String.init) ?? recording.file.path
            guard let expected = truth?[file], let hertz = expected["frequency_hz"]?.double,
                let size = expected["peak_to_peak_cm"]?.double
            else { return [] }
            let name = "\(visit.plan.name)  \(recording.file.site) \(recording.file.task)"
            return [
                TruthComparison(
                    name: "\(name), frequency", expected: hertz, measured: recording.result?.peakFrequencyHz,
                    unit: "Hz",
                    tolerance: 0.05),
                TruthComparison(
                    name: "\(name), peak to peak", expected: size, measured: recording.result?.peakToPeakCm, unit: "cm",
                    tolerance: max(0.03 * size, 0.01)),
                TruthComparison(
                    name: "\(name), time", expected: expected["constancy_percent"]?.double ?? 100,
                    measured: recording.result?.tremorTimePercent, unit: "%", tolerance: 5),
            ]
        }
    }
}
