import PET
import Testing

/// What cannot be fitted says so: an error where no region can be, a flag where one cannot.
@Suite struct KineticFailureTests {
    static let frames = FrameTimes(starts: (0..<12).map { Double($0) * 5 }, ends: (1...12).map { Double($0) * 5 })
    /// Rises and falls; the target binds.
    static let reference: [Double] = [8, 20, 24, 22, 19, 16, 13.5, 11.5, 9.8, 8.4, 7.2, 6.2]
    static let target: [Double] = [8, 22, 30, 32, 31, 29, 26.5, 24, 21.6, 19.4, 17.3, 15.5]

    func fit(
        _ model: KineticModel, _ target: [Double] = target, reference: [Double] = reference,
        frames: FrameTimes = frames, _ options: KineticOptions = KineticOptions()
    ) throws -> KineticFit {
        try KineticModels.fit(
            model, target: target, region: "putamen",
            input: .reference(ReferenceCurve(frames: frames, means: reference)), frames: frames, options: options)
    }

    func fit(_ model: KineticModel, _ options: KineticOptions) throws -> KineticFit {
        try fit(model, Self.target, options)
    }

    /// With as many frames as parameters every fit is perfect.
    @Test(arguments: [(KineticModel.refPatlak, 3), (.refLogan, 3), (.mrtm2, 3), (.mrtm, 4), (.srtm, 4)])
    func asManyFramesAsParametersAreRefused(model: KineticModel, needed: Int) throws {
        let start = 60 - 5 * Double(needed - 1)
        let options = KineticOptions(frames: .from(start), k2Prime: model == .mrtm2 ? 0.1 : nil)
        let error = KineticError.tooFewFrames(found: needed - 1, needed: needed, .from(start))
        #expect(throws: error) { try fit(model, options) }
        var enough = options
        enough.frames = .from(start - 5)
        #expect(try fit(model, enough).region == "putamen")
    }

    /// 1TCM has K1, k2 and v_B, which a number for v_B takes away.
    @Test func aFittedBloodVolumeCountsAsAParameter() throws {
        let curve = try #require(SampledCurve(times: [0, 1, 60], values: [0, 50, 5]))
        let plasma = KineticInput.plasma(ArterialInput(parentPlasma: curve, wholeBlood: curve))
        func fit(_ frames: KineticFrames, _ fraction: Double?) throws -> KineticFit {
            try KineticModels.fit(
                .oneTissue, target: Self.target, input: plasma, frames: Self.frames,
                options: KineticOptions(frames: frames, bloodFraction: fraction))
        }
        #expect(throws: KineticError.tooFewFrames(found: 3, needed: 4, .from(45))) { try fit(.from(45), nil) }
        #expect(try fit(.from(45), 0.05).failure == nil)
    }

