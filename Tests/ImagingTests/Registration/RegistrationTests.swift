import Foundation
import Imaging
import Testing

/// A smooth head of formulas: a skull longer than wide, a face, a neck, and spots of unequal size on its two sides.
private func head(_ p: SIMD3<Double>, shell: Double, inside: Double, spots: Double) -> Double {
    func ball(_ center: SIMD3<Double>, _ size: SIMD3<Double>) -> Double {
        let d = (p - center) / size
        return 1 / (1 + exp((dot(d, d).squareRoot() - 1) * 32))
    }
    let inner = ball([0, 0, 12], [58, 78, 56])
    let outer = max(
        ball([0, 0, 12], [66, 86, 64]), ball([0, 40, -40], [42, 42, 50]), ball([0, -20, -60], [38, 42, 60]))
    return shell * (outer - min(inner, outer)) + inside * inner + spots * ball([25, 15, 5], [9, 18, 10])
        + 0.6 * spots * ball([-28, 30, 12], [12, 9, 10]) - 0.5 * inside * ball([5, -40, 20], [14, 10, 18])
        - 0.5 * shell * ball([8, 50, -45], [12, 20, 12])
}

/// The head where `headFromWorld` lays it, on a grid of voxels of `size` mm.
private func image(
    _ headFromWorld: Affine, size: SIMD3<Double>, shell: Double, inside: Double, spots: Double
) throws -> Volume {
    let shape = SIMD3<Int>(Int(210 / size.x), Int(240 / size.y), Int(210 / size.z))
    let map = Affine(scale: size, translation: -SIMD3<Double>(shape &- 1) * size / 2)
    let grid = try VoxelGrid(shape: shape, worldFromVoxel: map)
    var voxels: [Float] = []
    voxels.reserveCapacity(grid.count)
    for k in 0..<shape.z {
        for j in 0..<shape.y {
            for i in 0..<shape.x {
                let point = headFromWorld(map([Double(i), Double(j), Double(k)]))
                voxels.append(Float(head(point, shell: shell, inside: inside, spots: spots)))
            }
        }
    }
    return Volume(grid: grid, voxels: voxels)
}

/// A move of a head in a scanner.
private let move: Affine = {
    var map = Affine.rotation(vector: [0.12, -0.2, 0.25])
    map.translation = [9, -6, 14]
    return map
}()

@Suite struct RegistrationTests {
    private let still: Volume

    init() throws { still = try image(.identity, size: [4, 4, 4], shell: 100, inside: 40, spots: 30) }

    /// Truth by construction. Tolerance: a tenth of the fixed image's voxel.
    @Test(arguments: [
        (SimilarityMetric.mutualInformation, 0.4), (.normalizedMutualInformation, 0.4),
        (.normalizedCrossCorrelation, 0.2),
        (.correlationRatio, 0.2),
    ])
    func aMovedHeadIsFound(_ metric: SimilarityMetric, _ tolerance: Double) throws {
        // A correlation asks for images of one kind; a ratio, for one whose values follow from the other's.
        let other =
            [.mutualInformation, .normalizedMutualInformation].contains(metric) ? (10.0, 30.0, 80.0) : (100, 40, 30)
        // The moving image shows at q what the fixed one shows at p, q = move(p).
        let moving = try image(
            move.inverse!, size: [3, 3.5, 4], shell: other.0, inside: other.1, spots: other.2)
        let found = try Registration.align(
            fixed: still, moving: moving, options: RegistrationOptions(metric: metric))
        #expect(found.movingFromFixed.distance(to: move, center: .zero, radius: 70) < tolerance)
        #expect(found.quality.verdict == .ok, "\(found.quality)")
        #expect(found.metricAfter > found.metricBefore ?? 0)
    }

    @Test(arguments: [
        (TransformModel.similarity, Affine(scale: SIMD3(repeating: 1.12))),
        (.affine, Affine(x: [1.1, 0, 0.03], y: [0.06, 0.93, 0], z: [0, -0.05, 1.04], translation: .zero)),
    ])
    func aScaledHeadIsFound(_ model: TransformModel, _ scale: Affine) throws {
        let truth = move * scale
        let moving = try image(truth.inverse!, size: [3, 3.5, 4], shell: 100, inside: 40, spots: 30)
        let found = try Registration.align(
            fixed: still, moving: moving,
            options: RegistrationOptions(model: model, metric: .normalizedCrossCorrelation))
        #expect(found.movingFromFixed.distance(to: truth, center: .zero, radius: 70) < 0.4)
    }

    @Test func aHeadLyingOnItsSideIsFound() throws {
        let turned = Affine.rotation(vector: [0, 0, .pi / 2 + 0.1]) * move
        let moving = try image(turned.inverse!, size: [4, 4, 4], shell: 10, inside: 30, spots: 80)
        let found = try Registration.align(fixed: still, moving: moving)
        #expect(found.movingFromFixed.distance(to: turned, center: .zero, radius: 70) < 0.3, "\(found.quality)")
    }

    /// The same image stored along other axes is the same image.
    @Test func theOrderOfVoxelsDoesNotMatter() throws {
        let moving = try image(move.inverse!, size: [4, 4, 4], shell: 10, inside: 30, spots: 80)
        let other = moving.reoriented(to: "LPI")
        let first = try Registration.align(fixed: still, moving: moving)
        let second = try Registration.align(fixed: still, moving: other)
        // Blocks of voxels begin at other faces.
        #expect(first.movingFromFixed.distance(to: second.movingFromFixed, center: .zero, radius: 70) < 0.1)
    }

