/// Sums in four lanes, added in a fixed order: fast, and the same bits on every processor.
enum LaneSums {
    /// The sum of `count` values.
    static func sum(_ values: UnsafePointer<Double>, _ count: Int) -> Double {
        let raw = UnsafeRawPointer(values)
        var (a, b) = (SIMD4<Double>.zero, SIMD4<Double>.zero)
        var place = 0
        while place &+ 8 <= count {
            a += raw.loadUnaligned(fromByteOffset: place &* 8, as: SIMD4<Double>.self)
            b += raw.loadUnaligned(fromByteOffset: place &* 8 &+ 32, as: SIMD4<Double>.self)
            place &+= 8
        }
        var rest = 0.0
        while place < count {
            rest += values[place]
            place &+= 1
        }
        return (a + b).sum() + rest
    }

    /// The smallest and the largest of `count` values, at least one.
    static func extremes(_ values: UnsafePointer<Double>, _ count: Int) -> (low: Double, high: Double) {
        let raw = UnsafeRawPointer(values)
        var (low, high) = (SIMD4(repeating: values[0]), SIMD4(repeating: values[0]))
        var place = 0
        while place &+ 4 <= count {
            let four = raw.loadUnaligned(fromByteOffset: place &* 8, as: SIMD4<Double>.self)
            low = low.replacing(with: four, where: four .< low)
            high = high.replacing(with: four, where: four .> high)
            place &+= 4
        }
        var (least, most) = (low.min(), high.max())
        while place < count {
            if values[place] < least { least = values[place] }
            if values[place] > most { most = values[place] }
            place &+= 1
        }
        return (least, most)
    }
}
