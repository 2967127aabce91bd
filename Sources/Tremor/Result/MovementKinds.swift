import Glibc

/// Decides for every window what the limb did: at rest, held in a posture, moved, or in a posture in which tremor re-emerged.
///
/// Slow movement and the turn of gravity within a window tell moving from still. Still windows of a recording of ten minutes and more
/// are at rest in the orientations in which the limb was still for long, and postural elsewhere; in a shorter one they are what
/// the task says, or remain `still`. These are rules of thumb with soft edges, not a validated classifier: each comes with its
/// probability, and below 70 % the window stays uncertain.
struct MovementKinds {
    let settings: TremorSettings
    /// Turning by this much in a window is half way to movement, degrees.
    private static let turnLimit = 5.0
    /// This far from the orientation of rest is half way to a posture, degrees.
    private static let postureAngle = 25.0
    /// An orientation's neighbourhood, degrees.
    private static let poseRadius = 15.0
    /// A recording this long shows which orientation is that of rest, s; nobody holds out a limb for as long.
    private static let longS = 600.0
    /// Another orientation is also one of rest where the limb was still in it for `longS` and this share of the time it was still.
    private static let leastShare = 0.1
    /// Below this probability a window is uncertain.
    private static let sureEnough = 0.7
    /// Re-emergent tremor sets in at least this long after the posture was taken, s; it is looked for this long.
    private static let delayS = 2.0, longestDelayS = 20.0

    init(_ settings: TremorSettings) { self.settings = settings }

    func decide(_ windows: inout [TremorWindow]) {
        decideOneByOne(&windows)
        markReEmergent(&windows)
    }

    /// All but whether tremor is re-emergent.
    func decideOneByOne(_ windows: inout [TremorWindow]) {
        guard let first = windows.first, let last = windows.last else { return }
        let rest = last.startS - first.startS >= Self.longS ? restDirections(windows) : []
        for place in windows.indices {
            let moving = movingProbability(windows[place])
            var (kind, probability) = (TremorWindow.Kind.kinetic, moving)
            if moving < 0.5 { (kind, probability) = stillKind(windows[place], 1 - moving, rest) }
            windows[place].kind = probability >= Self.sureEnough ? kind : .uncertain
            windows[place].kindPercent = UInt8((100 * probability).rounded())
        }
    }

    private func movingProbability(_ window: TremorWindow) -> Double {
        let movement = max(Double(window.movement), 1e-9)
        let byMovement = 1 / (1 + exp(-log(movement / settings.movementLimit) / 0.35))
        let byTurn = 1 / (1 + exp(-(Double(window.turnDegrees) - Self.turnLimit) / 1.5))
        return 1 - (1 - byMovement) * (1 - byTurn)
    }

    private func stillKind(
        _ window: TremorWindow, _ still: Double, _ rest: [SIMD3<Double>]
    ) -> (TremorWindow.Kind, Double) {
        switch settings.task {
        case .rest: return (.rest, still)
        case .postural: return (.postural, still)
        // A pause in a movement is neither rest nor the task.
        case .kinetic: return (.uncertain, 1 - still)
        case nil: break
        }
        let up = window.upDirection
        guard window.up != (0, 0, 0), let angle = rest.map({ angleDegrees(up, $0) }).min() else {
            return (.still, still)
        }
        let posture = 1 / (1 + exp(-(angle - Self.postureAngle) / 5))
        return posture > 0.5 ? (.postural, still * posture) : (.rest, still * (1 - posture))
    }

    /// The directions of up in which the limb rested: the one it was still in for longest, and others in which it was for long.
    private func restDirections(_ windows: [TremorWindow]) -> [SIMD3<Double>] {
        let still = windows.indices.filter { movingProbability(windows[$0]) < 0.5 && windows[$0].up != (0, 0, 0) }
        // A few hundred windows spread over the recording tell as much as all.
        let step = max(1, still.count / 600)
        var sample = stride(from: 0, to: still.count, by: step).map { windows[still[$0]].upDirection }
        let enough = max(Self.leastShare * Double(sample.count), Self.longS / (settings.hopS * Double(step)))
        let near = cos(Self.poseRadius * Double.pi / 180)
        var found: [SIMD3<Double>] = []
        while let first = sample.first {
            var best = (count: 0, direction: first)
            for direction in sample {
                let count = sample.reduce(0) { $0 + (($1 * direction).sum() >= near ? 1 : 0) }
                if count > best.count { best = (count, direction) }
            }
            guard found.isEmpty || Double(best.count) >= enough else { break }
            found.append(best.direction)
            sample.removeAll { angleDegrees($0, best.direction) <= Self.postureAngle }
        }
        return found
    }

    /// Tremor that sets in some seconds after a posture was taken is re-emergent.
    func markReEmergent(_ windows: inout [TremorWindow]) {
        // A hop of 2 s is 1.998 s at 102.61 Hz.
        let rounding = settings.hopS / 4
        for posture in Posture.all(in: windows, settings) {
            guard let delay = posture.delayS, delay >= Self.delayS - rounding, delay <= Self.longestDelayS + rounding
            else { continue }
            let sure = 1 / (1 + exp(-(delay - 1) / 0.7))
            for place in posture.windows where windows[place].isTremor && windows[place].kind == .postural {
                let both = Double(windows[place].kindPercent) * sure
                windows[place].kind = both >= 100 * Self.sureEnough ? .reEmergent : .uncertain
                windows[place].kindPercent = UInt8(both.rounded())
            }
        }
    }
}
