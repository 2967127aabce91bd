import Records
import Tremor

extension TremorPicture {
    /// A spectrogram and a spectrum end here, Hz.
    private static let highestHz = 20.0
    /// Columns of a spectrogram, and points of the peak's track, at most: about the pixels there are.
    private static let columns = 1500, trackPoints = 520

    // MARK: - Spectrogram

    /// Density over the whole recording with the frequency of the windows with tremor; `nil` for a single window.
    static func spectrogram(_ result: TremorResult, upTo highestHz: Double = highestHz) -> HeatMap? {
        let map = result.spectrogram
        let rows = map.frequenciesHz.prefix { $0 <= highestHz }.count
        guard let first = map.timesS.first, let last = map.timesS.last, map.timesS.count > 1, last > first, rows > 1
        else { return nil }
        let step = (last - first) / Double(map.timesS.count - 1)
        let bin = map.frequenciesHz[1]
        // As wide as a source column or wider, so that none stays empty between two.
        let width = max(step, result.durationS / Double(columns))
        let start = first - step / 2
        let count = max(1, Int(((last + step / 2 - start) / width).rounded(.up)))
        var (sums, counts) = ([Double](repeating: 0, count: rows * count), [Double](repeating: 0, count: count))
        for (column, time) in map.timesS.enumerated() where map.power[column][0].isFinite {
            let place = min(count - 1, max(0, Int(((time - start) / width).rounded(.down))))
            counts[place] += 1
            for row in 0..<rows { sums[row * count + place] += map.power[column][row] }
        }
        var values = [Float](repeating: .nan, count: rows * count)
        for place in values.indices where counts[place % count] > 0 {
            values[place] = Decibel.of(sums[place] / counts[place % count])
        }
        let (low, high) = decibels(values)
        var chart = HeatMap(
            title: "Spectrogram, dB of 1 (m/s²)²/Hz", xAxis: timeAxis(result),
            yAxis: Axis("Frequency", unit: "Hz", range: (-bin / 2)...(map.frequenciesHz[rows - 1] + bin / 2)),
            valueAxis: Axis("Power", unit: "dB", range: low...high), columns: count, rows: rows,
            values: values, lines: [track(result)].compactMap { $0 },
            size: ChartSize(width: ChartSize.whole.width, height: 360))
        chart.cellRange = start...(start + Double(count) * width)
        chart.blanks = blanks(result)
        chart.margins = margins
        return chart
    }

    /// Where colours begin and end, dB: from 40 to 80 below the highest value, so that only the lowest twentieth is alike.
    private static func decibels(_ values: [Float]) -> (low: Double, high: Double) {
        let sorted = values.filter(\.isFinite).sorted()
        guard let highest = sorted.last else { return (-60, 0) }
        let high = (Double(highest) / 10).rounded(.up) * 10
        let low = (Double(sorted[sorted.count / 20]) / 10).rounded(.down) * 10
        return (min(high - 40, max(high - 80, low)), high)
    }

    /// The frequency of the windows with tremor as a line that is broken where there is none; where several share a point, their
    /// median as a dot.
    static func track(_ result: TremorResult) -> LineChart.Series? {
        guard result.peakFrequencyHz != nil else { return nil }
        let name = "frequency of windows with tremor"
        let half = result.settings.windowS / 2
        let width = result.durationS / Double(trackPoints)
        var (x, y) = ([Double](), [Double]())
        guard width > result.settings.hopS else {
            for window in result.windows {
                if let last = x.last, window.startS + half - last > 1.5 * result.settings.hopS {
                    x.append(last)
                    y.append(.nan)
                }
                x.append(window.startS + half)
                y.append(window.isTremor ? Double(window.peakHz) : .nan)
            }
            return LineChart.Series(name, x: x, y: y)
        }
        var found = [[Double]](repeating: [], count: trackPoints)
        for window in result.windows where window.isTremor {
            found[min(trackPoints - 1, max(0, Int((window.startS + half) / width)))].append(Double(window.peakHz))
        }
        for (place, frequencies) in found.enumerated() where !frequencies.isEmpty {
            x.append((Double(place) + 0.5) * width)
            y.append(frequencies.sorted()[frequencies.count / 2])
        }
        return LineChart.Series(name, x: x, y: y, style: .points)
    }

    private static func blanks(_ result: TremorResult) -> [HeatMap.Blank] {
        result.gaps.map { .init($0.startS...($0.startS + $0.durationS), label: "no data", isHatched: false) }
            + result.nonWear.map { .init($0.lowerBound...$0.upperBound, label: "not worn", isHatched: true) }
    }

    // MARK: - Spectrum

