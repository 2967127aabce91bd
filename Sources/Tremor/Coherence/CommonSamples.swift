/// One sensor's samples at the common clock's moments, part by part: a cubic spline through its own, read piece by piece.
final class CommonSamples {
    private let survey: RecordingSurvey
    private let shiftS: Double
    private let even: EvenSamples
    private let rateHz: Double
    /// A natural spline forgets by a factor of 3.7 a sample: as many as this around a moment decide its value.
    private static let margin = 64

    private var piece = EvenSamples.Piece()
    /// Times, on the sensor's clock, and values of the piece at hand and of some samples before it in its stretch.
    private var times: [Double] = []
    private var columns: [[Double]] = [[], [], []]
    private var isAtEnd = false

    private var spline = SplineStream()
    /// The part at hand as a stretch of the sensor's clock, and that stretch's place.
    private var part: (stretch: Stretch, place: Int)?
    private var isFed = false
    private var out = EvenSamples.Piece()

    init(_ sensor: SurveyedSensor, rateHz: Double) throws(RecordingError) {
        (survey, shiftS, self.rateHz) = (sensor.survey, sensor.shiftS, rateHz)
        even = try EvenSamples(sensor.samples, sensor.survey)
    }

    /// Begins a part, which lies after those before.
    func begin(from startS: Double, to endS: Double, stretch place: Int) {
        let knots = [Stretch.Knot(place: 0, timeS: startS - shiftS), .init(place: 1, timeS: endS - shiftS)]
        part = (
            Stretch(
                firstSample: 0, count: 2, rateHz: rateHz, isEven: false, knots: knots, isStampedThroughout: false,
                gridCount: 2, evenHz: rateHz), place
        )
        spline.reset()
        isFed = false
        if piece.count > 0, piece.stretch == place { feed(times.indices) }
    }

    /// Adds the next samples of the part to three columns; `false` at its end.
    func read(into target: inout [[Double]]) throws(RecordingError) -> Bool {
        guard let part else { return false }
        while true {
            if spline.read(part.stretch, rateHz, isLast: isFed, into: &out) {
                for axis in 0..<3 { target[axis] += out.acceleration[axis] }
                return true
            }
            if isFed { return false }
            guard try fetch() else {
                isFed = true
                continue
            }
            if piece.stretch == part.place {
                feed((times.count - piece.count)..<times.count)
            } else if piece.stretch > part.place {
                isFed = true
            }
        }
    }

    /// The next piece of the sensor's samples, with some of those before it.
    private func fetch() throws(RecordingError) -> Bool {
        guard !isAtEnd else { return false }
        let before = piece.stretch
        guard try even.read(into: &piece) else {
            isAtEnd = true
            return false
        }
        let kept = piece.stretch == before ? min(Self.margin, times.count) : 0
        times.removeFirst(times.count - kept)
        let stretch = survey.stretches[piece.stretch]
        for place in 0..<piece.count { times.append(stretch.evenTime(at: Double(piece.first + place))) }
        for axis in 0..<3 {
            columns[axis].removeFirst(columns[axis].count - kept)
            columns[axis] += piece.acceleration[axis]
        }
        return true
    }

    /// Gives the spline what lies in or near the part.
    private func feed(_ places: Range<Int>) {
        guard let part else { return }
        let reach = Double(Self.margin) / survey.rateHz
        let near = (part.stretch.startS - reach)...(part.stretch.endS + reach)
        let first = places.first { near.contains(times[$0]) }
        let end = (places.last { near.contains(times[$0]) }).map { $0 + 1 }
        if let first, let end {
            var batch = SampleBatch()
            for axis in 0..<3 { batch.acceleration[axis] = Array(columns[axis][first..<end]) }
            spline.add(batch, 0..<(end - first), times: Array(times[first..<end]))
        }
        if let last = places.last, times[last] > near.upperBound { isFed = true }
    }
}
