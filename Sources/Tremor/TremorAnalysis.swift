/// Finds and measures tremor in a recording.
///
/// Every stretch is cut into windows that touch no gap; each window's three axes give one summed spectrum with a Hann taper and
/// without their linear trend. Windows whose peak stands out are tremor; within them the envelope says when it is on. Amplitudes
/// and frequency are of those times alone; the mean spectrum is of all. Windows in which no axis changes (a sensor filled with
/// zeros) count in no denominator.
public func analyzeTremor(
    _ recording: Recording, settings: TremorSettings = TremorSettings()
) throws(RecordingError) -> TremorResult {
    let rate = recording.sampleRateHz
    let needed = (settings.bandHz.upperBound + settings.halfWidthHz) / 0.4
    guard rate >= needed else { throw .rateTooLow(rate: rate, needed: needed) }
    // Also keeps the window's length a whole number where damaged stamps make the rate absurd.
    guard settings.windowS * rate < Double(recording.samples) + 1 else { throw .noValidWindow(tooShort(settings)) }
    var pass = WindowPass(settings, rate: rate)
    for segment in recording.segments { pass.add(segment) }
    guard !pass.windows.isEmpty else {
        throw .noValidWindow(
            pass.constant > 0
                ? "all \(pass.constant) windows hold one value without change (the sensor was off or not worn)"
                : tooShort(settings))
    }
    return pass.result(of: recording)
}

private func tooShort(_ settings: TremorSettings) -> String {
    "no stretch between gaps is as long as a window of \(settings.windowS) s"
}
