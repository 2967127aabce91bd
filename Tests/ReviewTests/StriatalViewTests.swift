import Imaging
import Outcomes
import PET
import Records
import Review
import TestSupport
import Testing

/// Pictures around the striatum, and what is outlined on them.
struct StriatalViewTests {
    /// Labels of 20 mm radius at x = ±25 mm: 90 mm across, 40 mm along the others, to half a voxel of 2 mm on each side.
    @Test func aCroppedSheetShowsTheLabelsAndTheirMarginOnly() throws {
        let pet = try head(hot: [([-25, 0, 0], 20, 5), ([25, 0, 0], 20, 5)])
        let map = labels(pet.grid, [([-25, 0, 0], 20), ([25, 0, 0], 20)])
        var options = OverlayOptions(slices: 2, planes: [.axial, .coronal], pixelSize: 0.5)
        options.field = .around(marginMm: 14)
        let sheet = try Overlay.sheet(pet: pet, labels: map, options: options)
        for panel in sheet.panels {
            #expect(abs(Double(panel.plane.width) * 0.5 - (90 + 28)) <= 4, "\(panel.plane.orientation)")
            #expect(abs(Double(panel.plane.height) * 0.5 - (40 + 28)) <= 4, "\(panel.plane.orientation)")
        }
    }

    @Test func withoutLabelsTheBrightestIsShown() throws {
        let pet = try head(hot: [([30, -10, 6], 10, 5)])
        var options = OverlayOptions(slices: 1, planes: [.axial], pixelSize: 0.5)
        options.field = .around(marginMm: 14)
        let plane = try #require(try Overlay.sheet(pet: pet, options: options).panels.first).plane
        let middle = plane.worldFromPixel([Double(plane.width) / 2, Double(plane.height) / 2, 0])
        #expect(abs(middle.x - 30) < 3 && abs(middle.y + 10) < 3 && plane.width < 120)
    }

    /// A path through the left posterior putamen is drawn and named on the sheet and in the pictures; one outside the head
    /// is left out without stopping anything.
    @Test func cannulaTractsAreOutlined() throws {
        var patient = try PatientAssessment(of: PatientFolder.read(SampleScans.folder))
        let labels = patient.visits[0].labels
        let target = try #require(
            labels.labels.first { labels.names.name(of: $0).hasPrefix("putamen-posterior") })
        var (sum, count) = (SIMD3<Double>.zero, 0.0)
        let shape = labels.grid.shape
        for k in 0..<shape.z {
            for j in 0..<shape.y {
                for i in 0..<shape.x where labels.voxels[labels.grid.offset(i, j, k)] == target {
                    sum += labels.grid.worldFromVoxel([Double(i), Double(j), Double(k)])
                    count += 1
                }
            }
        }
        let middle = sum / count
        patient.folder.plan.tracts = [
            try TractPath(entry: middle + [0, 0, 6], target: middle - [0, 0, 6]),
            try TractPath(entry: [900, 900, 900], target: [900, 900, 910]),
        ]
        let report = try PatientReport(of: patient, provenance: Provenance(command: "patient"))
        let images = try #require(report.page.board?.panels.first { $0.letter == .a }?.pictures.first)
        func names(_ name: String) -> Bool {
            images.picture.marks.contains { if case .text(name, _, _, _, _, _) = $0 { true } else { false } }
        }
        #expect(names("tract-1") && !names("tract-2"))
    }
}
