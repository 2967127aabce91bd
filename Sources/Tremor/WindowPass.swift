/// One pass over the windows of a recording: spectra are added up as it goes, in buffers made once.
struct WindowPass {
    private let settings: TremorSettings
    private let length: Int
    private let rate: Double
    /// The window at hand: its spectra per axis and summed, and its samples without trend.
    private var parts: [Spectrum]
    private var sum: Spectrum
    private var detrended: [[Double]]
    /// Totals over windows.
    private var meanAxes: [[Double]]
    private var tremorTotal: [Double]
    private var bandPower = 0.0
    private var coveredS = 0.0
    private var columns: SpectrogramColumns
    private var bursts: TremorBursts
    private(set) var windows: [TremorResult.Window] = []
    /// Windows that were left out because nothing changes in them.
    private(set) var constant = 0

    init(_ settings: TremorSettings, rate: Double) {
        self.settings = settings
        self.rate = rate
        length = max(16, Int((settings.windowS * rate).rounded()))
        bursts = TremorBursts(length: length, hopS: settings.hopS, sampleRateHz: rate)
        let empty = [Double](repeating: 0, count: length / 2 + 1)
        sum = Spectrum(binHz: rate / Double(length), density: empty, segments: 1)
        parts = [Spectrum](repeating: sum, count: 3)
        meanAxes = [[Double]](repeating: empty, count: 3)
        tremorTotal = empty
        let padded = length + TremorEnvelope.padding
        detrended = [[Double]](repeating: [Double](repeating: 0, count: padded), count: 3)
        columns = SpectrogramColumns(bins: empty.count)
    }

    mutating func add(_ segment: Recording.Segment) {
        guard segment.count >= length else { return }
        let estimator = SegmentSpectrum(
            length: length, sampleRateHz: segment.sampleRateHz, taper: .hann, detrend: .linear)
        for axis in 0..<3 { parts[axis].binHz = estimator.binHz }
        sum.binHz = estimator.binHz
        let hop = max(1, Int((settings.hopS * rate).rounded()))
        var covered = 0
        for start in stride(from: 0, through: segment.count - length, by: hop) {
            guard Self.changes(segment, start, length) else {
                constant += 1
                continue
            }
            for axis in 0..<3 { spectrum(of: segment, axis, start, estimator) }
            addUp()
            judge(segment, start, estimator)
            coveredS += Double(start + length - max(covered, start)) / segment.sampleRateHz
            covered = start + length
        }
    }

    private static func changes(_ segment: Recording.Segment, _ start: Int, _ length: Int) -> Bool {
        segment.acceleration.contains { axis in
            let first = axis[start]
            return axis[start..<(start + length)].contains { $0 != first }
        }
    }

    private mutating func spectrum(
        of segment: Recording.Segment, _ axis: Int, _ start: Int, _ estimator: SegmentSpectrum
    ) {
        parts[axis].density.withUnsafeMutableBufferPointer { density in
            density.update(repeating: 0)
            segment.acceleration[axis].withUnsafeBufferPointer {
                estimator.add($0.baseAddress! + start, to: density.baseAddress!)
            }
        }
    }

    private mutating func addUp() {
        for bin in sum.density.indices {
            let (x, y, z) = (parts[0].density[bin], parts[1].density[bin], parts[2].density[bin])
            sum.density[bin] = x + y + z
        }
    }

    /// Decides whether the window at hand has tremor and adds it to the totals.
    private mutating func judge(_ segment: Recording.Segment, _ start: Int, _ estimator: SegmentSpectrum) {
        guard let peak = SpectralPeak(of: sum, axes: parts, in: settings.bandHz) else { return }
        for axis in 0..<3 { Self.add(parts[axis].density, to: &meanAxes[axis]) }
        bandPower += sum.power(from: settings.bandHz.lowerBound, to: settings.bandHz.upperBound)
        let startS = segment.startS + Double(start) / segment.sampleRateHz
        columns.add(sum.density, at: startS + settings.windowS / 2)
        let objection = objection(to: peak)
        windows.append(
            TremorResult.Window(
                startS: startS, peakHz: peak.frequencyHz,
                peakToPeakCm: Displacement.peakToPeakCm(of: sum, at: peak, halfWidthHz: settings.halfWidthHz),
                tremorShare: objection == nil ? 1 : 0, prominence: peak.prominence, widthHz: peak.widthHz,
                isTremor: objection == nil, objection: objection))
        guard objection == nil else { return bursts.skip(peak) }
        Self.add(sum.density, to: &tremorTotal)
        for axis in 0..<3 {
            detrended[axis].withUnsafeMutableBufferPointer { target in
                segment.acceleration[axis].withUnsafeBufferPointer {
                    estimator.detrended($0.baseAddress! + start, into: target.baseAddress!)
                }
            }
        }
        bursts.add(detrended, peak: peak)
    }

    private func objection(to peak: SpectralPeak) -> TremorResult.Objection? {
        if peak.prominence < settings.prominence { return .faint }
        if peak.widthHz >= settings.widestPeakHz { return .broad }
        return MovementHarmonic.movementHz(behind: peak, in: sum, settings).map { .harmonicOfMovement(hz: $0) }
    }

    private static func add(_ density: [Double], to total: inout [Double]) {
        for bin in total.indices { total[bin] += density[bin] }
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
            spectrogram: columns.spectrogram(total.frequenciesHz), flags: flags(recording))
    }

    /// The band around the windows' median peak, so that a single stray window does not decide the frequency.
    private static func around(_ tremor: [TremorResult.Window], _ band: ClosedRange<Double>) -> ClosedRange<Double> {
        let middle = Median.of(tremor.map(\.peakHz))
        return max(band.lowerBound, middle - 1)...min(band.upperBound, middle + 1)
    }

    private func flags(_ recording: Recording) -> [String] {
        var flags = recording.flags
        if constant > 0 { flags.append("\(constant) windows hold one value without change and were left out") }
        let harmonics = windows.filter { if case .harmonicOfMovement = $0.objection { true } else { false } }.count
        if harmonics > 0 {
            flags.append(
                "\(harmonics) windows have a peak at a multiple of a stronger, slower movement (arm swing): not counted as "
                    + "tremor")
        }
        if !windows.contains(where: \.isTremor) {
            flags.append(
                "no window has a peak that stands \(settings.prominence) times out of its surroundings: no tremor measures"
            )
        }
        return flags
    }
}
