import Imaging
import PET
import Records
import TestSupport
import Testing

/// The decay reference, on clocks and on the metadata of real scanners.
@Suite struct AcquisitionTests {
    static let day = DICOMTime.seconds(date: "20250101", time: "000000") ?? 0

    @Test func theSeriesTimeCountsWhereNoSliceIsEarlier() {
        let slices = [ScanClock.Slice(acquisition: 100, frameReferenceS: 50, durationS: 60)]
        let first = ScanClock(series: 90, slices: slices).startReferences(halfLifeS: 6586.2)[0]
        #expect(first.median == 90)
        #expect(ScanClock(series: 90, ge: 80, slices: slices).startReferences(halfLifeS: 6586.2)[0].median == 80)
    }

    /// DRO_3_2 of the IBSI SUV objects: the series time is later, so the frame reference time decides.
    @Test func aLaterSeriesTimeIsNotTheReference() {
        let average = Decay.averageActivityTimeS(durationS: 300, halfLifeS: 6586.2)
        let slices = [3600.0, 3900].map {
            ScanClock.Slice(acquisition: $0, frameReferenceS: $0 - 3600 + average, durationS: 300)
        }
        let all = ScanClock(series: 5000, slices: slices).startReferences(halfLifeS: 6586.2)
        #expect(abs(all[0].median - 3600) < 1e-9)
        #expect(all[0].spread < 1e-9)
        let without = ScanClock(series: 5000, slices: [ScanClock.Slice(acquisition: 3600)])
        #expect(without.startReferences(halfLifeS: 6586.2).map(\.median) == [3600, 5000])
    }

    /// DRO_4_2: injected at 23:30, scanned at 00:30 of the next day.
    @Test func aTimeOfDayMayBelongToTheDayBefore() {
        let scan = AcquisitionTests.day + 1800
        let clock = ScanClock(slices: [ScanClock.Slice(acquisition: scan)])
        #expect(clock.injection(dateTime: nil, timeOfDay: 84600).map { scan - $0 } == 3600)
        #expect(clock.injection(dateTime: nil, timeOfDay: 600).map { scan - $0 } == 1200)
        // A dynamic scan that starts before the injection stays on its day.
        #expect(clock.injection(dateTime: nil, timeOfDay: 1830).map { scan - $0 } == -30)
        #expect(clock.injection(dateTime: 5, timeOfDay: 84600) == 5)
        #expect(clock.injection(dateTime: nil, timeOfDay: nil) == nil)
    }

    /// An acquisition from calculate-suv's JSON, which has DICOM's names.
    static func acquisition(_ instances: [JSONValue]) throws -> Acquisition {
        let first = instances[0]
        var a = Acquisition()
        a.units = first["Units"]?.string
        a.massKg = first["PatientWeight"]?.double
        a.injectedBq = first["RadionuclideTotalDose"]?.double
        a.halfLifeS = first["RadionuclideHalfLife"]?.double
        a.corrections = first["CorrectedImage"]?.elements?.compactMap(\.string) ?? []
        a.decayReference = first["DecayCorrection"]?.string.flatMap { Acquisition.DecayReference(rawValue: $0) }
        a.philipsSUVFactor = first["PhilipsPETPrivateGroup"]?["SUVScaleFactor"]?.string.flatMap { Double($0) }
        func moment(_ value: JSONValue, _ kind: String) -> Double? {
            DICOMTime.seconds(date: value["\(kind)Date"]?.string, time: value["\(kind)Time"]?.string)
        }
        let slices = instances.map {
            ScanClock.Slice(
                acquisition: moment($0, "Acquisition") ?? .nan,
                frameReferenceS: $0["FrameReferenceTime"]?.double.map { $0 / 1000 },
                durationS: $0["ActualFrameDuration"]?.double.map { $0 / 1000 })
        }
        let clock = ScanClock(series: moment(first, "Series"), slices: slices)
        let injection = clock.injection(
            dateTime: DICOMTime.seconds(dateTime: first["RadiopharmaceuticalStartDateTime"]?.string),
            timeOfDay: DICOMTime.seconds(date: "19700101", time: first["RadiopharmaceuticalStartTime"]?.string))
        let reference = clock.startReferences(halfLifeS: a.halfLifeS ?? .nan)[0]
        a.decayReferenceS = injection.map { reference.median - $0 }
        return a
    }
}

