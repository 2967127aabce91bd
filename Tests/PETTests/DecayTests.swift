import PET
import Testing

@Suite struct DecayTests {
    @Test func halfIsLeftAfterAHalfLife() {
        #expect(abs(Decay.remaining(afterS: 6586.2, halfLifeS: 6586.2) - 0.5) < 1e-15)
        #expect(abs(Decay.factor(fromS: 6586.2, toS: 0, halfLifeS: 6586.2) - 2) < 1e-14)
        #expect(Decay.frameAverageFactor(durationS: 0, halfLifeS: 6586.2) == 1)
        #expect(abs(Decay.constant(halfLifeS: 2) - 0.34657359027997264) < 1e-16)
    }

    /// A Siemens scanner's frame reference times of [11C]MC1 (OpenNeuro ds004869, sub-11), half-life 1220.04 s, printed to
    /// 6 digits: the moment of average activity counted from the frame's start.
    @Test(arguments: [(30.0, 14.9787), (60, 29.915), (120, 59.659), (300, 147.87)])
    func averageActivityTimeIsTheScanners(duration: Double, published: Double) {
        let time = Decay.averageActivityTimeS(durationS: duration, halfLifeS: 1220.04)
        #expect(abs(time - published) < 6e-4)
    }

    @Test func aFrameIsCorrectedForTheTimeBeforeAndForItself() {
        let frame = Frame(start: 6586.2, duration: 300)
        let own = Decay.frameAverageFactor(durationS: 300, halfLifeS: 6586.2)
        #expect(abs(Decay.frameFactor(frame, referenceS: 0, halfLifeS: 6586.2) / (2 * own) - 1) < 1e-14)
    }

    @Test func theAverageIsReachedAtTheAverageActivityTime() {
        for duration in [10.0, 300, 6000] {
            let t = Decay.averageActivityTimeS(durationS: duration, halfLifeS: 1224)
            let product =
                Decay.remaining(afterS: t, halfLifeS: 1224)
                * Decay.frameAverageFactor(durationS: duration, halfLifeS: 1224)
            #expect(abs(product - 1) < 1e-12)
            #expect(t > 0 && t < duration / 2)
        }
    }

    @Test(arguments: ["F18", "F-18", "18F", "[18F]", "^18^Fluorine", "Fluorine-18", "C-111A1", "^18^F"])
    func aNuclideIsKnownByAnyOfItsNames(name: String) {
        #expect(Radionuclide.name(of: name) == "F18")
        #expect(Radionuclide.halfLifeS(of: name) == 6586.2)
    }

    @Test func othersAreNotGuessed() {
        #expect(Radionuclide.halfLifeS(of: "Xx99") == nil)
        #expect(Radionuclide.halfLifeS(of: "") == nil)
        #expect(Radionuclide.name(of: "99mTc") == "Tc99m")
        #expect(Radionuclide.name(of: "Tc-99m") == "Tc99m")
        #expect(Radionuclide.name(of: "11C") == "C11")
    }
}
