/// Windows of each task, from the samples of the recording's second pass.
///
/// Clock, calibration, limits and wear are the recording's. A task's samples are those of the even clock that lie within its segments;
/// each segment is a stretch of its own, so that no window crosses its end.
struct TaskPass {
    /// Samples in a row of one stretch of the recording that belong to one segment.
    fileprivate struct Cut {
        var stretch: Int
        var places: Range<Int>
        var segment: Int
    }

    fileprivate struct One {
        let task: TaskPlan.Task
        let settings: TremorSettings
        let cuts: [Cut]
        var next = 0
        /// `nil` where no segment has room for a window.
        var pass: WindowPass?
    }

    private let survey: RecordingSurvey
    private let windowS: Double
    private var all: [One] = []
    /// Chunks of a task that are looked at together; the results do not depend on it.
    private static let together = 4
    /// Stamps are known no better, s.
    private static let roundingS = 1e-6
    /// An event may reach beyond the recording by this without a word, s.
    private static let beyondS = 1.0

    /// - Parameter shiftS: what is added to the plan's times to be on the survey's clock.
    init(
        _ plan: TaskPlan, _ settings: TremorSettings, _ survey: RecordingSurvey, hasAngularRate: Bool, shiftS: Double
    ) {
        self.survey = survey
        let length = settings.windowLength(at: survey.rateHz)
        windowS = Double(length) / survey.rateHz
        for var task in plan.tasks {
            for place in task.segments.indices {
                let time = task.segments[place].timeS
                task.segments[place].timeS = (time.lowerBound + shiftS)..<(time.upperBound + shiftS)
            }
            var settings = settings
            settings.task = task.known
            let cuts = Self.cuts(task, survey).filter { $0.places.count >= length }
            let pass =
                cuts.isEmpty
                ? nil
                : WindowPass(
                    settings, Self.survey(survey, cuts, task.durationS), hasAngularRate: hasAngularRate,
                    together: Self.together)
            all.append(One(task: task, settings: settings, cuts: cuts, pass: pass))
        }
    }

    private static func cuts(_ task: TaskPlan.Task, _ survey: RecordingSurvey) -> [Cut] {
        var cuts: [Cut] = []
        for (stretch, samples) in survey.stretches.enumerated() {
            let (startS, endS) = (samples.startS, samples.endS)
            for (segment, one) in task.segments.enumerated()
            where one.timeS.lowerBound <= endS && startS < one.timeS.upperBound {
                let first = place(one.timeS.lowerBound, samples)
                let end = place(one.timeS.upperBound, samples)
                if first < end { cuts.append(Cut(stretch: stretch, places: first..<end, segment: segment)) }
            }
        }
        return cuts
    }

