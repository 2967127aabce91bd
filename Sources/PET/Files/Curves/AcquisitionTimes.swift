import Records

/// Frame times from a file of their own.
public enum AcquisitionTimes {
    /// Reads an acqtimes file (`# … in seconds`, the number of frames, then start and end a line) or a PET-BIDS JSON.
    public static func read(_ path: String, timeUnit: TimeUnit? = nil) throws -> [Frame] {
        let bytes = try InputFile.readText(path)
        return try naming(path) { try frames(bytes, timeUnit: timeUnit) }
    }

    /// Frame times, s, from the bytes of such a file. Throws where the unit is not said or the number does not fit.
    public static func frames(_ bytes: [UInt8], timeUnit: TimeUnit? = nil) throws(CurveProblem) -> [Frame] {
        let text = try NumberTable.text(bytes)
        if Field.trimmed(text).hasPrefix("{") {
            guard let json = try? JSONValue(parsing: bytes) else { throw .badTimes("the JSON is not valid") }
            guard let frames = try frames(sidecar: json) else {
                throw .badTimes("the JSON has no FrameTimesStart and FrameDuration")
            }
            return frames
        }
        var (declared, expected, pairs) = (TimeUnit?.none, Int?.none, [(Double, Double)]())
        for (place, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let parts = line.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 {
                let words = parts[1].split { !$0.isLetter }
                declared = declared ?? words.lazy.compactMap { $0.count > 1 ? TimeUnit(named: $0) : nil }.first
            }
            let fields = parts[0].split { $0.isWhitespace || $0 == "," }
            switch fields.count {
            case 0: continue
            case 1 where expected == nil && pairs.isEmpty && Int(fields[0]) != nil: expected = Int(fields[0])
            case 2:
                guard let start = Double(fields[0]), let end = Double(fields[1]), start.isFinite, end.isFinite else {
                    throw .badTimes("line \(place + 1) is no start and end")
                }
                pairs.append((start, end))
            default: throw .badTimes("line \(place + 1) has \(fields.count) fields where start and end were expected")
            }
        }
        guard !pairs.isEmpty else { throw .empty }
        if let expected, expected != pairs.count { throw .frameCount(table: expected, times: pairs.count) }
        guard let unit = timeUnit ?? declared else { throw .noTimeUnit("the acquisition times") }
        return pairs.map { Frame(start: $0.0 * unit.seconds, duration: ($0.1 - $0.0) * unit.seconds) }
    }

    /// Frame times from the keys of a JSON sidecar; `nil` where it has none.
    static func frames(sidecar: JSONValue) throws(CurveProblem) -> [Frame]? {
        guard let starts = sidecar["FrameTimesStart"]?.doubles, let lengths = sidecar["FrameDuration"]?.doubles else {
            return nil
        }
        guard starts.count == lengths.count else { throw .frameCount(table: starts.count, times: lengths.count) }
        return zip(starts, lengths).map { Frame(start: $0, duration: $1) }
    }
}
