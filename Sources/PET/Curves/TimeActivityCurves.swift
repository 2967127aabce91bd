/// Activity per region and frame, measured in an image or read from a file.
///
/// Activity in a unit that can be converted is in Bq/mL, whatever the source had; `units` says which unit it is.
public struct TimeActivityCurves: Sendable, Equatable {
    /// One region's curve.
    public struct Curve: Sendable, Equatable {
        /// The region's name.
        public var name: String
        /// The region's label; `nil` where the source gives none.
        public var label: Int32?
        /// Voxels of the image grid that lie in it; `nil` where the source does not say.
        public var voxels: Int?
        /// Their volume, mL; `nil` where the source does not say.
        public var volumeML: Double?
        /// Mean over voxels per frame, in `units`; NaN where there is none.
        public var mean: [Double]
        /// SD over voxels per frame, in `units`; `nil` where the source has none.
        public var sd: [Double]?
        /// Voxels per frame that were left out because they are not finite; `nil` where there are none.
        public var nonFinite: [Int]?

        /// A curve.
        public init(
            name: String, mean: [Double], sd: [Double]? = nil, label: Int32? = nil, voxels: Int? = nil,
            volumeML: Double? = nil, nonFinite: [Int]? = nil
        ) {
            (self.name, self.mean, self.sd, self.label) = (name, mean, sd, label)
            (self.voxels, self.volumeML, self.nonFinite) = (voxels, volumeML, nonFinite)
        }

        /// Standard error of the mean per frame, voxels taken as independent, which smoothing makes too small.
        public var sem: [Double]? {
            guard let sd, let voxels else { return nil }
            return sd.indices.map { sd[$0] / Double(voxels - (nonFinite?[$0] ?? 0)).squareRoot() }
        }
    }

    /// Frame times after time zero, s.
    public var frames: [Frame]
    /// Curves in the order of the source; those of an image by ascending label.
    public var curves: [Curve]
    /// "Bq/mL", or the unit as declared where that is no activity per volume (SUV, a ratio); `nil` where undeclared.
    public var units: String?
    /// One weight a frame, as the source gives them; `nil` where it gives none.
    public var weights: [Double]?
    /// Whether activity is corrected for decay; `nil` where the source does not say.
    public var decay: DecayState?
    /// What was doubtful.
    public var warnings: [String]

    /// Curves. Every curve has a mean for every frame.
    public init(
        frames: [Frame], curves: [Curve], units: String?, weights: [Double]? = nil, decay: DecayState? = nil,
        warnings: [String] = []
    ) {
        precondition(curves.allSatisfy { $0.mean.count == frames.count }, "a mean for every frame")
        precondition(curves.allSatisfy { $0.sd.map { $0.count == frames.count } ?? true }, "an SD for every frame")
        precondition(
            curves.allSatisfy { $0.nonFinite.map { $0.count == frames.count } ?? true }, "a count for every frame")
        precondition(weights.map { $0.count == frames.count } ?? true, "a weight for every frame")
        (self.frames, self.curves, self.units) = (frames, curves, units)
        (self.weights, self.decay, self.warnings) = (weights, decay, warnings)
    }

    /// Frame times, min.
    public var times: FrameTimes { FrameTimes(frames) }

    /// Whether the curves are activity per volume, and so in Bq/mL.
    public var isActivity: Bool { units.map { ActivityUnit(named: $0) != nil } ?? false }

    /// The curve of a region: by its whole name, else without regard to case, else by its label's number. A name without
    /// a side that only a left and a right region have means both together, weighted by their voxels.
    ///
    /// Throws the names there are where there is none, where several have the name, and where both sides are meant but their sizes are not known.
    public func curve(named name: String) throws(CurveProblem) -> Curve {
        let exact = curves.filter { $0.name == name }
        guard exact.count < 2 else { throw .severalCurves(name) }
        if let exact = exact.first { return exact }
        let alike = curves.filter { $0.name.lowercased() == name.lowercased() }
        if let first = alike.first { return first }
        if let label = Int32(name), let numbered = curves.first(where: { $0.label == label }) { return numbered }
        let wanted = RegionName(name)
        let parts = curves.filter { curve in
            let region = RegionName(curve.name)
            return region.structure == wanted.structure && (wanted.side == nil || region.side == wanted.side)
        }
        guard let first = parts.first else { throw .noCurve(name, curves.map(\.name)) }
        if parts.count == 1 { return first }
        guard let joined = Self.joined(parts, name: name) else { throw .ambiguous(name, parts.map(\.name)) }
        return joined
    }

    /// Curves as one region, weighted by the voxels with values; `nil` where a size is not known.
    private static func joined(_ parts: [Curve], name: String) -> Curve? {
        let sizes = parts.compactMap(\.voxels)
        guard sizes.count == parts.count, let first = parts.first else { return nil }
        func total(_ value: (Curve) -> Double?) -> Double? {
            let values = parts.compactMap(value)
            return values.count == parts.count ? values.reduce(0, +) : nil
        }
        var nonFinite = [Int](repeating: 0, count: first.mean.count)
        let mean = first.mean.indices.map { frame in
            let counts = parts.map { ($0.voxels ?? 0) - ($0.nonFinite?[frame] ?? 0) }
            nonFinite[frame] = sizes.reduce(0, +) - counts.reduce(0, +)
            let sum = zip(parts, counts).reduce(0) { $1.1 > 0 ? $0 + $1.0.mean[frame] * Double($1.1) : $0 }
            return sum / Double(counts.reduce(0, +))
        }
        return Curve(
            name: name, mean: mean, voxels: sizes.reduce(0, +), volumeML: total(\.volumeML),
            nonFinite: nonFinite.contains { $0 > 0 } ? nonFinite : nil)
    }
}

extension TimeActivityCurves {
    /// The same curves with activity in Bq/mL where `declared` is an activity per volume, and as they are otherwise.
    func converted(fromDeclared declared: String?) -> TimeActivityCurves {
        var result = self
        result.units = declared
        guard let declared, let unit = ActivityUnit(named: declared) else { return result }
        return result.scaled(by: unit.becquerelsPerML, units: "Bq/mL")
    }

    /// The same curves in another unit of activity per volume, "kBq/mL"; the unit they have where `wanted` is `nil`.
    ///
    /// Throws where either unit is none.
    public func inUnits(_ wanted: String?) throws(CurveProblem) -> TimeActivityCurves {
        guard let wanted else { return self }
        guard let target = ActivityUnit(named: wanted) else { throw .notActivity(wanted) }
        guard let units else { throw .unitsMissing(wanted) }
        guard let source = ActivityUnit(named: units) else { throw .notConvertible(from: units, to: wanted) }
        return scaled(by: source.becquerelsPerML / target.becquerelsPerML, units: wanted)
    }

    private func scaled(by factor: Double, units: String) -> TimeActivityCurves {
        var result = self
        result.units = units
        guard factor != 1 else { return result }
        for place in result.curves.indices {
            result.curves[place].mean = result.curves[place].mean.map { $0 * factor }
            result.curves[place].sd = result.curves[place].sd?.map { $0 * factor }
        }
        return result
    }
}
