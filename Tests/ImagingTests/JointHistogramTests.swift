import Imaging
import Testing

private func second(_ pattern: Volume) -> Volume {
    Volume(
        grid: pattern.grid,
        voxels: pattern.voxels.indices.map { Float((Int(pattern.voxels[$0]) * 3 + $0 % 7) % 31) })
}

/// numpy 2.4.6 `histogram2d`, `Golden/resample_smooth_regions.py`.
@Test func entropiesAreNumpys() throws {
    let pattern = try goldenPattern()
    let histogram = JointHistogram(
        fixed: pattern, moving: second(pattern), bins: 8, fixedRange: 0...31, movingRange: 0...31)
    #expect(histogram.total == 210)
    #expect(histogram.counts[0] == 3 && histogram.counts[5 * 8 + 3] == 0)
    #expect(abs(histogram.fixedEntropy - 2.06537778168491) < 1e-13)
    #expect(abs(histogram.movingEntropy - 2.04846119957466) < 1e-13)
    #expect(abs(histogram.jointEntropy - 3.41932176064815) < 1e-13)
    #expect(abs(histogram.mutualInformation - (2.06537778168491 + 2.04846119957466 - 3.41932176064815)) < 1e-12)
    let normalized = try #require(histogram.normalizedMutualInformation)
    #expect(abs(normalized - (2.06537778168491 + 2.04846119957466) / 3.41932176064815) < 1e-12)
}

@Test func anImageDeterminesItself() throws {
    let pattern = try goldenPattern()
    let histogram = JointHistogram(fixed: pattern, moving: pattern, bins: 31, fixedRange: 0...31, movingRange: 0...31)
    #expect(abs(histogram.mutualInformation - histogram.fixedEntropy) < 1e-12)
    #expect(abs(try #require(histogram.normalizedMutualInformation) - 2) < 1e-12)
}

@Test func aConstantImageTellsNothing() throws {
    let pattern = try goldenPattern()
    let flat = Volume(grid: pattern.grid, repeating: 3)
    let histogram = JointHistogram(fixed: pattern, moving: flat, bins: 4, fixedRange: 0...31, movingRange: 3...3)
    #expect(histogram.total == 210)
    #expect(abs(histogram.mutualInformation) < 1e-12)
    let nothing = JointHistogram(fixed: flat, moving: flat, bins: 4, fixedRange: 0...1, movingRange: 0...1)
    #expect(nothing.total == 0 && nothing.normalizedMutualInformation == nil)
}

@Test func onlyLabelledVoxelsInsideTheRangesCount() throws {
    let grid = try VoxelGrid(shape: [6, 1, 1], worldFromVoxel: .identity)
    let a = Volume(grid: grid, voxels: [0, 1, 2, 4, .nan, 4])
    let b = Volume(grid: grid, voxels: [0, 1, 2, 3, 1, .infinity])
    let mask = LabelMap(grid: grid, voxels: [0, 1, 2, 3, 4, 5])
    let histogram = JointHistogram(fixed: a, moving: b, bins: 2, fixedRange: 0...4, movingRange: 0...4, mask: mask)
    // (1, 1) low-low; (2, 2) and (4, 3) high-high: the top of the range belongs to the last bin.
    #expect(histogram.counts == [1, 0, 0, 2])
}
