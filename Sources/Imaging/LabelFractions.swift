/// How much of each voxel of a grid each label of another grid fills.
///
/// A voxel is looked at in n³ points, n along each axis of them, evenly within it: at least two for each voxel of the labels
/// that it is long, at least 4, at most 32. Where n is not cut off and voxels lie face on face in whole ratios, fractions are
/// exact; else an edge is placed to within half a point's distance, 1 / 2n of a voxel.
public struct LabelFractions: Sendable {
    /// The labels, ascending; a voxel's rest is background.
    public let labels: [Int32]
    /// Names and colours, as the labels had them.
    public let names: LabelTable
    private let source: LabelMap
    private let target: VoxelGrid
    private let transform: SpatialTransform
    private let points: SIMD3<Int>
    /// Which of `labels` each voxel of the source has; `labels.count` for background.
    private let places: [Int32]

    /// The least and the most points along an axis of a voxel.
    static let (fewest, most) = (4, 32)

    /// Fractions on `grid` of labels in another space; `transform` takes points of `grid`'s world to that of the labels, RAS
    /// mm. A field is taken as linear within a voxel.
    public init(of labels: LabelMap, onto grid: VoxelGrid, through transform: SpatialTransform = .linear(.identity)) {
        (source, target, self.transform, names) = (labels, grid, transform, labels.names)
        let all = labels.labels
        let numbers = Dictionary(uniqueKeysWithValues: all.enumerated().map { ($1, Int32($0)) })
        places = labels.voxels.map { $0 == 0 ? Int32(all.count) : numbers[$0]! }
        self.labels = all
        var ratio = SIMD3<Double>(repeating: 1)
        let map: Affine
        if case .linear(let own) = transform { map = own } else { map = .identity }
        let steps = labels.grid.voxelFromWorld * map * grid.worldFromVoxel
        for (axis, step) in [steps.x, steps.y, steps.z].enumerated() {
            ratio[axis] = max(abs(step.x), abs(step.y), abs(step.z))
        }
        var points = SIMD3<Int>(repeating: Self.fewest)
        for axis in 0..<3 where 2 * ratio[axis] > Double(Self.fewest) {
            // A whole multiple of the ratio where that is whole, so that points fall evenly into voxels.
            points[axis] = min(2 * Int((ratio[axis] - 1e-6).rounded(.up)), Self.most)
        }
        self.points = points
    }

    /// The label that fills most of each voxel, background among them; of equals the smaller label, background last.
    public var mostly: LabelMap {
        let voxels = [Int32](unsafeUninitializedCapacity: target.count) { output, initialized in
            nonisolated(unsafe) let output = output.baseAddress!
            forEachVoxel { voxel, counts in
                var best = labels.count
                for place in labels.indices.reversed() where counts[place] > 0 && counts[place] >= counts[best] {
                    best = place
                }
                (output + voxel).initialize(to: best < labels.count ? labels[best] : 0)
            }
            initialized = target.count
        }
        return LabelMap(grid: target, voxels: voxels, names: names)
    }

    /// The fractions, 0...1: a frame a label.
    public var volume: Volume {
        let all = Float(points.x * points.y * points.z)
        return Volume(grid: target, frames: max(labels.count, 1)) { (output: UnsafeMutableBufferPointer<Float>) in
            output.initialize(repeating: 0)
            nonisolated(unsafe) let output = output.baseAddress!
            forEachVoxel { voxel, counts in
                for place in labels.indices { output[place * target.count + voxel] = Float(counts[place]) / all }
            }
        }
    }

    /// A table of the frames of `volume`: frame from 0, label and name.
    public var framesTSV: String {
        (["frame\tindex\tname"]
            + labels.enumerated().map { "\($0)\t\($1)\t\(names.name(of: $1).replacing("\t", with: " "))" })
            .joined(separator: "\n") + "\n"
    }

    /// Gives `body` each voxel with the points that lie in each label, background last; on all cores.
    private func forEachVoxel(_ body: @Sendable (_ voxel: Int, _ counts: UnsafeMutableBufferPointer<Int32>) -> Void) {
        let shape = target.shape
        let sourceFromWorld = source.grid.voxelFromWorld
        let n = points
        places.withUnsafeBufferPointer { places in
            nonisolated(unsafe) let places = places.baseAddress!
            parallelFor(shape.y * shape.z) { row in
                let (k, j) = row.quotientAndRemainder(dividingBy: shape.y)
                withUnsafeTemporaryAllocation(of: Int32.self, capacity: labels.count + 1) { counts in
                    for i in 0..<shape.x {
                        counts.initialize(repeating: 0)
                        if let local = local(SIMD3(Double(i), Double(j), Double(k)), sourceFromWorld) {
                            for c in 0..<n.z {
                                for b in 0..<n.y {
                                    let offset = SIMD3(0, Self.offset(b, n.y), Self.offset(c, n.z))
                                    for a in 0..<n.x {
                                        let point = local(offset + [Self.offset(a, n.x), 0, 0])
                                        let label = source.grid.nearest(point).map { places[$0] }
                                        counts[Int(label ?? Int32(labels.count))] += 1
                                    }
                                }
                            }
                        } else {
                            counts[labels.count] = 1
                        }
                        body(row * shape.x + i, counts)
                    }
                }
            }
        }
    }

    /// Where point `a` of `n` lies in its voxel, −½...½.
    @inline(__always)
    private static func offset(_ a: Int, _ n: Int) -> Double { (Double(a) + 0.5) / Double(n) - 0.5 }

    /// The source's voxel indices from offsets within a target voxel; `nil` outside a field.
    private func local(_ voxel: SIMD3<Double>, _ sourceFromWorld: Affine) -> Affine? {
        let center = target.worldFromVoxel(voxel)
        switch transform {
        case .linear(let map):
            var affine = sourceFromWorld * map * target.worldFromVoxel
            affine.translation = sourceFromWorld(map(center))
            return affine
        case .field(let field):
            guard let moved = field(center) else { return nil }
            var affine = target.worldFromVoxel
            func change(_ step: SIMD3<Double>) -> SIMD3<Double> {
                guard let above = field(center + step / 2), let below = field(center - step / 2) else { return step }
                return above - below
            }
            (affine.x, affine.y, affine.z) = (change(affine.x), change(affine.y), change(affine.z))
            affine.translation = moved
            return sourceFromWorld * affine
        }
    }
}
