import Records

/// What a file does not say itself, or says wrongly.
public struct RecordingOptions: Sendable, Equatable {
    /// The unit of the acceleration; `nil` takes it from the file or, in text without one, from the size of gravity.
    public var unit: AccelerationUnit?
    /// The unit of the angular rate; `nil` takes it from the file.
    public var angularRateUnit: AngularRateUnit?
    /// Samples a second, for a file without stamps.
    public var sampleRateHz: Double?
    /// Which column is which, for text: `x` to a column's name or number from 1; keys are t, x, y, z, gx, gy, gz.
    public var columns: [String: String] = [:]
    /// The sensor that is read from a file with several; `nil` for the first.
    public var sensor: String?

    /// Options.
    public init(unit: AccelerationUnit? = nil, sampleRateHz: Double? = nil) {
        (self.unit, self.sampleRateHz) = (unit, sampleRateHz)
    }
}

/// Units of angular rate that files have.
public enum AngularRateUnit: String, Sendable, CaseIterable {
    case radiansPerSecond = "rad/s"
    case degreesPerSecond = "deg/s"

    /// rad/s in one unit.
    public var scale: Double { self == .radiansPerSecond ? 1 : Double.pi / 180 }
}

/// A kind of file that recordings come in.
protocol RecordingFormat: Sendable {
    /// Its name as people know it, with the ending: "Axivity CWA (.cwa)".
    static var name: String { get }
    /// Whether a file is of this kind, by its first bytes (4096 or all) and its path.
    static func recognizes(_ start: [UInt8], path: String) -> Bool
    /// Opens such a file. Throws where the header cannot be understood.
    static func open(_ path: String, _ options: RecordingOptions) throws -> any RecordingSource
}

/// The door for recordings of every kind.
public enum RecordingFile {
    /// Kinds in the order in which they are tried: what has a signature first, text last.
    private static let formats: [any RecordingFormat.Type] = [
        // Binary, by signature.
        CWAFormat.self, GENEActivFormat.self, GT3XFormat.self, TSDFFormat.self, WFDBFormat.self,

        // Text.
        MotionBIDS.self, MPowerJSON.self, TextFormat.self,
    ]

    /// The kinds that are read, by name.
    public static var formatNames: [String] { formats.map { $0.name } }

    /// Opens a recording of any kind that is read. Throws a problem that names the file.
    public static func open(
        _ path: String, options: RecordingOptions = RecordingOptions()
    ) throws(FileProblem) -> any RecordingSource {
        let start = try naming(path) { try FileBytes(path).bytes(at: 0, count: 4096) }
        guard !start.isEmpty else { throw FileProblem(path, .badData, RecordingError.empty.description) }
        guard let format = formats.first(where: { $0.recognizes(start, path: path) }) else {
            throw FileProblem(path, .badData, RecordingError.unknownFormat(formatNames).description)
        }
        return try naming(path) { try format.open(path, options) }
    }
}