    /// The first sample of a stretch at a time or after it; its count where there is none.
    private static func place(_ timeS: Double, _ stretch: Stretch) -> Int {
        var (low, high) = (0, stretch.evenCount)
        while low < high {
            let middle = (low + high) / 2
            if stretch.evenTime(at: Double(middle)) < timeS - roundingS { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The recording's survey with the cuts as its stretches.
    private static func survey(_ whole: RecordingSurvey, _ cuts: [Cut], _ durationS: Double) -> RecordingSurvey {
        var survey = whole
        survey.stretches = cuts.map { cut in
            let (from, first) = (whole.stretches[cut.stretch], Double(cut.places.lowerBound))
            let last = Double(cut.places.count - 1)
            // Samples that were put on an even clock are on it; others have knots a minute apart.
            let knots =
                from.isEven
                ? from.knots.map { Stretch.Knot(place: $0.place - first, timeS: $0.timeS) }
                : [0, last].map { Stretch.Knot(place: $0, timeS: from.evenTime(at: first + $0)) }
            return Stretch(
                firstSample: 0, count: cut.places.count, rateHz: from.outputHz, isEven: true, knots: knots,
                isStampedThroughout: false, gridCount: cut.places.count, evenHz: from.outputHz)
        }
        (survey.durationS, survey.gaps, survey.flags) = (durationS, [], [])
        return survey
    }

    /// Takes what of a piece belongs to each task.
    mutating func add(_ piece: EvenSamples.Piece) {
        let places = piece.first..<(piece.first + piece.count)
        for index in all.indices where all[index].pass != nil {
            while let cut = all[index].nextCut,
                cut.stretch < piece.stretch
                    || cut.stretch == piece.stretch && cut.places.upperBound <= places.lowerBound
            { all[index].next += 1 }
            var place = all[index].next
            while place < all[index].cuts.count {
                let cut = all[index].cuts[place]
                guard cut.stretch == piece.stretch, cut.places.lowerBound < places.upperBound else { break }
                all[index].pass?.add(Self.part(of: piece, cut.places.clamped(to: places), from: cut, place))
                place += 1
            }
        }
    }

    private static func part(
        of piece: EvenSamples.Piece, _ places: Range<Int>, from cut: Cut, _ number: Int
    ) -> EvenSamples.Piece {
        var part = EvenSamples.Piece()
        (part.stretch, part.first) = (number, places.lowerBound - cut.places.lowerBound)
        let taken = (places.lowerBound - piece.first)..<(places.upperBound - piece.first)
        for axis in 0..<3 {
            part.acceleration[axis] = Array(piece.acceleration[axis][taken])
            if !piece.angularRate[axis].isEmpty { part.angularRate[axis] = Array(piece.angularRate[axis][taken]) }
        }
        return part
    }

    /// What was found; `recording` says what the limb did before each segment.
    mutating func results(in recording: TremorResult) -> [TaskResult] {
        all.indices.map { index in
            all[index].pass?.finish()
            let task = all[index].task
            guard var pass = all[index].pass, !pass.windows.isEmpty else {
                let reasons = task.segments.map { reason($0, all[index].pass?.reasonForNone) }
                return TaskResult(task: task, result: nil, reEmergences: [], notes: notes(task, reasons))
            }
            let kinds = MovementKinds(all[index].settings)
            var found: [ReEmergence] = []
            let result = pass.result(recording.header) { windows in
                kinds.decideOneByOne(&windows)
                for segment in task.segments {
                    found += kinds.markReEmergent(&windows, in: segment.timeS, after: recording.windows)
                }
            }
            let reasons = task.segments.map { segment in
                result.windows.contains { segment.holds($0) } ? nil : reason(segment, nil)
            }
            return TaskResult(task: task, result: result, reEmergences: found, notes: notes(task, reasons))
        }
    }

    /// Why a segment has no window.
    private func reason(_ segment: TaskPlan.Segment, _ other: String?) -> String {
        let time = segment.timeS
        if time.upperBound <= 0 || time.lowerBound >= survey.durationS {
            return "lies outside the recording of \(significantText(survey.durationS)) s"
        }
        let inside = time.clamped(to: 0..<survey.durationS)
        if inside.upperBound - inside.lowerBound < windowS {
            return "is shorter than a window of \(significantText(windowS)) s"
        }
        return other.map { "has no window: \($0)" }
            ?? "has no window: gaps, or the sensor was not worn or showed nothing"
    }

    private func notes(_ task: TaskPlan.Task, _ reasons: [String?]) -> [String] {
        var notes: [String] = []
        for (segment, reason) in zip(task.segments, reasons) {
            let name = "\(task.name) (\(segment.linesText))"
            if let reason {
                notes.append("\(name) \(reason)")
            } else if segment.timeS.lowerBound < -Self.beyondS {
                notes.append("\(name) begins \(significantText(-segment.timeS.lowerBound)) s before the recording")
            } else if segment.timeS.upperBound > survey.durationS + Self.beyondS {
                let beyond = segment.timeS.upperBound - survey.durationS
                notes.append("\(name) ends \(significantText(beyond)) s after the recording")
            }
        }
        return notes
    }
}

extension TaskPass.One {
    fileprivate var nextCut: TaskPass.Cut? { next < cuts.count ? cuts[next] : nil }
}

extension TaskPlan.Segment {
    fileprivate var linesText: String {
        lines.count == 1 ? "line \(lines[0])" : "lines " + lines.map(String.init).joined(separator: ", ")
    }

    /// Whether a window begins in it.
    fileprivate func holds(_ window: TremorWindow) -> Bool {
        timeS.contains(window.startS) || abs(window.startS - timeS.lowerBound) < 1e-5
    }
}

extension MovementKinds {
    /// Windows of the recording before a segment in which movement is looked for.
    private static let before = 3

    /// Marks tremor that is re-emergent in one segment of a task. The recording's windows that begin before it say whether the limb
    /// was moved to its posture; they are no posture themselves.
    func markReEmergent(
        _ windows: inout [TremorWindow], in timeS: Range<Double>, after recording: [TremorWindow]
    ) -> [ReEmergence] {
        let own = windows.indices.filter { timeS.contains(windows[$0].startS + 1e-5) }
        guard settings.task == .postural, let first = own.first else { return [] }
        // Windows are in order of time, and a week has many.
        var (low, high) = (0, recording.count)
        while low < high {
            let middle = (low + high) / 2
            if recording[middle].startS < windows[first].startS - 1e-5 { low = middle + 1 } else { high = middle }
        }
        var all: [TremorWindow] = recording[max(0, low - Self.before)..<low].map { window in
            var window = window
            if window.kind != .kinetic { window.kind = .uncertain }
            return window
        }
        let added = all.count
        all += own.map { windows[$0] }
        markReEmergent(&all)
        for (place, index) in own.enumerated() { windows[index] = all[added + place] }
        return ReEmergence.found(in: all, settings)
    }
}
