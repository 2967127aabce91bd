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
    let samples = OrderedSamples(ReadAhead(source))
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
