import CKernels
import Glibc

/// Looks at the windows of chunks, one chunk after the other; several workers run at once, each with its own buffers.
final class WindowWorker {
    private let settings: TremorSettings
    private let survey: RecordingSurvey
    private let length: Int
    private let hop: Int
    private let hasAngularRate: Bool
    private let spectra: SegmentSpectrum
    private var parts: [Spectrum]
    private var sum: Spectrum
    private var detrended: [[Float]]
    private var envelope: TremorEnvelope
    private var rotation: RotationSpectrum
    /// Where in a window its middle begins, and envelope values of a middle.
    private let middle: Int
    /// Bins of a density that are shown.
    private let shown: Int
    private let moments: Int
    private var chunkMayClip = false
    /// A taper over half a window, of sum 1.
    private let half: [Double]

    init(_ settings: TremorSettings, _ survey: RecordingSurvey, length: Int, hop: Int, hasAngularRate: Bool) {
        (self.settings, self.survey, self.length, self.hop) = (settings, survey, length, hop)
        self.hasAngularRate = hasAngularRate
        let rate = survey.rateHz
        spectra = SegmentSpectrum(length: length, sampleRateHz: rate, taper: .hann, detrend: .linear)
        shown = SpectrogramColumns.bins(binHz: spectra.binHz, of: spectra.bins)
        let empty = [Double](repeating: 0, count: spectra.bins)
        self.sum = Spectrum(binHz: spectra.binHz, density: empty, segments: 1)
        parts = [Spectrum](repeating: self.sum, count: 3)
        detrended = [[Float]](
            repeating: [Float](repeating: 0, count: length + TremorEnvelope.padding), count: 3)
        envelope = TremorEnvelope(sampleRateHz: rate)
        rotation = RotationSpectrum(spectra, halfWidthHz: settings.halfWidthHz)
        let taper = Taper.hann.weights(length / 2)
        let sum = taper.reduce(0, +)
        half = taper.map { $0 / sum }
        let room = max(1, length - 2 * envelope.margin)
        let middle = min(Int(settings.hopS * rate), room)
        self.middle = (length - middle) / 2
        moments = max(1, Int(Double(middle) / rate * TremorEnvelope.rateHz))
    }

    var bins: Int { spectra.bins }

    /// Looks at all windows of a chunk.
    func look(at chunk: WindowChunk) {
        chunk.reset(bins: bins)
        let stretch = survey.stretches[chunk.stretch]
        spectra.setRate(stretch.outputHz)
        for axis in 0..<3 { parts[axis].binHz = spectra.binHz }
        sum.binHz = spectra.binHz
        chunkMayClip = mayClip(chunk)
        for window in 0..<chunk.count {
            let start = window * hop
            let startS = stretch.evenTime(at: Double(chunk.first + start))
            guard changes(chunk, start) else {
                chunk.constant += 1
                continue
            }
            guard !survey.isNonWear(startS, startS + settings.windowS) else {
                chunk.notWorn += 1
                continue
            }
            for axis in 0..<3 { density(chunk.acceleration[axis], start, axis) }
            addUp()
            judge(chunk, start, startS, chunk.firstWindow + window)
        }
    }

    private func changes(_ chunk: WindowChunk, _ start: Int) -> Bool {
        for axis in 0..<3 {
            let differs = chunk.acceleration[axis].withUnsafeBufferPointer { samples in
                let first = samples[start]
                for place in start..<(start + length) where samples[place] != first { return true }
                return false
            }
            if differs { return true }
        }
        return false
    }

    private func density(_ samples: [Double], _ start: Int, _ axis: Int) {
        parts[axis].density.withUnsafeMutableBufferPointer { density in
            density.update(repeating: 0)
            samples.withUnsafeBufferPointer { spectra.add($0.baseAddress! + start, to: density.baseAddress!) }
        }
    }

