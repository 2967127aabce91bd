import Imaging
import PET

/// One visit of the sample patient: what is done there and how the patient is.
struct SampleVisit {
    /// A recording of a wrist.
    struct Recording {
        let file, site, task: String
        let settings: TremorPhantomSettings
    }

    let name: String
    let months, massKg: Double
    let scanSettings: PETPhantomSettings
    let recordings: [Recording]
    let scores: SampleScores

    /// Before the graft and a year after.
    static func both(seed: UInt64) -> [SampleVisit] {
        [
            SampleVisit(
                "month-00", months: 0, massKg: 74.5, injectedBq: 187e6, grafts: [], seed: seed,
                tremor: (right: 4.2, left: 1.3, postural: 1.6), constancy: (90, 60), scores: .before),
            SampleVisit(
                "month-12", months: 12, massKg: 73.0, injectedBq: 181e6, grafts: deposits, seed: seed &+ 1,
                tremor: (right: 1.7, left: 1.1, postural: 0.7), constancy: (65, 50), scores: .after),
        ]
    }

    /// Three deposits a side along a needle's path; cells survive on the left and hardly on the right.
    static let deposits: [GraftSite] = [-1.0, 1.0].flatMap { side in
        [(26.4, -2.8, 2.0), (28.0, -8.0, 3.0), (29.6, -13.2, 3.6)].map { x, y, z in
            GraftSite(center: [side * x, y, z], volumeML: 0.25, survival: side < 0 ? 0.85 : 0.2)
        }
    }

    private init(
        _ name: String, months: Double, massKg: Double, injectedBq: Double, grafts: [GraftSite], seed: UInt64,
        tremor: (right: Double, left: Double, postural: Double), constancy: (right: Double, left: Double),
        scores: SampleScores
    ) {
        (self.name, self.months, self.massKg, self.scores) = (name, months, massKg, scores)
        var scan = PETPhantomSettings(tracer: .fdopa, seed: seed)
        (scan.months, scan.massKg, scan.injectedBq, scan.grafts) = (months, massKg, injectedBq, grafts)
        scanSettings = scan
        func wrist(
            _ file: String, _ site: String, _ task: String, cm: Double, constancy: Double, seed: UInt64
        ) -> Recording {
            var settings = TremorPhantomSettings()
            settings.seed = seed
            settings.sampleRateHz = 99.87
            settings.frequencyHz = task == "rest" ? (site == "wrist-right" ? 4.85 : 5.1) : 5.6
            settings.peakToPeakCm = cm
            settings.constancyPercent = constancy
            settings.jitterS = 0.0005
            settings.durationS = task == "rest" ? 60 : 30
            settings.gravity = task == "rest" ? [0.15, -0.1, 0.98] : [0.05, 0.95, 0.3]
            settings.direction = task == "rest" ? [0.25, 0.9, 0.35] : [0.2, 0.35, 0.9]
            return Recording(file: file, site: site, task: task, settings: settings)
        }
        recordings = [
            wrist(
                "wrist-left_rest.csv", "wrist-left", "rest", cm: tremor.left, constancy: constancy.left,
                seed: seed &* 10 &+ 1),
            wrist(
                "wrist-right_rest.csv", "wrist-right", "rest", cm: tremor.right, constancy: constancy.right,
                seed: seed &* 10 &+ 2),
            wrist(
                "wrist-right_postural.csv", "wrist-right", "postural", cm: tremor.postural, constancy: 100,
                seed: seed &* 10 &+ 3),
        ]
    }
}

/// Item scores of part III of the MDS-UPDRS by code, without and with medication. Codes and numbers only: the wording of the
/// items belongs to the Movement Disorder Society.
struct SampleScores {
    /// Whether the effect of medication was there.
    enum State: String { case off, on }

    /// Part III in its order: 33 items.
    static let codes =
        ["3.1", "3.2"] + ["a", "b", "c", "d", "e"].map { "3.3\($0)" }
        + (4...8).flatMap { ["3.\($0)a", "3.\($0)b"] } + (9...14).map { "3.\($0)" }
        + ["3.15a", "3.15b", "3.16a", "3.16b"] + ["a", "b", "c", "d", "e"].map { "3.17\($0)" } + ["3.18"]

    let off, on: [Int]
    /// Minutes since the last dose of levodopa.
    let minutes: (off: Int, on: Int)

    func total(_ state: State) -> Int { (state == .off ? off : on).reduce(0, +) }

    /// One row an item and state; `a` is right and `b` left, as in the scale.
    var table: String {
        var text = "item\tvalue\tstate\tminutes_since_levodopa\n"
        for (state, values, time) in [(State.off, off, minutes.off), (.on, on, minutes.on)] {
            for (code, value) in zip(Self.codes, values) { text += "\(code)\t\(value)\t\(state.rawValue)\t\(time)\n" }
        }
        return text
    }

    static let before = SampleScores(
        off: [1, 2, 1, 3, 2, 2, 1, 3, 2, 3, 2, 2, 1, 3, 2, 2, 1, 1, 2, 1, 1, 1, 2, 2, 1, 2, 1, 3, 2, 1, 0, 0, 4],
        on: [1, 1, 1, 1, 1, 1, 0, 1, 1, 2, 1, 1, 1, 1, 1, 1, 0, 1, 1, 0, 1, 1, 1, 1, 0, 1, 0, 2, 1, 0, 0, 0, 2],
        minutes: (off: 780, on: 60))

    static let after = SampleScores(
        off: [1, 1, 1, 2, 2, 1, 1, 2, 2, 2, 2, 1, 1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 0, 0, 0, 3],
        on: [1, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 0, 1, 1, 1, 1, 0, 1, 0, 1, 1, 0, 0, 0, 2],
        minutes: (off: 765, on: 55))
}