    @Test func aReferenceWithoutActivityIsRefused() {
        #expect(throws: KineticError.emptyReference) {
            try fit(.mrtm, reference: Self.reference.map { _ in 0 })
        }
    }

    /// MRTM of a target with a curve upside down against the reference's.
    @Test func ratesThatAreNotPositiveAreFlagged() throws {
        let terms = RunningIntegral(.frameSum, frames: Self.frames)
        // C_T = 0.3 ∫C_R − 0.1 ∫C_T − 0.2 C_R, frame by frame: R1 is −0.2.
        var target: [Double] = []
        let reference = terms.of(Self.reference)
        var before = 0.0
        for frame in 0..<12 {
            let value = (0.3 * reference[frame] - 0.1 * before - 0.2 * Self.reference[frame]) / 1.25
            target.append(value)
            before += 5 * value
        }
        let found = try fit(.mrtm, target)
        #expect(abs((found["R1"]?.value ?? .nan) + 0.2) < 1e-9)
        #expect(found.flags.contains(.note("R1 is not positive")) && !found.flags.contains(.note("k2 is not positive")))
    }

    @Test func anInputOfTheWrongKindIsRefused() throws {
        let plasma = ArterialInput(parentPlasma: try #require(SampledCurve(times: [1, 9], values: [5, 2])))
        #expect(throws: KineticError.noReference(.srtm)) {
            try KineticModels.fit(.srtm, target: Self.target, input: .plasma(plasma), frames: Self.frames)
        }
        #expect(throws: KineticError.noPlasma(.logan)) { try fit(.logan) }
        #expect(throws: KineticError.noBlood) {
            try KineticModels.fit(
                .logan, target: Self.target, input: .plasma(plasma), frames: Self.frames,
                options: KineticOptions(frames: .from(20), bloodFraction: 0.05))
        }
        #expect(throws: KineticError.noK2Prime(.mrtm2)) { try fit(.mrtm2) }
        #expect(throws: KineticError.noWindow(.sbr)) { try fit(.sbr) }
        #expect(throws: KineticError.notInConvention(.srtm, .tpc)) {
            try fit(.srtm, KineticOptions(convention: .tpc))
        }
    }

    @Test func optionsOutOfRangeAreRefused() {
        func refused(_ model: KineticModel, _ options: KineticOptions) -> String {
            do { _ = try fit(model, options) } catch { return "\(error)" }
            return ""
        }
        #expect(refused(.mrtm2, KineticOptions(k2Prime: -0.1)) == "k2' is a rate above 0 per minute")
        #expect(refused(.srtm, KineticOptions(k2aRange: 0...1)).contains("between two rates above 0"))
        #expect(refused(.srtm, KineticOptions(bloodFraction: 1)).contains("fraction from 0 to less than 1"))
        #expect(refused(.mrtm, KineticOptions(weights: [1])).contains("there are 1 for 12 frames"))
        #expect(refused(.mrtm, KineticOptions(weights: Self.target.map { -$0 })).contains("negative"))
        #expect(refused(.mrtm, KineticOptions(convention: .tpc, weights: Self.target)).contains("weighs the same"))
    }

    @Test func framesThatDoNotFitAreRefused() throws {
        #expect(throws: KineticError.frameCount(curve: 2, frames: 12)) { try fit(.mrtm, [1, 2]) }
        #expect(throws: KineticError.inputNotFinite(frame: 3)) {
            var reference = Self.reference
            reference[3] = .nan
            _ = try fit(.mrtm, reference: reference)
        }
        let overlapping = FrameTimes(starts: Self.frames.starts, ends: Self.frames.ends.map { $0 + 1 })
        #expect(throws: KineticError.framesOverlap(1)) { try fit(.mrtm, frames: overlapping) }
    }

    @Test(arguments: [KineticModel.refPatlak, .refLogan, .mrtm, .srtm, .srtmBasis])
    func aCurveWithoutAValueHasNoSolution(model: KineticModel) throws {
        var target = Self.target
        target[2] = .nan
        let fit = try fit(model, target, KineticOptions(frames: .from(20)))
        #expect(fit.failure == "the curve has no value in frame 3" && fit.parameters.isEmpty && fit.framesUsed.isEmpty)
        #expect(fit.aicc.isNaN)
    }

    /// A ratio over a window does not reach back to the missing frame.
    @Test func aRatioNeedsOnlyItsWindow() throws {
        var target = Self.target
        target[2] = .nan
        let fit = try fit(.suvr, target, KineticOptions(frames: .window(40, 60)))
        #expect(fit.failure == nil && fit.framesUsed == [8, 9, 10, 11])
        #expect(abs(try #require(fit["SUVR"]).value - (21.6 + 19.4 + 17.3 + 15.5) / (9.8 + 8.4 + 7.2 + 6.2)) < 1e-12)
        let early = Self.reference.enumerated().map { $0.offset < 8 ? $0.element : 0 }
        let empty = try self.fit(.sbr, reference: early, KineticOptions(frames: .window(40, 60)))
        #expect(empty.failure == "the reference has no activity in the window")
        #expect(throws: KineticError.emptyReference) {
            try self.fit(.sbr, reference: Self.reference.map { _ in 0 }, KineticOptions(frames: .window(40, 60)))
        }
    }

    @Test func framesWithoutActivityAreLeftOutAndCounted() throws {
        var (reference, target) = (Self.reference, Self.target)
        (reference[6], target[7]) = (0, -1)
        let patlak = try fit(.refPatlak, reference: reference, KineticOptions(frames: .from(20)))
        #expect(patlak.flags == [.framesLeftOut(1, "the reference is 0 or less")] && patlak.framesUsed.count == 7)
        let logan = try fit(.refLogan, target, KineticOptions(frames: .from(20)))
        #expect(logan.flags == [.framesLeftOut(1, "the region is 0 or less")] && !logan.framesUsed.contains(7))
        let gone = try fit(.refLogan, target.map { -$0 }, KineticOptions(frames: .from(20)))
        #expect(gone.failure == "fewer than 3 frames are left")
    }

    /// A curve that only gathers: nothing leaves, and no binding potential exists.
    @Test func aTissueThatNothingLeavesHasNoBindingPotential() throws {
        let trapped = (0..<12).map { 5 + 4 * Double($0 * $0) }
        let fit = try fit(.mrtm, trapped)
        #expect(fit.failure?.contains("nothing leaves the tissue") == true)
    }

    @Test func theReferenceItselfBindsNothing() throws {
        for model in [KineticModel.mrtm, .srtm, .srtmBasis, .srtm2] {
            let fit = try fit(model, Self.reference, KineticOptions(k2Prime: model == .srtm2 ? 0.1 : nil))
            #expect(fit["BP_ND"]?.value == 0 && fit["R1"]?.value == 1, "\(model)")
        }
        for (model, name, value) in [
            (KineticModel.refLogan, "DVR", 1.0), (.mrtm2, "BP_ND", 0), (.refPatlak, "Ki_ref", 0),
        ] {
            let fit = try fit(
                model, Self.reference,
                KineticOptions(frames: model == .mrtm2 ? .all : .from(20), k2Prime: model == .mrtm2 ? 0.1 : nil))
            #expect(abs(try #require(fit[name]).value - value) < 1e-12, "\(model)")
        }
    }

    /// The rate is at an end of what is searched: the data do not decide.
    @Test func aRateAtAnEndIsFlagged() throws {
        let fit = try fit(.srtm, KineticOptions(k2aRange: 0.2...0.3))
        #expect(fit.flags == [.atBound("k2a")] && fit["BP_ND"]?.standardError.isNaN == true)
    }

    @Test func timesThatNoFrameCoversAreWarnings() {
        let frames = FrameTimes(starts: [1, 5, 12], ends: [5, 10, 15])
        #expect(
            frames.gapWarnings == [
                "the first frame starts 60 s after time zero; a straight rise from 0 was assumed before it",
                "1 gap between frames, 120 s in all, was filled along a straight line",
            ])
        #expect(Self.frames.gapWarnings.isEmpty)
    }

    @Test func noRegionThatBindsGivesNoEfflux() throws {
        let curves = [TimeActivityCurves.Curve(name: "none", mean: Self.reference)]
        let input = KineticInput.reference(try ReferenceCurve(frames: Self.frames, means: Self.reference))
        #expect(throws: KineticError.noHighBinding(0.5)) {
            try KineticStudy(.srtm2, regions: curves, input: input, frames: Self.frames)
        }
    }
}
