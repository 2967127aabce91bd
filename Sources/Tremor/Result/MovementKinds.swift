import Glibc

/// Decides for every window what the limb did: at rest, held in a posture, moved, or in a posture in which tremor re-emerged.
///
/// Slow movement and the turn of gravity within a window tell moving from still. Still windows of a recording of ten minutes and more
/// are at rest in the orientation the limb was still in for longest, and postural elsewhere; in a shorter one they are what the
/// task says, or remain `still`. These are rules of thumb with soft edges, not a validated classifier: each comes with its
/// probability, and below 70 % the window stays uncertain.
struct MovementKinds {
    private let settings: TremorSettings
    /// Turning by this much in a window is half way to movement, degrees.
    private static let turnLimit = 5.0
    /// This far from the orientation of rest is half way to a posture, degrees.
    private static let postureAngle = 25.0
    /// An orientation's neighbourhood, degrees.
    private static let poseRadius = 15.0
    /// A recording this long shows which orientation is that of rest, s.
    private static let longS = 600.0
    /// Below this probability a window is uncertain.
    private static let sureEnough = 0.7
    /// Re-emergent tremor sets in at least this long after the posture was taken, s; it is looked for this long.
    private static let delayS = 2.0, longestDelayS = 20.0

    init(_ settings: TremorSettings) { self.settings = settings }

    func decide(_ windows: inout [TremorWindow]) {
        guard let first = windows.first, let last = windows.last else { return }
        let rest = last.startS - first.startS >= Self.longS ? restDirection(windows) : nil
        for place in windows.indices {
            let moving = movingProbability(windows[place])
            var (kind, probability) = (TremorWindow.Kind.kinetic, moving)
            if moving < 0.5 { (kind, probability) = stillKind(windows[place], 1 - moving, rest) }
            windows[place].kind = probability >= Self.sureEnough ? kind : .uncertain
            windows[place].kindPercent = UInt8((100 * probability).rounded())
        }
        markReEmergent(&windows)
    }

    private func movingProbability(_ window: TremorWindow) -> Double {
        let movement = max(Double(window.movement), 1e-9)
        let byMovement = 1 / (1 + exp(-log(movement / settings.movementLimit) / 0.35))
        let byTurn = 1 / (1 + exp(-(Double(window.turnDegrees) - Self.turnLimit) / 1.5))
        return 1 - (1 - byMovement) * (1 - byTurn)
    }

    private func stillKind(
        _ window: TremorWindow, _ still: Double, _ rest: SIMD3<Double>?
    ) -> (TremorWindow.Kind, Double) {
        switch settings.task {
        case .rest: return (.rest, still)
        case .postural: return (.postural, still)
        case .kinetic: return (.still, still)
        case nil: break
        }
        guard let rest, window.up != (0, 0, 0) else { return (.still, still) }
        let angle = angleDegrees(window.upDirection, rest)
        let posture = 1 / (1 + exp(-(angle - Self.postureAngle) / 5))
        return posture > 0.5 ? (.postural, still * posture) : (.rest, still * (1 - posture))
    }

    /// The direction of up in which the limb was still for longest; `nil` where it never was.
    private func restDirection(_ windows: [TremorWindow]) -> SIMD3<Double>? {
        let still = windows.indices.filter { movingProbability(windows[$0]) < 0.5 && windows[$0].up != (0, 0, 0) }
        guard !still.isEmpty else { return nil }
        // A few hundred windows spread over the recording tell as much as all.
        let step = max(1, still.count / 600)
        let sample = stride(from: 0, to: still.count, by: step).map { windows[still[$0]].upDirection }
        let near = cos(Self.poseRadius * Double.pi / 180)
        var best = (count: 0, direction: sample[0])
        for direction in sample {
            let count = sample.reduce(0) { $0 + (($1 * direction).sum() >= near ? 1 : 0) }
            if count > best.count { best = (count, direction) }
        }
        return best.direction
    }

    /// A posture begins where still windows follow movement; where tremor sets in some seconds later, it is re-emergent.
    private func markReEmergent(_ windows: inout [TremorWindow]) {
        var place = 0
        while place < windows.count {
            guard windows[place].kind == .postural else {
                place += 1
                continue
            }
            // The onset of tremor is a jolt: a window or two of it may look like movement.
            var (end, other) = (place + 1, 0)
            while end < windows.count, windows[end].startS - windows[end - 1].startS < settings.hopS * 1.5 {
                let isSame = windows[end].kind == .postural
                if !isSame && other == 3 { break }
                other = isSame ? 0 : other + 1
                end += 1
            }
            end -= other
            let follows = place > 0 && windows[place].startS - windows[place - 1].startS < settings.hopS * 1.5
            if follows, let onset = (place..<end).first(where: { windows[$0].isTremor }) {
                let delay = windows[onset].startS - windows[place].startS
                let before = (place..<onset).allSatisfy { !windows[$0].isTremor }
                if before, delay >= Self.delayS, delay <= Self.longestDelayS {
                    let sure = 1 / (1 + exp(-(delay - 1) / 0.7))
                    for window in onset..<end where windows[window].isTremor && windows[window].kind == .postural {
                        windows[window].kind = .reEmergent
                        let both = Double(windows[window].kindPercent) * sure
                        windows[window].kindPercent = UInt8(both.rounded())
                    }
                }
            }
            place = end
        }
    }
}
