import Imaging
import Outcomes
import PET

/// The overlays of a report: each visit on its CT, and the visits side by side, all on one colour scale.
struct ReportPictures {
    var files: [PatientReport.Picture] = []
    var section: ReviewPage.Section

    init(of patient: PatientAssessment, hasChange: Bool = true) throws {
        section = ReviewPage.Section(
            .images, title: "Images",
            text:
                "PET over CT with the borders of the striatal regions. All visits share one colour scale, in units of the "
                + "reference region, so that equal colours mean equal uptake. Pictures are cropped to the striatum.")
        let scaled = patient.visits.map { ReportPictures.ratioImage($0) }
        let window = ReportPictures.commonWindow(patient)
        for (visit, image) in zip(patient.visits, scaled) {
            let labels = OutlinedLabels(visit, patient.folder.plan)
            var options = OverlayOptions(
                title: "\(patient.folder.code)  \(visit.plan.name)", unit: "SUVR", window: window,
                outlined: labels.outlined)
            options.field = .around(marginMm: OverlayOptions.striatalMarginMm)
            let picture = try Overlay.draw(pet: image, ct: visit.ct, labels: labels.map, options: options)
            try add(
                picture, "overlay_\(visit.plan.name.split(separator: " ").joined(separator: "-")).png",
                "PET over CT of \(visit.plan.name) in axial, coronal and sagittal slices", visit.plan.name)
        }
        guard let first = patient.visits.first, let last = patient.visits.last, patient.visits.count > 1, hasChange
        else { return }
        guard first.pet.grid.matches(last.pet.grid) else {
            section.text += "\n\nThe visits' PET images lie on different grids: no difference image is drawn."
            return
        }
        var options = OverlayComparison.usualOptions
        options.title = "\(patient.folder.code)  change of uptake"
        options.unit = "SUVR"
        options.window = window
        let labels = OutlinedLabels(first, patient.folder.plan)
        options.outlined = labels.outlined
        options.field = .around(marginMm: OverlayOptions.striatalMarginMm)
        let picture = try OverlayComparison.draw(
            baseline: scaled[0], followUp: scaled[scaled.count - 1], ct: first.ct, labels: labels.map,
            names: (first.plan.name, last.plan.name), differenceLimit: Self.differenceLimit(first, last),
            options: options)
        try add(
            picture, "overlay_change.png", "The same slices at both visits, and what changed between them",
            "\(first.plan.name), \(last.plan.name), and their difference")
    }

    private mutating func add(_ image: RGBAImage, _ name: String, _ alternative: String, _ caption: String) throws {
        let png = try PNG.encode(image)
        files.append(PatientReport.Picture(name: name, png: png))
        section.figures.append(ReviewPage.Figure(png: png, alternative: alternative, caption: caption))
    }

    /// The image divided by the reference region's mean.
    static func ratioImage(_ visit: PatientAssessment.Visit) -> Volume {
        guard let reference = visit.uptake.referenceMean else { return visit.pet }
        var image = visit.pet
        let factor = Float(1 / reference)
        image.withMutableVoxels { voxels in
            for place in voxels.indices { voxels[place] *= factor }
        }
        return image
    }

    /// 0 to the next half above the largest regional SUVR of any visit: pictures of one patient compare.
    static func commonWindow(_ patient: PatientAssessment) -> ClosedRange<Double> {
        let largest = patient.visits.flatMap(\.uptake.regions).compactMap(\.suvr).max() ?? 2
        return 0...max(1, (largest * 2 + 1).rounded(.up) / 2)
    }

    /// A round number at which the largest regional change is a strong colour: steps of 0.05, at least 0.1.
    static func differenceLimit(_ first: PatientAssessment.Visit, _ last: PatientAssessment.Visit) -> Double {
        let changes = last.uptake.regions.compactMap { region -> Double? in
            guard let before = first.uptake.regions.first(where: { $0.name == region.name })?.suvr,
                let after = region.suvr
            else { return nil }
            return abs(after - before)
        }
        return max(2, ((changes.max() ?? 0.2) * 1.5 * 20).rounded(.up)) / 20
    }

    static func striatal(_ visit: PatientAssessment.Visit) -> [Int32] {
        let labels = visit.uptake.regions.filter { RegionName($0.name).part != nil }.map(\.label)
        return labels.isEmpty ? visit.uptake.regions.map(\.label) : labels
    }
}
