/// The columns of a spectrogram: every window's at first, then every second's, fourth's, …, so that a week needs no more room
/// than a day.
struct SpectrogramColumns {
    /// One window's density.
    struct Column {
        /// The window's number in the recording, from 0.
        var window: Int
        /// Its middle, s.
        var timeS: Double
        var density: [Double]
    }

    /// At most twice this many columns are kept.
    private static let enough = 1000
    /// A spectrogram is at most this wide, gaps included.
    private static let widest = 4000
    /// Bins above this frequency are not kept, Hz.
    static let highestHz = 25.0

    /// Every so many windows have a column.
    private(set) var every = 1
    private var columns: [Column] = []

    /// Takes columns in the order of windows; those that are no longer wanted are left out.
    mutating func add(_ new: [Column]) {
        for column in new where column.window % every == 0 {
            columns.append(column)
            if columns.count == 2 * Self.enough {
                every *= 2
                columns.removeAll { $0.window % every != 0 }
            }
        }
    }

    /// Columns at an even step; where no window lies, values are NaN.
    func spectrogram(_ frequencies: [Double]) -> TremorResult.Spectrogram {
        let times = columns.map(\.timeS)
        guard let first = times.first, let last = times.last, times.count > 1 else {
            return .init(timesS: times, frequenciesHz: frequencies, power: columns.map(\.density))
        }
        let usual = Median.of(zip(times.dropFirst(), times).map { $0 - $1 })
        // Long gaps would make it too wide: then a column stands for more time.
        let step = max(usual, (last - first) / Double(Self.widest - 1))
        // Stamps may run backward by a block; a column is never outside.
        let width = Int(((last - first) / step).rounded()) + 1
        guard last > first, step > 0, width > 0 else {
            return .init(timesS: times, frequenciesHz: frequencies, power: columns.map(\.density))
        }
        func place(_ time: Double) -> Int { min(width - 1, max(0, Int(((time - first) / step).rounded()))) }
        let empty = [Double](repeating: .nan, count: frequencies.count)
        var power = [[Double]](repeating: empty, count: width)
        for column in columns { power[place(column.timeS)] = column.density }
        return .init(timesS: power.indices.map { first + Double($0) * step }, frequenciesHz: frequencies, power: power)
    }
}
