/// Recordings as text that are read whole.
public enum RecordingCSV {
    /// What the file does not say itself.
    public typealias Options = RecordingOptions

    /// Reads a recording.
    public static func read(_ bytes: [UInt8], options: Options = Options()) throws(RecordingError) -> Recording {
        let source = try CSVSource(FileBytes(path: "", bytes: bytes), options: options)
        var (times, axes): ([Double], [[Double]]) = ([], [[], [], []])
        var (batch, missing) = (SampleBatch(), 0)
        while try source.read(into: &batch) {
            for row in 0..<batch.count {
                let sample = SIMD3(batch.acceleration[0][row], batch.acceleration[1][row], batch.acceleration[2][row])
                guard sample.x.isFinite, sample.y.isFinite, sample.z.isFinite else {
                    missing += 1
                    continue
                }
                times.append(batch.stamps[row].timeS)
                for axis in 0..<3 { axes[axis].append(sample[axis]) }
            }
        }
        guard !times.isEmpty else { throw .empty }
        var flags = source.flags
        if missing > 0 { flags.append("\(missing) samples without a number were left out; long runs of them are gaps") }
        var base = TimeBase()
        let (clock, columns) = base.ordered(times, axes)
        flags += Clipping.flags(of: columns)
        let (segments, gaps) = try base.segments(clock, columns)
        if !gaps.isEmpty {
            let longest = gaps.map(\.durationS).max() ?? 0
            flags.append("\(gaps.count) gaps, the longest of \(significantText(longest)) s")
        }
        return Recording(
            segments: segments, gaps: gaps, durationS: clock[clock.count - 1] - clock[0], samples: clock.count,
            hasGravity: Recording.hasGravity(columns), flags: flags + base.flags)
    }
}
