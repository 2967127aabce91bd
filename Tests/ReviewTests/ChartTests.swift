import Review
import Testing

/// A step is round where it is 1, 2 or 5 times a power of ten.
private func isRound(_ step: Double) -> Bool {
    var mantissa = step
    while mantissa >= 9.999 { mantissa /= 10 }
    while mantissa < 0.999 { mantissa *= 10 }
    return [1.0, 2, 5].contains { abs(mantissa - $0) < 1e-6 }
}

@Test func ticksAreRoundNumbersThatCoverTheData() {
    var state: UInt64 = 7
    func next() -> Double {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Double(state >> 11) / Double(1 << 53)
    }
    for _ in 0..<2000 {
        var scale = 1.0
        for _ in 0..<Int(next() * 12) { scale *= next() < 0.5 ? 0.1 : 10 }
        let low = (next() - 0.5) * scale
        let width = scale * (0.01 + next())
        let ticks = Ticks(enclosing: low...(low + width))
        let step = ticks.values[1] - ticks.values[0]
        #expect(isRound(step), "\(low) \(width)")
        #expect(ticks.values.first! <= low + step * 1e-6 && ticks.values.last! >= low + width - step * 1e-6)
        #expect(ticks.values.first! > low - step && ticks.values.last! < low + width + step)
        #expect((3...12).contains(ticks.values.count))
        #expect(Set(ticks.labels).count == ticks.labels.count, "no two ticks print the same")
        let inside = Ticks(inside: low...(low + width))
        #expect(inside.values.allSatisfy { $0 >= low - step * 1e-6 && $0 <= low + width + step * 1e-6 })
    }
}

@Test func ticksPrintTheDigitsTheyNeed() {
    #expect(Ticks(enclosing: 0...25, count: 5).labels == ["0", "5", "10", "15", "20", "25"])
    #expect(Ticks(enclosing: -0.1...0.11, count: 5).labels == ["−0.10", "−0.05", "0.00", "0.05", "0.10", "0.15"])
    #expect(Ticks(decadesEnclosing: 0.03...20).labels == ["0.01", "0.1", "1", "10", "100"])
    #expect(
        Ticks(decadesEnclosing: 2e-6...4e-5).labels == ["10⁻⁶", "2·10⁻⁶", "5·10⁻⁶", "10⁻⁵", "2·10⁻⁵", "5·10⁻⁵", "10⁻⁴"])
    #expect(Ticks(decadesEnclosing: 1...10).values == [1, 2, 5, 10])
}

/// Places of the marks on a chart of known axes: 0 to 10 along both, no interval.
private func chart(_ y: [Double], style: LineChart.Series.Style = .line) -> LineChart {
    LineChart(
        title: "Test", xAxis: Axis("x", range: 0...10), yAxis: Axis("y", range: 0...10),
        series: [.init("One", x: y.indices.map { Double($0) }, y: y, style: style)])
}

private func polylines(_ picture: Picture, _ ink: Ink) -> [[Point]] {
    picture.marks.compactMap { if case .line(let points, ink, _, _) = $0, points.count > 1 { points } else { nil } }
}

@Test func aLineGoesThroughItsValuesInProportion() throws {
    // The legend has a line too: the last one is the data.
    let data = try #require(polylines(chart([0, 10, 5]).picture, .series(0)).last)
    #expect(data.count == 3)
    #expect(abs((data[1].y - data[0].y) / (data[2].y - data[0].y) - 2) < 1e-9)
    #expect(abs((data[2].x - data[0].x) / (data[1].x - data[0].x) - 2) < 1e-9)
    #expect(data[1].y < data[0].y, "high values are at the top")
}

@Test func aMissingValueBreaksTheLine() {
    #expect(polylines(chart([1, 2, .nan, 3, 4]).picture, .series(0)).dropFirst().map(\.count) == [2, 2])
}

/// Squares of 100: on a logarithmic axis 1, 100 and 10 000 are equally far apart, and 0 has no place.
@Test func aLogarithmicAxisPutsEqualRatiosEquallyFarApart() throws {
    let chart = LineChart(
        title: "", xAxis: Axis("x"), yAxis: Axis("y", isLogarithmic: true),
        series: [.init("", x: [0, 1, 2, 3], y: [1, 100, 10000, 0])])
    let data = try #require(polylines(chart.picture, .series(0)).last)
    #expect(data.count == 3)
    #expect(abs((data[0].y - data[1].y) - (data[1].y - data[2].y)) < 1e-9)
}

