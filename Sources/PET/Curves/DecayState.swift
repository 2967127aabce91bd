/// Whether activity is corrected for decay, and to which moment.
public enum DecayState: Sendable, Equatable {
    /// Corrected to this many seconds after time zero.
    case corrected(toS: Double)
    /// As measured.
    case uncorrected
}

extension Acquisition {
    /// The state of the image's values; `nil` where the file does not say, and where slices have moments of their own.
    public var decayState: DecayState? {
        switch decayReference {
        case .some(.none): .uncorrected
        case .scanStart, .administration:
            sliceDecayReferenceS.isEmpty ? decayReferenceS.map { .corrected(toS: $0 + injectionStartS) } : nil
        case nil: nil
        }
    }
}

extension TimeActivityCurves {
    /// The curves corrected to a moment, s after time zero: each frame times `Decay.frameFactor`.
    ///
    /// Curves corrected to another moment are moved to this one. Throws where the state is not known and where they are
    /// corrected to it already (within half a second).
    public func decayCorrected(toS reference: Double, halfLifeS: Double) throws(CurveProblem) -> TimeActivityCurves {
        guard halfLifeS > 0 else { throw .halfLife }
        switch decay {
        case nil: throw .decayUnknown
        case .corrected(let known):
            guard abs(known - reference) > 0.5 else { throw .alreadyCorrected(toS: known) }
            let factor = Decay.factor(fromS: known, toS: reference, halfLifeS: halfLifeS)
            return scaled(.corrected(toS: reference)) { _ in factor }
        case .uncorrected:
            return scaled(.corrected(toS: reference)) {
                Decay.frameFactor($0, referenceS: reference, halfLifeS: halfLifeS)
            }
        }
    }

    /// The curves as they were measured: the correction to the moment they are corrected to undone.
    ///
    /// Throws where the state is not known and where they are not corrected.
    public func decayUncorrected(halfLifeS: Double) throws(CurveProblem) -> TimeActivityCurves {
        guard halfLifeS > 0 else { throw .halfLife }
        switch decay {
        case nil: throw .decayUnknown
        case .uncorrected: throw .alreadyUncorrected
        case .corrected(let known):
            return scaled(.uncorrected) { 1 / Decay.frameFactor($0, referenceS: known, halfLifeS: halfLifeS) }
        }
    }

    private func scaled(_ state: DecayState, by factor: (Frame) -> Double) -> TimeActivityCurves {
        var result = self
        result.decay = state
        let factors = frames.map(factor)
        for place in result.curves.indices {
            result.curves[place].mean = zip(result.curves[place].mean, factors).map { $0 * $1 }
            result.curves[place].sd = result.curves[place].sd.map { sd in zip(sd, factors).map { $0 * $1 } }
        }
        return result
    }
}
