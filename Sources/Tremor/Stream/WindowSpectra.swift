/// Spectra of windows as they are found: the mean of all, the mean of those with tremor, and the spectrogram.
///
/// Whether a window is tremor is settled some windows later; its density waits until then.
struct WindowSpectra {
    private let bins: Int
    private let windowS: Double
    private var all: SpectrumBatches
    private var tremor: SpectrumBatches
    private var columns = SpectrogramColumns()
    /// Windows that may be tremor, by their place, and their densities one after the other.
    private var waiting: [Int] = []
    private var densities: [Double] = []

    init(_ settings: TremorSettings, length: Int, hop: Int, rateHz: Double) {
        bins = SpectrogramColumns.bins(binHz: rateHz / Double(length), of: length / 2 + 1)
        windowS = settings.windowS
        all = SpectrumBatches(bins: bins, length: length, hop: hop, rateHz: rateHz)
        tremor = all
    }

    /// Takes a chunk's windows, which come after `before` others.
    mutating func add(_ chunk: WindowChunk, after before: Int) {
        for (place, window) in chunk.found.enumerated() {
            let density = chunk.densities[(place * bins)..<((place + 1) * bins)]
            all.add(density, startS: window.startS)
            columns.add(window: chunk.numbers[place], timeS: window.startS + windowS / 2, density: density)
            if window.isTremor {
                waiting.append(before + place)
                densities += density
            }
        }
    }

    /// Adds the windows that remained tremor, of those before `end`, which are settled.
    mutating func settle(_ windows: [TremorWindow], before end: Int) {
        let settled = waiting.prefix { $0 < end }.count
        guard settled > 0 else { return }
        for place in 0..<settled where windows[waiting[place]].isTremor {
            tremor.add(densities[(place * bins)..<((place + 1) * bins)], startS: windows[waiting[place]].startS)
        }
        waiting.removeFirst(settled)
        densities.removeFirst(settled * bins)
    }

    /// The mean over windows with tremor; over all where there are none.
    func average(binHz: Double, ofBins whole: Int) -> AverageSpectrum? {
        tremor.average(binHz: binHz, isWhole: bins == whole, isOfTremor: true)
            ?? all.average(binHz: binHz, isWhole: bins == whole, isOfTremor: false)
    }

    /// Density over time.
    func spectrogram(binHz: Double) -> TremorResult.Spectrogram {
        columns.spectrogram((0..<bins).map { Double($0) * binHz })
    }
}
