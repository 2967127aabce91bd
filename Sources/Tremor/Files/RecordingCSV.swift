/// Recordings as text that are read whole.
public enum RecordingCSV {
    /// What the file does not say itself.
    public typealias Options = RecordingOptions

    /// Reads a recording.
    public static func read(_ bytes: [UInt8], options: Options = Options()) throws(RecordingError) -> Recording {
        try Recording(reading: CSVSource(FileBytes(bytes), options: options))
    }
}
