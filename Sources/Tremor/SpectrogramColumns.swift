/// The columns of a spectrogram: one a window at first, then the mean of two, four, …, so that a week needs no more room than a
/// day and no bout is between the columns.
struct SpectrogramColumns {
    /// Windows in a row: their number, and the sums of their middles, s, and densities.
    private struct Column {
        var block: Int
        var windows: Int
        var timeSum: Double
        var density: [Double]

        mutating func add(_ other: Column) {
            windows += other.windows
            timeSum += other.timeSum
            for bin in density.indices { density[bin] += other.density[bin] }
        }
    }

    /// At most twice this many columns are kept.
    private static let enough = 1000
    /// A spectrogram is at most this wide, gaps included.
    private static let widest = 4000
    /// Bins above this frequency are not kept, Hz.
    private static let highestHz = 25.0

    /// Every so many windows are one column.
    private var every = 1
    private var columns: [Column] = []

    /// How many of a density's bins are kept.
    static func bins(binHz: Double, of all: Int) -> Int { min(all, Int(highestHz / binHz) + 1) }

    /// Takes the next window: its number in the recording, from 0, its middle, s, and its density.
    mutating func add(window: Int, timeS: Double, density: ArraySlice<Double>) {
        let block = window / every
        if let last = columns.last, last.block == block {
            SpectrumBatches.add(density, to: &columns[columns.count - 1].density)
            columns[columns.count - 1].windows += 1
            columns[columns.count - 1].timeSum += timeS
            return
        }
        columns.append(Column(block: block, windows: 1, timeSum: timeS, density: Array(density)))
        if columns.count == 2 * Self.enough { joinPairs() }
    }

    private mutating func joinPairs() {
        every *= 2
        var joined = 0
        for place in columns.indices {
            var column = columns[place]
            column.block /= 2
            if joined > 0, columns[joined - 1].block == column.block {
                columns[joined - 1].add(column)
            } else {
                columns[joined] = column
                joined += 1
            }
        }
        columns.removeLast(columns.count - joined)
    }

    /// Columns at an even step; where no window lies, values are NaN.
    func spectrogram(_ frequencies: [Double]) -> TremorResult.Spectrogram {
        let times = columns.map { $0.timeSum / Double($0.windows) }
        let means = columns.map { column in column.density.map { $0 / Double(column.windows) } }
        guard let first = times.first, let last = times.last, times.count > 1 else {
            return .init(timesS: times, frequenciesHz: frequencies, power: means)
        }
        let usual = Median.of(zip(times.dropFirst(), times).map { $0 - $1 })
        // Long gaps would make it too wide: then a column stands for more time.
        let step = max(usual, (last - first) / Double(Self.widest - 1))
        // Stamps may run backward by a block; a column is never outside.
        let width = Int(((last - first) / step).rounded()) + 1
        guard last > first, step > 0, width > 0 else {
            return .init(timesS: times, frequenciesHz: frequencies, power: means)
        }
        func place(_ time: Double) -> Int { min(width - 1, max(0, Int(((time - first) / step).rounded()))) }
        let empty = [Double](repeating: .nan, count: frequencies.count)
        var power = [[Double]](repeating: empty, count: width)
        for (time, density) in zip(times, means) { power[place(time)] = density }
        return .init(timesS: power.indices.map { first + Double($0) * step }, frequenciesHz: frequencies, power: power)
    }
}