    /// The mean spectrum with its interval; `nil` without any power.
    static func spectrum(_ result: TremorResult) -> LineChart? {
        guard let average = result.averageSpectrum else { return nil }
        // Below, what is left is the windows' lines that were taken away.
        let shown = average.frequenciesHz.indices.filter { (0.5...highestHz).contains(average.frequenciesHz[$0]) }
        guard shown.contains(where: { average.density[$0] > 0 }) else { return nil }
        let windows = average.windows == 1 ? "1 window" : "\(average.windows) windows"
        let of = average.isOfTremor ? "\(windows) with tremor" : average.windows == 1 ? windows : "all \(windows)"
        let marker =
            result.peakFrequencyHz.map {
                LineChart.Marker(x: $0, label: "tremor \(fixed($0, 2)) Hz (median of windows)")
            }
            ?? result.spectralPeakHz.map { LineChart.Marker(x: $0, label: "highest \(fixed($0, 2)) Hz, no tremor") }
        var chart = LineChart(
            title: "Mean spectrum of \(of)",
            xAxis: Axis("Frequency", unit: "Hz", range: 0...average.frequenciesHz[shown[shown.count - 1]].rounded(.up)),
            yAxis: Axis("Power spectral density", unit: "(m/s²)²/Hz", isLogarithmic: true),
            series: [
                LineChart.Series(
                    "mean; shaded, its 95 % interval", x: shown.map { average.frequenciesHz[$0] },
                    y: shown.map { average.density[$0] }, low: shown.map { average.low[$0] },
                    high: shown.map { average.high[$0] })
            ],
            bands: [
                LineChart.Band(
                    .alongX, result.settings.bandHz, label: "searched for tremor, \(band(result))")
            ], markers: marker.map { [$0] } ?? [], size: ChartSize(width: ChartSize.whole.width, height: 360))
        chart.margins = margins
        return chart
    }

    // MARK: - Time

    /// Clocks of damaged files say more, s: 30,000 years.
    static let longestS = 1e12

    /// Seconds of the recording; ticks are what people count in.
    static func timeAxis(_ result: TremorResult) -> Axis {
        let length = result.durationS
        let range = 0...length
        if length >= 3 * 3600, let midnight = secondsToMidnight(result) {
            return clockAxis(length, midnight, range, isUTC: result.header.isUTC)
        }
        let (unit, seconds) = length < 180 ? ("s", 1.0) : length < 3 * 3600 ? ("min", 60) : ("h", 3600)
        let round = Ticks(inside: 0...(length / seconds), count: 12)
        return Axis(
            "Time since the start", unit: unit, range: range,
            ticks: Ticks(zip(round.values, round.labels).map { (value: $0 * seconds, label: $1) }))
    }

    /// Times of day, or the days of longer recordings, which begin at midnight.
    private static func clockAxis(
        _ length: Double, _ midnight: Double, _ range: ClosedRange<Double>, isUTC: Bool
    ) -> Axis {
        let zone = isUTC ? " (UTC)" : ""
        guard length <= 36 * 3600 else {
            let days = Int((length / 86400).rounded(.up)) + 1
            let every = max(1, (days + 13) / 14)
            let ticks = stride(from: 1, to: days + 1, by: every).map { day in
                (value: midnight + Double(day - 1) * 86400, label: "day \(day + 1)")
            }
            return Axis(
                "Days, from midnight to midnight\(zone)", range: range,
                ticks: Ticks([(value: 0, label: "day 1")] + ticks.filter { $0.value <= length }))
        }
        let step = length <= 6 * 3600 ? 1800.0 : length <= 13 * 3600 ? 3600 : length <= 26 * 3600 ? 7200 : 10800
        let offset = 86400 - midnight
        let first = (offset / step).rounded(.up) * step
        let ticks = stride(from: first, through: offset + length, by: step).map { time in
            (value: time - offset, label: clock(time.truncatingRemainder(dividingBy: 86400)))
        }
        return Axis("Time of day\(zone)", range: range, ticks: Ticks(ticks))
    }

    private static func clock(_ seconds: Double) -> String {
        let minutes = Int((seconds / 60).rounded())
        func two(_ value: Int) -> String { (value < 10 ? "0" : "") + String(value) }
        return two(minutes / 60) + ":" + two(minutes % 60)
    }

    /// From the first sample to the first midnight of the device's clock, s, up to a day; `nil` where the clock has no date.
    static func secondsToMidnight(_ result: TremorResult) -> Double? {
        guard let start = result.header.startEpochS, abs(start) < longestS, result.durationS < longestS else {
            return nil
        }
        return 86400 - (start - (start / 86400).rounded(.down) * 86400)
    }
}
