/// What windows of one kind say together.
public struct KindSummary: Sendable {
    /// What the limb did.
    public var kind: TremorWindow.Kind
    /// Windows of the kind, and the time they stand for, s.
    public var windows: Int
    /// See `windows`.
    public var timeS: Double
    /// Time with tremor on of that time, %.
    public var tremorTimePercent: Double
    /// Median frequency of its windows with tremor, Hz, and displacement, cm, with its 95 % interval.
    public var peakHz: Double?
    /// See `peakHz`.
    public var peakToPeakCm: Double?
    /// See `peakHz`.
    public var peakToPeakCmCI95: (low: Double, high: Double)?
}

extension TremorResult {
    /// Windows with tremor in a row.
    public var bouts: [TremorBout] { TremorBout.bouts(windows, settings) }

    /// Shares by what the limb did; kinds without a window are left out.
    public var kinds: [KindSummary] {
        TremorWindow.Kind.allCases.compactMap { kind in
            let found = windows.filter { $0.kind == kind }
            guard !found.isEmpty else { return nil }
            let tremor = found.filter(\.isTremor)
            let sizes = tremor.map { Double($0.peakToPeakCm) }
            return KindSummary(
                kind: kind, windows: found.count, timeS: Double(found.count) * settings.hopS,
                tremorTimePercent: share(found),
                peakHz: tremor.isEmpty ? nil : Median.of(tremor.map { Double($0.peakHz) }),
                peakToPeakCm: sizes.isEmpty ? nil : Median.of(sizes),
                peakToPeakCmCI95: AmplitudeInterval.ofMedian(sizes, hopS: settings.hopS))
        }
    }

    /// The time at rest that was analysed, s: windows in which the limb was still and not known to be held in a posture; without
    /// gaps, times not worn, and movement.
    public var restTimeS: Double { Double(windows.reduce(0) { $0 + ($1.isAtRest ? 1 : 0) }) * settings.hopS }

    /// Rest tremor's constancy: time with tremor on of `restTimeS`, %; `nil` where the limb was never at rest.
    public var restTremorTimePercent: Double? {
        let rest = windows.filter(\.isAtRest)
        return rest.isEmpty ? nil : share(rest)
    }

    /// Its 95 % interval, from the scatter of batches of windows.
    public var restTremorTimePercentCI95: (low: Double, high: Double)? {
        AmplitudeInterval.ofMean(windows.filter(\.isAtRest).map { Double($0.tremorShare) }, hopS: settings.hopS)
            .map { (100 * $0.low, 100 * $0.high) }
    }

    /// Windows in which the limb did what the task asks for; all where no task is known. A tremor's amplitude at rest is not that
    /// of a hand which moved meanwhile.
    var taskWindows: [TremorWindow] {
        switch settings.task {
        case .rest: windows.filter(\.isAtRest)
        case .postural: windows.filter { $0.kind == .postural || $0.kind == .reEmergent || $0.kind == .still }
        case .kinetic, nil: windows
        }
    }

    /// What was measured while the limb did what the task asks for, put beside the items of site and task.
    ///
    /// The amplitude is that of the window with the largest, which is what a rater scores, with its error by noise.
    public func rating(site: String?, law: WeberFechner = .usual) -> RatingView? {
        let seen = taskWindows
        guard !seen.isEmpty else { return nil }
        let task = settings.task.flatMap { RatingItem.Task(rawValue: $0.rawValue) }
        let item = site.flatMap { site in task.flatMap { RatingItem(site: site, task: $0) } }
        let largest = seen.filter(\.isTremor).max { $0.peakToPeakCm < $1.peakToPeakCm }
        let amplitude = largest.flatMap { window -> UncertainValue? in
            let (size, error) = (Double(window.peakToPeakCm), 1.96 * Double(window.standardErrorCm))
            return UncertainValue(size, ci95: (max(0, size - error), size + error))
        }
        let constancy = restTremorTimePercent.flatMap { percent in
            restTremorTimePercentCI95.flatMap { UncertainValue(percent, ci95: $0, scale: .plain) }
        }
        return RatingView(
            item: item, amplitude: amplitude, presence: largest == nil ? 0 : 1,
            tremorTimePercent: settings.task == .rest || settings.task == nil ? constancy : nil, restS: restTimeS,
            law: law)
    }

    private func share(_ windows: [TremorWindow]) -> Double {
        100 * windows.reduce(0) { $0 + Double($1.tremorShare) } / Double(windows.count)
    }
}
