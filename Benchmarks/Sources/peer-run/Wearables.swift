import Glibc
import Tremor

/// Every sample of a recording, batch by batch.
struct Decoding: Work {
    let path: String
    var samples = 0

    mutating func run() throws {
        samples = 0
        try readAll { samples += $0.count }
    }

    /// Reads once more, so that no sample is held while the work is timed.
    func write(to path: String) throws {
        guard let file = fopen(path, "wb") else { return }
        defer { fclose(file) }
        var row: [Double] = []
        try readAll { batch in
            row.removeAll(keepingCapacity: true)
            for sample in 0..<batch.count {
                for axis in 0..<3 { row.append(batch.acceleration[axis][sample]) }
            }
            fwrite(row, 8, row.count, file)
        }
    }

    private func readAll(_ use: (SampleBatch) -> Void) throws {
        let source = try open(recording: path)
        var batch = SampleBatch()
        while try source.read(into: &batch) { use(batch) }
    }
}

/// A recording from its file to its measures.
struct TremorMeasures: Work {
    let path: String
    var result: TremorResult?

    mutating func run() throws { result = try analyzeTremor(open(recording: path)) }

    /// Rows of four numbers, of which the first says what the others are.
    func write(to path: String) {
        guard let result else { return }
        var rows = [0, result.sampleRateHz, result.durationS, Double(result.windows.count)]
        for window in result.windows where window.isTremor {
            rows += [1, window.startS, Double(window.peakHz), Double(window.peakToPeakCm)]
        }
        for time in result.nonWear { rows += [2, time.lowerBound, time.upperBound, 0] }
        if case .applied(let calibration) = result.calibration {
            rows += [3, calibration.gain.x, calibration.gain.y, calibration.gain.z]
            rows += [4, calibration.offset.x, calibration.offset.y, calibration.offset.z]
        }
        writeRaw(rows, to: path)
    }
}

/// The numbers of text are taken as m/s², so that they stay as they are.
private func open(recording path: String) throws -> any RecordingSource {
    let unit: AccelerationUnit? = path.hasSuffix(".csv") ? .metresPerSecondSquared : nil
    return try RecordingFile.open(path, options: RecordingOptions(unit: unit))
}
