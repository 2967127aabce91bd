import Imaging
import PET
import Records
import TestSupport
import Testing

/// SUV rules on plain acquisitions, worked by hand.
@Suite struct SUVTests {
    /// 70 kg, 368.08 MBq of F-18, 175 cm: the body and dose of the IBSI SUV reference objects.
    static func ibsi(units: String = "BQML", sex: Acquisition.Sex = .other) -> Acquisition {
        var a = Acquisition()
        (a.units, a.massKg, a.heightCm, a.sex) = (units, 70, 175, sex)
        (a.injectedBq, a.halfLifeS, a.corrections) = (368.08e6, 6586.2, ["ATTN", "DECY"])
        (a.decayReference, a.decayReferenceS) = (.scanStart, 3600)
        return a
    }

    /// pydicom 3.0.1 with numpy, `pet.factor` of DRO_0_0 and DRO_3_1 in truth.json; 1e-12: double rounding.
    @Test func becquerelsDivideByTheDoseLeftAtTheReference() throws {
        var a = SUVTests.ibsi()
        #expect(abs(try a.suvFactor().factors[0] / 0.00027777812496068244 - 1) < 1e-12)
        a.decayReference = .administration
        #expect(abs(try a.suvFactor().factors[0] / 0.00019017604868506847 - 1) < 1e-12)
        a.units = "kBq/mL"
        #expect(abs(try a.suvFactor().factors[0] / 0.19017604868506847 - 1) < 1e-12)
        #expect(a.bqPerMLScale == 1000)
    }

    /// Frame by frame: P·W/D · λΔ/(1-e^-λΔ) · e^(λ t), 300 s frames at 3600 s and 5000 s.
    @Test func uncorrectedFramesAreCorrectedToTheInjection() throws {
        var a = SUVTests.ibsi()
        a.decayReference = Acquisition.DecayReference.none
        a.acquiredS = [Frame(start: 3600, duration: 300), Frame(start: 5000, duration: 300)]
        let factor = try a.suvFactor()
        #expect(factor.single == nil)
        let lambda = 0.6931471805599453 / 6586.2
        for (value, start) in zip(factor.factors, [3600.0, 5000.0]) {
            // The integral of e^-λt over the frame by Simpson's rule, whose error is below 1e-9 here.
            let simpson = [0.0, 75, 150, 225, 300].map { SUVTests.exponential(-lambda * (start + $0)) }
            let mean = (simpson[0] + 4 * simpson[1] + 2 * simpson[2] + 4 * simpson[3] + simpson[4]) / 12
            #expect(abs(value * mean / (70000 / 368.08e6) - 1) < 1e-9)
        }
        let grid = try VoxelGrid(shape: [2, 1, 1], worldFromVoxel: .identity)
        let scaled = factor.applied(to: Volume(grid: grid, frames: 2, repeating: 1000))
        #expect(scaled.voxels[1] == Float(1000 * factor.factors[0]))
        #expect(scaled.voxels[2] == Float(1000 * factor.factors[1]))
    }

    /// e^x by its series, for |x| < 1.
    static func exponential(_ x: Double) -> Double {
        var (sum, term) = (1.0, 1.0)
        for n in 1..<25 {
            term *= x / Double(n)
            sum += term
        }
        return sum
    }

    /// calculate-suv's tests at 75 kg and 185 cm, printed to 1e-5 and 1e-6.
    @Test func bodySizesAreThoseOfTheLiterature() throws {
        let lean = try #require(BodySize.leanMassKg(massKg: 75, heightCm: 185, sex: .male))
        let janma = try #require(BodySize.leanMassJanmahasatianKg(massKg: 75, heightCm: 185, sex: .male))
        #expect(abs(lean - 62.77757) < 1e-5)
        #expect(abs(janma - 60.91534) < 1e-5)
        #expect(abs(BodySize.surfaceAreaM2(massKg: 75, heightCm: 185) - 1.981376) < 1e-6)
        #expect(BodySize.idealMassKg(heightCm: 162, sex: .male) == 58.6)
        #expect(BodySize.idealMassKg(heightCm: 162, sex: .female) == 54.6)
        let james = try #require(BodySize.leanMassJamesKg(massKg: 75, heightCm: 185, sex: .male))
        #expect(abs(james - (82.5 - 128 * 5625 / 34225)) < 1e-12)
        #expect(BodySize.leanMassJamesKg(massKg: 200, heightCm: 150, sex: .female) == nil)
        #expect(BodySize.idealMassKg(heightCm: 90, sex: .female) == nil)
    }

    @Test func sexOtherIsTheMeanOfBoth() throws {
        for kind in [SUVKind.lbm, .lbmJames, .lbmJanmahasatian, .ibw] {
            let factors = try [Acquisition.Sex.male, .female, .other].map {
                try SUVTests.ibsi(sex: $0).suvFactor(kind).factors[0]
            }
            #expect(abs((factors[0] + factors[1]) / 2 / factors[2] - 1) < 1e-14, "\(kind)")
        }
    }

