import Imaging
import PET
import Records
import TestSupport
import Testing

/// The reference objects and the vendors' headers, as the commands read them.
@Suite(.enabled(if: ReferenceData.isPresent, "the reference data are not beside the checkout"))
struct SUVReferenceTests {
    /// Factor, min, median and max by `Golden/suv.py` (pydicom 3.0.2, numpy 2.4.6). 1e-9 for the factor, 1e-6 for voxels:
    /// they are stored as float.
    @Test(arguments: [
        ("DRO_0_0", [0.00027777812496068244, 0.20000024997169136, 1.0000012498584567, 4.0000049994338269]),
        ("DRO_1_0", [0.00027777812496068244, 0.20000024997169136, 1.0000012498584567, 4.0000049994338269]),
        ("DRO_2_0", [1, 0.2, 1, 4]), ("DRO_2_4", [0.0005, 0.2, 1, 4]),
        ("DRO_3_0", [0.00027777812496068244, 0.20000024997169136, 1.0000012498584567, 4.0000049994338269]),
        ("DRO_3_1", [0.00019017604868506847, 0.19987502716800695, 0.99994566398608997, 3.9999728319930452]),
        ("DRO_4_1", [0.00027777812496068244, 0.20000024997169136, 1.0000012498584567, 4.0000049994338269]),
        ("DRO_5_0", [0.00035174689055242906, 0.1997922338337797, 1.0000164098405557, 4.0000656393622229]),
    ])
    func referenceObjectsHaveTheirUptake(name: String, golden: [Double]) throws {
        let image = try ImageFile.read(ReferenceData.path("images/pet-dicom/ibsi_suv_dro/DRO/\(name)/PT"))
        #expect(abs((image.suvFactor ?? .nan) / golden[0] - 1) < 1e-9)
        let inside = try image.standardized(.bw).voxels.filter { $0 > 0 }.sorted().map(Double.init)
        let measured = [
            inside[0], (inside[(inside.count - 1) / 2] + inside[inside.count / 2]) / 2, inside.last ?? .nan,
        ]
        for (value, expected) in zip(measured, golden.dropFirst()) { #expect(abs(value - expected) < 1e-6) }
    }

    /// Whichever of the 17 objects are there; DRO_2_3 is itself rounded to 0.025 by its storage as CM2ML.
    static let objects: [String] = {
        let folder = ReferenceData.path("images/pet-dicom/ibsi_suv_dro/DRO")
        return ((try? InputFile.list(folder)) ?? []).filter { InputFile.isFolder("\(folder)/\($0)/PT") }
    }()

    @Test(arguments: objects) func everyObjectThatIsThereHasItsPublishedUptake(name: String) throws {
        let image = try ImageFile.read(ReferenceData.path("images/pet-dicom/ibsi_suv_dro/DRO/\(name)/PT"))
        let inside = try image.standardized(.bw).voxels.filter { $0 > 0 }.sorted().map(Double.init)
        let limit = name == "DRO_2_3" ? 0.025 : 0.005
        let measured: [Double] = [inside[0], inside[inside.count / 2], inside.last ?? .nan]
        for (value, published) in zip(measured, [0.2, 1, 4]) {
            #expect(abs(value - published) < limit)
        }
    }

    /// Published factors of calculate-suv (MIT) and those of `Golden/suv.py`; every instance has the same.
    @Test(arguments: [
        ("SIEMENS", 0.00042748316187197236, 0.00042748316187197236),
        ("GE_MEDICAL_AND_BQML", 0.0005367387681819742, 0.00053673876818197423),
        ("RADIOPHARM_DATETIME_UNDEFINED", 0.0003721089202818729, 0.00037210892028441254),
        ("PHILIPS_CNTS_AND_SUV", 0.000728, 0.000728),
    ])
    func vendorsHeadersHaveThePublishedFactor(name: String, published: Double, golden: Double) throws {
        let document = try ReferenceData.json("pet/suv_vendor_json/\(name)-instances.json")
        let instances = try #require(document.elements)
        #expect(instances.count == 3)
        for some in [instances] + instances.map({ [$0] }) {
            let factor = try AcquisitionTests.acquisition(some).suvFactor().factors[0]
            // 1e-9: what the program that published them rounds its times to. 1e-10: a time of day counted from 1970 has
            // 0.2 µs in a double.
            #expect(abs(factor / published - 1) < 1e-9 && abs(factor / golden - 1) < 1e-10)
        }
    }
}

/// The other four headers that calculate-suv publishes with a factor: their times, typed in (s of the day).
@Suite struct SUVClockTests {
    /// Times of a header, mass in g, dose, half-life and the published factor.
    static let cases: [(series: Double, acquired: Double, reference: Double, duration: Double, injected: Double)] = [
        (45315, 45314.999995, 59.936854672596, 120, 42060), (49758, 47028.234, 0, 180, 43237),
        (39715, 39716, 1328.7, 120.7, 36058),
    ]
    static let doses: [(grams: Double, dose: Double, halfLife: Double, published: Double)] = [
        (65000, 225e6, 6586.2, 0.0004069156854009332), (69000, 388e6, 6586.2, 0.00026503312764157046),
        (64000, 126e6, 6586.199707, 0.0007463747013889488),
    ]

