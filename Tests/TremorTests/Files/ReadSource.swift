import Testing
import Tremor

/// All samples of a source, read to its end.
struct Samples: Equatable {
    var acceleration: [[Double]] = [[], [], []]
    var angularRate: [[Double]] = [[], [], []]
    var times: [Double] = []
    var count: Int { times.count }

    init(_ source: any RecordingSource) throws {
        var batch = SampleBatch()
        while try source.read(into: &batch) {
            // One stamp a sample, in order, and columns of one length.
            #expect(batch.count > 0 && batch.stamps.map(\.place) == Array(0..<batch.count))
            #expect(batch.acceleration.allSatisfy { $0.count == batch.count })
            #expect(batch.angularRate.allSatisfy { $0.count == (source.header.hasAngularRate ? batch.count : 0) })
            for axis in 0..<3 {
                acceleration[axis] += batch.acceleration[axis]
                angularRate[axis] += batch.angularRate[axis]
            }
            times += batch.stamps.map(\.timeS)
        }
        #expect(batch.count == 0 && batch.stamps.isEmpty)
    }

    /// Bits, so that NaN equals NaN.
    var bits: [[UInt64]] { (acceleration + angularRate + [times]).map { $0.map(\.bitPattern) } }

    /// The sum of the sizes of acceleration, m/s².
    var sumOfSizes: Double {
        times.indices.reduce(0) { sum, row in
            sum + (0..<3).reduce(0) { $0 + acceleration[$1][row] * acceleration[$1][row] }.squareRoot()
        }
    }

    /// Intervals over the time from the first to the last sample, Hz.
    var rateHz: Double { Double(count - 1) / (times[count - 1] - times[0]) }
}

/// A text as a source.
func csv(_ text: String, _ options: RecordingOptions = .init(), chunk: Int = 1 << 20) throws -> CSVSource {
    try CSVSource(FileBytes(Array(text.utf8), path: "a.csv"), options: options, chunk: chunk)
}

/// Options with columns.
func columns(_ columns: [String: String], unit: AccelerationUnit? = nil) -> RecordingOptions {
    var options = RecordingOptions(unit: unit)
    options.columns = columns
    return options
}

/// The sentence of the error that a reader throws; fails where it throws none.
func sentence(_ body: () throws -> Void) -> String {
    do {
        try body()
        Issue.record("nothing was thrown")
        return ""
    } catch { return "\(error)" }
}
