import Dispatch

/// Finds and measures tremor in a recording, which is read twice and never held as a whole.
///
/// The first pass finds the clock, gaps, calibration and when the sensor was worn. In the second, every stretch is cut into windows
/// that touch no gap; each window's three axes give one summed spectrum with a Hann taper and without their linear trend.
/// Windows whose peak stands out are tremor; within them the envelope says when it is on. Amplitudes and frequency are of
/// those times alone; the mean spectrum is of all. Windows in which no axis changes and windows that were not worn count in no
/// denominator. Windows are looked at on all cores in parts that do not depend on their number, and added in order: the
/// bits are the same on any.
///
/// - Parameter progress: called with the share of the work that is done, 0 to 1.
public func analyzeTremor(
    _ source: any RecordingSource, settings: TremorSettings = TremorSettings(), progress: (Double) -> Void = { _ in }
) throws(RecordingError) -> TremorResult {
    try analyzeTremor(source, plan: nil, settings: settings, progress: progress).recording
}

/// The same, and what was done in each task of a plan, from the same two passes; see `TaskResult`.
public func analyzeTremor(
    _ source: any RecordingSource, plan: TaskPlan?, settings: TremorSettings = TremorSettings(),
    progress: (Double) -> Void = { _ in }
) throws(RecordingError) -> (recording: TremorResult, tasks: [TaskResult]) {
    let fileStartS = try plan == nil ? nil : firstStamp(of: source)
    try source.rewind()
    let samples = OrderedSamples(source)
    // How many samples there are is not known before the end; the first pass is a quarter of the work.
    let survey = try RecordingSurvey(samples, calibrates: settings.calibrates)
    progress(0.25)
    if let plan, plan.hasDates, !samples.clockJumps.isEmpty {
        throw .unsupported("the clock was set back while recording; give the events in seconds after the first sample")
    }
    let (settings, narrowed) = try fitted(settings, to: survey)
    let hasAngularRate = source.header.hasAngularRate
    var pass = WindowPass(settings, survey, hasAngularRate: hasAngularRate)
    var tasks = plan.map { plan in
        TaskPass(
            plan, settings, survey, hasAngularRate: hasAngularRate, shiftS: (fileStartS ?? 0) - survey.originS)
    }
    let even = try EvenSamples(samples, survey)
    var piece = EvenSamples.Piece()
    while try even.read(into: &piece) {
        pass.add(piece)
        tasks?.add(piece)
        progress(
            0.25 + 0.75 * Double(piece.first + survey.stretches[piece.stretch].firstSample) / Double(survey.samples))
    }
    pass.finish()
    guard !pass.windows.isEmpty else { throw .noValidWindow(pass.reasonForNone ?? tooShort(settings)) }
    progress(1)
    var result = pass.result(source.header)
    if let narrowed { result.flags.append(narrowed) }
    return (result, tasks?.results(in: result) ?? [])
}

/// The settings with a band that the recording's rate can show, and what had to be said about it.
private func fitted(
    _ settings: TremorSettings, to survey: RecordingSurvey
) throws(RecordingError) -> (TremorSettings, String?) {
    let highest = 0.4 * survey.rateHz - settings.halfWidthHz
    guard highest >= settings.bandHz.lowerBound + 2 else {
        let needed = (settings.bandHz.lowerBound + 2 + settings.halfWidthHz) / 0.4
        throw .rateTooLow(rate: survey.rateHz, needed: needed)
    }
    // Also keeps the window's length a whole number where damaged stamps make the rate absurd.
    guard settings.windowS * survey.rateHz < Double(survey.samples) + 1 else {
        throw .noValidWindow(tooShort(settings))
    }
    guard settings.bandHz.upperBound > highest else { return (settings, nil) }
    var settings = settings
    settings.bandHz = settings.bandHz.lowerBound...highest
    return (
        settings,
        "a rate of \(significantText(survey.rateHz)) Hz shows tremor up to \(significantText(highest)) Hz: the band ends there"
    )
}

/// The stamp of a file's first sample, with or without a number: what events count from.
func firstStamp(of source: any RecordingSource) throws(RecordingError) -> Double? {
    try source.rewind()
    var batch = SampleBatch()
    guard try source.read(into: &batch) else { return nil }
    return batch.stamps.first?.timeS
}

/// The same of a recording in memory.
public func analyzeTremor(
    _ recording: Recording, settings: TremorSettings = TremorSettings()
) throws(RecordingError) -> TremorResult {
    try analyzeTremor(RecordingInMemory(recording), settings: settings)
}

private func tooShort(_ settings: TremorSettings) -> String {
    "no stretch between gaps is as long as a window of \(settings.windowS) s"
}

/// The second pass: chunks of windows are gathered, looked at on all cores and added up in order. While some are looked at,
/// the next are read.
struct WindowPass {
    /// Chunks that are looked at together.
    private let together: Int

