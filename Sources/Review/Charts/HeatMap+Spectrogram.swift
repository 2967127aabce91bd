import Tremor

extension HeatMap {
    /// The spectrogram of a recording up to 20 Hz, power in dB of 1 (m/s²)²/Hz over 60 dB; `nil` where it has no column.
    public init?(spectrogramOf result: TremorResult, title: String = "Spectrogram", size: ChartSize = .whole) {
        let map = result.spectrogram
        let rows = map.frequenciesHz.filter { $0 <= 20 }.count
        guard let first = map.timesS.first, let last = map.timesS.last, map.timesS.count > 1, rows > 1 else {
            return nil
        }
        let step = (last - first) / Double(map.timesS.count - 1)
        let bin = map.frequenciesHz[1] - map.frequenciesHz[0]
        var values: [Float] = []
        values.reserveCapacity(rows * map.timesS.count)
        for row in 0..<rows {
            for column in map.timesS.indices { values.append(Decibel.of(map.power[column][row])) }
        }
        let highest = Double(values.filter(\.isFinite).max() ?? 0)
        let top = (highest / 10).rounded(.up) * 10
        self.init(
            title: title, xAxis: Axis("Time", unit: "s", range: (first - step / 2)...(last + step / 2)),
            yAxis: Axis("Frequency", unit: "Hz", range: (-bin / 2)...(map.frequenciesHz[rows - 1] + bin / 2)),
            valueAxis: Axis("Power", unit: "dB", range: (top - 60)...top), columns: map.timesS.count, rows: rows,
            values: values, size: size)
    }
}
