import Imaging
import PET
import Records
import Statistics

/// What a synthetic trial with images is made of.
public struct ImagedTrialSettings: Sendable {
    /// The seed; the same seed gives the same patients everywhere.
    public var seed: UInt64
    /// Patients, half of them grafted.
    public var patients = 30
    /// Months of the visits from the first, which is before surgery; surgery is two weeks after it.
    public var months = [0.0, 6, 12, 24]
    /// How far two scans of an unchanged patient differ, as a coefficient of variation of one.
    public var wCV = 0.05
    /// The range that the survival of a patient's grafts is drawn from.
    public var survival = 0.2...0.9
    /// Whether a patient without a graft declines; without it, nothing changes in the control arm.
    public var declines = true

    /// A trial.
    public init(seed: UInt64 = 1) { self.seed = seed }
}

/// A synthetic trial with images: for every patient a dynamic PET and a CT, a wrist recording and the items of part III at
/// each visit, and what is true of them.
public struct ImagedTrial: Sendable {
    /// What it is made of.
    public let settings: ImagedTrialSettings

    /// A trial.
    public init(_ settings: ImagedTrialSettings) {
        precondition(settings.patients > 0 && settings.months.first == 0, "a trial has patients and a first visit")
        self.settings = settings
    }

    /// The code of a patient, counted from 0.
    public func code(_ patient: Int) -> String {
        let number = String(patient + 1)
        return "P" + String(repeating: "0", count: max(0, 3 - number.count)) + number
    }

    /// Files that stand beside the patients' folders.
    public var files: [SampleFile] {
        let study: JSONValue = [
            "name": .string("phantom trial, seed \(settings.seed)"),
            "defaults": [
                "label_names": "labels_dseg.tsv", "reference": "occipital", "measure": "sbr",
                "window_s": [4500, 5400], "primary_region": "putamen-posterior", "fwhm_mm": 5,
                "surgery_months": 0.5,
                "part_3_error": ["sem": 3, "source": "chosen: the SD of one visit of this phantom"],
            ],
            "wcv": [
                "value": .number(settings.wCV), "source": "chosen: what two scans of this phantom differ by",
            ],
            "visits": .array(
                settings.months.map { ["name": .string(Self.name($0)), "months": .number($0)] }),
            "notes": ["Digital phantoms, no persons: each patient's truth.json states what was put in"],
        ]
        return [SampleFile(path: "study.json", content: .json(study))]
    }

    static func name(_ months: Double) -> String {
        let number = fixed(months, decimals: 0)
        return "month-" + String(repeating: "0", count: max(0, 2 - number.count)) + number
    }
}

