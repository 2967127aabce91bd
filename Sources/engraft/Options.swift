import ArgumentParser
import PET
import Records

/// What every command that prints a result understands.
struct ResultOptions: ParsableArguments {
    @Flag(help: "Print one JSON document instead of a table.")
    var json = false
}

/// How an image that a command reads is chosen and put together, where it is DICOM.
struct ReadingOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Of several DICOM series, the one with this UID or number.", valueName: "uid|n"))
    var series: String?
    @Flag(help: "Interpolate DICOM slices that are missing, uneven or tilted onto an even grid.")
    var allowGaps = false

    /// Reads the image at a path.
    func read(_ path: String) throws -> ImageFile {
        try ImageFile.read(path, series: series, allowGaps: allowGaps)
    }

    /// The options as they are recorded.
    var parameters: [JSONValue.Member] {
        [.init("series", JSONValue(series)), .init("allow_gaps", .bool(allowGaps))]
    }
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
