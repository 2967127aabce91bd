import Records

/// A posture that the limb took and in which tremor set in after a delay, as it does in Parkinson's disease.
public struct ReEmergence: Sendable, Equatable {
    /// When the posture began, s after the recording's first sample.
    public var postureStartS: Double
    /// From there to the first window with tremor, s; to about one hop.
    public var onsetDelayS: Double
    /// How the displacement changes in the half minute from then on, cm/s: the line of least squares through windows that are
    /// re-emergent; `nil` of fewer than three. Tremor in a posture was seen to grow by 55 % from the first ten seconds to the third
    /// [Malling2019].
    public var slopeCmPerS: Double?

    /// The slope is taken over this long, s.
    private static let slopeS = 30.0

    /// Those in windows whose kinds are decided, in order of time.
    public static func found(in windows: [TremorWindow], _ settings: TremorSettings) -> [ReEmergence] {
        Posture.all(in: windows, settings).compactMap { posture in
            guard let delay = posture.delayS, windows[posture.windows].contains(where: { $0.kind == .reEmergent })
            else { return nil }
            let startS = windows[posture.windows.lowerBound].startS
            let early = windows[posture.windows].filter {
                $0.kind == .reEmergent && $0.startS - startS - delay < slopeS
            }
            return ReEmergence(postureStartS: startS, onsetDelayS: delay, slopeCmPerS: slope(early))
        }
    }

    private static func slope(_ windows: [TremorWindow]) -> Double? {
        guard windows.count > 2 else { return nil }
        let count = Double(windows.count)
        let meanTime = windows.reduce(0) { $0 + $1.startS } / count
        let meanSize = windows.reduce(0) { $0 + Double($1.peakToPeakCm) } / count
        var (products, squares) = (0.0, 0.0)
        for window in windows {
            let time = window.startS - meanTime
            products += time * (Double(window.peakToPeakCm) - meanSize)
            squares += time * time
        }
        return products / squares
    }
}

/// Windows in a row in which a limb holds one posture.
struct Posture {
    var windows: Range<Int>
    /// From its first window to the first with tremor, s; `nil` where none has any, or where the limb was not moved to it.
    var delayS: Double?

    /// This much turned, it is another posture, degrees.
    static let sameAngle = 25.0
    /// Windows before a posture in which movement is looked for, and windows in a row that may look like something else and do
    /// not end it: the onset of tremor is a jolt.
    private static let before = 3, others = 3

    /// All of them, in order of time.
    static func all(in windows: [TremorWindow], _ settings: TremorSettings) -> [Posture] {
        var postures: [Posture] = []
        var place = 0
        while place < windows.count {
            guard windows[place].isPosture else {
                place += 1
                continue
            }
            var (end, last) = (place + 1, place)
            while end < windows.count, follow(windows, end, settings), end - last <= others + 1 {
                if windows[end].isPosture {
                    if isTurned(windows[end], from: windows[place]) { break }
                    last = end
                }
                end += 1
            }
            let found = place..<(last + 1)
            let onset = isTaken(windows, place, settings) ? found.first { windows[$0].isTremor } : nil
            postures.append(
                Posture(windows: found, delayS: onset.map { windows[$0].startS - windows[place].startS }))
            place = last + 1
        }
        return postures
    }

    /// Whether the limb was moved to it: among the three windows before is movement, or another posture.
    private static func isTaken(_ windows: [TremorWindow], _ first: Int, _ settings: TremorSettings) -> Bool {
        var place = first
        while place > 0, first - place < before, follow(windows, place, settings) {
            place -= 1
            if windows[place].kind == .kinetic || isTurned(windows[place], from: windows[first]) { return true }
        }
        return false
    }

    /// Whether a window comes right after the one before, without a gap.
    private static func follow(_ windows: [TremorWindow], _ place: Int, _ settings: TremorSettings) -> Bool {
        windows[place].startS - windows[place - 1].startS < settings.hopS * 1.5
    }

    /// NaN, where up is not known, is no turn.
    private static func isTurned(_ window: TremorWindow, from other: TremorWindow) -> Bool {
        angleDegrees(window.upDirection, other.upDirection) > sameAngle
    }
}

extension TremorWindow {
    fileprivate var isPosture: Bool { kind == .postural || kind == .reEmergent }
}

extension TremorResult {
    /// Postures in which tremor set in after a delay.
    public var reEmergences: [ReEmergence] { ReEmergence.found(in: windows, settings) }
}

extension [ReEmergence] {
    /// A JSON object each.
    var json: JSONValue {
        .array(
            map {
                [
                    "posture_start_s": .number($0.postureStartS), "onset_delay_s": .number($0.onsetDelayS),
                    "slope_cm_per_s": JSONValue($0.slopeCmPerS),
                ]
            })
    }
}
