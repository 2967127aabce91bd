/// A model fitted to the regions of a scan.
public struct KineticStudy: Sendable, Equatable {
    /// k2' of the reference region as a first pass over the regions found it.
    public struct K2Prime: Sendable, Equatable {
        /// 1/min.
        public var value: Double
        /// Regions it is from.
        public var regions: [String]
        /// How they were combined.
        public var rule: K2PrimeRule
    }

    /// How k2' of several regions becomes one.
    public enum K2PrimeRule: String, Sendable, CaseIterable {
        /// Their median, which one bad fit does not move.
        case median
        /// Their mean, weighted by 1 / SE² [WuCarson2002].
        case weighted
    }

    /// The model.
    public var model: KineticModel
    /// One fit a region, in the order of the regions.
    public var fits: [KineticFit]
    /// What was fitted with: k2' and t* filled in.
    public var options: KineticOptions
    /// k2', where it was estimated and not given.
    public var k2Prime: K2Prime?
    /// The frames of the scan.
    public var frames: FrameTimes
    /// What was doubtful about the scan.
    public var warnings: [String]

    /// Fits a model to every region. SRTM2 and MRTM2 without k2' take it from a first pass of SRTM or MRTM over regions whose
    /// BP_ND is above `highBinding`.
    ///
    /// Throws where no region could be fitted so; a region without an answer says so in its fit.
    public init(
        _ model: KineticModel, regions: [TimeActivityCurves.Curve], input: KineticInput, frames: FrameTimes,
        options: KineticOptions = KineticOptions(), k2PrimeRule: K2PrimeRule = .median, highBinding: Double = 0.5
    ) throws(KineticError) {
        var (options, found) = (options, K2Prime?.none)
        if model == .srtm2 || model == .mrtm2, options.k2Prime == nil {
            var first = options
            // The first pass needs R1, which holds from the injection on.
            first.frames = .all
            let setup = try KineticSetup(
                model == .srtm2 ? .srtm : .mrtm, input: input, frames: frames, options: first)
            var passes: [KineticFit] = []
            for region in regions { passes.append(try setup.fit(region.mean, region: region.name)) }
            guard let estimate = Self.combined(passes, k2PrimeRule, above: highBinding) else {
                throw .noHighBinding(highBinding)
            }
            (found, options.k2Prime) = (estimate, estimate.value)
        }
        let setup = try KineticSetup(model, input: input, frames: frames, options: options)
        var fits: [KineticFit] = []
        for region in regions { fits.append(try setup.fit(region.mean, region: region.name)) }
        (self.model, self.fits, self.options, k2Prime, self.frames) = (model, fits, options, found, frames)
        warnings = model == .suvr || model == .sbr ? [] : frames.gapWarnings
    }

    /// k2' of the regions that bind and whose fit is clean.
    static func combined(_ fits: [KineticFit], _ rule: K2PrimeRule, above limit: Double) -> K2Prime? {
        let binding = fits.compactMap { fit -> (name: String, value: Double, error: Double)? in
            guard let bp = fit["BP_ND"], bp.value > limit, let k2Prime = fit["k2_prime"], k2Prime.value > 0,
                k2Prime.value.isFinite, fit.flags.allSatisfy({ if case .framesLeftOut = $0 { true } else { false } })
            else { return nil }
            return (fit.region, k2Prime.value, k2Prime.standardError)
        }
        guard !binding.isEmpty else { return nil }
        let value: Double
        switch rule {
        case .median:
            let sorted = binding.map(\.value).sorted()
            let middle = sorted.count / 2
            value = sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
        case .weighted:
            let known = binding.filter { $0.error > 0 && $0.error.isFinite }
            guard !known.isEmpty else { return nil }
            let total = known.reduce(0) { $0 + 1 / ($1.error * $1.error) }
            value = known.reduce(0) { $0 + $1.value / ($1.error * $1.error) } / total
        }
        return K2Prime(value: value, regions: binding.map(\.name), rule: rule)
    }

    /// Regions without an answer.
    public var failed: [KineticFit] { fits.filter { $0.failure != nil } }
}

extension KineticStudy {
    /// The earliest t* from which a graphical method is straight in every region: the slope of the later half of the points
    /// is within `tolerance` of the slope of all (0.1 is usual). Frames' start, min; `nil` where no 3 frames are so.
    ///
    /// The slope, because it is the answer. How far points lie from the line says little: Patlak's plot of tissue that takes
    /// up slowly is a high intercept with a small slope, to which every point is close however bent it is.
    public static func tStar(
        _ model: KineticModel, regions: [TimeActivityCurves.Curve], input: KineticInput, frames: FrameTimes,
        options: KineticOptions = KineticOptions(), tolerance: Double = 0.1
    ) throws(KineticError) -> Double? {
        var latest = 0
        for region in regions {
            var first: Int?
            for start in 0..<max(frames.count - 2, 0) {
                var options = options
                options.frames = .last(frames.count - start)
                let fit = try KineticModels.fit(
                    model, target: region.mean, region: region.name, input: input, frames: frames, options: options)
                guard fit.failure == nil else { continue }
                let (all, later) = (Self.slope(fit, from: 0), Self.slope(fit, from: fit.x.count / 2))
                if abs(later - all) <= tolerance * abs(all) { first = start; break }
            }
            guard let first else { return nil }
            latest = max(latest, first)
        }
        return regions.isEmpty ? nil : frames.starts[latest]
    }

    /// The weighted slope of a graphical method's points, of the first `from` none.
    private static func slope(_ fit: KineticFit, from: Int) -> Double {
        let places = from..<fit.x.count
        let total = places.reduce(0) { $0 + fit.weights[$1] }
        let x = places.reduce(0) { $0 + fit.weights[$1] * fit.x[$1] } / total
        let y = places.reduce(0) { $0 + fit.weights[$1] * fit.observed[$1] } / total
        let (across, along) = places.reduce((0.0, 0.0)) {
            let (w, dx) = (fit.weights[$1], fit.x[$1] - x)
            return ($0.0 + w * dx * (fit.observed[$1] - y), $0.1 + w * dx * dx)
        }
        return across / along
    }
}
