import Foundation
import PET
import Records
import TestSupport
import Testing

@Suite struct SidecarTests {
    static let plain: JSONValue = [
        "Units": "Bq/mL", "TracerName": "FDOPA", "TracerRadionuclide": "F18", "InjectedRadioactivity": 185,
        "InjectedRadioactivityUnits": "MBq", "InjectionStart": 0, "FrameTimesStart": [4500, 4800],
        "FrameDuration": [300, 300], "ImageDecayCorrected": true, "ImageDecayCorrectionTime": 0, "BodyWeight": 74,
    ]

    @Test func aSidecarGivesFramesDoseAndSUV() throws {
        let a = try Acquisition(sidecar: SidecarTests.plain)
        #expect(a.frames == [Frame(start: 4500, duration: 300), Frame(start: 4800, duration: 300)])
        #expect(a.injectedBq == 185e6)
        #expect(a.tracer == "FDOPA")
        #expect(a.halfLifeS == 6586.2)
        #expect(a.decayReference == .administration)
        #expect(a.warnings.isEmpty)
        #expect(try a.suvFactor().factors == [74000 / 185e6])
    }

    @Test(arguments: [("Bq", 1.85e8), ("kBq", 1.85e5), ("MBq", 185), ("mCi", 5), ("GBq", 0.185)])
    func dosesComeInAnyUnit(unit: String, value: Double) throws {
        let sidecar = SidecarTests.plain.setting("InjectedRadioactivity", .number(value))
            .setting("InjectedRadioactivityUnits", .string(unit))
        #expect(abs((try Acquisition(sidecar: sidecar).injectedBq ?? 0) / 1.85e8 - 1) < 1e-14)
    }

    @Test func imagesCorrectedToTheScanStartUseTheDoseLeft() throws {
        let sidecar = SidecarTests.plain.setting("ImageDecayCorrectionTime", 6000)
            .setting("InjectionStart", .number(6000 - 6586.2))
        #expect(abs(try Acquisition(sidecar: sidecar).suvFactor().factors[0] / (74000 / 92.5e6) - 1) < 1e-12)
    }

    @Test func imagesWithoutDecayCorrectionGetAFactorForEachFrame() throws {
        let sidecar = SidecarTests.plain.setting("ImageDecayCorrected", false)
        let factor = try Acquisition(sidecar: sidecar).suvFactor()
        #expect(factor.factors.count == 2)
        // One frame later the activity is less by 300 s of decay.
        let ratio = Decay.factor(fromS: 300, toS: 0, halfLifeS: 6586.2)
        #expect(abs(factor.factors[1] / factor.factors[0] / ratio - 1) < 1e-12)
    }

    @Test func whatIsMissingRefusesSUVByItsKey() throws {
        func problem(without key: String) -> String {
            let members = (SidecarTests.plain.members ?? []).filter { $0.key != key }
            do {
                _ = try Acquisition(sidecar: .object(members)).suvFactor()
                return ""
            } catch { return "\(error)" }
        }
        #expect(problem(without: "Units").contains("Units"))
        #expect(problem(without: "BodyWeight").contains("BodyWeight"))
        #expect(problem(without: "InjectedRadioactivity").contains("InjectedRadioactivity"))
        #expect(problem(without: "InjectedRadioactivityUnits").contains("InjectedRadioactivity"))
        #expect(problem(without: "ImageDecayCorrected").contains("ImageDecayCorrected"))
    }

    @Test func impossibleFramesAreRefused() {
        func problem(_ key: String, _ value: JSONValue) -> AcquisitionProblem? {
            do {
                _ = try Acquisition(sidecar: SidecarTests.plain.setting(key, value))
                return nil
            } catch { return error }
        }
        // bids-examples pet001 has end times in FrameDuration.
        #expect(problem("FrameDuration", [4800, 5100])?.description.contains("overlap") == true)
        #expect(problem("FrameDuration", [300]) != nil)
        #expect(problem("FrameDuration", [300, 0]) != nil)
        #expect(problem("FrameTimesStart", ["a", "b"]) != nil)
        #expect(problem("InjectedRadioactivity", "185 MBq") != nil)
        #expect(problem("ImageDecayCorrected", "yes") != nil)
        #expect(throws: AcquisitionProblem.notObject) { try Acquisition(sidecar: []) }
    }

