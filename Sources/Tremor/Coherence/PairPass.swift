/// The second pass over two sensors: their samples at common moments, segment by segment.
struct PairPass {
    /// Segments that are added together.
    private static let together = 64
    /// Below, gravity's share changes as the limb turns slowly, Hz.
    private static let lowestTestedHz = 1.0
    /// A rate shows tremor up to this share of it.
    private static let highestShare = 0.4

    private let sensors: (SurveyedSensor, SurveyedSensor)
    private let common: CommonTime
    private var settings: CoherenceSettings
    private let names: (String, String)
    private let rateHz: Double
    private let length: Int
    private let spectra: CrossSpectra
    private var flags: [String] = []
    /// Segments in which a sensor shows one value without change.
    private var constant = 0
    private var analysed = 0.0

    init(
        _ first: SurveyedSensor, _ second: SurveyedSensor, _ common: CommonTime, _ settings: CoherenceSettings,
        names: (String, String)
    ) throws(PairError) {
        (sensors, self.common, self.settings, self.names) = ((first, second), common, settings, names)
        // Taking samples away would fold what lies above half of the lower rate.
        rateHz = max(first.survey.rateHz, second.survey.rateHz)
        let lower = min(first.survey.rateHz, second.survey.rateHz)
        var segment = TremorSettings()
        segment.windowS = settings.segmentS
        guard settings.segmentS * rateHz < 1e7 else {
            throw .tooFewSegments(0, segmentS: settings.segmentS, commonS: common.durationS)
        }
        length = segment.windowLength(at: rateHz)
        spectra = CrossSpectra(channels: 6, sampleRateHz: rateHz, segmentLength: length)
        let highest = Self.highestShare * lower
        guard highest >= settings.bandHz.lowerBound + 2 else {
            let error = RecordingError.rateTooLow(
                rate: lower, needed: (settings.bandHz.lowerBound + 2) / Self.highestShare)
            throw first.survey.rateHz <= second.survey.rateHz ? .first(error) : .second(error)
        }
        if settings.bandHz.upperBound > highest {
            self.settings.bandHz = settings.bandHz.lowerBound...highest
            flags.append(
                "a rate of \(significantText(lower)) Hz shows tremor up to \(significantText(highest)) Hz: the band ends there"
            )
        }
    }

    mutating func result(_ progress: (Double) -> Void) throws(PairError) -> SensorCoherence {
        try read(progress)
        guard spectra.segments >= SensorCoherence.fewestSegments else {
            throw .tooFewSegments(
                spectra.segments, segmentS: Double(length) / rateHz, commonS: common.durationS)
        }
        progress(1)
        let band = settings.bandHz
        guard let axisA = spectra.axis(ofSensorAt: 0, band: band) else { throw .still(isFirst: true) }
        guard let axisB = spectra.axis(ofSensorAt: 3, band: band) else { throw .still(isFirst: false) }
        let (totalA, totalB) = (total(from: 0), total(from: 3))
        guard let peakA = SpectralPeak(of: totalA, in: band) else { throw .still(isFirst: true) }
        guard let peakB = SpectralPeak(of: totalB, in: band) else { throw .still(isFirst: false) }
        guard var coherence = spectra.coherence(ofSensorAt: 0, andSensorAt: 3, band: band),
            let peak = SpectralPeak(of: mean(totalA, totalB), in: band)
        else {
            throw .tooFewSegments(spectra.segments, segmentS: Double(length) / rateHz, commonS: common.durationS)
        }
        coherence.lowestTestedHz = Self.lowestTestedHz
        guard let point = coherence.point(at: peak.frequencyHz)
        else {
            throw .tooFewSegments(spectra.segments, segmentS: Double(length) / rateHz, commonS: common.durationS)
        }
        addFlags(peakA, peakB)
        flagSameSignal(coherence)
        let densities = coherence.densities
        return SensorCoherence(
            sensors: [
                sensor(sensors.0, peakA, axisA, densities.first), sensor(sensors.1, peakB, axisB, densities.second),
            ], coherence: coherence, peakHz: peak.frequencyHz, atPeak: point,
            delay: coherence.delay(around: peak.frequencyHz), commonS: common.durationS,
            analysedS: min(analysed, common.durationS),
            segments: spectra.segments, rateHz: rateHz, segmentS: Double(length) / rateHz, settings: settings,
            flags: flags)
    }

    private func sensor(
        _ sensor: SurveyedSensor, _ peak: SpectralPeak, _ axis: PrincipalAxis, _ density: [Double]
    ) -> SensorCoherence.Sensor {
        SensorCoherence.Sensor(
            header: sensor.samples.header, sampleRateHz: sensor.survey.rateHz, durationS: sensor.survey.durationS,
            peakHz: peak.frequencyHz, prominence: peak.prominence, direction: axis.direction,
            directionShare: axis.share, density: density)
    }

    /// The three axes of a sensor, summed.
    private func total(from channel: Int) -> Spectrum {
        var sum = spectra.spectrum(of: channel)
        for axis in 1..<3 {
            let other = spectra.spectrum(of: channel + axis)
            for bin in sum.density.indices { sum.density[bin] += other.density[bin] }
        }
        return sum
    }