extension ImagedTrial {
    /// One patient's files, below `patients/CODE`.
    public func patient(_ place: Int) -> [SampleFile] {
        var random = RandomSource(seed: settings.seed, stream: UInt64(place))
        let code = code(place)
        let isGrafted = place % 2 == 0
        let range = settings.survival
        let survival = range.lowerBound + (range.upperBound - range.lowerBound) * random.uniform()
        let grafts = isGrafted ? Self.deposits(survival: survival) : []
        let sigma = PortableMath.log(1 + settings.wCV * settings.wCV).squareRoot()
        let scans = petPhantoms(
            settings.months.enumerated().map { visit, months in
                var scan = PETPhantomSettings(
                    tracer: .fdopa, seed: settings.seed &* 100_003 &+ UInt64(place * 64 + visit))
                scan.months = isGrafted || settings.declines ? months : 0
                scan.grafts = months > 0 ? grafts : []
                scan.massKg = 60 + 30 * random.uniform()
                scan.injectedBq = 170e6 + 30e6 * random.uniform()
                scan.scanFactor = PortableMath.exp(sigma * random.gaussian())
                return scan
            })
        // The score follows the survival: up to 18 points better after a year, a little worse without a graft.
        let baseline = 42 + 6 * random.gaussian()
        let folder = "patients/\(code)"
        var files: [SampleFile] = []
        var (visits, truths) = ([JSONValue](), [JSONValue]())
        for (scan, months) in zip(scans, settings.months) {
            let name = Self.name(months)
            let course = min(months / 12, 1)
            let change = isGrafted ? -18 * survival * course : 1.5 * months / 12
            let total = Int((baseline + change + (months > 0 ? 3 * random.gaussian() : 0)).rounded())
            let size = max(0.3, 3 + 0.8 * random.gaussian() + (isGrafted ? -2 * survival * course : 0))
            var tremor = TremorPhantomSettings()
            (tremor.seed, tremor.peakToPeakCm, tremor.frequencyHz) = (random.next() >> 1, size, 4.8)
            (tremor.durationS, tremor.sampleRateHz, tremor.constancyPercent) = (30, 100, 80)
            let recording = tremorPhantom(tremor)
            files += [
                SampleFile(
                    path: "\(folder)/\(name)/pet.nii.gz",
                    content: .image(scan.pet.coarse(), description: "phantom FDOPA-like PET, Bq/mL")),
                SampleFile(path: "\(folder)/\(name)/pet.json", content: .json(scan.sidecar)),
                SampleFile(
                    path: "\(folder)/\(name)/ct.nii.gz", content: .image(scan.ct, description: "phantom CT, HU")),
                SampleFile(path: "\(folder)/\(name)/labels.nii.gz", content: .labels(scan.labels)),
                SampleFile(path: "\(folder)/\(name)/wrist-right_rest.csv", content: .text(recording.csv)),
                SampleFile(
                    path: "\(folder)/\(name)/mds_updrs.tsv",
                    content: .text(Self.items(of: min(max(total, 0), 132), &random))),
            ]
            visits.append([
                "name": .string(name), "months": .number(months), "pet": .string("\(name)/pet.nii.gz"),
                "ct": .string("\(name)/ct.nii.gz"), "labels": .string("\(name)/labels.nii.gz"),
                "recordings": [
                    ["path": .string("\(name)/wrist-right_rest.csv"), "site": "wrist-right", "task": "rest"]
                ],
                "scores": .string("\(name)/mds_updrs.tsv"),
            ])
            truths.append([
                "name": .string(name), "scan_factor": .number(scan.settings.scanFactor),
                "sbr_putamen_posterior": JSONValue(scan.plainTruth.posteriorSBR),
                "part_3_off": .integer(total), "recording": recording.truth,
            ])
        }
        let document: JSONValue = [
            "code": .string(code), "arm": .string(isGrafted ? "GRAFT" : "SOC"),
            "site": .string("site-\(place % 3 + 1)"), "lot": isGrafted ? .string("lot-\(place / 10 + 1)") : .null,
            "visits": .array(visits),
        ]
        let truth: JSONValue = [
            "grafted": .bool(isGrafted), "survival": isGrafted ? .number(survival) : .null,
            "visits": .array(truths),
        ]
        files += [
            SampleFile(path: "\(folder)/patient.json", content: .json(document)),
            SampleFile(path: "\(folder)/labels_dseg.tsv", content: .text(labelTable)),
            SampleFile(path: "\(folder)/truth.json", content: .json(truth)),
        ]
        return files
    }

    /// Three deposits a side along a needle's path.
    private static func deposits(survival: Double) -> [GraftSite] {
        [-1.0, 1.0].flatMap { side in
            [(26.4, -2.8, 2.0), (28.0, -8.0, 3.0), (29.6, -13.2, 3.6)].map { x, y, z in
                GraftSite(center: [side * x, y, z], volumeML: 0.25, survival: survival)
            }
        }
    }

    /// Items of part III in OFF with a given sum, points put on items at random where one more is possible; ON is two thirds.
    private static func items(of total: Int, _ random: inout RandomSource) -> String {
        var off = [Int](repeating: 0, count: SampleScores.codes.count)
        var left = total
        while left > 0 {
            let item = random.below(off.count)
            if off[item] < 4 { (off[item], left) = (off[item] + 1, left - 1) }
        }
        return SampleScores(off: off, on: off.map { ($0 * 2 + 1) / 3 }, minutes: (off: 780, on: 60)).table
    }
}

extension JSONValue {
    /// SBR of the posterior putamen, both sides weighted by volume, in a scan's truth: blurred, without noise.
    fileprivate var posteriorSBR: Double? {
        let parts = (self["regions"]?.elements ?? []).filter {
            $0["name"]?.string?.hasPrefix("putamen-posterior") ?? false
        }
        let volumes = parts.compactMap { $0["voxels"]?.double }
        let values = parts.compactMap { $0["seen"]?["sbr"]?.double }
        guard volumes.count == 2, values.count == 2 else { return nil }
        return zip(volumes, values).reduce(0) { $0 + $1.0 * $1.1 } / (volumes[0] + volumes[1])
    }
}
