/// ParaDigMa's detector over a whole recording with a gyroscope.
public struct ParadigmaResult: Sendable {
    /// What the file says about itself.
    public let header: RecordingHeader
    /// The true rate of the recording, Hz; it is resampled to 100 Hz by a cubic spline, low-passed before where it is higher.
    public let sampleRateHz: Double
    /// From the first to the last sample, s.
    public let durationS: Double
    /// Windows of 4 s, in order of time.
    public let windows: [ParadigmaWindow]
    /// What they say together.
    public let aggregates: ParadigmaAggregates
    /// What was found and done, one sentence each.
    public let flags: [String]
}

/// Goes through a recording with ParaDigMa's tremor detector.
///
/// Throws where the recording has no gyroscope: the detector was trained on angular rate alone.
public func analyzeParadigma(_ source: any RecordingSource) throws(RecordingError) -> ParadigmaResult {
    guard source.header.hasAngularRate else {
        throw .unsupported("ParaDigMa's detector needs a gyroscope, and the recording has none")
    }
    try source.rewind()
    let samples = OrderedSamples(source)
    let survey = try RecordingSurvey(samples, calibrates: false)
    // Its features reach to 25 Hz.
    guard survey.rateHz >= 50 else { throw .rateTooLow(rate: survey.rateHz, needed: 50) }
    let even = try EvenSamples(samples, survey, rateHz: ParadigmaDetector.sampleRateHz)
    let detector = ParadigmaDetector()
    var (windows, aggregates) = ([ParadigmaWindow](), ParadigmaAggregates())
    var piece = EvenSamples.Piece()
    var stretch = -1
    while try even.read(into: &piece) {
        if piece.stretch != stretch {
            stretch = piece.stretch
            detector.beginStretch(atS: survey.stretches[stretch].startS)
        }
        let degrees = piece.angularRate.map { column in column.map { $0 * 180 / Double.pi } }
        detector.add(degrees) { window in
            guard !survey.isNonWear(window.startS, window.startS + 4) else { return }
            windows.append(window)
            aggregates.add(window)
        }
    }
    guard !windows.isEmpty else {
        throw .noValidWindow(
            detector.constantWindows > 0
                ? "nothing changes in all \(detector.constantWindows) windows (the sensor was off)"
                : "no stretch between gaps that was worn is as long as a window of 4 s")
    }
    var flags = survey.flags
    if detector.constantWindows > 0 {
        flags.append("\(detector.constantWindows) windows hold one value without change and were left out")
    }
    return ParadigmaResult(
        header: source.header, sampleRateHz: survey.rateHz, durationS: survey.durationS, windows: windows,
        aggregates: aggregates, flags: flags)
}
