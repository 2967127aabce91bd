import Imaging

/// Deconvolution inside each region of an image that is corrected between regions [Erlandsson2012].
///
/// A region blurs itself alone: b(g) = h⊗(p g) / (h⊗p). Van Cittert: g + α b(f − b(g)), not below 0; Richardson and Lucy:
/// g f / b(g). The image is Σ p g.
struct IntraRegional: FrameStep {
    let method: PartialVolumeMethod.Sharpening
    let regions: PartialVolumeRegions
    let blur: Blur
    let alpha, stop: Double
    let iterations: Int

    init(
        _ method: PartialVolumeMethod.Sharpening, regions: PartialVolumeRegions, blur: Blur, alpha: Double,
        stop: Double,
        iterations: Int
    ) {
        (self.method, self.regions, self.blur) = (method, regions, blur)
        (self.alpha, self.stop, self.iterations) = (alpha, stop, iterations)
    }

    func correct(
        _ source: UnsafePointer<Float>, activities: [Double], into output: UnsafeMutablePointer<Float>,
        _ work: FrameWork, _ notes: inout FrameNotes
    ) {
        nonisolated(unsafe) let source = source
        let least = leastZero(source, of: blur.shape)
        let parts = regions.forEachRegion { sharpened($0, source, least) }
        var sum = [Float](repeating: 0, count: regions.grid.count)
        for part in parts { part.image.add(to: &sum, on: regions.grid.shape) }
        notes.negativeVoxels += parts.reduce(0) { $0 + $1.clamped }
        sum.withUnsafeBufferPointer { output.update(from: $0.baseAddress!, count: $0.count) }
    }

    /// p g of one region, and how many of its voxels were below 0 (`least`) and taken as 0.
    private func sharpened(
        _ region: Int, _ frame: UnsafePointer<Float>, _ least: Float
    ) -> (image: BoxImage, clamped: Int) {
        let (box, mask, shape) = (regions.regions[region].box, regions.mask(region), regions.grid.shape)
        let response = regions.blurredInside(region, mask, blur) { place, _ in mask[place] }
        var measured = [Float](repeating: 0, count: box.count)
        var ownGain = measured
        var clamped = 0
        var walker = response
        walker.forEachVoxel(on: shape) { place, voxel, value in
            guard mask[place] > 0 else { return }
            if method == .rl && frame[voxel] < least && mask[place] >= 0.5 { clamped += 1 }
            measured[place] = method == .rl ? max(frame[voxel], 0) : frame[voxel]
            ownGain[place] = value > 1e-3 ? 1 / value : 0
        }
        /// b(g), packed.
        func blurred(_ g: [Float]) -> [Float] {
            var own = regions.blurredInside(region, mask, blur) { place, _ in mask[place] * g[place] }
            var packed = [Float](repeating: 0, count: box.count)
            own.forEachVoxel(on: shape) { place, _, value in packed[place] = value * ownGain[place] }
            return packed
        }
        var g = measured
        let power = measured.reduce(0) { $0 + Double($1) * Double($1) }
        iterating: for _ in 0..<iterations {
            let again = blurred(g)
            switch method {
            case .rl:
                let floor = RichardsonLucy.floor * (again.max() ?? 0)
                for v in g.indices { g[v] = again[v] > floor ? g[v] * (measured[v] / again[v]) : 0 }
            case .vc:
                let update = blurred(zip(measured, again).map { $0 - $1 })
                var change = 0.0
                clamped = 0
                for v in g.indices where mask[v] > 0 {
                    let free = g[v] + Float(alpha) * update[v]
                    if free < least && mask[v] >= 0.5 { clamped += 1 }
                    let next = max(free, 0)
                    change += (Double(next) - Double(g[v])) * (Double(next) - Double(g[v]))
                    g[v] = next
                }
                if change < stop * stop * power { break iterating }
            }
        }
        walker.forEachVoxel(on: shape) { place, _, value in value = mask[place] * g[place] }
        return (walker, clamped)
    }
}
