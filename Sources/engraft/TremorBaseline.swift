import Records
import Tremor

/// The earlier recording that amplitudes are compared with.
struct TremorBaseline {
    let result: TremorResult
    /// The file and its hash.
    let input: Provenance.Input

    /// Puts a recording's change beside it. The baseline itself has none: it ends the command where it is the only recording, and
    /// among others it is said.
    func compare(_ report: inout TremorReport, isAlone: Bool) throws(FileProblem) {
        let path = report.path
        report.hasBaseline = true
        let hash = try naming(path) { try SHA256.hex(ofFile: path) }
        if TremorCommand.areCopies([hash, input.sha256], report.result.header.format) {
            guard !isAlone else {
                throw FileProblem(
                    path, .badData,
                    "this is the baseline itself or a copy of it (\(input.path)): a recording has no change from itself"
                )
            }
            report.notes.append("this is the baseline itself or a copy of it: no change is given")
            return
        }
        if report.events != nil {
            report.notes.append("tasks are not compared with the baseline; the change is that of whole recordings")
        }
        guard let before = Self.amplitude(result), let after = Self.amplitude(report.result) else { return }
        report.change = AmplitudeChange(from: before, to: after)
    }

    private static func amplitude(_ result: TremorResult) -> UncertainValue? {
        result.peakToPeakCm.flatMap { size in
            UncertainValue(size, ci95: result.peakToPeakCmCI95 ?? (size, size))
        }
    }
}