    /// All that is wrong is said at once, each thing with its key.
    @Test func everyProblemOfASidecarIsNamedInOnePass() throws {
        let bad = SidecarTests.plain.setting("Units", 5).setting("InjectedRadioactivity", "185 MBq")
            .setting("RadionuclideHalfLife", -1).setting("BodyWeight", 0).setting("FrameDuration", [300])
            .setting("ImageDecayCorrected", "yes").setting("InjectionStart", "0")
        let problem = try #require(throws: AcquisitionProblem.self) { try Acquisition(sidecar: bad) }
        let sentences = problem.description.components(separatedBy: "; ")
        #expect(
            sentences == [
                "Units must be a text", "RadionuclideHalfLife must be greater than 0",
                "InjectedRadioactivity must be a number", "BodyWeight must be greater than 0",
                "InjectionStart must be a number", "FrameTimesStart has 2 values and FrameDuration 1",
                "ImageDecayCorrected must be true or false",
            ])
    }

    /// What is odd but harms no number is a warning.
    @Test(
        arguments: [
            ("TimeZero", "2025-01-01T10:00:00", "TimeZero"), ("TimeZero", "25:00:00", "TimeZero"),
            ("ScanStart", 5000, "FrameTimesStart begins at 4500.0 s, before ScanStart"),
            ("ReconMethodParameterValues", [1], "ReconMethodParameterLabels has 2 entries"),
            ("TracerRadionuclide", "Xx1", "table of nuclides"),
        ] as [(String, JSONValue, String)])
    func oddKeysAreWarnedOf(key: String, value: JSONValue, part: String) throws {
        let sidecar = SidecarTests.plain.setting("ReconMethodParameterLabels", ["subsets", "iterations"])
            .setting(key, value)
        let a = try Acquisition(sidecar: sidecar)
        #expect(a.warnings.count == 1 && a.warnings[0].contains(part), "\(a.warnings)")
    }

    @Test(arguments: [("{SUVlbm}g/ml", SUVKind.lbm), ("{SUVbw}g/ml", .bw), ("{SUVbsa}cm2/ml", .bsa)])
    func unitsOfSUVAreKnownInUCUMToo(unit: String, kind: SUVKind) throws {
        let sidecar = SidecarTests.plain.setting("Units", .string(unit)).setting("BodyHeight", 170)
            .setting("PatientSex", "M")
        #expect(abs(try Acquisition(sidecar: sidecar).suvFactor(kind).factors[0] - 1) < 1e-15)
    }

    @Test func timeZeroIsTheInjectionOrTheScan() throws {
        let both = SidecarTests.plain.setting("TimeZero", "10:05:07").setting("ScanStart", 4500)
        let a = try Acquisition(sidecar: both)
        #expect(a.timeZero == "10:05:07" && a.scanStartS == 4500 && a.injectionKnown && a.warnings.isEmpty)
        let neither = try Acquisition(sidecar: both.setting("InjectionStart", 60).setting("ScanStart", 30))
        #expect(neither.warnings.contains { $0.contains("neither") })
        let members = (SidecarTests.plain.members ?? []).filter { $0.key != "InjectionStart" }
        let absent = try Acquisition(sidecar: .object(members))
        #expect(!absent.injectionKnown && absent.warnings.contains { $0.contains("InjectionStart is missing") })
    }

    @Test func anImageThatIsNotAttenuationCorrectedIsRefusedByItsKey() throws {
        let sidecar = SidecarTests.plain.setting("AttenuationCorrection", "none")
        #expect(throws: SUVProblem.notCorrected("attenuation", said: "AttenuationCorrection")) {
            try Acquisition(sidecar: sidecar).suvFactor()
        }
    }

    /// OpenNeuro ds004869 gives 765900 "Bq", a thousandth of the total dose in the same file.
    @Test(.enabled(if: ReferenceData.isPresent, "the reference data are not beside the checkout"))
    func aDoseOffByAThousandIsWarnedOf() throws {
        let a = try Acquisition(sidecar: ReferenceData.json("pet/ds004869_cc0/sub-11_ses-test_pet.json"))
        #expect(a.frames.count == 27)
        #expect(a.radionuclide == "C11")
        #expect(a.warnings.contains { $0.contains("outside 1 MBq to 2 GBq") })
        #expect(a.warnings.contains { $0.contains("RadionuclideTotalDose") })
    }
}