    @Test func aMaskKeepsWhatIsOutsideItOut() throws {
        var moving = try image(move.inverse!, size: [4, 4, 4], shell: 10, inside: 30, spots: 80)
        // A bright plate below the head, as a head holder that stayed where it was.
        for j in 0..<moving.grid.shape.y {
            for i in 0..<moving.grid.shape.x {
                for k in 0..<4 { moving[i, j, k] = 400 }
            }
        }
        let labels = (0..<moving.grid.count).map { Int32($0 >= moving.grid.offset(0, 0, 4) ? 1 : 0) }
        let without = try Registration.align(fixed: still, moving: moving)
        var options = RegistrationOptions()
        options.movingMask = LabelMap(grid: moving.grid, voxels: labels)
        let found = try Registration.align(fixed: still, moving: moving, options: options)
        let error = found.movingFromFixed.distance(to: move, center: .zero, radius: 70)
        #expect(error < 0.4)
        #expect(without.movingFromFixed.distance(to: move, center: .zero, radius: 70) > error)
    }

    @Test func aGivenStartIsWhereTheSearchBegins() throws {
        let moving = try image(move.inverse!, size: [4, 4, 4], shell: 10, inside: 30, spots: 80)
        var options = RegistrationOptions(metric: .normalizedMutualInformation, start: .transform(move))
        options.turns = false
        let found = try Registration.align(fixed: still, moving: moving, options: options)
        #expect(found.movingFromFixed.distance(to: move, center: .zero, radius: 70) < 0.2)
    }

    // MARK: What cannot be aligned

    @Test func whatHasNoStructureIsRefused() throws {
        let grid = still.grid
        let constant = Volume(grid: grid, repeating: 3)
        #expect(throws: RegistrationError.constant(.moving)) { try Registration.align(fixed: still, moving: constant) }
        #expect(throws: RegistrationError.constant(.fixed)) { try Registration.align(fixed: constant, moving: still) }
        let empty = Volume(grid: grid, repeating: .nan)
        #expect(throws: RegistrationError.nothingFinite(.moving)) {
            try Registration.align(fixed: still, moving: empty)
        }
        let flat = try VoxelGrid(shape: [64, 64, 1], worldFromVoxel: grid.worldFromVoxel)
        let slice = Volume(grid: flat, voxels: (0..<4096).map { Float($0 % 7) })
        #expect(throws: RegistrationError.tooThin(.moving, [64, 64, 1])) {
            try Registration.align(fixed: still, moving: slice)
        }
        var options = RegistrationOptions()
        options.fixedMask = LabelMap(grid: grid, voxels: Array(repeating: 0, count: grid.count))
        #expect(throws: RegistrationError.emptyMask(.fixed)) {
            try Registration.align(fixed: still, moving: still, options: options)
        }
    }

    @Test func imagesThatDoNotOverlapAreRefusedWhereTheHeaderCounts() throws {
        let far = try VoxelGrid(
            shape: still.grid.shape,
            worldFromVoxel: Affine(scale: .one, translation: [900, 0, 0]) * still.grid.worldFromVoxel)
        let moving = Volume(grid: far, voxels: still.voxels)
        #expect(throws: RegistrationError.noOverlap) {
            try Registration.align(fixed: still, moving: moving, options: RegistrationOptions(start: .header))
        }
        let found = try Registration.align(
            fixed: still, moving: moving, options: RegistrationOptions(metric: .normalizedCrossCorrelation))
        #expect(norm(found.movingFromFixed(.zero) - [900, 0, 0]) < 0.2)
    }

    @Test func voxelsThatAreNoNumbersDoNotSpoilTheRest() throws {
        var moving = try image(move.inverse!, size: [4, 4, 4], shell: 10, inside: 30, spots: 80)
        for place in stride(from: 0, to: moving.grid.count, by: 97) {
            let (row, i) = place.quotientAndRemainder(dividingBy: moving.grid.shape.x)
            moving[i, row % moving.grid.shape.y, row / moving.grid.shape.y] = .nan
        }
        let found = try Registration.align(fixed: still, moving: moving)
        #expect(found.movingFromFixed.distance(to: move, center: .zero, radius: 70) < 0.5)
    }

    @Test func noiseIsNoHead() throws {
        var state: UInt64 = 5
        func unit() -> Float {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Float(state >> 40) / Float(1 << 24)
        }
        let noise = Volume(grid: still.grid, voxels: (0..<still.grid.count).map { _ in unit() })
        let found = try Registration.align(
            fixed: still, moving: noise.smoothed(fwhm: [8, 8, 8]),
            options: RegistrationOptions(metric: .normalizedMutualInformation))
        #expect(found.quality.verdict == .fail)
        #expect(!found.quality.reasons.isEmpty)
    }

    /// A ball has no turn: the search says so.
    @Test func aBallIsNotToBeTrusted() throws {
        let grid = still.grid
        let ball = Volume(
            grid: grid,
            voxels: (0..<grid.count).map { place in
                let (row, i) = place.quotientAndRemainder(dividingBy: grid.shape.x)
                let p = grid.worldFromVoxel(
                    [Double(i), Double(row % grid.shape.y), Double(row / grid.shape.y)])
                return Float(1 / (1 + exp((norm(p) - 70) / 4)))
            })
        let found = try Registration.align(
            fixed: ball, moving: ball, options: RegistrationOptions(metric: .normalizedCrossCorrelation))
        #expect(found.quality.verdict > .ok)
    }
}
