/// f S / (h⊗S), where S has each region's activity [Thomas2011].
struct RegionBasedVoxelwise: FrameStep {
    let regions: PartialVolumeRegions
    let blur: Blur

    func correct(
        _ source: UnsafePointer<Float>, activities: [Double], into output: UnsafeMutablePointer<Float>,
        _ work: FrameWork, _ notes: inout FrameNotes
    ) {
        notes.clamped(FrameNotes.belowZero(activities))
        scale(source, by: activities.map { max($0, 0) }, regions, blur, into: output, work)
    }
}

/// Multiplies a frame by S / (h⊗S). Where h⊗S is below a millionth of the largest activity nothing is expected: 0.
private func scale(
    _ source: UnsafePointer<Float>, by activities: [Double], _ regions: PartialVolumeRegions, _ blur: Blur,
    into output: UnsafeMutablePointer<Float>, _ work: FrameWork
) {
    nonisolated(unsafe) let (source, output, painted, blurred) = (source, output, work.a.base, work.b.base)
    regions.paint(activities, into: painted)
    blur.blur(frame: painted, into: blurred, by: work.c.base)
    let floor = Float(1e-6 * (activities.max() ?? 0))
    forEachSlice(of: blur.shape) { voxels in
        for v in voxels { output[v] = blurred[v] > floor ? source[v] * (painted[v] / blurred[v]) : 0 }
    }
}

/// Σ_j p_j (f − Σ_{i≠j} T_i h⊗p_i) / (h⊗p_j) [Erlandsson2006].
///
/// With B = h⊗Σ T p, what is taken off in region j is B − T_j h⊗p_j, so that the sum is (f − B) Q + Σ T p with
/// Q = Σ_j p_j / (h⊗p_j), which is the same for all frames: one blur a frame instead of one a region.
struct MultiTarget: FrameStep {
    let regions: PartialVolumeRegions
    let blur: Blur
    /// Q.
    let gains: [Float]

    init(regions: PartialVolumeRegions, blur: Blur) {
        (self.regions, self.blur) = (regions, blur)
        gains = regions.ownResponses(blur) { probability, response in response > 1e-3 ? probability / response : 0 }
    }

    func correct(
        _ source: UnsafePointer<Float>, activities: [Double], into output: UnsafeMutablePointer<Float>,
        _ work: FrameWork, _ notes: inout FrameNotes
    ) {
        nonisolated(unsafe) let (source, output, painted, blurred) = (source, output, work.a.base, work.b.base)
        regions.paint(activities, into: painted)
        blur.blur(frame: painted, into: blurred, by: work.c.base)
        gains.withUnsafeBufferPointer { gains in
            nonisolated(unsafe) let gains = gains
            forEachSlice(of: blur.shape) { voxels in
                for v in voxels { output[v] = (source[v] - blurred[v]) * gains[v] + painted[v] }
            }
        }
    }
}

/// Yang's correction f S / (h⊗S) with S from the means of its own last result [Erlandsson2012].
///
/// Means are clamped at 0. Probabilities mix regions in a voxel; `RegionUnmixing` takes that apart.
struct IterativeYang: FrameStep {
    let regions: PartialVolumeRegions
    let blur: Blur
    let unmixing: RegionUnmixing?
    let iterations: Int

    func correct(
        _ source: UnsafePointer<Float>, activities: [Double], into output: UnsafeMutablePointer<Float>,
        _ work: FrameWork, _ notes: inout FrameNotes
    ) {
        var estimate = source
        var below: Set<Int> = []
        for _ in 0..<iterations {
            var means = zip(regions.sums(of: estimate), regions.regions).map { $0 / $1.voxels }
            below.formUnion(FrameNotes.belowZero(means))
            if let unmixing {
                means = unmixing.activities(means.map { max($0, 0) })
                below.formUnion(FrameNotes.belowZero(means))
            }
            scale(source, by: means.map { max($0, 0) }, regions, blur, into: output, work)
            estimate = UnsafePointer(output)
        }
        notes.clamped(below)
    }
}

extension PartialVolumeRegions {
    /// Σ_j of a function of p_j and h⊗p_j, at every voxel.
    func ownResponses(_ blur: Blur, _ value: @Sendable (_ probability: Float, _ response: Float) -> Float) -> [Float] {
        let parts = forEachRegion { region -> BoxImage in
            let box = regions[region].box
            let mask = mask(region)
            var part = mask.withUnsafeBufferPointer { blur.blur($0.baseAddress!, filling: box, over: box) }
            var next = 0
            for k in box.lower.z..<box.upper.z {
                for j in box.lower.y..<box.upper.y {
                    let start = part.row(j, k)
                    for i in 0..<box.shape.x {
                        part.values[start + i] = mask[next] > 0 ? value(mask[next], part.values[start + i]) : 0
                        next += 1
                    }
                }
            }
            return part
        }
        var sum = [Float](repeating: 0, count: grid.count)
        for part in parts { part.add(to: &sum, on: grid.shape) }
        return sum
    }
}

extension BoxImage {
    /// Adds the box to a frame.
    func add(to frame: inout [Float], on shape: SIMD3<Int>) {
        for k in box.lower.z..<box.upper.z {
            for j in box.lower.y..<box.upper.y {
                let (start, voxel) = (row(j, k), box.lower.x + shape.x * (j + shape.y * k))
                for i in 0..<box.shape.x { frame[voxel + i] += values[start + i] }
            }
        }
    }
}
