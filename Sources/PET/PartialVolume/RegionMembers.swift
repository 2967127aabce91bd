import Imaging

/// How much of each voxel belongs to which region.
enum RegionMembers: Sendable {
    /// All of a voxel belongs to one region: its place.
    case labels([UInt16])
    /// Voxel v has the entries `starts[v] ..< starts[v + 1]`: places of regions and their probabilities.
    case probabilities(starts: [Int32], places: [UInt16], weights: [Float])
}

extension PartialVolumeRegions {
    /// Σ p of every region over rows of values: `row(j, k)` lends the values of voxels `box.lower.x ..< box.upper.x`.
    /// In voxel order, in Double.
    private func sums(over box: VoxelBox, _ row: (_ j: Int, _ k: Int) -> UnsafePointer<Float>) -> [Double] {
        var sums = [Double](repeating: 0, count: regions.count)
        sums.withUnsafeMutableBufferPointer { sums in
            switch members {
            case .labels(let index):
                index.withUnsafeBufferPointer { index in
                    for k in box.lower.z..<box.upper.z {
                        for j in box.lower.y..<box.upper.y {
                            let values = row(j, k)
                            let places = index.baseAddress! + grid.offset(box.lower.x, j, k)
                            for i in 0..<box.shape.x { sums[Int(places[i])] += Double(values[i]) }
                        }
                    }
                }
            case .probabilities(let starts, let places, let weights):
                for k in box.lower.z..<box.upper.z {
                    for j in box.lower.y..<box.upper.y {
                        let values = row(j, k)
                        let voxel = grid.offset(box.lower.x, j, k)
                        for i in 0..<box.shape.x {
                            for entry in Int(starts[voxel + i])..<Int(starts[voxel + i + 1]) {
                                sums[Int(places[entry])] += Double(weights[entry]) * Double(values[i])
                            }
                        }
                    }
                }
            }
        }
        return sums
    }

    /// Σ p b of every region over a box.
    func sums(of image: BoxImage) -> [Double] {
        image.values.withUnsafeBufferPointer { values in
            sums(over: image.box) { j, k in values.baseAddress! + image.row(j, k) }
        }
    }

    /// Σ p f of every region over a frame: slice by slice on all cores, slices added in order.
    func sums(of frame: UnsafePointer<Float>) -> [Double] {
        nonisolated(unsafe) let frame = frame
        let (count, depth) = (regions.count, grid.shape.z)
        let slices = [Double](unsafeUninitializedCapacity: count * depth) { output, initialized in
            nonisolated(unsafe) let output = output.baseAddress!
            parallelFor(depth) { k in
                let box = VoxelBox(lower: [0, 0, k], upper: [grid.shape.x, grid.shape.y, k + 1])
                let own = sums(over: box) { j, k in frame + grid.offset(0, j, k) }
                (output + k * count).initialize(from: own, count: count)
            }
            initialized = count * depth
        }
        return (0..<count).map { region in (0..<depth).reduce(0) { $0 + slices[$1 * count + region] } }
    }

    /// A region's probabilities over its box, packed, i fastest.
    func mask(_ region: Int) -> [Float] {
        let box = regions[region].box
        let wanted = UInt16(region)
        return [Float](unsafeUninitializedCapacity: box.count) { output, count in
            var next = output.baseAddress!
            for k in box.lower.z..<box.upper.z {
                for j in box.lower.y..<box.upper.y {
                    let voxel = grid.offset(box.lower.x, j, k)
                    switch members {
                    case .labels(let index):
                        for i in 0..<box.shape.x { next[i] = index[voxel + i] == wanted ? 1 : 0 }
                    case .probabilities(let starts, let places, let weights):
                        for i in 0..<box.shape.x {
                            next[i] = 0
                            for entry in Int(starts[voxel + i])..<Int(starts[voxel + i + 1])
                            where places[entry] == wanted {
                                next[i] = weights[entry]
                            }
                        }
                    }
                    next += box.shape.x
                }
            }
            count = box.count
        }
    }

    /// Σ T p of every voxel: the image that has one value in each region.
    func paint(_ values: [Double], into output: UnsafeMutablePointer<Float>) {
        nonisolated(unsafe) let output = output
        let floats = values.map(Float.init)
        let slice = grid.shape.x * grid.shape.y
        parallelFor(grid.shape.z) { k in
            switch members {
            case .labels(let index):
                for voxel in (k * slice)..<((k + 1) * slice) { output[voxel] = floats[Int(index[voxel])] }
            case .probabilities(let starts, let places, let weights):
                for voxel in (k * slice)..<((k + 1) * slice) {
                    var sum = 0.0
                    for entry in Int(starts[voxel])..<Int(starts[voxel + 1]) {
                        sum += Double(weights[entry]) * values[Int(places[entry])]
                    }
                    output[voxel] = Float(sum)
                }
            }
        }
    }
}

/// The probabilities of a 4-D image, voxel by voxel, with what is left for the background.
struct PackedProbabilities {
    var members: RegionMembers
    /// Σ p and Σ p² of each region, the background last.
    var sums, squares: [Double]
    var boxes: [VoxelBox]
    /// Where each is more than a trace.
    var cores: [VoxelBox]
    /// Voxels whose probabilities add up to more than 1.001, and to how much at most.
    var excess = 0
    var largest: Float = 1

    init(_ maps: Volume) {
        let (count, grid) = (maps.frames, maps.grid)
        members = .labels([])
        sums = [Double](repeating: 0, count: count + 1)
        squares = sums
        boxes = [VoxelBox](repeating: .nothing, count: count + 1)
        cores = boxes
        var starts: [Int32] = [0]
        var places: [UInt16] = []
        var weights: [Float] = []
        starts.reserveCapacity(grid.count + 1)
        let width = grid.shape.x
        var row = [Float](repeating: 0, count: count * width)
        for line in 0..<(grid.shape.y * grid.shape.z) {
            let (k, j) = line.quotientAndRemainder(dividingBy: grid.shape.y)
            for region in 0..<count {
                for i in 0..<width { row[region * width + i] = maps.voxels[region * grid.count + line * width + i] }
            }
            for i in 0..<width {
                var total: Float = 0
                for region in 0..<count { total += row[region * width + i] }
                if total > 1.001 { (excess, largest) = (excess + 1, max(largest, total)) }
                func add(_ region: Int, _ weight: Float) {
                    places.append(UInt16(region))
                    weights.append(weight)
                    sums[region] += Double(weight)
                    squares[region] += Double(weight) * Double(weight)
                    boxes[region].include(i..<(i + 1), j, k)
                    if weight > 0.01 { cores[region].include(i..<(i + 1), j, k) }
                }
                for region in 0..<count where row[region * width + i] > 0 {
                    add(region, total > 1 ? row[region * width + i] / total : row[region * width + i])
                }
                // What rounding of the probabilities leaves over is no background.
                if 1 - total > 1e-5 { add(count, 1 - total) }
                starts.append(Int32(places.count))
            }
        }
        members = .probabilities(starts: starts, places: places, weights: weights)
    }
}
