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

@Suite struct RadionuclideTests {
    /// Codes of DICOM's CID 4020 as pydicom 3.0.2 lists them: SNOMED RT, SNOMED CT and DICOM's own.
    @Test(arguments: [
        ("C-105A1", "C11"), ("40565003", "C11"), ("C-107A1", "N13"), ("C-B1038", "O15"), ("129504001", "O15"),
        ("77004003", "F18"), ("35337001", "Ga68"), ("C-168A4", "Zr89"), ("C-127A2", "Cu64"), ("126600", "Sc44"),
        ("126607", "Mn52m"), ("424079002", "Tc94m"), ("C-114A5", "I124"), ("126606", "Tb152"),
    ])
    func codesNameTheirNuclide(code: String, name: String) {
        #expect(Radionuclide.name(of: code) == name)
        #expect(Radionuclide.halfLifeS(of: code) != nil)
    }

    @Test(arguments: [
        "F18", "F-18", "18F", "[18F]", "^18^Fluorine", "18-F", "f18", "Fluorine-18", "^18^F",
    ])
    func spellingsOfOneNuclideAreTheSame(text: String) {
        #expect(Radionuclide.name(of: text) == "F18" && Radionuclide.halfLifeS(of: text) == 6586.2)
    }

    @Test func metastableNuclidesAreOthers() {
        #expect(Radionuclide.name(of: "^52m^Manganese") == "Mn52m" && Radionuclide.name(of: "^52^Manganese") == "Mn52")
        #expect(Radionuclide.name(of: "99mTc") == "Tc99m" && Radionuclide.name(of: "Tc-99m") == "Tc99m")
        #expect(Radionuclide.name(of: "Xx99") == nil && Radionuclide.halfLifeS(of: "126699") == nil)
    }
}

/// Units as headers write them.
@Suite struct PETUnitTests {
    @Test(
        arguments: [
            ("BQML", "BQML", nil), ("Bq/ml", "BQML", nil), ("{SUVbw}g/ml", "GML", "BW"), ("g/ml{SUVbw}", "GML", "BW"),
            ("{SUVlbm}g/ml", "GML", "LBM"), ("{SUVbsa}cm2/ml", "CM2ML", "BSA"),
            ("{SUVlbm(James128)}g/ml", "GML", "LBMJAMES128"),
            ("{SUVibw}g/ml", "GML", "IBW"), ("{counts}", "CNTS", nil), ("{counts}/s", "CPS", nil),
            ("{propcounts}/s", "PROPCPS", nil),
        ] as [(String, String, String?)])
    func unitsAreDICOMs(text: String, name: String, type: String?) throws {
        let unit = try #require(PETUnit(named: text))
        #expect(unit.dicomName == name && unit.suvType == type)
    }

    @Test(arguments: ["US", "HU", "", "SUV", "{SUVxx}g/ml"]) func othersAreNone(text: String) {
        #expect(PETUnit(named: text) == nil)
    }
}
