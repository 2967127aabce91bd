/// f_k + α h⊗(f − h⊗f_k), not below 0, until it changes by less than `stop` of the image [VanCittert1931].
struct VanCittert: FrameStep {
    let blur: Blur
    let alpha, stop: Double
    let iterations: Int

    func correct(
        _ source: UnsafePointer<Float>, activities: [Double], into output: UnsafeMutablePointer<Float>,
        _ work: FrameWork, _ notes: inout FrameNotes
    ) {
        nonisolated(unsafe) let (source, output) = (source, output)
        nonisolated(unsafe) let (first, second) = (work.a.base, work.b.base)
        let alpha = Float(alpha)
        forEachSlice(of: blur.shape) { voxels in for v in voxels { output[v] = source[v] } }
        let least = leastZero(source, of: blur.shape)
        var clamped = 0
        defer { notes.negativeVoxels += clamped }
        let power = sumOverSlices(of: blur.shape) { voxels in
            voxels.reduce(0) { $0 + Double(source[$1]) * Double(source[$1]) }
        }
        for _ in 0..<iterations {
            blur.blur(frame: output, into: first, by: work.c.base)
            forEachSlice(of: blur.shape) { voxels in for v in voxels { first[v] = source[v] - first[v] } }
            blur.blur(frame: first, into: second, by: work.c.base)
            clamped = countOverSlices(of: blur.shape) { voxels in
                voxels.count { output[$0] + alpha * second[$0] < least }
            }
            let change = sumOverSlices(of: blur.shape) { voxels in
                var sum = 0.0
                for v in voxels {
                    let next = max(output[v] + alpha * second[v], 0)
                    let difference = Double(next) - Double(output[v])
                    sum += difference * difference
                    output[v] = next
                }
                return sum
            }
            if change < stop * stop * power { return }
        }
    }
}

/// f_k h⊗(f / (h⊗f_k)) [Richardson1972, Lucy1974], from f without what is below 0.
struct RichardsonLucy: FrameStep {
    let blur: Blur
    let iterations: Int
    /// Where h⊗f_k is below this share of its largest voxel, the quotient is 0.
    static let floor: Float = 1e-4

    func correct(
        _ source: UnsafePointer<Float>, activities: [Double], into output: UnsafeMutablePointer<Float>,
        _ work: FrameWork, _ notes: inout FrameNotes
    ) {
        nonisolated(unsafe) let (source, output) = (source, output)
        nonisolated(unsafe) let (first, second) = (work.a.base, work.b.base)
        let count = blur.shape.x * blur.shape.y * blur.shape.z
        let least = leastZero(source, of: blur.shape)
        notes.negativeVoxels += countOverSlices(of: blur.shape) { voxels in voxels.count { source[$0] < least } }
        forEachSlice(of: blur.shape) { voxels in for v in voxels { output[v] = max(source[v], 0) } }
        for _ in 0..<iterations {
            blur.blur(frame: output, into: first, by: work.c.base)
            let floor = Self.floor * (UnsafeBufferPointer(start: first, count: count).max() ?? 0)
            forEachSlice(of: blur.shape) { voxels in
                for v in voxels { first[v] = first[v] > floor ? max(source[v], 0) / first[v] : 0 }
            }
            blur.blur(frame: first, into: second, by: work.c.base)
            forEachSlice(of: blur.shape) { voxels in for v in voxels { output[v] *= second[v] } }
        }
    }
}
