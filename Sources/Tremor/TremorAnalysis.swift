import Glibc

/// Finds and measures tremor in a recording.
///
/// Every stretch is cut into windows that touch no gap; each window's three axes give one summed spectrum with a Hann taper and
/// without their linear trend. Windows whose peak stands out are tremor; within them the envelope says when it is on. Amplitudes
/// and frequency are of those times alone; the mean spectrum is of all. Windows in which no axis changes (a sensor filled with zeros) count in no denominator.
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

/// One pass over the windows of a recording: spectra are added up as it goes, so memory does not grow with their number.
private struct WindowPass {
    private let settings: TremorSettings
    private let length: Int
    private let rate: Double
    private var meanAxes: [[Double]]
    private var tremorTotal: [Double]
    private var bandPower = 0.0
    private var coveredS = 0.0
    private var columns: [(time: Double, power: [Double])] = []
    private var bursts: TremorBursts
    private var detrended: [[Double]]
    private(set) var windows: [TremorResult.Window] = []
    private(set) var constant = 0

    /// At most this many columns are kept for the spectrogram.
    private static let mostColumns = 1200

    init(_ settings: TremorSettings, rate: Double) {
        self.settings = settings
        self.rate = rate
        length = max(16, Int((settings.windowS * rate).rounded()))
        bursts = TremorBursts(length: length, hopS: settings.hopS, sampleRateHz: rate)
        detrended = [[Double]](repeating: [Double](repeating: 0, count: length), count: 3)
        meanAxes = [[Double]](repeating: [Double](repeating: 0, count: length / 2 + 1), count: 3)
        tremorTotal = [Double](repeating: 0, count: length / 2 + 1)
    }

    mutating func add(_ segment: Recording.Segment) {
        guard segment.count >= length else { return }
        let estimator = SegmentSpectrum(
            length: length, sampleRateHz: segment.sampleRateHz, taper: .hann, detrend: .linear)
        let hop = max(1, Int((settings.hopS * rate).rounded()))
        var axes = [[Double]](repeating: [Double](repeating: 0, count: estimator.bins), count: 3)
        var covered = -1
        for start in stride(from: 0, through: segment.count - length, by: hop) {
            guard Self.changes(segment, start, length) else {
                constant += 1
                continue
            }
            for axis in 0..<3 {
                axes[axis].withUnsafeMutableBufferPointer { density in
                    density.update(repeating: 0)
                    segment.acceleration[axis].withUnsafeBufferPointer { samples in
                        estimator.add(samples.baseAddress! + start, to: density.baseAddress!)
                        detrended[axis].withUnsafeMutableBufferPointer {
                            estimator.detrended(samples.baseAddress! + start, into: $0.baseAddress!)
                        }
                    }
                }
            }
            add(axes, binHz: estimator.binHz, at: segment.startS + Double(start) / segment.sampleRateHz)
            coveredS += Double(start + length - max(covered, start)) / segment.sampleRateHz
            covered = start + length
        }
    }

    private mutating func add(_ axes: [[Double]], binHz: Double, at startS: Double) {
        var total = axes[0]
        for bin in total.indices { total[bin] += axes[1][bin] + axes[2][bin] }
        let sum = Spectrum(binHz: binHz, density: total, segments: 1)
        let parts = axes.map { Spectrum(binHz: binHz, density: $0, segments: 1) }
        guard let peak = SpectralPeak(of: sum, axes: parts, in: settings.bandHz) else { return }
        for axis in 0..<3 { for bin in total.indices { meanAxes[axis][bin] += axes[axis][bin] } }
        bandPower += sum.power(from: settings.bandHz.lowerBound, to: settings.bandHz.upperBound)
        columns.append((startS + settings.windowS / 2, total))
        if columns.count > 2 * Self.mostColumns { thin() }
        let isTremor = peak.prominence >= settings.prominence && peak.widthHz < settings.widestPeakHz
        if isTremor { for bin in total.indices { tremorTotal[bin] += total[bin] } }
        windows.append(
            TremorResult.Window(
                startS: startS, peakHz: peak.frequencyHz,
                peakToPeakCm: Displacement.peakToPeakCm(of: sum, at: peak, halfWidthHz: settings.halfWidthHz),
                tremorShare: 0,
                prominence: peak.prominence, widthHz: peak.widthHz, isTremor: isTremor))
        bursts.add(isTremor ? detrended : nil, peak: peak)
    }

    /// Leaves every second column out, once there are too many to draw.
    private mutating func thin() { columns = columns.enumerated().filter { $0.offset % 2 == 0 }.map(\.element) }

