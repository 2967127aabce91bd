/// Adverse events of patients over days: a row a patient, a box an event with its grade, filled where it limits the dose.
public struct EventGrid: Chart {
    /// An event.
    public struct Event: Sendable {
        /// Days after treatment.
        public var day: Double
        /// What is printed in its box: the grade.
        public var label: String
        /// Whether it limits the dose.
        public var isFilled: Bool

        /// An event.
        public init(day: Double, label: String, isFilled: Bool) {
            (self.day, self.label, self.isFilled) = (day, label, isFilled)
        }
    }

    /// A patient.
    public struct Row: Sendable {
        /// What stands at its left: code and dose level.
        public var name: String
        /// The events, in order of time.
        public var events: [Event]
        /// The last day observed; `nil` where not said.
        public var lastDay: Double?

        /// A patient.
        public init(_ name: String, events: [Event], lastDay: Double?) {
            (self.name, self.events, self.lastDay) = (name, events, lastDay)
        }
    }

    /// What it shows.
    public var title: String
    /// The patients, top first.
    public var rows: [Row]
    /// Days in which an event limits the dose; `nil` where there is no such window.
    public var windowDays: Double?
    /// Points across.
    public var width: Double

    /// A grid; its height follows from the number of rows.
    public init(title: String, rows: [Row], windowDays: Double?, width: Double = ChartSize.whole.width) {
        (self.title, self.rows, self.windowDays, self.width) = (title, rows, windowDays, width)
    }

    /// The drawing.
    public var picture: Picture {
        var days: [Double] = [windowDays ?? 0, 1]
        for row in rows { days += row.events.map(\.day) + [row.lastDay ?? 0] }
        days.removeAll { !$0.isFinite }
        let high = days.max() ?? 1
        let xAxis = Axis("Days after treatment", range: min(0, days.min() ?? 0)...(high * 1.03))
        let count = rows.count
        let names = Ticks(rows.enumerated().reversed().map { (Double(count - 1 - $0), $1.name) })
        let yAxis = Axis("", range: -0.6...(Double(max(count, 1)) - 0.4), ticks: names)
        var keys = [
            ChartFrame.Key(name: "limits the dose", ink: .text, shape: nil, isLine: false),
            ChartFrame.Key(name: "other, with its grade", ink: .paper, shape: nil, isLine: false, edge: .text),
        ]
        if windowDays != nil {
            keys.append(
                ChartFrame.Key(
                    name: "days in which a toxicity limits the dose", ink: .band, shape: nil, isLine: false,
                    opacity: 0.22, edge: .axis))
        }
        var frame = ChartFrame(
            size: ChartSize(width: width, height: 128 + 21 * Double(max(count, 2))), title: title, xAxis: xAxis,
            yAxis: yAxis, x: AxisScale(xAxis, holding: [], count: 12), y: AxisScale(yAxis, holding: []), keys: keys)
        if let windowDays {
            let (left, right) = (frame.across(0), frame.across(windowDays))
            let plot = frame.plot
            frame.add(
                .box(Box(x: left, y: plot.y, width: right - left, height: plot.height), fill: .band, opacity: 0.22))
        }
        for (place, row) in rows.enumerated() { draw(row, at: frame.up(Double(count - 1 - place)), in: &frame) }
        return frame.finish()
    }

    private func draw(_ row: Row, at y: Double, in frame: inout ChartFrame) {
        if let last = row.lastDay, last > 0 {
            frame.add(.line([Point(frame.across(0), y), Point(frame.across(last), y)], .axis, width: 1.6))
        }
        var free = -Double.infinity
        for event in row.events {
            // Boxes of near days stand beside each other.
            let x = max(frame.across(event.day) - 8, free)
            let box = Box(x: x, y: y - 8, width: 16, height: 16)
            frame.add(.box(box, fill: event.isFilled ? .text : .paper, stroke: .text))
            frame.add(
                .text(
                    event.label, Point(x + 8, y + 4), size: 11, anchor: .middle, bold: true,
                    event.isFilled ? .paper : .text))
            free = x + 18
        }
    }
}
