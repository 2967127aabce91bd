import Glibc

extension FreezingMethod {
    /// The index over time.
    ///
    /// - Parameters:
    ///   - axes: accelerations in m/s² at a constant rate, equally many samples each: one axis, as the papers have it, or three,
    ///     whose spectra are added, so that it does not matter how the sensor sits. A window with a number missing (NaN) is left out.
    ///   - sampleRateHz: the true rate.
    /// - Throws: where the rate is too low for the freeze band or there is no whole window.
    public func course(of axes: [[Double]], sampleRateHz: Double) throws(RecordingError) -> FreezingCourse {
        precondition(!axes.isEmpty && Set(axes.map(\.count)).count == 1, "axes are equally long")
        // Above 0.8 of Nyquist's frequency sensors' own filters take part.
        let needed = 2 * freezeHz.upperBound / 0.8
        guard sampleRateHz.isFinite, sampleRateHz >= needed else {
            throw .rateTooLow(rate: sampleRateHz, needed: needed)
        }
        let length = Int((windowS * sampleRateHz).rounded())
        let step = max(1, Int((stepS * sampleRateHz).rounded()))
        guard axes[0].count >= length else { throw .tooFewSamples(axes[0].count) }

        let estimator = WindowDensity(self, length: length, sampleRateHz: sampleRateHz)
        let (locomotor, freeze) = (estimator.bins(of: locomotorHz), estimator.bins(of: freezeHz))
        var missing = MissingSamples(axes)
        var course = FreezingCourse(method: self, stepS: Double(step) / sampleRateHz)
        var ratios: [Double] = []
        var runs: [Int] = []
        var density = [Double](repeating: 0, count: estimator.binCount)
        for (place, start) in stride(from: 0, through: axes[0].count - length, by: step).enumerated() {
            guard missing.isComplete(start, length) else {
                course.windowsLeftOut += 1
                continue
            }
            estimator.density(of: axes, at: start, into: &density)
            var (slow, fast) = (0.0, 0.0)
            for bin in locomotor { slow += density[bin] }
            for bin in freeze { fast += density[bin] }
            // Where nothing moves there is no ratio; the floor says so.
            ratios.append(fast == 0 ? 0 : fast / slow)
            runs.append(place)
            course.timesS.append((Double(start) + Double(length - 1) / 2) / sampleRateHz)
            course.rms.append(((slow + fast) * estimator.binHz).squareRoot())
        }
        guard !ratios.isEmpty else {
            throw .noValidWindow("every window of \(significantText(windowS)) s has a sample missing")
        }
        course.index = smoothed(ratios, runs).map { scale == .ratio ? $0 : log(100 * $0 * $0) }
        return course
    }

    /// The moving mean over ratios whose windows follow each other without one left out; at ends, of those there are.
    private func smoothed(_ ratios: [Double], _ runs: [Int]) -> [Double] {
        guard smoothing > 1 else { return ratios }
        let reach = smoothing / 2
        return ratios.indices.map { place in
            var (sum, count) = (0.0, 0.0)
            for other in max(0, place - reach)...min(ratios.count - 1, place + reach)
            where runs[other] - runs[place] == other - place {
                sum += ratios[other]
                count += 1
            }
            return sum / count
        }
    }
}

/// Summed densities of windows; buffers are made once.
private struct WindowDensity {
    let binHz: Double
    let binCount: Int
    private let segment: SegmentSpectrum?
    private let multitaper: MultitaperEstimator?

    init(_ method: FreezingMethod, length: Int, sampleRateHz: Double) {
        switch method.window {
        case .slepian(let timeBandwidth, let tapers):
            let estimator = MultitaperEstimator(
                length: length, sampleRateHz: sampleRateHz, timeBandwidth: timeBandwidth, tapers: tapers,
                detrend: method.detrend)
            (segment, multitaper) = (nil, estimator)
            (binHz, binCount) = (estimator.binHz, estimator.bins)
        case .rectangular, .hann:
            let estimator = SegmentSpectrum(
                length: length, sampleRateHz: sampleRateHz, taper: method.window == .hann ? .hann : .rectangular,
                detrend: method.detrend)
            (segment, multitaper) = (estimator, nil)
            (binHz, binCount) = (estimator.binHz, estimator.bins)
        }
    }

    /// The bins f with low ≤ f < high. A bin within a hundredth of its width of a band's end lies on it: clocks measured as 63.99998 and
    /// 64.00002 Hz have the same bins.
    func bins(of band: Range<Double>) -> Range<Int> {
        let first = Int((band.lowerBound / binHz - 0.01).rounded(.up))
        let end = Int((band.upperBound / binHz - 0.01).rounded(.up))
        return max(0, first)..<min(binCount, max(first, end))
    }

    func density(of axes: [[Double]], at start: Int, into density: inout [Double]) {
        density.withUnsafeMutableBufferPointer { density in
            density.update(repeating: 0)
            for axis in axes {
                axis.withUnsafeBufferPointer { axis in
                    segment?.add(axis.baseAddress! + start, to: density.baseAddress!)
                    multitaper?.add(axis.baseAddress! + start, to: density.baseAddress!)
                }
            }
        }
    }
}

/// Which stretches have every number, asked for in order of time.
struct MissingSamples {
    private let places: [Int]
    private var next = 0

    init(_ axes: [[Double]]) {
        places = axes[0].indices.filter { place in !axes.allSatisfy { $0[place].isFinite } }
    }

    mutating func isComplete(_ start: Int, _ length: Int) -> Bool {
        while next < places.count && places[next] < start { next += 1 }
        return next == places.count || places[next] >= start + length
    }
}
