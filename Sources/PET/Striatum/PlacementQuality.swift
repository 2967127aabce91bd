import Imaging
import Records

/// How sure it is that labels lie on the striatum they name: checks, each with a verdict and its reason.
///
/// The whole is as good as its worst check. `fail` means the labels should not be used; `check` that a person looks first.
/// Limits are wide: they are to catch what went wrong, not to judge a patient. Disease makes uptake low and uneven, so neither
/// can fail a placement.
public struct PlacementQuality: Sendable, Equatable {
    /// What a check says.
    public enum Verdict: String, Sendable, CaseIterable, Comparable {
        case ok, check, fail

        /// Whether one verdict is better than another.
        public static func < (a: Verdict, b: Verdict) -> Bool {
            allCases.firstIndex(of: a)! < allCases.firstIndex(of: b)!
        }
    }

    /// One check.
    public struct Finding: Sendable, Equatable {
        /// What was looked at, in words for a JSON key: "volume_putamen_left".
        public let name: String
        /// The number that was found; `nil` where there is none.
        public let value: Double?
        /// Its unit; empty for a ratio.
        public let unit: String
        /// What it means.
        public let verdict: Verdict
        /// Why, in one sentence.
        public let reason: String
    }

    /// All checks, in the order they were made.
    public private(set) var findings: [Finding] = []

    /// No checks yet.
    public init() {}

    /// The worst verdict.
    public var verdict: Verdict { findings.map(\.verdict).max() ?? .ok }

    /// The share of checks that are `ok`, `check` counting half: 0...1. For sorting, not for deciding.
    public var score: Double {
        guard !findings.isEmpty else { return 0 }
        return findings.reduce(0) { $0 + ($1.verdict == .ok ? 1 : $1.verdict == .check ? 0.5 : 0) }
            / Double(findings.count)
    }

    /// Why it is not `ok`.
    public var reasons: [String] { findings.filter { $0.verdict != .ok }.map(\.reason) }

    /// Adds a check.
    public mutating func add(_ name: String, _ value: Double?, _ unit: String, _ verdict: Verdict, _ reason: String) {
        findings.append(Finding(name: name, value: value, unit: unit, verdict: verdict, reason: reason))
    }
}

extension PlacementQuality {
    /// The verdict with its checks, as the labels' sidecar and the command's document have it.
    public var json: JSONValue {
        [
            "verdict": .string(verdict.rawValue), "score": .number(score),
            "reasons": JSONValue(reasons),
            "checks": .array(
                findings.map {
                    [
                        "name": .string($0.name), "value": JSONValue($0.value), "unit": .string($0.unit),
                        "verdict": .string($0.verdict.rawValue), "reason": .string($0.reason),
                    ]
                }),
        ]
    }
}

extension PlacementQuality {
    /// Volumes of one side, mL: the smallest and largest of 40 people with Parkinson's disease and 40 without, halved from
    /// both sides [Price2016]. The accumbens is an ellipsoid of published diameters [Neto2008], give or take half.
    static let usualVolumes: [(structure: String, parts: [StriatalRegion.Structure], range: ClosedRange<Double>)] = [
        ("caudate", [.caudate], 2.4...5.2),
        ("putamen", [.anteriorPutamen, .middlePutamen, .posteriorPutamen], 4.0...6.8),
        ("ventral_striatum", [.ventralStriatum], 0.28...0.84),
    ]