    private let settings: TremorSettings
    private let survey: RecordingSurvey
    private let length: Int
    private let workers: [WindowWorker]
    /// Two sets of chunks, of which one is being filled; how many are, and how many of the other are being looked at.
    private let chunks: [[WindowChunk]]
    private var filling = 0
    private var filled = 0
    private var lookedAt = 0
    private let looking = DispatchGroup()
    private var assembler: ChunkAssembler
    private var bursts: BurstSettler
    private var spectra: WindowSpectra
    private var axisTotals: [[Double]]
    private var bandPower = 0.0
    private(set) var windows: [TremorWindow] = []
    /// Windows that were left out because nothing changes in them, or because the sensor was not worn.
    private var constant = 0, notWorn = 0
    private let hasAngularRate: Bool

    init(_ settings: TremorSettings, _ survey: RecordingSurvey, hasAngularRate: Bool, together: Int = 8) {
        (self.settings, self.survey, self.hasAngularRate) = (settings, survey, hasAngularRate)
        self.together = together
        let rate = survey.rateHz
        let length = settings.windowLength(at: rate)
        let hop = settings.hopLength(at: rate)
        self.length = length
        workers = (0..<together).map { _ in
            WindowWorker(settings, survey, length: length, hop: hop, hasAngularRate: hasAngularRate)
        }
        chunks = (0..<2).map { _ in (0..<together).map { _ in WindowChunk() } }
        assembler = ChunkAssembler(length: length, hop: hop)
        bursts = BurstSettler(hopS: settings.hopS)
        spectra = WindowSpectra(settings, length: length, hop: hop, rateHz: rate)
        let empty = [Double](repeating: 0, count: length / 2 + 1)
        axisTotals = [empty, empty, empty]
        windows.reserveCapacity(survey.stretches.reduce(0) { $0 + max(0, ($1.evenCount - length) / hop + 1) })
    }

    mutating func add(_ piece: EvenSamples.Piece) {
        if !assembler.continues(piece) { drain(isLast: true) }
        assembler.add(piece)
        drain(isLast: false)
    }

    mutating func finish() {
        drain(isLast: true)
        lookAtAll()
        addUp()
        settle(isLast: true)
    }

    private mutating func drain(isLast: Bool) {
        while assembler.take(into: chunks[filling][filled], isLast: isLast) {
            filled += 1
            if filled == together { lookAtAll() }
        }
    }

    /// Begins to look at the chunks that are filled, once those before are added up.
    private mutating func lookAtAll() {
        addUp()
        let count = filled
        nonisolated(unsafe) let (workers, chunks) = (workers, chunks[filling])
        DispatchQueue.global().async(group: looking) {
            DispatchQueue.concurrentPerform(iterations: count) { workers[$0].look(at: chunks[$0]) }
        }
        (filling, filled, lookedAt) = (1 - filling, 0, count)
    }

    private mutating func addUp() {
        looking.wait()
        for chunk in chunks[1 - filling][..<lookedAt] {
            bursts.add(chunk)
            spectra.add(chunk, after: windows.count)
            windows += chunk.found
            settle(isLast: false)
            for axis in 0..<3 { Self.add(chunk.axisTotals[axis], to: &axisTotals[axis]) }
            bandPower += chunk.bandPower
            constant += chunk.constant
            notWorn += chunk.notWorn
        }
        lookedAt = 0
    }

    private mutating func settle(isLast: Bool) {
        bursts.settle(&windows, isLast: isLast)
        spectra.settle(windows, before: bursts.settled)
    }

    private static func add(_ density: [Double], to total: inout [Double]) {
        for bin in total.indices { total[bin] += density[bin] }
    }

    /// Why there is no window; `nil` where no stretch is long enough.
    var reasonForNone: String? {
        if notWorn > 0 { return "the sensor was not worn: nothing moved for an hour and more" }
        return constant > 0
            ? "all \(constant) windows hold one value without change (the sensor was off or not worn)" : nil
    }

    // MARK: - What the windows say together

