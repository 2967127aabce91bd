import Imaging
import PET
import Testing

/// Labels of another head, or of this one before it moved, take up more somewhere else.
@Suite struct LabelDisplacementTests {
    static let moves: [(SIMD3<Double>, String)] = [
        ([8, 0, 0], "left"), ([-8, 0, 0], "right"), ([0, 12, 0], "back"), ([0, -12, 0], "front"),
        ([0, 0, 12], "bottom"), ([0, 0, -12], "top"),
    ]

    /// Uptake 2 in the boxes of the striatum and 1 around them, at 6 mm resolution.
    private func image() -> Volume {
        let labels = BoxStriatum.map()
        return Volume(grid: labels.grid, voxels: labels.voxels.map { [11, 12, 50, 51].contains($0) ? 2 : 1 })
            .smoothed(fwhm: [6, 6, 6])
    }

    private func finding(movedBy shift: SIMD3<Double>) throws -> PlacementQuality.Finding {
        let shifted = LabelMap(
            grid: BoxStriatum.grid,
            voxels: (0..<BoxStriatum.grid.count).map { BoxStriatum.label(BoxStriatum.grid.center(of: $0) - shift) },
            names: LabelTable())
        var quality = PlacementQuality()
        quality.judge(try StriatalLabels(segmentation: shifted), on: image())
        return try #require(quality.findings.first { $0.name == "displacement" })
    }

    @Test func labelsInTheirPlaceLoseByEveryMove() throws {
        let found = try finding(movedBy: .zero)
        #expect(found.verdict == .ok && (found.value ?? 1) < 0)
    }

    /// The way back is the direction that is said; whole voxels of 2 mm are moved.
    @Test(arguments: Self.moves)
    func labelsBesideTheirPlaceFail(shift: SIMD3<Double>, direction: String) throws {
        let found = try finding(movedBy: shift)
        #expect(found.verdict == .fail && found.reason.contains("to the \(direction)"), "\(found)")
    }
}