    /// The mean of two spectra, each relative to its power in the band.
    private func mean(_ a: Spectrum, _ b: Spectrum) -> Spectrum {
        func power(_ s: Spectrum) -> Double {
            max(s.power(from: settings.bandHz.lowerBound, to: settings.bandHz.upperBound), .leastNormalMagnitude)
        }
        let (powerA, powerB) = (power(a), power(b))
        var result = a
        for bin in result.density.indices { result.density[bin] = a.density[bin] / powerA + b.density[bin] / powerB }
        return result
    }

    // MARK: - Reading

    private mutating func read(_ progress: (Double) -> Void) throws(PairError) {
        let (a, b) = sensors
        let rateHz = rateHz
        let first = try PairError.inFirst { () throws(RecordingError) in try CommonSamples(a, rateHz: rateHz) }
        let second = try PairError.inSecond { () throws(RecordingError) in try CommonSamples(b, rateHz: rateHz) }
        var doneS = 0.0
        for part in common.parts {
            doneS += part.durationS
            guard part.durationS * rateHz + 1 >= Double(length) else { continue }
            first.begin(from: part.startS, to: part.endS, stretch: part.stretches.0)
            second.begin(from: part.startS, to: part.endS, stretch: part.stretches.1)
            try read(first, second)
            progress(0.3 + 0.7 * doneS / common.durationS)
        }
    }

    /// Reads one part; samples that both have are added and forgotten.
    private mutating func read(_ first: CommonSamples, _ second: CommonSamples) throws(PairError) {
        var (a, b): ([[Double]], [[Double]]) = ([[], [], []], [[], [], []])
        let hop = length / 2
        let whole = (Self.together - 1) * hop + length
        var (moreA, moreB) = (true, true)
        while moreA || moreB {
            if moreA, a[0].count <= b[0].count || !moreB {
                moreA = try PairError.inFirst { () throws(RecordingError) in try first.read(into: &a) }
            } else {
                moreB = try PairError.inSecond { () throws(RecordingError) in try second.read(into: &b) }
            }
            while min(a[0].count, b[0].count) >= whole {
                add(a, b, whole)
                for axis in 0..<3 {
                    a[axis].removeFirst(Self.together * hop)
                    b[axis].removeFirst(Self.together * hop)
                }
            }
        }
        let before = spectra.segments
        add(a, b, min(a[0].count, b[0].count))
        // Segments of a part count for what each adds; the last one's other half is the part's end, from sample to sample.
        if spectra.segments > before { analysed += Double(length - hop - 1) / rateHz }
    }

    private mutating func add(_ a: [[Double]], _ b: [[Double]], _ count: Int) {
        guard count >= length else { return }
        var columns = (a + b).map { Array($0[..<count]) }
        let hop = length / 2
        let still = stride(from: 0, through: count - length, by: hop).filter {
            Self.isConstant(columns[..<3], $0, length) || Self.isConstant(columns[3...], $0, length)
        }
        // A segment with a missing number is left out.
        for start in still { columns[0][start + hop] = .nan }
        constant += still.count
        let before = spectra.segments
        spectra.add(columns)
        let added = spectra.segments - before
        analysed += Double(added * hop) / rateHz
    }

    /// Whether none of a sensor's axes changes in a segment, but for rounding.
    private static func isConstant(_ axes: ArraySlice<[Double]>, _ start: Int, _ length: Int) -> Bool {
        axes.allSatisfy { axis in
            let value = axis[start]
            return axis[start..<(start + length)].allSatisfy { abs($0 - value) <= 1e-9 * max(1, abs(value)) }
        }
    }

    // MARK: - What has to be said

    private mutating func addFlags(_ a: SpectralPeak, _ b: SpectralPeak) {
        for (name, sensor) in [(names.0, sensors.0), (names.1, sensors.1)] {
            flags += sensor.survey.flags.map { "\(name): \($0)" }
        }
        if constant > 0 {
            flags.append("\(constant) segments in which a sensor shows one value without change were left out")
        }
        for (name, peak) in [(names.0, a), (names.1, b)] where peak.prominence < Self.clear {
            flags.append("\(name): its spectrum has no clear peak in the band")
        }
        if a.prominence >= Self.clear, b.prominence >= Self.clear, abs(a.frequencyHz - b.frequencyHz) > 0.5 {
            flags.append(
                "the sensors' peaks are at \(significantText(a.frequencyHz)) and \(significantText(b.frequencyHz)) Hz: two "
                    + "tremors may be there")
        }
    }

    /// Noise of two sensors has nothing in common: where half of all bins are coherent, one signal stands in both files.
    private mutating func flagSameSignal(_ coherence: Coherence) {
        let highest = Self.highestShare * min(sensors.0.survey.rateHz, sensors.1.survey.rateHz)
        let values = coherence.values.indices.filter { (1...highest).contains(Double($0) * coherence.binHz) }
            .map { coherence.values[$0] }.sorted()
        guard !values.isEmpty, values[values.count / 2] > Self.sameSignal else { return }
        flags.append(
            "the two are coherent at most frequencies, in their noise too: they may be one sensor's recording twice")
    }

    /// Two sensors on one limb stay below in bins without tremor.
    private static let sameSignal = 0.98

    /// A peak of a mean spectrum that stands out by less is none.
    private static let clear = 3.0
}
