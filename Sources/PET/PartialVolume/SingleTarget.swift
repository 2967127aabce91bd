/// (f − spill-in) / recovery, again and again [Thomas2016]: what comes in from all other regions' last result is
/// taken off, and what is left of the region's own is divided by R = Σ p_i (h⊗p_i), the share that stays.
///
/// What comes in is h⊗g − Σ_i p_i h⊗(p_i g): what is blurred less what stays in its own region.
struct SingleTarget: FrameStep {
    let regions: PartialVolumeRegions
    let blur: Blur
    let iterations: Int
    /// R.
    let recovery: [Float]

    init(regions: PartialVolumeRegions, blur: Blur, iterations: Int) {
        (self.regions, self.blur, self.iterations) = (regions, blur, iterations)
        recovery = regions.ownResponses(blur) { $0 * $1 }
    }

    func correct(
        _ source: UnsafePointer<Float>, activities: [Double], into output: UnsafeMutablePointer<Float>,
        _ work: FrameWork, _ notes: inout FrameNotes
    ) {
        nonisolated(unsafe) let (source, output, blurred) = (source, output, work.b.base)
        let least = leastZero(source, of: blur.shape)
        var clamped = countOverSlices(of: blur.shape) { voxels in
            for v in voxels { output[v] = max(source[v], 0) }
            return voxels.count { source[$0] < least }
        }
        for iteration in 0..<iterations {
            blur.blur(frame: output, into: blurred, by: work.c.base)
            let own = regions.ownParts(of: output, blur)
            let isLast = iteration == iterations - 1
            let below = own.withUnsafeBufferPointer { own in
                nonisolated(unsafe) let own = own
                return recovery.withUnsafeBufferPointer { recovery in
                    nonisolated(unsafe) let recovery = recovery
                    return countOverSlices(of: blur.shape) { voxels in
                        var below = 0
                        for v in voxels {
                            let left = source[v] - (blurred[v] - own[v])
                            let value = recovery[v] > 1e-3 ? left / recovery[v] : 0
                            if value < least { below += 1 }
                            output[v] = isLast ? value : max(value, 0)
                        }
                        return below
                    }
                }
            }
            if !isLast { clamped = below }
        }
        notes.negativeVoxels += clamped
    }
}

extension PartialVolumeRegions {
    /// Σ_i p_i h⊗(p_i g) of a frame g: what stays in its own region.
    func ownParts(of frame: UnsafePointer<Float>, _ blur: Blur) -> [Float] {
        nonisolated(unsafe) let frame = frame
        let parts = forEachRegion { region -> BoxImage in
            let mask = mask(region)
            var part = blurredInside(region, mask, blur) { place, voxel in mask[place] * frame[voxel] }
            part.forEachVoxel(on: grid.shape) { place, _, value in value *= mask[place] }
            return part
        }
        var sum = [Float](repeating: 0, count: grid.count)
        for part in parts { part.add(to: &sum, on: grid.shape) }
        return sum
    }

    /// h⊗g over a region's box, for g that is `value(place in the box, voxel of the image)` there and 0 elsewhere.
    func blurredInside(
        _ region: Int, _ mask: [Float], _ blur: Blur, _ value: (_ place: Int, _ voxel: Int) -> Float
    ) -> BoxImage {
        let box = regions[region].box
        let inside = [Float](unsafeUninitializedCapacity: box.count) { inside, count in
            var place = 0
            for k in box.lower.z..<box.upper.z {
                for j in box.lower.y..<box.upper.y {
                    let voxel = grid.offset(box.lower.x, j, k)
                    for i in 0..<box.shape.x {
                        inside.initializeElement(at: place, to: mask[place] > 0 ? value(place, voxel + i) : 0)
                        place += 1
                    }
                }
            }
            count = box.count
        }
        return inside.withUnsafeBufferPointer { blur.blur($0.baseAddress!, filling: box, over: box) }
    }
}

extension BoxImage {
    /// Changes each value, told its place in the packed box and its voxel in the image.
    mutating func forEachVoxel(on shape: SIMD3<Int>, _ body: (_ place: Int, _ voxel: Int, inout Float) -> Void) {
        var place = 0
        let (box, stride) = (box, stride)
        values.withUnsafeMutableBufferPointer { values in
            for k in box.lower.z..<box.upper.z {
                for j in box.lower.y..<box.upper.y {
                    let start = ((k - box.lower.z) * box.shape.y + (j - box.lower.y)) * stride
                    let voxel = box.lower.x + shape.x * (j + shape.y * k)
                    for i in 0..<box.shape.x {
                        body(place, voxel + i, &values[start + i])
                        place += 1
                    }
                }
            }
        }
    }
}
