import Records

/// What tissue takes up from, with the parent fraction it was made with.
public struct BloodInput: Sendable, Equatable {
    /// Unchanged tracer in plasma and whole blood, Bq/mL over min.
    public var arterial: ArterialInput
    /// The parent fraction; `nil` where none was used.
    public var parentFraction: ParentFraction?
    /// What was doubtful.
    public var warnings: [String]
}

extension BloodSamples {
    /// The arterial input: plasma times parent fraction at the times of the plasma samples, and whole blood.
    ///
    /// Samples of metabolite-corrected plasma are taken as they are. With `model` nil the activity of plasma is taken to
    /// be all unchanged tracer, which is true of few tracers and must be said. Both curves come `delayS` later (earlier
    /// where negative) than measured. Throws where plasma or parent fraction are missing, where blood is declared as not
    /// corrected for decay, and what the fraction's fit throws.
    public func input(
        parentFraction model: ParentFraction.Model?, delayS: Double = 0
    ) throws(CurveProblem) -> BloodInput {
        guard isDecayCorrected != false else { throw .bloodNotCorrected }
        var (warnings, fraction) = (self.warnings, ParentFraction?.none)
        for signal in [Signal.parentPlasma, .plasma, .wholeBlood] {
            let below = self[signal]?.values.count { $0 < 0 } ?? 0
            if below > 0 {
                warnings.append("\(signal.rawValue): \(counted(below, "sample")) below 0, used as measured")
            }
        }
        let parent: (times: [Double], values: [Double])
        if let corrected = self[.parentPlasma] {
            parent = (corrected.times, corrected.values)
        } else {
            guard let plasma = self[.plasma] else { throw .noPlasma(samples.keys.map(\.rawValue).sorted()) }
            if let model {
                guard let measured = self[.parentFraction] else { throw .noParentFraction }
                let fitted = try ParentFraction(model, of: measured)
                warnings += fitted.warnings
                if let last = plasma.times.last, let end = measured.times.last, last > end + 60 {
                    warnings.append(
                        "the last parent fraction is \(fixed((last - end) / 60, 1)) min before the last plasma sample")
                }
                parent = (plasma.times, zip(plasma.times, plasma.values).map { $1 * fitted.value(atS: $0) })
                fraction = fitted
            } else {
                parent = (plasma.times, plasma.values)
                warnings.append("all activity in plasma is taken as unchanged tracer")
            }
        }
        if let whole = self[.wholeBlood], parent.times[0] > whole.times[0] + 30 {
            warnings.append(
                "plasma begins \(fixed(parent.times[0] - whole.times[0], 0)) s after whole blood; its peak may be missing"
            )
        }
        guard parent.times[0] <= Self.latestStartS else { throw .plasmaStartsLate(minutes: parent.times[0] / 60) }
        if parent.times[0] > 120 {
            warnings.append(
                "the first plasma sample is \(fixed(parent.times[0] / 60, 1)) min after time zero; a straight rise from 0 "
                    + "was assumed before it")
        }
        guard let plasmaCurve = Self.curve(parent.times, parent.values) else { throw .noPlasma([]) }
        let whole = self[.wholeBlood].flatMap { Self.curve($0.times, $0.values) }
        if whole == nil { warnings.append("there is no whole blood") }
        let arterial = ArterialInput(parentPlasma: plasmaCurve, wholeBlood: whole).delayed(byMin: delayS / 60)
        return BloodInput(arterial: arterial, parentFraction: fraction, warnings: warnings)
    }

    /// A first plasma sample later than this, s, leaves the peak and so the integral unknown.
    static let latestStartS = 300.0

    private static func curve(_ times: [Double], _ values: [Double]) -> SampledCurve? {
        SampledCurve(times: times.map { $0 / 60 }, values: values)
    }
}
