/// An image made coarser for a step of a registration: averaged over whole blocks of voxels, then smoothed.
enum RegistrationLevel {
    /// The first frame of an image with voxels of about `spacing` mm; finer axes are averaged in blocks, and the result is
    /// smoothed to a full width at half maximum of `width` mm, of which a voxel counts as its own. Voxels that are not finite
    /// count as `background`, and those outside the mask do not count.
    ///
    /// Without a `width`, it is 1.5 times `spacing`: where points lie between voxels, a narrower image is blurred by
    /// interpolation as they move, which draws the match towards some places.
    static func reduce(
        _ image: Volume, spacing: Double, width: Double? = nil, background: Float, mask: LabelMap? = nil
    ) -> Volume {
        let width = width ?? 1.5 * spacing
        guard let mask else { return smoothed(image, spacing: spacing, width: width, background: background) }
        let inside = (mask.grid.matches(image.grid) ? mask : mask.resampled(onto: image.grid)).voxels
        let weights = Volume(grid: image.grid, voxels: inside.map { $0 == 0 ? 0 : 1 })
        let masked = Volume(
            grid: image.grid,
            voxels: zip(image.voxels, weights.voxels).map { ($0.isFinite ? $0 - background : 0) * $1 })
        let sum = smoothed(masked, spacing: spacing, width: width, background: 0)
        let weight = smoothed(weights, spacing: spacing, width: width, background: 0)
        return Volume(
            grid: sum.grid,
            voxels: zip(sum.voxels, weight.voxels).map { $1 > 0.05 ? background + $0 / $1 : background })
    }

    private static func smoothed(_ image: Volume, spacing: Double, width: Double, background: Float) -> Volume {
        let factor = blocks(image.grid, spacing: spacing)
        let blocked = blockMeans(of: image, factor: factor, background: background)
        let fwhm = blocked.grid.voxelSize.map { $0 >= width * 0.99 ? 0 : (width * width - $0 * $0).squareRoot() }
        return fwhm.max() > 0 ? blocked.smoothed(fwhm: fwhm) : blocked
    }

    /// How many voxels make a block along each axis: as many as fit into `spacing`.
    static func blocks(_ grid: VoxelGrid, spacing: Double) -> SIMD3<Int> {
        var factor = SIMD3(repeating: 1)
        for axis in 0..<3 {
            let fit = Int((spacing / grid.voxelSize[axis] * 1.05).rounded(.down))
            factor[axis] = max(1, min(fit, grid.shape[axis] / 4))
        }
        return factor
    }

    /// The mean of each whole block of voxels; what is left over at the far faces is not used.
    static func blockMeans(of image: Volume, factor: SIMD3<Int>, background: Float) -> Volume {
        let old = image.grid
        let shape = SIMD3(old.shape.x / factor.x, old.shape.y / factor.y, old.shape.z / factor.z)
        let size = SIMD3<Double>(factor)
        let oldFromNew = Affine(scale: size, translation: (size - 1) / 2)
        guard let grid = try? VoxelGrid(shape: shape, worldFromVoxel: old.worldFromVoxel * oldFromNew) else {
            preconditionFailure("blocks of a grid's voxels make a grid")
        }
        let share = 1 / Float(factor.x * factor.y * factor.z)
        return Volume(grid: grid) { (output: UnsafeMutableBufferPointer<Float>) in
            image.voxels.withUnsafeBufferPointer { source in
                nonisolated(unsafe) let (source, output) = (source.baseAddress!, output.baseAddress!)
                let length = shape.x * factor.x
                parallelFor(shape.y * shape.z) { row in
                    let (k, j) = row.quotientAndRemainder(dividingBy: shape.y)
                    let to = output + row * shape.x
                    withUnsafeTemporaryAllocation(of: Float.self, capacity: length) { sums in
                        // The rows of the blocks on each other, then the voxels side by side.
                        let sums = sums.baseAddress!
                        sums.initialize(repeating: 0, count: length)
                        for c in 0..<factor.z {
                            for b in 0..<factor.y {
                                let from = source + old.offset(0, j * factor.y + b, k * factor.z + c)
                                for i in 0..<length {
                                    let value = from[i]
                                    sums[i] += value - value == 0 ? value : background
                                }
                            }
                        }
                        for i in 0..<shape.x {
                            var sum: Float = 0
                            for a in 0..<factor.x { sum += sums[i &* factor.x &+ a] }
                            (to + i).initialize(to: sum * share)
                        }
                    }
                }
            }
        }
    }
}

extension SIMD3<Double> {
    /// The vector of a function of each component.
    func map(_ body: (Double) -> Double) -> SIMD3<Double> { [body(x), body(y), body(z)] }
}
