import Imaging
import Testing

/// The image of `Golden/resample_smooth_regions.py`: whole numbers 0...30 on 7 × 6 × 5 voxels of 1 mm.
func goldenPattern(worldFromVoxel: Affine = .identity) throws -> Volume {
    let grid = try VoxelGrid(shape: [7, 6, 5], worldFromVoxel: worldFromVoxel)
    var voxels: [Float] = []
    for k in 0..<5 {
        for j in 0..<6 {
            for i in 0..<7 { voxels.append(Float((7 * i + 13 * j + 29 * k + 3 * i * j + 5 * j * k) % 31)) }
        }
    }
    return Volume(grid: grid, voxels: voxels)
}

func close(_ a: [Float], _ b: [Double], _ tolerance: Double) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { abs(Double($0) - $1) <= tolerance }
}

/// An oblique map, no axis along another.
private let oblique = Affine(
    x: [1.9, -0.4, 0.25], y: [0.3, 1.6, -0.2], z: [0.2, 0.1, 1.7], translation: [0.72, 1.3, 0.9])

/// scipy 1.17.1 `affine_transform`, `Golden/resample_smooth_regions.py`. Tolerance: Float32 storage of values to 31, and
/// for the spline its Float32 coefficients.
@Test(arguments: [
    (Interpolation.nearest, 0.0, [26, 15, 4, 6, 7, 6, 17, 3, 10, 1, 21, 10, 19, 2, 22, 0, 21, 15]),
    (
        .linear, 5e-6,
        [
            19.7584, 12.089, 14, 11.7666, 10.508, 9.97, 18.62, 10.25, 11.572, 11.992, 18.75, 15.236, 11.228, 14.1668,
            17.7332, 6.92, 15.6992, 14.1568,
        ]
    ),
    (
        .cubic, 3e-5,
        [
            22.2836493, 8.26181007, 13.2083907, 9.52040927, 10.5686313, 5.57069562, 21.0337009, 7.98725085, 10.7499975,
            13.1415871, 20.9589761, 15.6903112, 11.8651889, 15.3396001, 19.3572996, 1.72203177, 14.4510436, 12.121072,
        ]
    ),
])
func resamplingIsScipys(interpolation: Interpolation, tolerance: Double, expected: [Double]) throws {
    let target = try VoxelGrid(shape: [3, 3, 2], worldFromVoxel: oblique)
    let resampled = try goldenPattern().resampled(onto: target, interpolation: interpolation, outside: -1)
    #expect(close(resampled.voxels, expected, tolerance))
}

