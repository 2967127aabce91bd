/// How regular a recording's tremor is: what its windows' samples say beyond their spectra.
public struct TremorDetails: Sendable {
    /// The tremor stability index over all stretches of tremor; `nil` for fewer than 20 cycles.
    public let stability: TremorStability.Index?
    /// Cycles of tremor that were timed.
    public let cycles: Int
    /// Median sample entropy of windows with tremor along their strongest axis, nats; `nil` without any.
    public let sampleEntropy: Double?
    /// Median spectral entropy from 0.5 to 20 Hz of windows with tremor, 0 to 1; `nil` without any.
    public let spectralEntropy: Double?
    /// Windows with tremor that were looked at.
    public let windows: Int
}

/// Reads a recording once more and looks at its stretches of tremor, as `result` found them.
public func tremorDetails(
    of source: any RecordingSource, result: TremorResult
) throws(RecordingError) -> TremorDetails {
    try source.rewind()
    let samples = OrderedSamples(source)
    let survey = try RecordingSurvey(samples, calibrates: result.settings.calibrates)
    let even = try EvenSamples(samples, survey)
    let length = result.settings.windowLength(at: survey.rateHz)
    let hop = result.settings.hopLength(at: survey.rateHz)
    var pass = DetailPass(result, survey, length: length, hop: hop)
    var assembler = ChunkAssembler(length: length, hop: hop)
    let chunk = WindowChunk()
    var piece = EvenSamples.Piece()
    while try even.read(into: &piece) {
        if !assembler.continues(piece) {
            while assembler.take(into: chunk, isLast: true) { pass.look(at: chunk) }
        }
        var place = 0
        while place < piece.count {
            place = assembler.add(piece, from: place)
            if assembler.take(into: chunk, isLast: false) { pass.look(at: chunk) }
        }
    }
    while assembler.take(into: chunk, isLast: true) { pass.look(at: chunk) }
    return pass.details
}

/// The pass over chunks; windows that are tremor are met in the order in which the result has them.
private struct DetailPass {
    private let survey: RecordingSurvey
    private let length: Int
    private let hop: Int
    private let tremor: [TremorWindow]
    private var next = 0
    /// Where in its stretch the last run's samples end: neighbouring chunks and runs overlap, and no cycle counts twice.
    private var counted = (stretch: -1, place: 0)
    /// The stability index takes no cycle this close to the end of the samples it sees, s and samples: the next chunk has it.
    private static let marginS = 0.5
    private let margin: Int
    private var stability = TremorStability()
    private let entropy: SignalEntropy?
    private let spectra: SegmentSpectrum
    private var sampleEntropies: [Double] = []
    private var spectralEntropies: [Double] = []

    init(_ result: TremorResult, _ survey: RecordingSurvey, length: Int, hop: Int) {
        (self.survey, self.length, self.hop) = (survey, length, hop)
        margin = Int((Self.marginS * survey.rateHz).rounded(.up))
        tremor = result.windows.filter(\.isTremor)
        entropy = length <= SignalEntropy.longest ? SignalEntropy(length: length) : nil
        spectra = SegmentSpectrum(length: length, sampleRateHz: survey.rateHz, taper: .hann, detrend: .linear)
    }

    mutating func look(at chunk: WindowChunk) {
        let stretch = survey.stretches[chunk.stretch]
        spectra.setRate(stretch.rateHz)
        var run: Run?
        for window in 0..<chunk.count {
            let start = window * hop
            guard next < tremor.count, tremor[next].startS == stretch.evenTime(at: Double(chunk.first + start)) else {
                continue
            }
            measure(chunk, start)
            // A window without tremor, or samples that lie between windows, end a run.
            if let found = run, start > min(found.end, found.start + found.frequencies.count * hop) {
                end(found, chunk, stretch.rateHz)
                run = nil
            }
            let frequency = Double(tremor[next].peakHz)
            run = Run(
                start: run?.start ?? start, end: start + length, frequencies: (run?.frequencies ?? []) + [frequency])
            next += 1
        }
        if let run { end(run, chunk, stretch.rateHz) }
    }

    /// Windows with tremor in a row in a chunk: its samples, and each window's frequency, Hz.
    private struct Run {
        var start: Int
        var end: Int
        var frequencies: [Double]
    }

    private mutating func end(_ run: Run, _ chunk: WindowChunk, _ rate: Double) {
        let begun = counted.stretch == chunk.stretch ? max(run.start, counted.place - chunk.first) : run.start
        let usable = min(run.end, chunk.acceleration[0].count - margin)
        guard begun < usable else { return }
        stability.add(
            chunk.acceleration, in: begun..<usable, sampleRateHz: rate, frequencyHz: Median.of(run.frequencies))
        counted = (chunk.stretch, chunk.first + usable)
    }

    private mutating func measure(_ chunk: WindowChunk, _ start: Int) {
        var best = (power: -1.0, axis: 0)
        var sum = [Double](repeating: 0, count: spectra.bins)
        for axis in 0..<3 {
            var density = [Double](repeating: 0, count: spectra.bins)
            density.withUnsafeMutableBufferPointer { target in
                chunk.acceleration[axis].withUnsafeBufferPointer {
                    spectra.add($0.baseAddress! + start, to: target.baseAddress!)
                }
            }
            let power = density.reduce(0, +)
            if power > best.power { best = (power, axis) }
            for bin in sum.indices { sum[bin] += density[bin] }
        }
        let total = Spectrum(binHz: spectra.binHz, density: sum, segments: 1)
        if let value = total.entropy(in: 0.5...20) { spectralEntropies.append(value) }
        let values = chunk.acceleration[best.axis].withUnsafeBufferPointer {
            entropy?.values(of: $0.baseAddress! + start)
        }
        if let sample = values?.sample { sampleEntropies.append(sample) }
    }

    var details: TremorDetails {
        TremorDetails(
            stability: stability.index, cycles: stability.cycles,
            sampleEntropy: sampleEntropies.isEmpty ? nil : Median.of(sampleEntropies),
            spectralEntropy: spectralEntropies.isEmpty ? nil : Median.of(spectralEntropies), windows: next)
    }
}
