import Imaging

extension Volume {
    /// A 3-D image convolved with a Gaussian of a full width at half maximum in mm, as a scanner of that resolution sees it.
    ///
    /// The kernel is the Gaussian sampled to five standard deviations with sum 1; outside the image there is nothing. This is
    /// the phantom's own, apart from the smoothing that analyses use: its weights come from `PortableMath`, so that its bits
    /// are those of every machine, and an analysis is not tested with its own code.
    func blurred(fwhm: Double) -> Volume {
        precondition(frames == 1, "one frame at a time")
        guard fwhm > 0 else { return self }
        var current = voxels.map(Double.init)
        let shape = [grid.shape.x, grid.shape.y, grid.shape.z]
        let sizes = [grid.voxelSize.x, grid.voxelSize.y, grid.voxelSize.z]
        for axis in 0..<3 {
            let weights = gaussianWeights(fwhm: fwhm, spacing: sizes[axis])
            let stride = shape[..<axis].reduce(1, *)
            current = convolve(current, along: shape[axis], stride: stride, weights: weights)
        }
        return Volume(grid: grid, voxels: current.map { Float($0) })
    }
}

/// The weights at 0, 1, 2, … voxels; all of them, with those of the other side, sum to 1.
func gaussianWeights(fwhm: Double, spacing: Double) -> [Double] {
    let sigma = fwhm / 2.354820045030949 / spacing
    let reach = Int((5 * sigma).rounded(.up))
    var weights = (0...reach).map { PortableMath.exp(-Double($0 * $0) / (2 * sigma * sigma)) }
    let sum = weights[0] + 2 * weights.dropFirst().reduce(0, +)
    for place in weights.indices { weights[place] /= sum }
    return weights
}

private func convolve(_ input: [Double], along length: Int, stride: Int, weights: [Double]) -> [Double] {
    let block = length * stride
    return [Double](unsafeUninitializedCapacity: input.count) { output, initialized in
        nonisolated(unsafe) let output = output
        parallelFor(input.count / block) { piece in
            input.withUnsafeBufferPointer { input in
                for place in 0..<length {
                    let row = piece * block + place * stride
                    for i in 0..<stride { output.initializeElement(at: row + i, to: weights[0] * input[row + i]) }
                    for distance in 1..<max(weights.count, 1) {
                        let weight = weights[distance]
                        if place >= distance {
                            let other = row - distance * stride
                            for i in 0..<stride { output[row + i] += weight * input[other + i] }
                        }
                        if place + distance < length {
                            let other = row + distance * stride
                            for i in 0..<stride { output[row + i] += weight * input[other + i] }
                        }
                    }
                }
            }
        }
        initialized = input.count
    }
}