    private func addUp() {
        parts[0].density.withUnsafeBufferPointer { x in
            parts[1].density.withUnsafeBufferPointer { y in
                parts[2].density.withUnsafeBufferPointer { z in
                    sum.density.withUnsafeMutableBufferPointer {
                        for bin in $0.indices { $0[bin] = x[bin] + y[bin] + z[bin] }
                    }
                }
            }
        }
    }

    /// Decides whether the window at hand has tremor and adds it to the chunk's totals.
    private func judge(_ chunk: WindowChunk, _ start: Int, _ startS: Double, _ number: Int) {
        guard let peak = SpectralPeak(of: sum, axes: parts, in: settings.bandHz, isTone: true) else {
            chunk.constant += 1
            return
        }
        for axis in 0..<3 { Self.add(parts[axis].density, to: &chunk.axisTotals[axis]) }
        chunk.bandPower += sum.power(from: settings.bandHz.lowerBound, to: settings.bandHz.upperBound)
        chunk.numbers.append(number)
        chunk.densities += sum.density[..<shown]
        var window = TremorWindow(
            startS: startS, peakHz: Float(peak.frequencyHz),
            peakToPeakCm: Float(Displacement.peakToPeakCm(of: sum, at: peak, halfWidthHz: settings.halfWidthHz)),
            tremorShare: 0, prominence: Float(peak.prominence), widthHz: Float(peak.widthHz),
            verdict: verdict(on: peak))
        let gravityScale = describe(&window, peak, chunk, start)
        if window.isTremor {
            window.tremorShare = 1
            addEnvelope(chunk, start, peak, gravityScale)
        }
        window.peakToPeakCm *= Float(gravityScale)
        window.standardErrorCm = standardError(window, peak)
        chunk.envelopeEnds.append(chunk.envelope.count)
        chunk.found.append(window)
    }

    private static func add(_ density: [Double], to total: inout [Double]) {
        density.withUnsafeBufferPointer { density in
            total.withUnsafeMutableBufferPointer { for bin in $0.indices { $0[bin] += density[bin] } }
        }
    }

    private func verdict(on peak: SpectralPeak) -> TremorWindow.Verdict {
        guard peak.prominence >= settings.prominence else { return .faint }
        guard peak.widthHz < settings.widestPeakHz else { return .broad }
        return MovementHarmonic.movementHz(behind: peak, in: sum, settings) == nil ? .tremor : .harmonic
    }

    /// Posture, slow movement, harmonics, clipping and, with a gyroscope, the angle; returns what the displacement has to be
    /// multiplied by to take out gravity's part.
    private func describe(
        _ window: inout TremorWindow, _ peak: SpectralPeak, _ chunk: WindowChunk, _ start: Int
    ) -> Double {
        let f = peak.frequencyHz
        let own = sum.power(from: f - 0.5, to: f + 0.5)
        let second = sum.power(from: 2 * f - 0.5, to: 2 * f + 0.5)
        window.harmonicRatio = own > 0 ? Float(second / own) : .nan
        // The onset of a burst spreads a fiftieth of its power so far down.
        let around = sum.power(from: f - settings.halfWidthHz, to: f + settings.halfWidthHz)
        let skirt = window.prominence >= Float(settings.prominence) ? 0.02 * around : 0
        window.movement = Float(max(0, sum.power(from: 0.5, to: min(2.5, f - 1)) - skirt).squareRoot())
        window.isClipped = isClipped(chunk, start)
        // Halves under a taper: half cycles of tremor at the ends of a plain mean would look like a turn.
        let (early, late) = (
            taperedMean(chunk.acceleration, start), taperedMean(chunk.acceleration, start + length - half.count)
        )
        let up = (early + late) / 2
        if survey.hasGravity {
            window.setUp(up)
            let turn = angleDegrees(early, late)
            window.turnDegrees = UInt8(min(255, max(0, turn.isNaN ? 0 : turn.rounded())))
        }
        guard hasAngularRate, !chunk.angularRate[0].isEmpty else { return 1 }
        let found = rotation.measure(
            chunk.acceleration, chunk.angularRate, start, peak: peak, up: survey.hasGravity ? up : .zero)
        window.angleDegrees = Float(found.peakToPeakDegrees)
        return found.gravityScale
    }

