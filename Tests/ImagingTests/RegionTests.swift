import Imaging
import Testing

/// The regions of `Golden/resample_smooth_regions.py`.
private func goldenLabels() throws -> LabelMap {
    let grid = try goldenPattern().grid
    var labels: [Int32] = []
    for k in 0..<5 {
        for j in 0..<6 {
            for i in 0..<7 { labels.append(Int32((i * 2 + j * 3 + k) % 7 / 2 * 5)) }
        }
    }
    return LabelMap(grid: grid, voxels: labels)
}

/// numpy 2.4.6, `Golden/resample_smooth_regions.py`; the standard deviation is `std(ddof=1)`. Whole numbers: the sums are
/// exact, only the last division rounds.
@Test func regionalStatisticsAreNumpys() throws {
    let regions = try regionStatistics(of: goldenPattern(), labels: goldenLabels())
    let expected: [(Int32, Int, [Double])] = [
        (5, 60, [15.3666666666667, 8.26462066898777, 15, 0, 30]),
        (10, 60, [13.5666666666667, 8.2818295421345, 15, 0, 29]),
        (15, 30, [16.2, 9.94606142807466, 16, 1, 30]),
    ]
    #expect(regions.map(\.label) == expected.map(\.0))
    #expect(regions.map(\.voxels) == expected.map(\.1))
    for (region, (_, _, values)) in zip(regions, expected) {
        for (ours, numpys) in zip([region.mean, region.sd, region.median, region.min, region.max], values) {
            #expect(abs(ours - numpys) < 1e-12)
        }
    }
}

@Test func coursesAreTheStatisticsOfEveryFrame() throws {
    let labels = try goldenLabels()
    var random = SplitMix(21)
    let volume = Volume(
        grid: labels.grid, frames: 11,
        voxels: (0..<(11 * labels.grid.count)).map { _ in .random(in: 99_000...101_000, using: &random) })
    let courses = try regionCourses(of: volume, labels: labels)
    #expect(courses.labels == [5, 10, 15])
    #expect(courses.voxels == [60, 60, 30])
    for frame in 0..<11 {
        let regions = try regionStatistics(of: volume, frame: frame, labels: labels)
        for (index, region) in regions.enumerated() {
            // Two orders of the same Double sum.
            #expect(abs(courses.mean[index][frame] / region.mean - 1) < 1e-14)
            #expect(abs(courses.sd[index][frame] / region.sd - 1) < 1e-11)
        }
        // A frame alone has the bits it has among others, whichever core took it.
        let alone = try regionCourses(of: volume.frame(frame), labels: labels)
        #expect(alone.mean.map { $0[0] } == courses.mean.map { $0[frame] })
        #expect(alone.sd.map { $0[0] } == courses.sd.map { $0[frame] })
    }
}

@Test func nonFiniteVoxelsAreCountedAndLeftOut() throws {
    let grid = try VoxelGrid(shape: [7, 1, 1], worldFromVoxel: .identity)
    let labels = LabelMap(grid: grid, voxels: [1, 1, 1, 1, 2, 3, 3])
    let volume = Volume(grid: grid, voxels: [.nan, 4, 6, -.infinity, 5, .nan, .infinity])
    let regions = try regionStatistics(of: volume, labels: labels)
    let first = regions[0]
    let root = 2.0.squareRoot()
    #expect((first.voxels, first.nonFinite, first.mean, first.sd) == (4, 2, 5, root))
    #expect((first.median, first.min, first.max) == (5, 4, 6))
    #expect(regions[1].mean == 5 && regions[1].sd.isNaN && regions[1].median == 5)
    #expect(regions[2].nonFinite == 2 && regions[2].mean.isNaN && regions[2].min.isNaN)
    let courses = try regionCourses(of: volume, labels: labels)
    #expect(courses.nonFinite == [[2], [0], [2]])
    #expect(courses.mean[0] == [5] && courses.mean[1] == [5] && courses.mean[2][0].isNaN)
    #expect(courses.sd[0] == [root] && courses.sd[1][0].isNaN)
}

@Test func aLargeOffsetCostsNoDigits() throws {
    let grid = try VoxelGrid(shape: [4, 1, 1], worldFromVoxel: .identity)
    let labels = LabelMap(grid: grid, voxels: [1, 1, 1, 1])
    let volume = Volume(grid: grid, voxels: [16_777_210, 16_777_212, 16_777_214, 16_777_216])
    // Differences -3, -1, 1, 3: variance 20/3.
    #expect(abs(try regionCourses(of: volume, labels: labels).sd[0][0] - (20.0 / 3).squareRoot()) < 1e-12)
    #expect(try regionStatistics(of: volume, labels: labels)[0].mean == 16_777_213)
}

@Test func regionsThatDoNotFitAreRefused() throws {
    let pattern = try goldenPattern()
    let small = LabelMap(
        grid: try VoxelGrid(shape: [2, 2, 2], worldFromVoxel: .identity), voxels: .init(repeating: 1, count: 8))
    let shifted = LabelMap(
        grid: try VoxelGrid(shape: [7, 6, 5], worldFromVoxel: Affine(scale: .one, translation: [0.1, 0, 0])),
        voxels: .init(repeating: 1, count: 210))
    let empty = LabelMap(grid: pattern.grid, voxels: .init(repeating: 0, count: 210))
    #expect(throws: RegionError.gridsDiffer(image: [7, 6, 5], labels: [2, 2, 2])) {
        try regionStatistics(of: pattern, labels: small)
    }
    #expect(throws: RegionError.gridsDiffer(image: [7, 6, 5], labels: [7, 6, 5])) {
        try regionCourses(of: pattern, labels: shifted)
    }
    #expect(throws: RegionError.noRegion) { try regionCourses(of: pattern, labels: empty) }
    #expect(RegionError.noRegion.description.contains("no region"))
    #expect(RegionError.gridsDiffer(image: [7, 6, 5], labels: [2, 2, 2]).description.contains("2 × 2 × 2"))
    #expect(RegionError.gridsDiffer(image: [7, 6, 5], labels: [7, 6, 5]).description.contains("same place"))
}
