import Records
import Tremor

/// A motor sign found in a recording, as a command shows it.
protocol MovementFinding {
    /// The time that was looked at.
    var time: AnalyzedTime { get }
    /// The finding as members of a recording's JSON.
    var members: [JSONValue.Member] { get }
    /// Its fields in the sign's table.
    var fields: [String] { get }
    /// What was found, in sentences.
    var sentences: [String] { get }
    /// What the reader has to know about the numbers.
    var flags: [String] { get }
    /// Larger is worse; the worst recording is shown last.
    var severity: Double { get }
    /// What was found over time, as comma-separated text.
    var table: String { get }
    /// What was found over time, as a PNG, over all of the recording or the part of it that was asked for, s.
    func picture(over spanS: ClosedRange<Double>?) throws -> [UInt8]
}

extension MovementSign {
    /// The columns of a sign's table, after those of every recording.
    var columns: [TextTable.Column] {
        switch self {
        case .freezing:
            [
                .number("moving s"), .number("median index"), .number("episodes"), .number("longest s"),
                .number("in episodes s"), .number("% of time"), .number("% of movement"),
            ]
        case .tapping:
            [
                .text("sensor"), .number("taps"), .number("rate Hz"), .number("interval s"), .number("CV %"),
                .number("decrement %"),
                .number("slowing %"), .number("pauses"), .number("freezes"),
            ]
        case .pronation:
            [
                .text("sensor"), .number("to and fro"), .number("rate Hz"), .number("angle °"), .number("CV %"),
                .number("decrement %"), .number("slowing %"), .number("pauses"), .number("freezes"),
            ]
        case .walking:
            [
                .number("bouts"), .number("walking s"), .number("walking %"), .number("steps/min"),
                .number("arm swing °"),
            ]
        }
    }
}

/// What was found in one recording, and how it is shown.
struct MovementReport {
    let path: String
    let sign: MovementSign
    let format: String
    /// `nil` of a touch screen, which has no samples.
    let sampleRateHz: Double?
    let gaps: [Recording.Gap]
    let nonWear: [Range<Double>]
    let finding: any MovementFinding
    let flags: [String]
    /// From the first to the last sample that was read, s; `nil` of a touch screen.
    let spanS: ClosedRange<Double>?

    init(
        path: String, sign: MovementSign, header: RecordingHeader, _ recording: Recording,
        _ finding: any MovementFinding
    ) {
        (self.path, self.sign, format) = (path, sign, header.format)
        (sampleRateHz, gaps, nonWear) = (recording.sampleRateHz, recording.gaps, recording.nonWear)
        self.finding = finding
        spanS = recording.segments.first.flatMap { first in
            recording.segments.last.map { first.startS...($0.startS + $0.durationS) }
        }
        flags = recording.flags + finding.flags
    }

    /// Taps on a touch screen.
    init(path: String, _ contents: TouchFile.Contents, _ touch: TouchTapping) {
        (self.path, sign, format, finding, flags) = (path, .tapping, contents.format, touch, touch.flags)
        (sampleRateHz, gaps, nonWear, spanS) = (nil, [], [], nil)
    }

    private var name: String { path.split(separator: "/").last.map(String.init) ?? path }

    var members: [JSONValue.Member] {
        [
            .init("path", .string(path)), .init("sign", .string(sign.rawValue)), .init("format", .string(format)),
            .init("sample_rate_hz", JSONValue(sampleRateHz)), .init("time", finding.time.json),
            .init("gaps", .array(gaps.map { ["start_s": .number($0.startS), "duration_s": .number($0.durationS)] })),
            .init("not_worn_s", .array(nonWear.map { JSONValue([$0.lowerBound, $0.upperBound]) })),
        ] + finding.members + [.init("flags", JSONValue(flags))]
    }

    /// How findings say that there is no angular rate.
    static let withoutGyroscope = "without a gyroscope"

    /// The finding in sentences; where the file has angular rates whose unit is unknown, what would make them known.
    private var sentences: [String] {
        guard flags.contains(where: { $0.contains("--angular-rate-unit") }), sampleRateHz != nil else {
            return finding.sentences
        }
        return finding.sentences.map {
            $0.replacing(
                Self.withoutGyroscope, with: "without the unit of the gyroscope's numbers (give --angular-rate-unit)")
        }
    }

    /// One row a recording; of a single one also what a table has no room for.
    static func text(_ reports: [MovementReport], _ sign: MovementSign) -> String {
        var table = TextTable(
            [.text("recording"), .number("Hz"), .number("s"), .number("analysed s")] + sign.columns)
        for report in reports {
            let time = report.finding.time
            let isAlone = reports.count { $0.name == report.name } == 1
            table.add(
                [
                    isAlone ? report.name : report.path,
                    fixed(report.sampleRateHz, 3), fixed(time.recordedS, 1), fixed(time.analyzedS, 1),
                ] + report.finding.fields)
        }
        guard reports.count == 1 else { return table.text + Engraft.researchUse + "\n" }
        let lines = reports[0].sentences + [reports[0].timeSentence, Engraft.researchUse]
        return table.text + lines.map { $0 + "\n" }.joined()
    }

    private var timeSentence: String {
        let t = finding.time
        let parts = [
            (t.gapsS, "in gaps"), (t.notWornS, "not worn"),
            (t.leftOutS, "left out (too short for a window, or not of the test)"),
        ]
        let others = parts.filter { $0.0 >= 0.05 }.map { "\(fixed($0.0, 1)) s \($0.1)" }
        let all = ["\(fixed(t.recordedS, 1)) s recorded", "\(fixed(t.analyzedS, 1)) s analysed"] + others
        return "Time: \(all.joined(separator: ", "))."
    }
}