    /// - Parameter decide: sets what the limb did in each window.
    mutating func result(
        _ header: RecordingHeader, decide: ((inout [TremorWindow]) -> Void)? = nil
    ) -> TremorResult {
        let rate = survey.rateHz
        let binHz = rate / Double(length)
        let count = Double(windows.count)
        let axes = axisTotals.map { axis in
            Spectrum(binHz: binHz, density: axis.map { $0 / count }, segments: windows.count)
        }
        var total = axes[0]
        for bin in total.density.indices { total.density[bin] += axes[1].density[bin] + axes[2].density[bin] }
        // A slope into the band is no peak of it.
        let peak = SpectralPeak(of: total, axes: axes, in: settings.bandHz).flatMap { $0.prominence > 0 ? $0 : nil }
        if let decide { decide(&windows) } else { MovementKinds(settings).decide(&windows) }
        let frequency = medianOfTremor(\.peakHz)
        let amplitudes = windows.lazy.filter(\.isTremor).map { Double($0.peakToPeakCm) } as [Double]
        let frequencies = total.frequenciesHz
        var result = TremorResult(
            header: header, sampleRateHz: rate,
            meanRateHz: survey.durationS > 0 ? Double(survey.samples - 1) / survey.durationS : rate,
            durationS: survey.durationS, gaps: survey.gaps, nonWear: survey.nonWear, calibration: survey.calibration,
            coverage: survey.durationS > 0 ? min(1, coveredS / survey.durationS) : 0, windows: windows,
            spectralPeakHz: peak?.frequencyHz,
            spectralPeakToPeakCm: peak.map {
                Displacement.peakToPeakCm(of: total, at: $0, halfWidthHz: settings.halfWidthHz)
            },
            peakFrequencyHz: frequency, peakToPeakCm: amplitudes.isEmpty ? nil : Median.of(amplitudes),
            peakToPeakCmCI95: AmplitudeInterval.ofMedian(amplitudes, hopS: settings.hopS),
            largestPeakToPeakCm: amplitudes.max(),
            peakToPeakDegrees: hasAngularRate ? medianOfTremor(\.angleDegrees) : nil,
            widebandPeakToPeakCm: Displacement.widebandPeakToPeakCm(of: total, from: 2, to: rate * 0.4),
            tremorTimePercent: 100 * windows.reduce(0) { $0 + Double($1.tremorShare) } / count,
            bandPower: bandPower / count,
            gravityShare: hasAngularRate || !survey.hasGravity
                ? nil
                : frequency.map { Displacement.gravityShare(frequencyHz: $0, leverM: settings.leverM) },
            spectrum: .init(frequenciesHz: frequencies, psdPerAxis: axes.map(\.density), psdTotal: total.density),
            averageSpectrum: spectra.average(binHz: binHz, ofBins: frequencies.count),
            spectrogram: spectra.spectrogram(binHz: binHz),
            settings: settings, flags: flags)
        if let hz = result.peakBesideBandHz {
            let (low, high) = (settings.bandHz.lowerBound, settings.bandHz.upperBound)
            result.flags.append(
                "a peak at \(significantText(hz)) Hz stands out beside the band of \(significantText(low)) to "
                    + "\(significantText(high)) Hz that was searched: a tremor there is not measured")
        }
        return result
    }

    /// The median over windows with tremor; `nil` without any. Numbers are gathered one by one: windows of a week are not copied.
    private func medianOfTremor(_ value: KeyPath<TremorWindow, Float>) -> Double? {
        var values: [Double] = []
        for window in windows where window.isTremor && window[keyPath: value].isFinite {
            values.append(Double(window[keyPath: value]))
        }
        return values.isEmpty ? nil : Median.inPlace(&values)
    }

    /// Time that lies in a window, s.
    private var coveredS: Double {
        var (sum, end) = (0.0, -Double.infinity)
        for window in windows {
            let stop = window.startS + settings.windowS
            sum += stop - max(window.startS, end)
            end = stop
        }
        return sum
    }

    /// The mains frequency that sampling folds to within 0.05 Hz of a frequency; `nil` for none.
    private func foldedMains(near hz: Double) -> Int? {
        [50, 60].first { mains in
            let rate = survey.rateHz
            return Double(mains) > rate / 2
                && abs(abs(Double(mains) - (Double(mains) / rate).rounded() * rate) - hz) < 0.05
        }
    }

    private var flags: [String] {
        var flags = survey.flags
        if constant > 0 { flags.append("\(constant) windows hold one value without change and were left out") }
        if notWorn > 0 { flags.append("\(notWorn) windows lie where the sensor was not worn and were left out") }
        let harmonics = windows.reduce(0) { $0 + ($1.verdict == .harmonic ? 1 : 0) }
        if harmonics > 0 {
            flags.append(
                "\(harmonics) windows have a peak at a multiple of a stronger, slower movement (arm swing): not counted as "
                    + "tremor")
        }
        let clipped = windows.reduce(0) { $0 + ($1.isClipped && $1.isTremor ? 1 : 0) }
        if clipped > 0 { flags.append("\(clipped) windows with tremor are clipped: their amplitudes are lower bounds") }
        if !windows.contains(where: \.isTremor) {
            flags.append(
                harmonics > 0
                    ? "no tremor measures: what stands out cannot be told from a multiple of a slower movement"
                    : "no window has a peak in the band that stands \(settings.prominence) times out of its surroundings: no tremor "
                        + "measures"
            )
        }
        if let hz = medianOfTremor(\.peakHz), survey.stretches.contains(where: { !$0.isEven }) {
            let loss = 100 * (1 - CubicSpline.meanGain(hz / survey.rateHz))
            if loss >= 1 {
                flags.append(
                    "at \(significantText(hz)) Hz the spline between so few samples lowers amplitudes by about "
                        + "\((loss * 10).rounded() / 10) %")
            }
        }
        if let hz = medianOfTremor(\.peakHz), let mains = foldedMains(near: hz) {
            flags.append(
                "the peak is where mains of \(mains) Hz would fold to at this rate: without a filter in the sensor it may not be tremor"
            )
        }
        return flags
    }
}
