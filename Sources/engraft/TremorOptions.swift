import ArgumentParser
import Records
import Tremor

/// How a recording is read, where the file does not say it itself.
struct RecordingOptionGroup: ParsableArguments {
    @Option(help: "The unit of the acceleration, where the file does not say: m/s2, g or mg.") var unit:
        AccelerationUnit?
    @Option(help: "The unit of the angular rate, where the file does not say: rad/s or deg/s.") var angularRateUnit:
        AngularRateUnit?
    @Option(help: ArgumentHelp("Samples a second, where the file has no timestamps.", valueName: "Hz")) var sampleRate:
        Double?
    @Option(
        help: ArgumentHelp(
            "Columns of a text file by name or number from 1: t, x, y, z, gx, gy, gz.", valueName: "x=NAME,y=NAME,…"))
    var columns: ColumnNames?
    @Option(help: "Of several sensors in the file, the one that is read; coherence takes two: a,b.") var sensor: String?

    func validate() throws {
        if let sampleRate, !(sampleRate > 0 && sampleRate <= 1e6) {
            throw ValidationError("--sample-rate is positive and at most 1000000 Hz.")
        }
    }

    var options: RecordingOptions {
        var options = RecordingOptions(unit: unit, sampleRateHz: sampleRate)
        options.angularRateUnit = angularRateUnit
        options.columns = columns?.names ?? [:]
        options.sensor = sensor
        return options
    }

    var parameters: [JSONValue.Member] {
        [
            .init("unit", JSONValue(unit?.rawValue)), .init("angular_rate_unit", JSONValue(angularRateUnit?.rawValue)),
            .init("sample_rate_hz", JSONValue(sampleRate)), .init("columns", JSONValue(columns?.text)),
            .init("sensor", JSONValue(sensor)),
        ]
    }
}

/// Columns by their roles, written `x=NAME,y=NAME,z=NAME`.
struct ColumnNames: ExpressibleByArgument {
    let names: [String: String]
    let text: String
    static let roles: Set<String> = ["t", "x", "y", "z", "gx", "gy", "gz"]

    init?(argument: String) {
        var names: [String: String] = [:]
        for field in argument.split(separator: ",") {
            let parts = field.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2, Self.roles.contains(parts[0]), names.updateValue(parts[1], forKey: parts[0]) == nil
            else { return nil }
        }
        guard !names.isEmpty else { return nil }
        (self.names, text) = (names, argument)
    }
}

/// How tremor is looked for.
struct TremorOptionGroup: ParsableArguments {
    @Option(help: "Where the sensor was, such as wrist-left; with --task it names the item that is shown.") var site:
        String?
    @Option(help: "What the patient did: rest, postural or kinetic.") var task: TremorSettings.Task?
    @Option(help: ArgumentHelp("The band searched for tremor, Hz.", valueName: "low,high")) var band: TimeWindow?
    @Option(
        help: ArgumentHelp("From the sensor to the joint it turns about, for gravity's bound, cm.", valueName: "cm"))
    var lever = 25.0
    @Flag(help: "Leave the sensor's offset and gain as they are.") var noCalibration = false
    @Option(help: ArgumentHelp("The law that makes a rating of an amplitude.", valueName: "name")) var law = "elble2018"

    func validate() throws {
        guard lever > 0, lever.isFinite else { throw ValidationError("--lever is a length above 0 cm.") }
        if let band, !(band.from >= 0.5 && band.to <= 50) {
            throw ValidationError("--band lies between 0.5 and 50 Hz.")
        }
        guard WeberFechner.named(law) != nil else {
            throw ValidationError("--law is one of \(WeberFechner.all.map(\.name).joined(separator: ", ")).")
        }
    }

    var settings: TremorSettings {
        var settings = TremorSettings()
        if let band { settings.bandHz = band.from...band.to }
        settings.leverM = lever / 100
        settings.calibrates = !noCalibration
        settings.task = task
        return settings
    }

    var chosenLaw: WeberFechner { WeberFechner.named(law) ?? .usual }
}

extension AccelerationUnit: ExpressibleByArgument {}
extension AngularRateUnit: ExpressibleByArgument {}
extension TremorSettings.Task: ExpressibleByArgument {}
