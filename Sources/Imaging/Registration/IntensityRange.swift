/// The values of an image that a registration looks at: those between two of its quantiles.
package struct IntensityRange: Sendable {
    package let lower, upper: Float

    /// The range of a level of a pyramid. `nil` where all of it has one value.
    package init?(of image: Volume, lowest: Double = 0.001, highest: Double = 0.999) {
        var (least, most) = (Float.infinity, -Float.infinity)
        for value in image.voxels { (least, most) = (min(least, value), max(most, value)) }
        guard most > least, (most - least).isFinite else { return nil }
        let bins = 4096
        var counts = [Int](repeating: 0, count: bins)
        let scale = Float(bins) / (most - least)
        for value in image.voxels { counts[min(Int((value - least) * scale), bins - 1)] += 1 }
        func quantile(_ share: Double) -> Float {
            let wanted = Int(share * Double(image.voxels.count))
            var seen = 0
            for (bin, count) in counts.enumerated() {
                seen += count
                if seen > wanted { return least + (Float(bin) + 0.5) / scale }
            }
            return most
        }
        let (low, high) = (quantile(lowest), quantile(highest))
        // An image that is nearly all background has both quantiles in one bin.
        (lower, upper) = high > low ? (low, high) : (least, most)
    }
}
