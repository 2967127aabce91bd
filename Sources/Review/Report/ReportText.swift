import Outcomes
import PET
import Records

/// The words of a report: what to doubt, how it was done, and from which files.
enum ReportText {
    /// What differs, what is missing, and how sure the comparison is.
    static func quality(_ patient: PatientAssessment) -> ReviewPage.Section {
        var rows: [ReviewPage.Table.Row] = []
        func add(_ check: String, _ found: String, _ isGood: Bool) {
            rows.append(.init([check, found], flag: isGood ? .good : .attention))
        }
        let comparison = patient.comparisonWarnings
        add(
            "Visits are comparable",
            comparison.isEmpty ? "same tracer, window, unit and voxel size" : comparison.joined(separator: "; "),
            comparison.isEmpty)
        for visit in patient.visits {
            let small = visit.uptake.regions.filter { RegionName($0.name).part != nil && $0.voxels < 20 }.map(\.name)
            add(
                "\(visit.plan.name): striatal regions are large enough",
                small.isEmpty
                    ? "each has at least 20 voxels" : "fewer than 20 voxels: \(small.joined(separator: ", "))",
                small.isEmpty)
            add(
                "\(visit.plan.name): PET reads without doubts",
                visit.warnings.isEmpty ? "no warning" : visit.warnings.joined(separator: "; "), visit.warnings.isEmpty)
            for recording in visit.recordings {
                let notes = recording.failure.map { [$0] } ?? recording.result?.flags ?? []
                add(
                    "\(visit.plan.name): \(recording.file.site), \(recording.file.task)",
                    notes.isEmpty ? "an even clock, no gap, no missing value" : notes.joined(separator: "; "),
                    recording.result != nil && recording.result?.gaps.isEmpty == true)
            }
        }
        return ReviewPage.Section(
            .quality, title: "Quality",
            tables: [
                ReviewPage.Table(caption: "Checks", columns: [.init("Check"), .init("Found")], rows: rows)
            ])
    }

    /// A methods paragraph to paste.
    static func methods(_ patient: PatientAssessment) -> ReviewPage.Section {
        let window =
            patient.visits.first?.windowS.map {
                "frames from \(fixed($0.from / 60, 0)) to \(fixed($0.to / 60, 0)) min after time zero were averaged, weighted by duration"
            } ?? "the static image was used"
        let definition =
            switch patient.folder.kind {
            case .suv: "SUV by body mass"
            case .suvr: "SUVR = regional mean over the mean of the \(patient.folder.reference)"
            case .sbr: "SBR = regional mean over the mean of the \(patient.folder.reference), minus 1"
            case .kiRef:
                "Ki_ref = slope of Patlak's plot against the \(patient.folder.reference) from \(fixed(patient.folder.fitFromS / 60, 0)) min on"
            case .bpND:
                "BP_ND of the simplified reference tissue model with the \(patient.folder.reference) as reference"
            }
        let error =
            patient.folder.repeatability.map {
                "A change is flagged where its logarithm exceeds 1.96·√2·σ, with σ = √ln(1 + wCV²) and a within-subject "
                    + "coefficient of variation of \(fixed($0.wCV * 100, 1)) % (\($0.source)). One change in twenty is flagged "
                    + "without cause; the primary region alone decides."
            } ?? "No repeatability was given, so no change is flagged."
        return ReviewPage.Section(
            .methods, title: "Methods",
            text:
                "PET: \(window); \(definition). Regions are those of the label image, looked up at the PET's voxel centres. No "
                + "partial-volume correction was made. Change is ln(after) − ln(before), shown in percent. \(error)\n\n"
                + "Tremor: the acceleration of each recording was analysed in windows by Welch's method with a Hann taper; a "
                + "window counts as tremor where its peak stands out of its surroundings. Within it, the envelope around the peak "
                + "frequency says when tremor is on and how large it is; amplitude is that of acceleration divided by (2πf)², peak to "
                + "peak, and tremor time is the share of moments with tremor on.\n\n"
                + "Computed with Engraft \(Engraft.version). \(Engraft.researchUse)")
    }

    /// Every file that was read, with its hash.
    static func files(_ provenance: Provenance) -> ReviewPage.Section {
        // Two files in a row, so that a trial's visits stay on one sheet.
        let files = provenance.inputs.map { [$0.path, String($0.sha256.prefix(16)) + "…"] }
        return ReviewPage.Section(
            .files, title: "Files",
            tables: [
                ReviewPage.Table(
                    caption: "Inputs",
                    columns: [.init("File"), .init("SHA-256"), .init("File"), .init("SHA-256")],
                    rows: stride(from: 0, to: files.count, by: 2).map {
                        .init(files[$0] + ($0 + 1 < files.count ? files[$0 + 1] : [" ", " "]))
                    })
            ])
    }
}