/// Acquisitions of DICOM series made here.
@Suite struct AcquisitionSeriesTests {
    static func acquisition(_ files: [DICOMFile]) throws -> Acquisition {
        try withTemporaryFolder { folder in
            for (n, file) in files.enumerated() { try OutputFile.write(file.bytes, to: "\(folder)/\(n)") }
            return try Acquisition(dicom: DICOM.read(DICOM.series(in: folder)[0]))
        }
    }

    static func one(_ change: (inout [UInt32: DICOMFile.Value]) -> Void) throws -> Acquisition {
        var file = DICOMFile(z: 0)
        change(&file.elements)
        return try acquisition([file])
    }

    @Test func aDynamicSeriesHasItsFrames() throws {
        let files = ["110000", "110500", "111000"].flatMap { time in
            [0.0, 4].map { z in
                var file = DICOMFile(z: z)
                file.elements[0x0008_0032] = .text("TM", time)
                return file
            }
        }
        let a = try AcquisitionSeriesTests.acquisition(files)
        #expect(a.frames == [3600, 3900, 4200].map { Frame(start: $0, duration: 300) })
        #expect(a.timeZero == "10:00:00" && a.injectionStartS == 0 && a.scanStartS == 3600)
        #expect(a.decayReferenceS == 3600)
        #expect(a.acquiredS.map(\.start) == [3600, 3600, 3900, 3900, 4200, 4200])
        #expect(a.tracer == "FDOPA")
        // pydicom 3.0.1 with numpy, DRO_0_0 in truth.json: the same dose, delay and weight.
        #expect(abs(try a.suvFactor().factors[0] / 0.00027777812496068244 - 1) < 1e-12)
    }

    @Test func uncorrectedBedsHaveAFactorForEachSlice() throws {
        let files = [(0.0, "110000"), (4, "111000")].map { z, time in
            var file = DICOMFile(z: z)
            file.elements[0x0008_0032] = .text("TM", time)
            file.elements[0x0054_1102] = .text("CS", "NONE")
            return file
        }
        let factor = try AcquisitionSeriesTests.acquisition(files).suvFactor()
        let later = Decay.factor(fromS: 600, toS: 0, halfLifeS: 6586.2)
        #expect(factor.factors.count == 2)
        #expect(abs(factor.factors[1] / factor.factors[0] / later - 1) < 1e-12)
    }

    @Test func unitsOfWeightSizeAndDoseAreToldByTheirSizeWithAWarning() throws {
        let a = try AcquisitionSeriesTests.one {
            $0[0x0010_1030] = .text("DS", "70000")
            $0[0x0010_1020] = .text("DS", "175")
            $0[0x0054_0016] = .item([
                0x0018_1072: .text("TM", "100000"), 0x0018_1074: .text("DS", "368.08"),
                0x0018_1075: .text("DS", "6586.2"),
            ])
        }
        #expect(a.massKg == 70)
        #expect(a.heightCm == 175)
        #expect(a.injectedBq == 368.08e6)
        #expect(a.warnings.filter { $0.contains("taken as") }.count == 3)
    }

    @Test func aScanAcrossMidnightHasItsInjectionOnTheDayBefore() throws {
        let a = try AcquisitionSeriesTests.one {
            for tag: UInt32 in [0x0008_0031, 0x0008_0032] { $0[tag] = .text("TM", "003000") }
            $0[0x0054_0016] = .item([
                0x0018_1072: .text("TM", "233000"), 0x0018_1074: .text("DS", "368080000"),
                0x0018_1075: .text("DS", "6586.2"),
            ])
        }
        #expect(a.decayReferenceS == 3600)
    }

    @Test func theNuclideGivesAMissingHalfLife() throws {
        let a = try AcquisitionSeriesTests.one {
            $0[0x0054_0016] = .item([
                0x0018_1078: .text("DT", "20250101100000"), 0x0018_1074: .text("DS", "368080000"),
                0x0054_0300: .item([0x0008_0100: .text("SH", "C-111A1"), 0x0008_0104: .text("LO", "^18^Fluorine")]),
            ])
        }
        #expect(a.halfLifeS == 6586.2)
        #expect(a.radionuclide == "F18")
        #expect(a.decayReferenceS == 3600)
        #expect(a.warnings.contains { $0.contains("(0018,1075)") })
    }

