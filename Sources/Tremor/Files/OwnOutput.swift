import Records

extension RecordingFile {
    /// How tables that are written from recordings begin.
    private static let ownTables = [
        "start_s,", "task,start_s,", "frequency_hz,", "time_s,freezing_index,", "time_s,interval_s,", "time_s,end_s,",
        "time_s,duration_s,",
    ]

    /// Whether a file was written from a recording, as a table or a document: then it is none, wherever it lies.
    public static func isOwnOutput(_ path: String) -> Bool {
        guard let start = try? FileBytes(path).bytes(at: 0, count: 64) else { return false }
        let text = String(decoding: start, as: UTF8.self)
        if text.hasPrefix("{") { return text.dropFirst().drop { $0.isWhitespace }.hasPrefix("\"recordings\":") }
        return ownTables.contains { text.hasPrefix($0) }
    }
}
