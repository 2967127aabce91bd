import Dispatch

/// The second pass: chunks of windows are gathered, looked at on all cores and added up in order. Chunks go round: while those that
/// are filled are looked at, the next are read and those before are added up.
struct WindowPass {
    /// A chunk, who looks at it, and whether it is being looked at.
    private struct Place {
        let chunk = WindowChunk()
        let worker: WindowWorker
        let looking = DispatchGroup()
        var isBusy = false
    }

    private let settings: TremorSettings
    private let survey: RecordingSurvey
    private let length: Int
    private var places: [Place]
    /// The place that is being filled.
    private var filling = 0
    private var assembler: ChunkAssembler
    private var bursts: BurstSettler
    private var spectra: WindowSpectra
    private var axisTotals: [[Double]]
    private var bandPower = 0.0
    private(set) var windows: [TremorWindow] = []
    /// Windows that were left out because nothing changes in them, or because the sensor was not worn.
    private var constant = 0, notWorn = 0
    private let hasAngularRate: Bool

    /// - Parameter together: chunks that are held at once, at most.
    init(_ settings: TremorSettings, _ survey: RecordingSurvey, hasAngularRate: Bool, together: Int = 16) {
        (self.settings, self.survey, self.hasAngularRate) = (settings, survey, hasAngularRate)
        let rate = survey.rateHz
        let length = settings.windowLength(at: rate)
        let hop = settings.hopLength(at: rate)
        self.length = length
        let counts = survey.stretches.map { max(0, ($0.evenCount - length) / hop + 1) }
        let chunks = counts.reduce(0) { $0 + ($1 + WindowChunk.windows - 1) / WindowChunk.windows }
        places = (0..<max(1, min(together, chunks))).map { _ in
            Place(worker: WindowWorker(settings, survey, length: length, hop: hop, hasAngularRate: hasAngularRate))
        }
        assembler = ChunkAssembler(length: length, hop: hop)
        bursts = BurstSettler(hopS: settings.hopS)
        spectra = WindowSpectra(settings, length: length, hop: hop, rateHz: rate)
        let empty = [Double](repeating: 0, count: length / 2 + 1)
        axisTotals = [empty, empty, empty]
        windows.reserveCapacity(counts.reduce(0, +))
    }

    mutating func add(_ piece: EvenSamples.Piece) {
        if !assembler.continues(piece) { drain(isLast: true) }
        var place = 0
        while place < piece.count {
            place = assembler.add(piece, from: place)
            drain(isLast: false)
        }
    }

    mutating func finish() {
        drain(isLast: true)
        for _ in places.indices {
            filling = (filling + 1) % places.count
            addUp()
        }
        settle(isLast: true)
    }

    /// Has chunks that are there looked at.
    private mutating func drain(isLast: Bool) {
        while assembler.take(into: places[filling].chunk, isLast: isLast) {
            nonisolated(unsafe) let (worker, chunk) = (places[filling].worker, places[filling].chunk)
            DispatchQueue.global().async(group: places[filling].looking) { worker.look(at: chunk) }
            places[filling].isBusy = true
            filling = (filling + 1) % places.count
            addUp()
        }
    }

    /// Adds up what was found in the chunk at the place to be filled next: the oldest.
    private mutating func addUp() {
        guard places[filling].isBusy else { return }
        places[filling].looking.wait()
        places[filling].isBusy = false
        let chunk = places[filling].chunk
        bursts.add(chunk)
        spectra.add(chunk, after: windows.count)
        windows += chunk.found
        settle(isLast: false)
        for axis in 0..<3 { Self.add(chunk.axisTotals[axis], to: &axisTotals[axis]) }
        bandPower += chunk.bandPower
        constant += chunk.constant
        notWorn += chunk.notWorn
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