    /// The checks that labels allow on their own: volumes, their symmetry, and which side is which.
    public mutating func judge(_ labels: StriatalLabels) {
        let points = labels.points
        let voxel = labels.map.grid.voxelVolumeML
        for (name, parts, range) in Self.usualVolumes {
            let volumes = RegionName.Side.allCases.map { side in
                parts.reduce(0) { $0 + (points[StriatalRegion($1, side)]?.count ?? 0) }
            }.map { Double($0) * voxel }
            if name == "ventral_striatum" && volumes.max() == 0 { continue }
            for (side, volume) in zip(RegionName.Side.allCases, volumes) {
                let verdict: Verdict =
                    range.contains(volume)
                    ? .ok
                    : volume > range.lowerBound / 2 && volume < 2 * range.upperBound
                        ? .check : name == "ventral_striatum" ? .check : .fail
                add(
                    "volume_\(name)_\(side.rawValue)", volume, "mL", verdict,
                    "the \(side.rawValue) \(name.replacing("_", with: " ")) has \(fixed(volume, 1)) mL; "
                        + "\(range.lowerBound) to \(range.upperBound) mL were found in people")
            }
            let (left, right) = (volumes[0], volumes[1])
            guard left + right > 0 else { continue }
            let asymmetry = 200 * abs(left - right) / (left + right)
            add(
                "volume_asymmetry_\(name)", asymmetry, "%", asymmetry <= 20 ? .ok : asymmetry <= 60 ? .check : .fail,
                "left and right \(name.replacing("_", with: " ")) differ by \(fixed(asymmetry, 1)) % in volume")
        }
        judgeSides(points)
    }

    /// Left labels lie at smaller x than right ones, or the labels are mirrored: that is said and never put right.
    private mutating func judgeSides(_ points: [StriatalRegion: [SIMD3<Double>]]) {
        for structure in StriatalRegion.Structure.allCases {
            guard let left = points[StriatalRegion(structure, .left)],
                let right = points[StriatalRegion(structure, .right)]
            else { continue }
            let distance =
                right.reduce(0) { $0 + $1.x } / Double(right.count) - left.reduce(0) { $0 + $1.x } / Double(left.count)
            // Two middles of a structure are 15 mm or more apart; an occipital pole on a turned head less.
            guard distance < 0 || structure.isStriatal else { continue }
            let mirrored = distance < -5
            add(
                "sides_\(structure.rawValue.replacing("-", with: "_"))", distance, "mm",
                mirrored ? .fail : distance < 5 ? .check : .ok,
                mirrored
                    ? "what is called the left \(structure.rawValue) lies on the patient's right: "
                        + "image or labels are mirrored"
                    : "the middles of left and right \(structure.rawValue) are \(fixed(distance, 1)) mm apart")
        }
    }

    /// The checks that labels on an image allow: uptake against the surroundings, its symmetry, and where it is highest.
    public mutating func judge(_ labels: StriatalLabels, on image: Volume) {
        precondition(image.grid.matches(labels.map.grid) && image.frames == 1, "the labels lie on another grid")
        let striatum = labels.map.voxels.map { StriatalRegion(label: $0)?.structure.isStriatal ?? false }
        guard let surroundings = StriatalSurroundings(of: striatum, on: image) else {
            add("uptake", nil, "", .fail, "no striatal voxel has a finite value")
            return
        }
        let contrast = surroundings.inside / surroundings.around
        let stands = contrast.isFinite && surroundings.around > 0
        add(
            "contrast", stands ? contrast : nil, "",
            !stands ? .fail : contrast > 1.1 ? .ok : contrast > 1 ? .check : .fail,
            stands
                ? "the striatum takes up \(fixed(contrast, 2)) times what lies 5 to 12 mm around it"
                : "what lies around the striatum has no positive uptake")
        let distance = surroundings.peakDistanceMM
        let reach = max(4, 1.5 * image.grid.voxelSize.max())
        add(
            "peak_distance", distance, "mm", distance <= reach ? .ok : distance <= 10 ? .check : .fail,
            "the highest uptake within 15 mm of the striatum is \(fixed(distance, 1)) mm away from it")
        judgeDisplacement(striatum, on: image)
        var means: [RegionName.Side: (sum: Double, count: Double)] = [:]
        for voxel in striatum.indices where striatum[voxel] && image.voxels[voxel].isFinite {
            guard let side = StriatalRegion(label: labels.map.voxels[voxel])?.side else { continue }
            let before = means[side] ?? (0, 0)
            means[side] = (before.sum + Double(image.voxels[voxel]), before.count + 1)
        }
        guard let left = means[.left], let right = means[.right] else {
            add("uptake_asymmetry", nil, "%", .check, "only one side is labelled")
            return
        }
        let (l, r) = (left.sum / left.count, right.sum / right.count)
        let asymmetry = 200 * abs(l - r) / (l + r)
        let isEven = asymmetry <= 30
        add(
            "uptake_asymmetry", asymmetry.isFinite ? asymmetry : nil, "%", isEven ? .ok : .check,
            "left and right striatum differ by \(fixed(asymmetry, 1)) % in uptake")
    }
}