    /// An image that is lean-body SUV already gives itself as lean-body SUV, and body-weight SUV by the mass ratio.
    @Test(arguments: [
        ("GML", "BW", SUVKind.bw), ("GML", "", .bw), ("GML", "LBM", .lbm), ("GML", "LBMJAMES128", .lbmJames),
        ("GML", "LBMJANMA", .lbmJanmahasatian), ("GML", "IBW", .ibw), ("CM2ML", "BSA", .bsa),
    ])
    func valuesThatAreSUVStayThemselves(units: String, type: String, kind: SUVKind) throws {
        var a = SUVTests.ibsi(units: units, sex: .female)
        a.suvType = type
        #expect(abs(try a.suvFactor(kind).factors[0] - 1) < 1e-15)
        let size: Double? =
            switch kind {
            case .bw: 70
            case .lbm: BodySize.leanMassKg(massKg: 70, heightCm: 175, sex: .female)
            case .lbmJames: BodySize.leanMassJamesKg(massKg: 70, heightCm: 175, sex: .female)
            case .lbmJanmahasatian: BodySize.leanMassJanmahasatianKg(massKg: 70, heightCm: 175, sex: .female)
            case .ibw: BodySize.idealMassKg(heightCm: 175, sex: .female)
            case .bsa: BodySize.surfaceAreaM2(massKg: 70, heightCm: 175) * 10
            }
        #expect(abs(try a.suvFactor().factors[0] / (70 / (size ?? .nan)) - 1) < 1e-12)
    }

    @Test func countsNeedAPrivateFactor() throws {
        var a = SUVTests.ibsi(units: "CNTS")
        #expect(throws: SUVProblem.self) { try a.suvFactor() }
        a.philipsBqPerMLFactor = 2
        #expect(abs(try a.suvFactor().factors[0] / (2 * 0.00027777812496068244) - 1) < 1e-12)
        a.philipsSUVFactor = 0.0005
        #expect(try a.suvFactor().factors == [0.0005])
    }

    @Test func countsPerSecondUseVoxelVolumeAndCalibration() throws {
        var a = SUVTests.ibsi(units: "CPS")
        a.voxelVolumeML = 0.064
        #expect(throws: SUVProblem.self) { try a.suvFactor() }
        a.doseCalibrationFactor = 3
        #expect(abs(try a.suvFactor().factors[0] / (3 / 0.064 * 0.00027777812496068244) - 1) < 1e-12)
        a.corrections.append("DCAL")
        #expect(abs(try a.suvFactor().factors[0] / (1 / 0.064 * 0.00027777812496068244) - 1) < 1e-12)
    }

    @Test func whatIsMissingIsNamedByItsTag() throws {
        func problem(_ change: (inout Acquisition) -> Void, _ kind: SUVKind = .bw) -> String {
            var a = SUVTests.ibsi()
            change(&a)
            do {
                _ = try a.suvFactor(kind)
                return "none"
            } catch { return "\(error)" }
        }
        #expect(problem { $0.massKg = nil }.contains("(0010,1030)"))
        #expect(problem { $0.injectedBq = nil }.contains("(0018,1074)"))
        #expect(problem { $0.halfLifeS = nil }.contains("(0018,1075)"))
        #expect(problem { $0.decayReference = nil }.contains("(0054,1102)"))
        #expect(problem { $0.decayReferenceS = nil }.contains("(0018,1072)"))
        #expect(problem { $0.units = nil }.contains("(0054,1001)"))
        #expect(problem { $0.units = "PROPCPS" }.contains("PROPCPS"))
        #expect(problem { $0.corrections = ["DECY"] }.contains("attenuation"))
        #expect(problem { $0.corrections = ["ATTN"] }.contains("decay"))
        #expect(problem({ $0.heightCm = nil }, .bsa).contains("(0010,1020)"))
        #expect(problem({ $0.sex = nil }, .lbm).contains("(0010,0040)"))
        #expect(problem { $0.decayReferenceS = -7200 }.contains("7200 s after the scan"))
        #expect(problem { $0.decayReference = Acquisition.DecayReference.none }.contains("not decay-corrected"))
        #expect(problem({ ($0.massKg, $0.heightCm, $0.sex) = (200, 150, .female) }, .lbm).contains("lbm"))
    }

    @Test func otherRulesAreGivenAsAlternatives() throws {
        var a = SUVTests.ibsi()
        a.decayAlternatives = [.init(rule: "other", seconds: 0)]
        let factor = try a.suvFactor()
        #expect(factor.alternatives.map(\.rule) == ["other"])
        #expect(abs(factor.alternatives[0].factor / 0.00019017604868506847 - 1) < 1e-12)
    }
}
