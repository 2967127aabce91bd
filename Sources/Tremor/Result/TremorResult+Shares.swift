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
            // Numbers are gathered one by one: windows of a week are not copied.
            var (count, shares, sizes, frequencies) = (0, 0.0, [Double](), [Double]())
            for window in windows where window.kind == kind {
                count += 1
                shares += Double(window.tremorShare)
                guard window.isTremor else { continue }
                sizes.append(Double(window.peakToPeakCm))
                frequencies.append(Double(window.peakHz))
            }
            guard count > 0 else { return nil }
            return KindSummary(
                kind: kind, windows: count, timeS: Double(count) * settings.hopS,
                tremorTimePercent: 100 * shares / Double(count),
                peakHz: sizes.isEmpty ? nil : Median.of(frequencies),
                peakToPeakCm: sizes.isEmpty ? nil : Median.of(sizes),
                peakToPeakCmCI95: AmplitudeInterval.ofMedian(sizes, hopS: settings.hopS))
        }
    }

    /// The time at rest that was analysed, s: windows in which the limb was still and not known to be held in a posture; without
    /// gaps, times not worn, and movement.
    public var restTimeS: Double { Double(windows.reduce(0) { $0 + ($1.isAtRest ? 1 : 0) }) * settings.hopS }

    /// Rest tremor's constancy: time with tremor on of `restTimeS`, %; `nil` where the limb was never at rest.
    public var restTremorTimePercent: Double? {
        let shares = restShares
        return shares.isEmpty ? nil : 100 * shares.reduce(0, +) / Double(shares.count)
    }

    /// Its 95 % interval, from the scatter of batches of windows.
    public var restTremorTimePercentCI95: (low: Double, high: Double)? {
        AmplitudeInterval.ofMean(restShares, hopS: settings.hopS).map { (100 * $0.low, 100 * $0.high) }
    }

    private var restShares: [Double] {
        var shares: [Double] = []
        for window in windows where window.isAtRest { shares.append(Double(window.tremorShare)) }
        return shares
    }

    /// Whether the limb did in a window what the task asks for; always where no task is known. A tremor's amplitude at rest is not
    /// that of a hand which moved meanwhile.
    private func isOfTask(_ window: TremorWindow) -> Bool {
        switch settings.task {
        case .rest: window.isAtRest
        case .postural: window.kind == .postural || window.kind == .reEmergent || window.kind == .still
        case .kinetic, nil: true
        }
    }

    /// The frequency of a peak that stands out of the mean spectrum just beside the band, Hz, where no window has tremor; `nil`
    /// for none. Half a hertz below it no arm swings and no foot falls.
    public var peakBesideBandHz: Double? {
        guard spectrum.frequenciesHz.count > 1, !windows.contains(where: \.isTremor) else { return nil }
        let total = Spectrum(binHz: spectrum.frequenciesHz[1], density: spectrum.psdTotal, segments: windows.count)
        let (low, high) = (settings.bandHz.lowerBound, settings.bandHz.upperBound)
        guard
            let peak = SpectralPeak(of: total, in: max(0.5, low - 0.5)...min(0.45 * sampleRateHz, high + 8)),
            peak.prominence >= settings.prominence, peak.widthHz < settings.widestPeakHz,
            !settings.bandHz.contains(peak.frequencyHz)
        else { return nil }
        return peak.frequencyHz
    }

    /// What was measured while the limb did what the task asks for, put beside the items of site and task; `nil` where it never
    /// did, where what stands out may be a multiple of a movement or lies just beside the band, and where amplitudes are clipped.
    ///
    /// Presence is one minus the chance that noise alone has as many windows with tremor, times the chance that the displacement
    /// can be seen.
    public func rating(site: String?, law: WeberFechner = .usual) -> RatingView? {
        var (seen, clipped, harmonic) = (0, 0, 0)
        var (sizes, errors) = ([Double](), [Double]())
        for window in windows where isOfTask(window) {
            seen += 1
            if window.verdict == .harmonic { harmonic += 1 }
            guard window.isTremor else { continue }
            if window.isClipped { clipped += 1 }
            sizes.append(Double(window.peakToPeakCm))
            errors.append(Double(window.standardErrorCm))
        }
        guard seen > 0, 10 * clipped <= sizes.count, !(sizes.isEmpty && 10 * harmonic > seen) else { return nil }
        guard peakBesideBandHz == nil else { return nil }
        let task = settings.task.flatMap { RatingItem.Task(rawValue: $0.rawValue) }
        let item = site.flatMap { site in task.flatMap { RatingItem(site: site, task: $0) } }
        let amplitude = LargestAmplitude.of(sizes, errors: errors, hopS: settings.hopS)
        var presence = 0.0
        if let amplitude {
            presence = 1 - LargestAmplitude.chanceOfNoise(windows: seen, withTremor: sizes.count)
            presence *= 1 - amplitude.probability(below: LargestAmplitude.visibleCm)
        }
        let constancy = restTremorTimePercent.flatMap { percent in
            restTremorTimePercentCI95.flatMap { UncertainValue(percent, ci95: $0, scale: .plain) }
        }
        return RatingView(
            item: item, amplitude: amplitude, presence: min(1, max(0, presence)),
            tremorTimePercent: settings.task == .rest || settings.task == nil ? constancy : nil, restS: restTimeS,
            law: law)
    }
}
