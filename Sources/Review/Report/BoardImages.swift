import Imaging
import Outcomes
import PET
import Records

/// Panel A and the slices to look through: PET over CT at every visit on one scale.
struct BoardImages {
    let view: StriatalView
    private let hasChange: Bool

    init(of patient: PatientAssessment) {
        let first = patient.visits[0]
        let labels = patient.visits.map { OutlinedLabels($0, patient.folder.plan) }
        let scans = zip(patient.visits, labels).map { visit, labels in
            StriatalView.Scan(
                name: visit.plan.name, pet: ReportPictures.ratioImage(visit), ct: visit.ct, labels: labels.map)
        }
        hasChange = patient.visits.allSatisfy { $0.pet.grid.matches(first.pet.grid) }
        let target = first.uptake.regions.filter { RegionName($0.name).part == patient.folder.primaryRegion }
        view = StriatalView(
            scans: scans, unit: first.uptake.referenceMean == nil ? first.units ?? "" : "SUVR",
            window: ReportPictures.commonWindow(patient),
            changeLimit: ReportPictures.differenceLimit(first, patient.visits[patient.visits.count - 1]),
            outlined: labels[0].outlined,
            target: target.isEmpty ? labels[0].outlined : target.map(\.label))
    }

    /// Panel A.
    func panel(showsChange: Bool = true) throws -> PageBoard.Panel {
        let hasChange = hasChange && showsChange
        let panel = try StriatalPanel(
            of: view, size: PageBoard.room(.a), showsChange: hasChange)
        let names = view.scans.map(\.name)
        let title =
            names.count == 1
            ? names[0] : hasChange ? "\(names[0]) | \(names[names.count - 1]) | change" : names.joined(separator: " | ")
        return PageBoard.Panel(
            .a, title,
            pictures: [
                .init(
                    panel.picture,
                    alternative: "Axial slices of PET over CT through the striatum, \(title); regions are outlined",
                    isDark: true)
            ])
    }

    /// All slices.
    func viewer(showsChange: Bool = true) throws -> SliceViewer {
        let window = "\(fixed(view.window.lowerBound, 1)) to \(fixed(view.window.upperBound, 1)) \(view.unit)"
        let change = hasChange && showsChange && view.scans.count > 1
        return SliceViewer(
            try SliceSprite(of: view, hasChanges: change),
            note:
                "PET over CT with the borders of the regions, cropped to the striatum. Colours from black to pale yellow: \(window)."
                + (change
                    ? " Change: blue where uptake fell, orange where it rose, ± \(fixed(view.changeLimit, 2)) \(view.unit)."
                    : "")
                + " " + view.notes)
    }
}

/// A label map in which the paths of cannulas are labels too, so that they are outlined like regions.
struct OutlinedLabels {
    /// The regions and, above their highest label, the paths.
    var map: LabelMap
    /// Labels of the striatum's parts and of the paths that meet the image.
    var outlined: [Int32]

    init(_ visit: PatientAssessment.Visit, _ plan: PanelPlan) {
        (map, outlined) = (visit.labels, ReportPictures.striatal(visit))
        guard !plan.tracts.isEmpty else { return }
        let grid = map.grid
        let top = map.labels.max() ?? 0
        var (voxels, names) = (map.voxels, map.names)
        for (place, tract) in plan.tracts.enumerated() {
            let label = top + Int32(place) + 1
            names.entries[label] = LabelTable.Entry(name: "tract-\(place + 1)", color: [255, 255, 255])
            var isSeen = false
            for k in 0..<grid.shape.z {
                for j in 0..<grid.shape.y {
                    for i in 0..<grid.shape.x
                    where tract.distance(grid.worldFromVoxel([Double(i), Double(j), Double(k)])) <= plan.tractRadius {
                        voxels[grid.offset(i, j, k)] = label
                        isSeen = true
                    }
                }
            }
            if isSeen { outlined.append(label) }
        }
        map = LabelMap(grid: grid, voxels: voxels, names: names)
        // A path may hide a small region altogether.
        let seen = Set(map.labels)
        outlined.removeAll { !seen.contains($0) }
    }
}