/// A point of the target's world is looked up at its image, whichever of the three maps carries the obliqueness.
@Test(arguments: Interpolation.allCases)
func theThreeMapsCompose(interpolation: Interpolation) throws {
    let plain = try VoxelGrid(shape: [3, 3, 2], worldFromVoxel: .identity)
    let moved = try VoxelGrid(shape: [3, 3, 2], worldFromVoxel: oblique)
    let byTarget = try goldenPattern().resampled(onto: moved, interpolation: interpolation)
    let byMap = try goldenPattern().resampled(onto: plain, sourceFromTarget: oblique, interpolation: interpolation)
    let bySource = try goldenPattern(worldFromVoxel: #require(oblique.inverse))
        .resampled(onto: plain, interpolation: interpolation)
    #expect(byMap.voxels == byTarget.voxels)
    // The inverse of an inverse moves points by 1e-15 voxel; indices are rounded to 6e-8.
    #expect(close(bySource.voxels, byTarget.voxels.map(Double.init), 1e-5))
}

/// SimpleITK 2.5.7 (linear, nearest, outside -1) and scipy 1.17.1 `map_coordinates(order=3, mode='mirror')` along i.
@Test func theVoxelsOwnExtentIsInsideAndNothingElse() throws {
    let places = [-0.6, -0.5, -0.4, -0.1, 0, 2.5, 6, 6.3, 6.49, 6.5, 6.6]
    let spline = [-1, 11.23125, 13.6096, 18.58465, 19, 24.76875, 4, 7.65805, 12.2830899, -1, -1]
    for (index, place) in places.enumerated() {
        let point = try VoxelGrid(shape: [1, 1, 1], worldFromVoxel: Affine(scale: .one, translation: [place, 2, 3]))
        func value(_ interpolation: Interpolation) throws -> Float {
            try goldenPattern().resampled(onto: point, interpolation: interpolation, outside: -1).voxels[0]
        }
        #expect(try value(.linear) == [-1, 19, 19, 19, 19, 20.5, 4, 4, 4, -1, -1][index])
        #expect(try value(.nearest) == [-1, 19, 19, 19, 19, 27, 4, 4, 4, -1, -1][index])
        #expect(abs(Double(try value(.cubic)) - spline[index]) < 3e-5)
    }
}

@Test(arguments: Interpolation.allCases)
func resamplingOntoTheSameGridChangesNothing(interpolation: Interpolation) throws {
    var random = SplitMix(3)
    for _ in 0..<20 {
        let turn = Affine(
            x: .random(in: -3...3, using: &random), y: .random(in: -3...3, using: &random),
            z: .random(in: -3...3, using: &random), translation: .random(in: -200...200, using: &random))
        guard let grid = try? VoxelGrid(shape: [9, 8, 7], worldFromVoxel: turn) else { continue }
        let volume = Volume(
            grid: grid, frames: 2, voxels: (0..<(2 * grid.count)).map { _ in .random(in: -1e4...1e4, using: &random) })
        #expect(volume.resampled(onto: grid, interpolation: interpolation).voxels == volume.voxels)
    }
}

/// Trilinear interpolation and the cubic spline both reproduce a plane; the spline away from the mirrored faces.
@Test func aLinearRampIsReadExactly() throws {
    let grid = try VoxelGrid(shape: [40, 40, 40], worldFromVoxel: Affine(scale: [2, 2, 2]))
    let ramp = Volume(grid: grid) { buffer in
        for offset in buffer.indices {
            let (i, j, k) = (offset % 40, offset / 40 % 40, offset / 1600)
            (buffer.baseAddress! + offset).initialize(to: Float(3 * i - 2 * j + k))
        }
    }
    let target = try VoxelGrid(
        shape: [11, 11, 11], worldFromVoxel: Affine(scale: [1.1, 0.9, 1.3], translation: [33, 34, 32]))
    for interpolation in [Interpolation.linear, .cubic] {
        let read = ramp.resampled(onto: target, interpolation: interpolation)
        for (i, j, k) in [(0, 0, 0), (3, 7, 5), (10, 10, 10)] {
            let mm = target.worldFromVoxel([Double(i), Double(j), Double(k)])
            // 3e-5: Float32 of values to 120 and their sums.
            #expect(abs(Double(read[i, j, k]) - (3 * mm.x - 2 * mm.y + mm.z) / 2) < 3e-5)
        }
    }
}

@Test func aMissingVoxelReachesOnlyWhatItHasWeightIn() throws {
    var pattern = try goldenPattern()
    pattern[3, 2, 2] = .nan
    let same = pattern.resampled(onto: pattern.grid)
    #expect(same.voxels.count { $0.isNaN } == 1)
    let half = try VoxelGrid(shape: [6, 6, 5], worldFromVoxel: Affine(scale: .one, translation: [0.5, 0, 0]))
    #expect(pattern.resampled(onto: half).voxels.count { $0.isNaN } == 2)
}

/// The rows of a whole image are shared out among the cores; each is what the plain loop gives.
@Test func aWholeImageHasTheBitsOfThePlainLoop() throws {
    let source = try goldenPattern()
    let target = try VoxelGrid(
        shape: [31, 17, 13],
        worldFromVoxel: Affine(
            x: [0.3, 0.05, 0], y: [-0.04, 0.4, 0.03], z: [0, -0.02, 0.5], translation: [-1, -0.7, -0.9]))
    let resampled = source.resampled(onto: target, outside: 9)
    for k in 0..<13 {
        for j in 0..<17 {
            let map = source.grid.voxelFromWorld * target.worldFromVoxel
            let row = PlainLoops.linearRow(
                source, start: map([0, Double(j), Double(k)]), step: map.x, count: 31, outside: 9)
            #expect(sameBits(Array(resampled.voxels[target.offset(0, j, k)...].prefix(31)), row))
        }
    }
}

@Test func labelsTakeTheVoxelTheirCentreLiesIn() throws {
    let grid = try VoxelGrid(shape: [4, 1, 1], worldFromVoxel: .identity)
    let names = LabelTable([7: .init(name: "putamen")])
    let map = LabelMap(grid: grid, voxels: [0, 7, 8, 9], names: names)
    // Centres at -0.5, 0.5, 1.49, 2.5, 3.49 and 3.5 along i: a half goes up, 3.5 is outside.
    let places: [(Double, Int32)] = [
        (-0.5, 0), (0.5, 7), (1.49, 7), (1.5, 8), (2.5, 9), (3.49, 9), (3.5, 0), (-0.51, 0),
    ]
    for (place, label) in places {
        let point = try VoxelGrid(shape: [1, 1, 1], worldFromVoxel: Affine(scale: .one, translation: [place, 0, 0]))
        #expect(map.resampled(onto: point).voxels == [label])
        #expect(map.resampled(onto: point).names == names)
    }
    let back = try VoxelGrid(shape: [4, 1, 1], worldFromVoxel: Affine(scale: [-1, 1, 1]))
    #expect(
        map.resampled(onto: back, sourceFromTarget: Affine(scale: .one, translation: [3, 0, 0])).voxels == [9, 8, 7, 0])
}
