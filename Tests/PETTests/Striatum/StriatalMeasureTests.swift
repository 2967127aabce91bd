import Imaging
import PET
import Testing

struct StriatalMeasureTests {
    // MARK: Gradient

    /// Values on a line have its slope and no error, whatever the slabs.
    @Test(arguments: [3.0, 5, 8])
    func aLineAlongThePutamenHasItsSlope(slab: Double) throws {
        let points = (0..<40).flatMap { y in (0..<4).map { SIMD3<Double>(25, Double(y) - 18, Double($0)) } }
        let values = points.map { 2 + 0.03 * $0.y }
        let found = try #require(PutamenGradient(values: values, at: points, slab: slab))
        #expect(abs(found.slopePerMM - 0.03) < 1e-9)
        #expect(found.standardError < 1e-9)
        #expect(abs(found.lengthMM - 39) < 1e-6)
        #expect(found.slabs == Int((39 / slab).rounded(.down)) + 1)
    }

    @Test func aPutamenOfTwoSlabsHasNoSlope() {
        #expect(PutamenGradient(values: [1, 2], at: [[25, 0, 0], [25, 6, 0]]) == nil)
    }

    @Test func valuesThatAreNoNumbersAreLeftOut() throws {
        let points = (0..<40).map { SIMD3<Double>(25, Double($0), 0) }
        var values = points.map { 1 + 0.02 * $0.y }
        values[7] = .nan
        let found = try #require(PutamenGradient(values: values, at: points))
        #expect(abs(found.slopePerMM - 0.02) < 1e-9)
    }

    // MARK: Tracts

    private let labels: StriatalLabels

    init() throws { labels = try StriatalLabels(segmentation: BoxStriatum.map(), split: .half) }

    @Test func aTractHoldsWhatIsNearThePath() throws {
        let path = try TractPath(entry: [-24, 60, 0], target: [-24, -10, 0])
        let tracts = TractRegions([path], in: labels)
        let tract = try #require(tracts.tracts.first)
        #expect(tract.side == .left && tract.name == "tract-1-left" && tract.flags.isEmpty)
        for voxel in 0..<labels.map.grid.count where tracts.map.voxels[voxel] != 0 {
            let distance = path.distance(labels.map.grid.point(voxel))
            #expect(tracts.map.voxels[voxel] == tract.label ? distance <= 4 : distance > 4 && distance <= 10)
            #expect(StriatalRegion(label: labels.map.voxels[voxel])?.structure.isPutamen == true)
        }
        #expect(tracts.map.voxels.filter { $0 == tract.label }.count == tract.voxels)
    }

    @Test func patientCoordinatesOfDICOMPointTheOtherWay() throws {
        let ras = try TractPath(entry: [-24, 60, 5], target: [-24, -10, 0])
        #expect(try TractPath(entryLPS: [24, -60, 5], targetLPS: [24, 10, 0]) == ras)
    }

    @Test func aPathOutsideThePutamenIsFlagged() throws {
        let tracts = TractRegions([try TractPath(entry: [0, 60, 0], target: [0, 30, 0])], in: labels)
        #expect(tracts.tracts[0].voxels == 0 && tracts.tracts[0].side == nil)
        #expect(tracts.tracts[0].flags == ["the path does not meet the putamen"])
    }

    @Test func aTractOfFewVoxelsIsFlagged() throws {
        let tracts = TractRegions([try TractPath(entry: [-24, 60, 0], target: [-24, 22, 0])], in: labels, radius: 4)
        #expect(tracts.tracts[0].flags.first?.contains("fewer than 20") == true)
    }

    @Test func aPathWithoutLengthIsRefused() {
        #expect(throws: StriatumError.tractWithoutLength) { try TractPath(entry: [1, 2, 3], target: [1, 2, 3]) }
    }

    @Test func contrastIsTheShareAboveTheShell() {
        #expect(TractRegions.contrast(tract: 3, shell: 2) == 0.5)
        #expect(TractRegions.contrast(tract: 3, shell: 0) == nil)
    }

    // MARK: Normal values

    private func table(_ text: String) throws -> NormalTable { try NormalTable(parsing: Array(text.utf8)) }

    /// 3 − 0.01 · 60 = 2.4; 1.8 is 75 % and, with an SD of 0.3, two below.
    @Test func percentAndZComeFromTheLineAtTheAge() throws {
        let normal = try table("region,intercept,slope,sd\nputamen-posterior,3,0.01,0.3\ncaudate-left,2,0,0.2\n")
        let line = try #require(normal.line(for: StriatalRegion(.posteriorPutamen, .right)))
        #expect(abs(line.percent(1.8, age: 60)! - 75) < 1e-9)
        #expect(abs(line.z(1.8, age: 60) + 2) < 1e-9)
        #expect(normal.line(for: StriatalRegion(.caudate, .left)) != nil)
        #expect(normal.line(for: StriatalRegion(.caudate, .right)) == nil)
        #expect(line.percent(1, age: 400) == nil)
    }

    @Test(arguments: [
        "region,intercept\ncaudate,1\n", "region,intercept,slope,sd\ncaudate,1,0,0\n",
        "region,intercept,slope,sd\ncaudate,x,0,1\n", "region,intercept,slope,sd\n",
        "region,intercept,slope,sd\ncaudate,1,0,1\nCaudate,1,0,1\n",
    ])
    func tablesThatSayNothingAreRefused(text: String) {
        #expect(throws: StriatumError.self) { try table(text) }
    }

    // MARK: Quality

    /// Uptake of 3 in the striatum and 1 elsewhere.
    private var image: Volume {
        Volume(
            grid: labels.map.grid,
            voxels: labels.map.voxels.map { StriatalRegion(label: $0)?.structure.isStriatal ?? false ? 3 : 1 })
    }

    @Test func labelsOnTheirOwnImageAreWellPlaced() {
        var quality = PlacementQuality()
        quality.judge(labels, on: image)
        #expect(quality.verdict == .ok && quality.score == 1)
    }

    @Test func labelsWithoutUptakeBelowThemFail() {
        var quality = PlacementQuality()
        quality.judge(labels, on: Volume(grid: labels.map.grid, voxels: image.voxels.map { 4 - $0 }))
        #expect(quality.verdict == .fail)
        #expect(quality.reasons.contains { $0.contains("around it") })
    }

    @Test func aPatientWithOneSideLostIsCheckedButDoesNotFail() {
        let worse = labels.map.voxels.map { label -> Float in
            guard let region = StriatalRegion(label: label), region.structure.isStriatal else { return 1 }
            return region.side == .left ? 1.6 : 3
        }
        var quality = PlacementQuality()
        quality.judge(labels, on: Volume(grid: labels.map.grid, voxels: worse))
        #expect(quality.verdict == .check)
    }

    @Test func aConstantImageOrOneOfNoNumbersFails() {
        for value: Float in [1, .nan, 0] {
            var quality = PlacementQuality()
            quality.judge(labels, on: Volume(grid: labels.map.grid, repeating: value))
            #expect(quality.verdict == .fail)
        }
    }
}
