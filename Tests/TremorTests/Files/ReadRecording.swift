import Records
import TestSupport
import Testing
import Tremor

/// All samples of a source, and its stamps with places in the recording.
struct ReadRecording: Equatable {
    var acceleration: [[Double]] = [[], [], []]
    var angularRate: [[Double]] = [[], [], []]
    var stamps: [SampleBatch.Stamp] = []
    var flags: [String] = []
    var batches = 0
    var count: Int { acceleration[0].count }

    /// Reads a source to its end and checks what every source promises.
    init(_ source: any RecordingSource) throws {
        var batch = SampleBatch()
        while try source.read(into: &batch) {
            try #require(batch.count > 0 && Set(batch.acceleration.map(\.count)).count == 1)
            try #require(
                batch.angularRate.allSatisfy { $0.count == (source.header.hasAngularRate ? batch.count : 0) })
            try #require(batches > 0 || batch.stamps.first?.place == 0)
            try #require(zip(batch.stamps, batch.stamps.dropFirst()).allSatisfy { $0.place < $1.place })
            try #require(batch.stamps.allSatisfy { (0..<batch.count).contains($0.place) && $0.timeS.isFinite })
            stamps += batch.stamps.map { .init(place: count + $0.place, timeS: $0.timeS) }
            for axis in 0..<3 {
                acceleration[axis] += batch.acceleration[axis]
                angularRate[axis] += batch.angularRate[axis]
            }
            batches += 1
        }
        try #require(batch.count == 0 && batch.stamps.isEmpty)
        flags = source.flags
    }

    /// The stamps' slope in samples a second.
    var rateHz: Double {
        guard let first = stamps.first, let last = stamps.last, last.place > first.place else { return .nan }
        return Double(last.place - first.place) / (last.timeS - first.timeS)
    }

    /// Sums over each axis of acceleration, in g.
    var sumsG: [Double] { acceleration.map { $0.reduce(0, +) / AccelerationUnit.standardGravity } }
    /// The sum of the lengths of all accelerations, g.
    var sumOfMagnitudesG: Double {
        (0..<count).reduce(0) { sum, i in
            let (x, y, z) = (acceleration[0][i], acceleration[1][i], acceleration[2][i])
            return sum + (x * x + y * y + z * z).squareRoot() / AccelerationUnit.standardGravity
        }
    }
    /// A sample in g.
    func sampleG(_ place: Int) -> [Double] { acceleration.map { $0[place] / AccelerationUnit.standardGravity } }
    /// A sample of the gyroscope in °/s.
    func sampleDegrees(_ place: Int) -> [Double] { angularRate.map { $0[place] * 180 / Double.pi } }
}

/// A reference recording, opened at the door that users take.
func reference(_ path: String) throws -> any RecordingSource {
    try RecordingFile.open(ReferenceData.path("wearables/\(path)"))
}

/// Whether two lists agree everywhere to a tolerance.
func agree(_ a: [Double], _ b: [Double], _ tolerance: Double) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= tolerance }
}

/// What a reader does with damaged files: an error of one sentence, or samples that keep every promise; never a trap.
func survives(_ bytes: [UInt8], _ open: (FileBytes) throws -> any RecordingSource) throws {
    do {
        _ = try ReadRecording(open(FileBytes(bytes, path: "damaged")))
    } catch let error as RecordingError {
        #expect(!error.description.isEmpty && !error.description.contains("\n"))
    }
}

/// Prefixes of a file, and the file with some of its bits turned.
func damaged(_ bytes: [UInt8], seed: UInt64, flips: Int = 400) -> [[UInt8]] {
    var random = SeededNoise(seed: seed)
    var files = (0..<64).map { Array(bytes.prefix($0)) } + (1...60).map { Array(bytes.prefix(bytes.count * $0 / 61)) }
    for flip in 0..<flips {
        var turned = bytes
        for _ in 0...(flip % 8) {
            let place =
                flip % 2 == 0
                ? Int.random(in: 0..<bytes.count, using: &random)
                : Int.random(in: 0..<min(bytes.count, 2048), using: &random)
            turned[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        }
        files.append(turned)
    }
    return files
}
