/// Change of uptake against change of a motor score: one path through the visits of each patient.
///
/// Uptake along x as the change of its logarithm, with percent on the upper edge; the score along y, turned so that
/// improvement is upward. Bands are where uptake is within its error and where the score does not matter or is not
/// reliable. Groups differ by shape and dashes as well as colour; values that cannot be relied on are open.
public struct JointPlot: Chart {
    /// The path of one patient.
    public struct Path: Sendable {
        /// What is printed at its last point; empty for nothing.
        public var name: String
        /// The group, a place in `groups`.
        public var group: Int
        /// Changes of ln uptake since the first visit, one a visit; NaN leaves a gap.
        public var dln: [Double]
        /// Improvements of the score in points, positive for better; NaN leaves a gap.
        public var improvement: [Double]
        /// What is printed beside each point; empty for nothing.
        public var labels: [String]
        /// Places of points that are drawn open.
        public var open: Set<Int>

        /// A path.
        public init(
            _ name: String = "", group: Int = 0, dln: [Double], improvement: [Double], labels: [String] = [],
            open: Set<Int> = []
        ) {
            precondition(dln.count == improvement.count, "every change of uptake has one of the score")
            (self.name, self.group, self.dln, self.improvement) = (name, group, dln, improvement)
            (self.labels, self.open) = (labels, open)
        }
    }

    /// What it shows.
    public var title: String
    /// What the uptake is and what the score is, in words.
    public var uptakeLabel, motorLabel: String
    /// Groups of patients: arms.
    public var groups: [String]
    /// The paths.
    public var paths: [Path]
    /// The change of ln uptake that is within error, one side; `nil` where unknown.
    public var uptakeLimitLn: Double?
    /// Changes of the score that are within error (SDC95) and that matter (MCID), points; `nil` where unknown.
    public var reliable, important: Double?
    /// Size in points.
    public var size: ChartSize

    /// A joint plot.
    public init(
        title: String, uptakeLabel: String, motorLabel: String, groups: [String], paths: [Path],
        uptakeLimitLn: Double? = nil, reliable: Double? = nil, important: Double? = nil, size: ChartSize = .half
    ) {
        (self.title, self.uptakeLabel, self.motorLabel) = (title, uptakeLabel, motorLabel)
        (self.groups, self.paths, self.uptakeLimitLn) = (groups, paths, uptakeLimitLn)
        (self.reliable, self.important, self.size) = (reliable, important, size)
    }

    /// The drawing.
    public var picture: Picture {
        let limit = uptakeLimitLn ?? 0
        let x = ClosedRange.holding(paths.flatMap(\.dln) + [-limit, limit, 0]) ?? -1...1
        let scores = [reliable, important].compactMap { $0 }
        let y =
            ClosedRange.holding(
                paths.flatMap(\.improvement) + scores + scores.map { -$0 } + [0], margin: 0.14) ?? -1...1
        let xAxis = Axis("Δ ln \(uptakeLabel)", range: x)
        let yAxis = Axis("\(motorLabel), improvement upward", unit: "points", range: y)
        var frame = ChartFrame(
            size: size, title: title, xAxis: xAxis, yAxis: yAxis,
            x: AxisScale(xAxis, holding: [], count: size.width > 800 ? 12 : 6),
            y: AxisScale(yAxis, holding: [], count: 5), keys: keys,
            above: Axis("%", ticks: .percent(onLogarithms: x)))
        drawBands(in: &frame)
        for path in paths { draw(path, in: &frame) }
        return frame.finish()
    }

    private var keys: [ChartFrame.Key] {
        var keys = groups.count > 1 ? GroupLook.keys(groups, isLine: true) : []
        if paths.contains(where: { !$0.open.isEmpty }) { keys.append(GroupLook.openKey("not readable")) }
        func band(_ name: String, _ opacity: Double) {
            keys.append(
                ChartFrame.Key(name: name, ink: .band, shape: nil, isLine: false, opacity: opacity, edge: .axis))
        }
        if uptakeLimitLn != nil || reliable != nil { band("within error", 0.22) }
        if important != nil { band("does not matter (MCID)", 0.44) }
        return keys
    }

    private func drawBands(in frame: inout ChartFrame) {
        let plot = frame.plot
        if let limit = uptakeLimitLn {
            let (left, right) = (frame.across(-limit), frame.across(limit))
            frame.add(
                .box(
                    Box(x: left, y: plot.y, width: right - left, height: plot.height), fill: .band, opacity: 0.22))
        }
        for limit in [reliable, important].compactMap({ $0 }) {
            let (top, bottom) = (frame.up(limit), frame.up(-limit))
            frame.add(
                .box(Box(x: plot.x, y: top, width: plot.width, height: bottom - top), fill: .band, opacity: 0.22))
        }
        frame.add(.line([Point(frame.across(0), plot.y), Point(frame.across(0), plot.bottom)], .axis, width: 0.8))
        frame.add(.line([Point(plot.x, frame.up(0)), Point(plot.right, frame.up(0))], .axis, width: 0.8))
    }

    private func draw(_ path: Path, in frame: inout ChartFrame) {
        let places = zip(path.dln, path.improvement).map { frame.place($0, $1) }
        let ink = Ink.series(path.group)
        for run in places.split(whereSeparator: { $0 == nil }) {
            frame.add(.line(run.map { $0! }, ink, width: 1.4, dash: GroupLook.dash(path.group)))
        }
        let last = places.lastIndex { $0 != nil }
        for (index, place) in places.enumerated() {
            guard let place else { continue }
            frame.add(
                .point(
                    place, GroupLook.shape(path.group), ink, radius: index == last ? 4.6 : 2.6,
                    isOpen: path.open.contains(index)))
            let label = index < path.labels.count ? path.labels[index] : index == last ? path.name : ""
            if !label.isEmpty { draw(label, beside: place, in: &frame) }
        }
    }

    private func draw(_ label: String, beside place: Point, in frame: inout ChartFrame) {
        let goesLeft = place.x + 9 + Canvas.width(of: label, size: 11) > frame.plot.right
        let at = Point(place.x + (goesLeft ? -7 : 7), place.y - 5)
        frame.add(.text(label, at, size: 11, anchor: goesLeft ? .end : .start))
    }
}
