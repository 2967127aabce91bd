import Records

/// Every regional model behind one door: what is fitted, to which frames, with which weights, is settled here; the methods
/// themselves are in the files named for them.
public enum KineticModels {
    /// Fits a model to one region's frame means.
    ///
    /// Throws where no region could be fitted so: no input, fewer than 3 frames, no k2'. A region whose own curve has no
    /// answer comes back without parameters and says why.
    public static func fit(
        _ model: KineticModel, target: [Double], region: String = "", input: KineticInput, frames: FrameTimes,
        options: KineticOptions = KineticOptions()
    ) throws(KineticError) -> KineticFit {
        try KineticSetup(model, input: input, frames: frames, options: options).fit(target, region: region)
    }
}

/// A model, its input and the frames it is fitted to: everything that regions share.
struct KineticSetup {
    let model: KineticModel
    let input: KineticInput
    let frames: FrameTimes
    let options: KineticOptions
    /// Frames that take part.
    let chosen: [Int]
    /// What holds for every region.
    let flags: [KineticFit.Flag]

    init(_ model: KineticModel, input: KineticInput, frames: FrameTimes, options: KineticOptions) throws(KineticError) {
        (self.model, self.input, self.frames, self.options) = (model, input, frames, options)
        try Self.check(model, input, frames, options)
        var (chosen, flags) = (
            options.frames.indices(of: frames, convention: options.convention), [KineticFit.Flag]()
        )
        if options.convention != .kinfitr {
            let empty = chosen.count { frames.ends[$0] <= frames.starts[$0] }
            if empty > 0 { flags.append(.framesLeftOut(empty, "they have no length")) }
            chosen.removeAll { frames.ends[$0] <= frames.starts[$0] }
        }
        if let weights = options.weights {
            let unweighted = chosen.count { weights[$0] == 0 && frames.ends[$0] > frames.starts[$0] }
            if unweighted > 0 { flags.append(.framesLeftOut(unweighted, "their weight is 0")) }
            chosen.removeAll { weights[$0] == 0 }
        }
        if case .plasma(let arterial) = input {
            let beyond = chosen.count { frames.mids[$0] > arterial.lastMiddle }
            if beyond > 0 {
                let last = significant(arterial.parentPlasma.times.last, 4)
                flags.append(.framesLeftOut(beyond, "the last plasma sample is at \(last) min"))
            }
            chosen.removeAll { frames.mids[$0] > arterial.lastMiddle }
        }
        // One more than there are parameters, or nothing is left to tell a good fit from a bad one.
        let volumes = model.isCompartment && options.bloodFraction == nil ? 1 : 0
        let needed = model == .suvr || model == .sbr ? 1 : model.freeParameters + volumes + 1
        guard chosen.count >= needed else {
            throw .tooFewFrames(found: chosen.count, needed: needed, options.frames)
        }
        (self.chosen, self.flags) = (chosen, flags)
    }

    private static func check(
        _ model: KineticModel, _ input: KineticInput, _ frames: FrameTimes, _ options: KineticOptions
    ) throws(KineticError) {
        switch input {
        case .reference(let curve):
            guard model.needsReference else { throw .noPlasma(model) }
            guard curve.means.count == frames.count else {
                throw .frameCount(curve: curve.means.count, frames: frames.count)
            }
        case .plasma(let arterial):
            guard !model.needsReference else { throw .noReference(model) }
            if options.bloodTakenOff > 0, arterial.wholeBlood == nil { throw .noBlood }
        }
        if let frame = (1..<max(frames.count, 1)).first(where: { frames.starts[$0] < frames.ends[$0 - 1] - 0.5 / 60 }) {
            throw .framesOverlap(frame)
        }
        if options.convention == .tpc, !model.isLinear { throw .notInConvention(model, .tpc) }
        if (model == .suvr || model == .sbr) && options.frames == .all { throw .noWindow(model) }
        if model == .mrtm2 || model == .srtm2, options.k2Prime == nil { throw .noK2Prime(model) }
        if let k2Prime = options.k2Prime, !(k2Prime > 0 && k2Prime.isFinite) {
            throw .parameter("k2' is a rate above 0 per minute")
        }
        guard (0..<1).contains(options.bloodTakenOff) else {
            throw .parameter("the blood volume is a fraction from 0 to less than 1")
        }
        guard options.k2aRange.lowerBound > 0, options.k2aRange.lowerBound < options.k2aRange.upperBound,
            options.k2aRange.upperBound.isFinite, options.k2aCount >= 3
        else { throw .parameter("k2a is searched between two rates above 0 per minute, at 3 values or more") }
        guard let weights = options.weights else { return }
        if options.convention == .tpc { throw .weights("in the tpc convention every point weighs the same") }
        guard weights.count == frames.count else {
            throw .weights("there are \(weights.count) for \(frames.count) frames")
        }
        guard weights.allSatisfy({ $0 >= 0 && $0.isFinite }) else { throw .weights("one is negative or not a number") }
    }

    func fit(_ target: [Double], region: String) throws(KineticError) -> KineticFit {
        guard target.count == frames.count else { throw .frameCount(curve: target.count, frames: frames.count) }
        // Integrals and convolutions reach back to the first frame; ratios do not.
        let needed = model == .suvr || model == .sbr ? chosen : Array(0...chosen[chosen.count - 1])
        if let frame = needed.first(where: { !target[$0].isFinite }) {
            return failed(region, "the curve has no value in frame \(frame + 1)")
        }
        return switch model {
        case .patlak, .refPatlak: patlak(target, region)
        case .logan, .refLogan: logan(target, region)
        case .ma1: ma1(target, region)
        case .mrtm: mrtm(target, region)
        case .mrtm2: mrtm2(target, region)
        case .srtm, .srtmBasis: srtm(target, region)
        case .srtm2: srtm2(target, region)
        case .suvr, .sbr: uptakeRatio(target, region)
        case .oneTissue, .twoTissue, .twoTissueIrreversible: try compartments(target, region)
        }
    }

    /// The plasma compartment models, which bring their own search.
    private func compartments(_ target: [Double], _ region: String) throws(KineticError) -> KineticFit {
        guard let arterial = input.plasma else { throw .noPlasma(model) }
        let compartments = CompartmentModel(
            model, bloodVolume: options.bloodFraction.map { .fixed($0) } ?? .fitted,
            scalesTissue: options.scalesTissue, convention: options.convention)
        var weights = [Double](repeating: 0, count: frames.count)
        for frame in chosen { weights[frame] = options.weights?[frame] ?? 1 }
        var fit = try compartments.fit(target, region: region, input: arterial, frames: frames, weights: weights)
        fit.flags += flags
        return fit
    }

    func failed(_ region: String, _ reason: String, _ more: [KineticFit.Flag] = []) -> KineticFit {
        KineticFit(model: model, region: region, noSolution: reason, flags: flags + more)
    }

    /// The curves and integrals of a linear method.
    func terms(_ target: [Double]) -> KineticTerms {
        switch input {
        case .reference(let curve):
            KineticTerms(target: target, reference: curve, frames: frames, options: options)
        case .plasma(let arterial): KineticTerms(target: target, plasma: arterial, frames: frames, options: options)
        }
    }

    /// Whether a region is the reference itself, of which a model with its own R1 has nothing to say.
    func isReference(_ target: [Double]) -> Bool {
        guard let reference = input.reference, !reference.isSampled else { return false }
        return reference.means == target
    }
}
