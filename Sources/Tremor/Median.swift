/// Medians without sorting all values.
enum Median {
    /// The median; NaN of none.
    static func of(_ values: [Double]) -> Double {
        var copy = values
        return inPlace(&copy)
    }

    /// The median of values that may be put into another order; none may be NaN.
    static func inPlace(_ values: inout [Double]) -> Double {
        values.withUnsafeMutableBufferPointer { inPlace($0) }
    }

    static func inPlace(_ values: UnsafeMutableBufferPointer<Double>) -> Double {
        guard !values.isEmpty else { return .nan }
        if values.count <= fewest { return ofFew(values) }
        let middle = values.count / 2
        let upper = select(values, middle)
        guard values.count % 2 == 0 else { return upper }
        // Everything left of the selected place is at most its value; the largest there is the lower middle.
        var lower = values[0]
        for place in 1..<max(1, middle) where values[place] > lower { lower = values[place] }
        return (lower + upper) / 2
    }

    /// Up to so many values have their median by ranks.
    private static let fewest = 32

    /// The median of a few values: that which as many are below as above. Comparing each with all takes fewer cycles than what a
    /// branch that cannot be foretold costs.
    private static func ofFew(_ values: UnsafeMutableBufferPointer<Double>) -> Double {
        let count = values.count
        let blocks = (count + 3) / 4
        return withUnsafeTemporaryAllocation(of: SIMD4<Double>.self, capacity: blocks) { padded in
            for block in 0..<blocks {
                var four = SIMD4<Double>(repeating: .infinity)
                for lane in 0..<min(4, count - 4 * block) { four[lane] = values[4 * block + lane] }
                padded[block] = four
            }
            let (low, high) = (Double((count - 1) / 2), Double(count / 2))
            // What stands at a place of the sorted values is the largest that no more values than that are below.
            var (lower, upper) = (-Double.infinity, -Double.infinity)
            for value in values {
                var counts = SIMD4<Double>.zero
                for block in 0..<blocks { counts += SIMD4.zero.replacing(with: 1, where: padded[block] .< value) }
                let below = counts.sum()
                if below <= low, value > lower { lower = value }
                if below <= high, value > upper { upper = value }
            }
            return low == high ? upper : (lower + upper) / 2
        }
    }

    /// The value that would stand at a place if all were sorted [Hoare1961].
    static func select<Value: FloatingPoint>(_ values: UnsafeMutableBufferPointer<Value>, _ wanted: Int) -> Value {
        var (low, high) = (0, values.count - 1)
        while low < high {
            let (a, b, c) = (values[low], values[low + (high - low) / 2], values[high])
            let pivot = max(min(a, b), min(max(a, b), c))
            var (i, j) = (low, high)
            while i <= j {
                while values[i] < pivot { i &+= 1 }
                while values[j] > pivot { j &-= 1 }
                if i <= j {
                    values.swapAt(i, j)
                    i &+= 1
                    j &-= 1
                }
            }
            if wanted <= j { high = j } else if wanted >= i { low = i } else { break }
        }
        return values[wanted]
    }
}