@Test func theBandOfASpectrumIsShadedAndItsPeakNamed() throws {
    let frequency = (1...100).map { Double($0) * 0.15 }
    let power = frequency.map { 0.001 + 1 / (1 + ($0 - 5) * ($0 - 5) * 40) }
    let chart = LineChart.spectrum(
        frequency: frequency, power: power, unit: "(m/s²)²/Hz", band: 3...7, bandLabel: "3–7 Hz", peak: 5.01)
    let svg = try chart.svg(alternative: "Spectrum")
    #expect(svg.contains(">peak 5.01 Hz</text>") && svg.contains(">3–7 Hz</text>"))
    let bands = chart.picture.marks.compactMap { mark -> Box? in
        if case .box(let box, .band, _, nil) = mark { box } else { nil }
    }
    let line = try #require(polylines(chart.picture, .series(0)).last)
    // 15 Hz are shown from 0 to 15: the band is 4/15 of the plot.
    #expect(bands.count == 1 && abs(bands[0].width / (line.last!.x - line[0].x) * 14.85 / 4 - 1) < 1e-6)
}

@Test func aTrendNamesItsVisitsAndMarksItsMissingOne() throws {
    let trend = LineChart.trend(
        title: "Uptake", label: "Ki", unit: "10⁻³/min",
        series: [.init("Left", x: [-1, 6, 12], y: [4, .nan, 7], low: [3.5, .nan, 6], high: [4.5, .nan, 8])],
        repeatability: 3.3...5.1, markers: [.init(x: 0, label: "surgery")])
    let svg = try trend.svg(alternative: "Trend")
    for tick in [">−1<", ">6<", ">12<", ">surgery<", "within repeatability", "Ki [10⁻³/min]"] {
        #expect(svg.contains(tick))
    }
    let points = trend.picture.marks.filter { if case .point = $0 { true } else { false } }
    #expect(points.count == 3, "two visits and the sample in the legend")
}

@Test func theJointPlotJoinsVisitsInTheirOrderAndNamesThem() throws {
    let joint = JointPlot(
        title: "", uptakeLabel: "SBR", motorLabel: "MDS-UPDRS III OFF", groups: [],
        paths: [.init("P07", dln: [0, 0.47, 0.34], improvement: [0, 6, 9], labels: ["M0", "M12", "M24"])],
        uptakeLimitLn: 0.24, reliable: 5)
    let line = try #require(polylines(joint.picture, .series(0)).last)
    #expect(line[1].x > line[2].x && line[2].x > line[0].x && line[2].y < line[1].y && line[1].y < line[0].y)
    let svg = try joint.svg(alternative: "Joint")
    for label in [">M0<", ">M12<", ">M24<", "improvement upward", "within error"] {
        #expect(svg.contains(label))
    }
    let bands = joint.picture.marks.filter {
        if case .box(let box, .band, _, nil) = $0 { box.height > 20 } else { false }
    }
    #expect(bands.count == 2)
}

@Test func barsStandOnZeroAndAMissingOneSaysSo() throws {
    let chart = BarChart(
        title: "Uptake", groups: ["Caudate", "Putamen"], valueAxis: Axis("SUVR"),
        series: [.init("Left", values: [4, -2]), .init("Right", values: [2, .nan], isPale: true)])
    let boxes = chart.picture.marks.compactMap { mark -> Box? in
        if case .box(let box, .series, _, _) = mark, box.height != 12 { box } else { nil }
    }
    #expect(boxes.count == 3)
    #expect(abs(boxes[0].height / boxes[1].height - 2) < 1e-9 && abs(boxes[0].bottom - boxes[1].bottom) < 1e-9)
    #expect(abs(boxes[2].y - boxes[0].bottom) < 1e-9, "a negative bar hangs from zero")
    #expect(try chart.svg(alternative: "").contains(">n/a<"))
}

@Test func theCellsOfAHeatMapHaveTheColoursOfTheirValues() throws {
    let map = HeatMap(
        title: "Map", xAxis: Axis("t", range: 0...3), yAxis: Axis("f", range: 0...2),
        valueAxis: Axis("v", range: 0...1), columns: 3, rows: 2, values: [0, 0.5, 1, 1, .nan, 0],
        lines: [.init("Peak", x: [0.5, 2.5], y: [0.5, 1.5])])
    let cells = try #require(
        map.picture.marks.lazy.compactMap { if case .image(let image, _) = $0 { image } else { nil } }.first)
    #expect((cells.width, cells.height) == (3, 2))
    // The first row of values is the lowest of the picture.
    #expect(cells[0, 1] == ColorMap.sea[0] && cells[1, 1] == ColorMap.sea[0.5] && cells[2, 1] == ColorMap.sea[1])
    #expect(cells[0, 0] == ColorMap.sea[1] && cells[1, 0].alpha == 0 && cells[2, 0] == ColorMap.sea[0])
    #expect(try map.svg(alternative: "Map").contains("href=\"data:image/png;base64,"))
}

