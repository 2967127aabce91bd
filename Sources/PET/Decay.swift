import Glibc

/// Radioactive decay.
public enum Decay {
    /// The decay constant ln 2 / T½, 1/s.
    public static func constant(halfLifeS: Double) -> Double { log(2) / halfLifeS }

    /// What remains after a time: exp(-λt). Above 1 for a time before.
    public static func remaining(afterS seconds: Double, halfLifeS: Double) -> Double {
        exp(-constant(halfLifeS: halfLifeS) * seconds)
    }

    /// What an activity measured at one moment is multiplied by to give it at an earlier one: exp(λ(measured - wanted)).
    public static func factor(fromS measured: Double, toS wanted: Double, halfLifeS: Double) -> Double {
        exp(constant(halfLifeS: halfLifeS) * (measured - wanted))
    }

    /// What the average activity over a frame is multiplied by to give the activity at its start: λΔ / (1 - exp(-λΔ)).
    ///
    /// 1 for a frame without length.
    public static func frameAverageFactor(durationS: Double, halfLifeS: Double) -> Double {
        let exponent = constant(halfLifeS: halfLifeS) * durationS
        return exponent == 0 ? 1 : exponent / -expm1(-exponent)
    }

    /// What an uncorrected frame is multiplied by to be corrected to `reference`: in-frame decay and the time before it.
    public static func frameFactor(_ frame: Frame, referenceS reference: Double, halfLifeS: Double) -> Double {
        factor(fromS: frame.start, toS: reference, halfLifeS: halfLifeS)
            * frameAverageFactor(durationS: frame.duration, halfLifeS: halfLifeS)
    }

    /// When, after the start of a frame, the activity equals its average over the frame, s [QIBA-SUV].
    public static func averageActivityTimeS(durationS: Double, halfLifeS: Double) -> Double {
        log(frameAverageFactor(durationS: durationS, halfLifeS: halfLifeS)) / constant(halfLifeS: halfLifeS)
    }
}
