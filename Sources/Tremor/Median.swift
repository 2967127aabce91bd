import CKernels

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
        // Comparing each of a few with all takes fewer cycles than what a branch that cannot be foretold costs.
        if values.count <= CK_FEW { return ck_median_of_few(values.baseAddress!, values.count) }
        let middle = values.count / 2
        let upper = select(values, middle)
        guard values.count % 2 == 0 else { return upper }
        // Everything left of the selected place is at most its value; the largest there is the lower middle.
        var lower = values[0]
        for place in 1..<max(1, middle) where values[place] > lower { lower = values[place] }
        return (lower + upper) / 2
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