/// What an image holds in and around the striatum.
struct StriatalSurroundings {
    /// Means of the striatum and of what lies 5 to 12 mm from it.
    let inside, around: Double
    /// How far the centre of the highest 3 × 3 × 3 voxels within 15 mm of the striatum is from the nearest striatal voxel, mm.
    let peakDistanceMM: Double

    /// `nil` where no striatal voxel is finite.
    init?(of striatum: [Bool], on image: Volume) {
        let (grid, shape) = (image.grid, image.grid.shape)
        let size = grid.voxelSize
        let reach = SIMD3<Int>((15 / size).rounded(.up))
        // Distance to the nearest striatal voxel, from the voxels' own offsets; striatal voxels on the edge are enough.
        var squared = [Float](repeating: .infinity, count: grid.count)
        var offsets: [(SIMD3<Int>, Float)] = []
        for dz in -reach.z...reach.z {
            for dy in -reach.y...reach.y {
                for dx in -reach.x...reach.x {
                    let d = grid.worldFromVoxel.linear([Double(dx), Double(dy), Double(dz)])
                    if dot(d, d) <= 225 { offsets.append(([dx, dy, dz], Float(dot(d, d)))) }
                }
            }
        }
        var inner: (sum: Double, count: Double) = (0, 0)
        for voxel in striatum.indices where striatum[voxel] {
            let place = SIMD3(voxel % shape.x, voxel / shape.x % shape.y, voxel / shape.x / shape.y)
            if image.voxels[voxel].isFinite { inner = (inner.sum + Double(image.voxels[voxel]), inner.count + 1) }
            for (offset, distance) in offsets {
                let p = place &+ offset
                guard p.x >= 0, p.y >= 0, p.z >= 0, p.x < shape.x, p.y < shape.y, p.z < shape.z else { continue }
                let other = grid.offset(p.x, p.y, p.z)
                if distance < squared[other] { squared[other] = distance }
            }
        }
        guard inner.count > 0 else { return nil }
        var outer: (sum: Double, count: Double) = (0, 0)
        var peak: (value: Double, squared: Float) = (-.infinity, 0)
        for voxel in squared.indices where squared[voxel] <= 225 {
            let value = Double(image.voxels[voxel])
            if squared[voxel] >= 25, squared[voxel] <= 144, value.isFinite {
                outer = (outer.sum + value, outer.count + 1)
            }
            let smooth = Self.mean27(of: image, at: voxel)
            if smooth > peak.value { peak = (smooth, squared[voxel]) }
        }
        inside = inner.sum / inner.count
        around = outer.count > 0 ? outer.sum / outer.count : 0
        peakDistanceMM = Double(peak.squared).squareRoot()
    }

    /// The mean of a voxel and its 26 neighbours; −∞ at the image's faces.
    private static func mean27(of image: Volume, at voxel: Int) -> Double {
        let shape = image.grid.shape
        let (i, j, k) = (voxel % shape.x, voxel / shape.x % shape.y, voxel / shape.x / shape.y)
        guard i > 0, j > 0, k > 0, i < shape.x - 1, j < shape.y - 1, k < shape.z - 1 else { return -.infinity }
        var sum = 0.0
        for dz in -1...1 {
            for dy in -1...1 {
                for dx in -1...1 { sum += Double(image.voxels[voxel + dx + shape.x * (dy + shape.y * dz)]) }
            }
        }
        return sum.isFinite ? sum / 27 : -.infinity
    }
}