@Test func aChartHasTheSamePixelsEveryTimeAndTheSizeAskedFor() {
    let one = chart([1, 5, 3], style: .linesAndPoints)
    let image = one.draw(scale: 2)
    #expect((image.width, image.height) == (1240, 720))
    #expect(image == one.draw(scale: 2))
    #expect(image[2, 2] == Theme.light.paper && one.draw(theme: .dark)[2, 2] == Theme.dark.paper)
}

@Test func chartsWithoutDataAreDrawnAndDoNotTrap() throws {
    for values in [[], [Double.nan], [3], [5, 5], [-Double.infinity, 1], [1.7e308, -1.7e308, 2], [0, 0]] {
        for isLogarithmic in [false, true] {
            let x = values.indices.map { Double($0) }
            let line = LineChart(
                title: "", xAxis: Axis("x", isLogarithmic: isLogarithmic),
                yAxis: Axis("y", isLogarithmic: isLogarithmic),
                series: [.init("s", x: x, y: values, low: values, high: values, style: .linesAndPoints)])
            #expect(line.draw(scale: 1).width == 620)
            let bars = BarChart(
                title: "", groups: values.map { _ in "g" }, valueAxis: Axis("y", isLogarithmic: isLogarithmic),
                series: [.init("s", values: values, low: values, high: values)])
            #expect(try bars.svg(alternative: "").hasSuffix("</svg>"))
        }
    }
}

@Test func textIsAsWideAsItIsLong() {
    let one = Canvas.width(of: "m", size: 12)
    #expect(one > 6 && one < 14)
    #expect(abs(Canvas.width(of: "mmmm", size: 12) - 4 * one) < 1e-6)
    #expect(abs(Canvas.width(of: "m", size: 24) - 2 * one) < 0.05)
    #expect(Canvas.width(of: "mm", size: 12, bold: true) > 2 * one)
}

@Test func aCanvasPutsThingsWhereTheyBelong() {
    let canvas = Canvas(width: 20, height: 10, background: Color(255, 255, 255))
    canvas.rectangle(Box(x: 2, y: 3, width: 4, height: 5), fill: Color(255, 0, 0))
    var image = RGBAImage(width: 2, height: 1, filledWith: Color(0, 0, 255))
    image[1, 0] = Color(0, 255, 0)
    canvas.image(image, in: Box(x: 10, y: 0, width: 8, height: 4))
    canvas.line([Point(0, 9.5), Point(20, 9.5)], color: Color(0, 0, 0))
    canvas.area([Point(10, 5), Point(14, 5), Point(14, 9), Point(10, 9)], color: Color(9, 9, 9))
    canvas.disc(Point(17, 7), radius: 1.5, fill: Color(200, 0, 200))
    let drawn = canvas.finish()
    #expect(drawn[2, 3] == Color(255, 0, 0) && drawn[5, 7] == Color(255, 0, 0))
    #expect(drawn[1, 3] == Color(255, 255, 255) && drawn[6, 7] == Color(255, 255, 255))
    #expect(drawn[10, 0] == Color(0, 0, 255) && drawn[13, 3] == Color(0, 0, 255) && drawn[14, 0] == Color(0, 255, 0))
    #expect(drawn[5, 9] == Color(0, 0, 0) && drawn[12, 7] == Color(9, 9, 9) && drawn[17, 7] == Color(200, 0, 200))
}

/// Half-transparent red on nothing: Cairo keeps colours multiplied by alpha, we do not.
@Test func transparencySurvivesDrawing() {
    let canvas = Canvas(width: 2, height: 1, background: Color(255, 0, 0, alpha: 128))
    let drawn = canvas.finish()
    #expect(drawn[0, 0] == Color(255, 0, 0, alpha: 128))
}

@Test func everySeriesCanBeReadOnItsPaper() {
    for theme in [Theme.light, .dark] {
        let paper = theme.paper.luminance
        for color in theme.series + [theme.text, theme.muted] {
            // WCAG: 3:1 for graphics.
            let (high, low) = (max(color.luminance, paper), min(color.luminance, paper))
            #expect((high + 0.05) / (low + 0.05) >= 3)
        }
    }
}
