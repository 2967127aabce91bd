import ArgumentParser
import Records

/// What every command that prints a result understands.
struct ResultOptions: ParsableArguments {
    @Flag(help: "Print one JSON document instead of a table.")
    var json = false
}

/// What every command that writes files understands.
struct WriteOptions: ParsableArguments {
    @Flag(name: [.customShort("f"), .long], help: "Overwrite what is there.")
    var force = false
}

/// A pair of times in seconds, written `FROM,TO`.
struct TimeWindow: ExpressibleByArgument {
    var from: Double
    var to: Double

    init?(argument: String) {
        let numbers = argument.split(separator: ",").map { Double($0) }
        guard numbers.count == 2, let from = numbers[0], let to = numbers[1],
            from.isFinite, to.isFinite, from < to
        else { return nil }
        (self.from, self.to) = (from, to)
    }

    var defaultValueDescription: String { "\(from),\(to)" }
}

/// A voxel, written `i,j,k` or `i,j,k,t`.
struct VoxelArgument: ExpressibleByArgument {
    var index: [Int]

    init?(argument: String) {
        let numbers = argument.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
        guard [3, 4].contains(numbers.count), numbers.allSatisfy({ $0 != nil }) else { return nil }
        index = numbers.compactMap { $0 }
    }
}

/// Three numbers, written `X,Y,Z`, or one for all axes.
struct TripleArgument: ExpressibleByArgument {
    var values: SIMD3<Double>

    init?(argument: String) {
        let fields = argument.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
        let numbers = fields.compactMap { $0 }
        guard numbers.count == fields.count, numbers.allSatisfy(\.isFinite) else { return nil }
        switch numbers.count {
        case 1: values = SIMD3(repeating: numbers[0])
        case 3: values = SIMD3(numbers[0], numbers[1], numbers[2])
        default: return nil
        }
    }
}
