/// The columns of a spectrogram: every window's at first, then every second's, fourth's, …, so that a week needs no more room
/// than a day.
struct SpectrogramColumns {
    /// At most twice this many columns are kept.
    private static let enough = 1200
    /// A spectrogram is at most this wide, gaps included.
    private static let widest = 4800

    private let bins: Int
    private var every = 1
    private var seen = 0
    private var times: [Double] = []
    /// One column after the other.
    private var values: [Double] = []

    init(bins: Int) { self.bins = bins }

    mutating func add(_ density: [Double], at timeS: Double) {
        defer { seen += 1 }
        guard seen % every == 0 else { return }
        if times.count == 2 * Self.enough { thin() }
        guard seen % every == 0 else { return }
        times.append(timeS)
        values.append(contentsOf: density)
    }

    private mutating func thin() {
        every *= 2
        for kept in 0..<(times.count / 2) {
            times[kept] = times[2 * kept]
            for bin in 0..<bins { values[kept * bins + bin] = values[2 * kept * bins + bin] }
        }
        times.removeLast(times.count - times.count / 2)
        values.removeLast(values.count - times.count * bins)
    }

    /// Columns at an even step; where no window lies, values are NaN.
    func spectrogram(_ frequencies: [Double]) -> TremorResult.Spectrogram {
        let columns = times.indices.map { Array(values[($0 * bins)..<(($0 + 1) * bins)]) }
        guard let first = times.first, let last = times.last, times.count > 1 else {
            return .init(timesS: times, frequenciesHz: frequencies, power: columns)
        }
        let usual = Median.of(zip(times.dropFirst(), times).map { $0 - $1 })
        // Long gaps would make it too wide: then a column stands for more time.
        let step = max(usual, (last - first) / Double(Self.widest - 1))
        func place(_ time: Double) -> Int { Int(((time - first) / step).rounded()) }
        var power = [[Double]](
            repeating: [Double](repeating: .nan, count: frequencies.count), count: place(last) + 1)
        for (time, column) in zip(times, columns) { power[place(time)] = column }
        return .init(timesS: power.indices.map { first + Double($0) * step }, frequenciesHz: frequencies, power: power)
    }
}