    private static func changes(_ segment: Recording.Segment, _ start: Int, _ length: Int) -> Bool {
        segment.acceleration.contains { axis in
            let first = axis[start]
            return axis[start..<(start + length)].contains { $0 != first }
        }
    }

    // MARK: - What the windows say together

    mutating func result(of recording: Recording) -> TremorResult {
        bursts.settle(&windows, hopS: settings.hopS)
        let binHz = rate / Double(length)
        let count = Double(windows.count)
        let axes = meanAxes.map { axis in
            Spectrum(binHz: binHz, density: axis.map { $0 / count }, segments: windows.count)
        }
        var total = axes[0]
        for bin in total.density.indices { total.density[bin] += axes[1].density[bin] + axes[2].density[bin] }
        let peak = SpectralPeak(of: total, axes: axes, in: settings.bandHz)
        let tremor = windows.filter(\.isTremor)
        let tremorSpectrum = Spectrum(binHz: binHz, density: tremorTotal, segments: tremor.count)
        let tremorPeak =
            tremor.isEmpty ? nil : SpectralPeak(of: tremorSpectrum, in: Self.around(tremor, settings.bandHz))
        var flags = recording.flags
        if constant > 0 { flags.append("\(constant) windows hold one value without change and were left out") }
        if tremor.isEmpty {
            flags.append(
                "no window has a peak that stands \(settings.prominence) times out of its surroundings: no tremor measures"
            )
        }
        let share = tremorPeak.map { Displacement.gravityShare(frequencyHz: $0.frequencyHz, leverM: settings.leverM) }
        let amplitudes = tremor.map(\.peakToPeakCm)
        let wide = Displacement.widebandPeakToPeakCm(of: total, from: 2, to: rate * 0.4)
        return TremorResult(
            sampleRateHz: rate, meanRateHz: recording.meanRateHz, durationS: recording.durationS, gaps: recording.gaps,
            coverage: recording.durationS > 0 ? min(1, coveredS / recording.durationS) : 0, windows: windows,
            spectralPeakHz: peak?.frequencyHz,
            spectralPeakToPeakCm: peak.map {
                Displacement.peakToPeakCm(of: total, at: $0, halfWidthHz: settings.halfWidthHz)
            },
            peakFrequencyHz: tremorPeak?.frequencyHz, peakToPeakCm: tremor.isEmpty ? nil : Median.of(amplitudes),
            peakToPeakCmCI95: BlockBootstrap(settings).interval(ofMedian: amplitudes),
            largestPeakToPeakCm: amplitudes.max(), widebandPeakToPeakCm: wide,
            tremorTimePercent: 100 * windows.reduce(0) { $0 + $1.tremorShare } / count, bandPower: bandPower / count,
            gravityShare: share,
            spectrum: .init(
                frequenciesHz: total.frequenciesHz, psdPerAxis: axes.map(\.density), psdTotal: total.density),
            spectrogram: spectrogram(total.frequenciesHz), flags: flags)
    }

    /// The band around the windows' median peak, so that a single stray window does not decide the frequency.
    private static func around(_ tremor: [TremorResult.Window], _ band: ClosedRange<Double>) -> ClosedRange<Double> {
        let middle = Median.of(tremor.map(\.peakHz))
        return max(band.lowerBound, middle - 1)...min(band.upperBound, middle + 1)
    }

    /// Columns at an even step; where no window lies, values are NaN.
    private func spectrogram(_ frequencies: [Double]) -> TremorResult.Spectrogram {
        var kept = columns
        while kept.count > Self.mostColumns { kept = kept.enumerated().filter { $0.offset % 2 == 0 }.map(\.element) }
        guard let first = kept.first?.time, let last = kept.last?.time, kept.count > 1 else {
            return .init(timesS: kept.map(\.time), frequenciesHz: frequencies, power: kept.map(\.power))
        }
        let step = Median.of(zip(kept.dropFirst(), kept).map { $0.time - $1.time })
        let places = Int(min(Double(4 * Self.mostColumns - 1), ((last - first) / step).rounded())) + 1
        let empty = [Double](repeating: .nan, count: frequencies.count)
        var power = [[Double]](repeating: empty, count: places)
        for column in kept {
            power[Int(min(Double(places - 1), ((column.time - first) / step).rounded()))] = column.power
        }
        return .init(timesS: (0..<places).map { first + Double($0) * step }, frequenciesHz: frequencies, power: power)
    }
}