    /// Siemens with a series time 5 µs after the acquisition, a Siemens with the series time 45 min after it, and a Philips
    /// whose frame reference time is no such time.
    @Test(arguments: [0, 1, 2]) func theReferenceIsThePublishedOne(place: Int) {
        let (times, dose) = (SUVClockTests.cases[place], SUVClockTests.doses[place])
        let slice = ScanClock.Slice(
            acquisition: times.acquired, frameReferenceS: times.reference, durationS: times.duration)
        let references = ScanClock(series: times.series, slices: [slice]).startReferences(halfLifeS: dose.halfLife)
        func factor(_ reference: ScanClock.Reference) -> Double {
            let delay = reference.median - times.injected
            return dose.grams / (dose.dose * Decay.remaining(afterS: delay, halfLifeS: dose.halfLife))
        }
        #expect(abs(factor(references[0]) / dose.published - 1) < 1e-9)
        // What always counting back from the frame reference time would give here: -12.5 %.
        if place == 2 { #expect(abs(factor(references[1]) / dose.published - 1 + 0.12487244) < 1e-6) }
    }

    /// CPS_AND_BQML of the same set: with the time of average activity as reference the factor would be 0.95 % higher.
    @Test func aFrameReferenceOfZeroIsNoReference() {
        let slice = ScanClock.Slice(acquisition: 47028.234, frameReferenceS: 0, durationS: 180)
        let references = ScanClock(series: 49758, slices: [slice]).startReferences(halfLifeS: 6586.2)
        #expect(
            references.map(\.rule) == [
                "earliest acquisition time", "series date and time, after the first acquisition",
            ])
        let average = Decay.averageActivityTimeS(durationS: 180, halfLifeS: 6586.2)
        #expect(abs(1 / Decay.remaining(afterS: average, halfLifeS: 6586.2) - 1.0095017) < 1e-6)
    }

    /// Philips gives both of its factors: the first is used, and the second agrees to the three digits it is printed with.
    @Test func philipsFactorsAgree() throws {
        var a = Acquisition()
        (a.units, a.massKg, a.injectedBq, a.halfLifeS) = ("CNTS", 54, 238e6, 6588)
        (a.philipsSUVFactor, a.philipsBqPerMLFactor) = (0.000551, 1.602563)
        (a.decayReference, a.decayReferenceS) = (.scanStart, 34556 - 30600)
        let factor = try a.suvFactor()
        #expect(factor.factors == [0.000551])
        #expect(abs(factor.alternatives[0].factor / 0.000551 - 1) < 1e-3)
    }
}
