extension Volume {
    /// The least and the greatest finite value of the first frame; `nil` where no voxel is finite.
    package var finiteRange: ClosedRange<Float>? {
        let chunk = 1 << 20
        let ranges = voxels.withUnsafeBufferPointer { voxels in
            nonisolated(unsafe) let voxels = voxels
            return parallelMap((grid.count + chunk - 1) / chunk) { number in
                Self.finiteRange(voxels, (number * chunk)..<min((number + 1) * chunk, grid.count))
            }
        }
        let (least, most) = ranges.reduce((Float.infinity, -Float.infinity)) {
            (min($0.0, $1.least), max($0.1, $1.most))
        }
        return least <= most ? least...most : nil
    }

    /// The least finite value of the first frame, what a voxel that is not a number counts as; `nil` where there is none or all
    /// are the same.
    package var background: Float? { finiteRange.flatMap { $0.upperBound > $0.lowerBound ? $0.lowerBound : nil } }

    private static func finiteRange(
        _ voxels: UnsafeBufferPointer<Float>, _ range: Range<Int>
    ) -> (least: Float, most: Float) {
        var least = SIMD8<Float>(repeating: .infinity)
        var most = SIMD8<Float>(repeating: -.infinity)
        var place = range.lowerBound
        let bytes = UnsafeRawPointer(voxels.baseAddress!)
        while place + 8 <= range.upperBound {
            let values = bytes.loadUnaligned(fromByteOffset: place &* 4, as: SIMD8<Float>.self)
            let isFinite = (values - values) .== 0
            least.replace(with: values, where: isFinite .& (values .< least))
            most.replace(with: values, where: isFinite .& (values .> most))
            place += 8
        }
        var (low, high) = (least.min(), most.max())
        while place < range.upperBound {
            let value = voxels[place]
            if value.isFinite { (low, high) = (min(low, value), max(high, value)) }
            place += 1
        }
        return (low, high)
    }
}