    private func taperedMean(_ axes: [[Double]], _ start: Int) -> SIMD3<Double> {
        var result = SIMD3<Double>.zero
        half.withUnsafeBufferPointer { weights in
            for axis in 0..<3 {
                axes[axis].withUnsafeBufferPointer {
                    result[axis] = ck_product($0.baseAddress! + start, weights.baseAddress!, weights.count)
                }
            }
        }
        return result
    }

    /// Whether any sample of a chunk is at a limit.
    private func mayClip(_ chunk: WindowChunk) -> Bool {
        guard survey.hasClipping else { return false }
        return (0..<3).contains { axis in
            let (low, high) = chunk.acceleration[axis].withUnsafeBufferPointer {
                LaneSums.extremes($0.baseAddress!, $0.count)
            }
            return low <= survey.limits[axis].lowerBound || high >= survey.limits[axis].upperBound
        }
    }

    private func isClipped(_ chunk: WindowChunk, _ start: Int) -> Bool {
        guard chunkMayClip else { return false }
        for axis in 0..<3 where survey.limits[axis] != -Double.infinity...Double.infinity {
            let limits = survey.limits[axis]
            let clips = chunk.acceleration[axis].withUnsafeBufferPointer { samples in
                var run = 0
                for place in start..<(start + length) {
                    run = samples[place] <= limits.lowerBound || samples[place] >= limits.upperBound ? run + 1 : 0
                    if run == 2 { return true }
                }
                return false
            }
            if clips { return true }
        }
        return false
    }

    private func addEnvelope(_ chunk: WindowChunk, _ start: Int, _ peak: SpectralPeak, _ scale: Double) {
        for axis in 0..<3 {
            detrended[axis].withUnsafeMutableBufferPointer { target in
                chunk.acceleration[axis].withUnsafeBufferPointer {
                    spectra.detrended($0.baseAddress! + start, into: target.baseAddress!)
                }
            }
        }
        let first = chunk.envelope.count
        envelope.amplitudes(
            detrended, frequencyHz: peak.frequencyHz, noise: peak.floor, first: middle, count: moments,
            into: &chunk.envelope)
        if scale != 1 { for place in first..<chunk.envelope.count { chunk.envelope[place] *= Float(scale) } }
    }

    /// Noise of density N along the tremor's axis, averaged over the middle of T seconds, adds N / T to the variance of the
    /// acceleration's amplitude; the median of the envelope has 1.25 times the error of its mean. N is that of each axis by the
    /// axis's share of the peak; a median of single bins is ln 2 of their mean.
    private func standardError(_ window: TremorWindow, _ peak: SpectralPeak) -> Float {
        let seconds = Double(moments) / TremorEnvelope.rateHz
        let omega = 2 * Double.pi * peak.frequencyHz
        let bin = min(max(1, Int((peak.frequencyHz / sum.binHz).rounded())), bins - 2)
        var noise = 0.0
        for axis in 0..<3 {
            let share = parts[axis].density[bin] / max(sum.density[bin], .leastNormalMagnitude)
            noise += share * SpectralPeak.surroundings(parts[axis], bin)
        }
        return Float(200 * 1.25 * (noise / 0.6931 / seconds).squareRoot() / (omega * omega))
    }
}

/// The angle between two directions, degrees; NaN where one has no length.
func angleDegrees(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Double {
    let lengths = ((a * a).sum() * (b * b).sum()).squareRoot()
    return acos(min(1, max(-1, (a * b).sum() / lengths))) * 180 / Double.pi
}