    @Test func whatIsZeroIsMissing() throws {
        let a = try AcquisitionSeriesTests.one {
            $0[0x0010_1030] = .text("DS", "0")
            $0[0x0010_1020] = .text("DS", "0")
            $0[0x0054_0016] = nil
            $0[0x0008_0032] = nil
        }
        #expect(a.massKg == nil && a.heightCm == nil && a.injectedBq == nil && a.halfLifeS == nil)
        #expect(a.frames.isEmpty && a.decayReferenceS == nil)
        #expect(a.warnings.contains { $0.contains("(0008,0032)") })
    }

    @Test func anotherModalityIsNoAcquisition() throws {
        #expect(throws: AcquisitionProblem.notPET("CT")) {
            try AcquisitionSeriesTests.acquisition([DICOMFile(z: 0, modality: "CT")])
        }
    }
}

/// Acquisitions of the DICOM series in the reference images, against pydicom 3.0.1 (`pet` in truth.json).
@Suite(.enabled(if: ReferenceData.isPresent, "the reference data are not beside the checkout"))
struct AcquisitionDICOMTests {
    static let series = (try? ReferenceData.json("images/truth.json")["dicom_series"]) ?? .null
    static let names = (series.members ?? []).filter { $0.value["pet"] != nil }.map(\.key)

    static func read(_ name: String) throws -> DICOMImage? {
        let parts = name.split(separator: "#")
        let all = try DICOM.series(in: ReferenceData.path("images/\(parts[0])"))
        let one = parts.count == 1 ? all.first : all.first { $0.uid.hasSuffix(String(parts[1])) }
        return try one.map { try DICOM.read($0) }
    }

    @Test(arguments: names)
    func factorIsThatOfAnIndependentReading(name: String) throws {
        guard let image = try AcquisitionDICOMTests.read(name) else { return }
        let truth = try #require(AcquisitionDICOMTests.series[name]?["pet"])
        let acquisition = try Acquisition(dicom: image)
        #expect(acquisition.injectedBq == truth["dose_Bq"]?.double)
        #expect(acquisition.halfLifeS == truth["half_life_s"]?.double)
        #expect(acquisition.decayReference?.rawValue == truth["decay_correction"]?.string)
        guard let published = truth["factor"]?.double else {
            #expect(throws: SUVProblem.self) { try acquisition.suvFactor() }
            return
        }
        let factor = try acquisition.suvFactor()
        // Clock times in truth.json are rounded to microseconds, which is 1e-10 of the factor.
        #expect(abs(factor.factors[0] / published - 1) < 1e-9, "\(factor.rule)")
        #expect(factor.single != nil)
    }

    /// The mask of the object, published expectation 0.20, 1.00, 4.00; `mask_suv` in truth.json, 1e-6 for float storage.
    @Test(arguments: names.filter { $0.contains("DRO") })
    func referenceObjectsHaveTheirUptake(name: String) throws {
        let image = try #require(try AcquisitionDICOMTests.read(name))
        let truth = try #require(AcquisitionDICOMTests.series[name]?["mask_suv"])
        let suv = try Acquisition(dicom: image).suvFactor().applied(to: image.volume)
        // The mask of the object holds exactly its voxels above 0.
        let inside = suv.voxels.filter { $0 > 0 }.sorted().map(Double.init)
        #expect(inside.count == truth["voxels"]?.int)
        let mean = inside.reduce(0, +) / Double(inside.count)
        let measured = [inside[0], inside[inside.count / 2], inside[inside.count - 1], mean]
        for (value, key) in zip(measured, ["min", "median", "max", "mean"]) {
            #expect(abs(value - (truth[key]?.double ?? .nan)) < 1e-6, "\(key)")
        }
    }

    /// GE writes no private reference here; the published crop of this series agrees with the series time.
    @Test func doubtfulReferencesAreWarnedOf() throws {
        let image = try #require(try AcquisitionDICOMTests.read("pet-dicom/ge_dst_sts001_raw/STS_001/FDG_PET/image"))
        let acquisition = try Acquisition(dicom: image)
        #expect(acquisition.decayReferenceS == 2711)
        #expect(acquisition.radionuclide == "F18")
        #expect(acquisition.massKg == 71)
        #expect(acquisition.heightCm == 163)
        #expect(acquisition.sex == .male)
        #expect(acquisition.frames == [Frame(start: 2711, duration: 240)])
        #expect(acquisition.warnings.contains { $0.contains("decay reference") })
        #expect(acquisition.warnings.contains { $0.contains("rounded") })
        #expect(acquisition.decayAlternatives.count == 2)
    }
}
