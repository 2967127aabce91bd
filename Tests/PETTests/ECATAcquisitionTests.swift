import Imaging
import PET
import Records
import Testing
import TestSupport

/// What an ECAT 7 header says of a scan, and what it leaves open.
@Suite struct ECATAcquisitionTests {
    /// Two frames of 60 and 120 s, 60 s after the injection of 200 MBq F-18, decay-corrected to the start of the scan.
    static func file() -> ECATFile {
        var file = ECATFile(frames: [
            ECATFile.Frame(number: 1, voxels: Array(0..<24)), ECATFile.Frame(number: 2, voxels: Array(0..<24)),
        ])
        (file.frames[0].startMs, file.frames[0].durationMs) = (0, 60_000)
        (file.frames[1].startMs, file.frames[1].durationMs) = (60_000, 120_000)
        for n in 0..<2 {
            let frame = Frame(start: n == 0 ? 0 : 60, duration: n == 0 ? 60 : 120)
            file.frames[n].decayFactor = Float(Decay.frameFactor(frame, referenceS: 0, halfLifeS: 6586.2))
            // Normalisation, measured attenuation, 3-D scatter, decay.
            file.frames[n].corrections = 1 << 0 | 1 << 1 | 1 << 7 | 1 << 9
        }
        return file
    }

    func read(_ file: ECATFile, _ name: String = "pet.v") throws -> ImageFile {
        try withTemporaryFolder { folder in
            try OutputFile.write(file.bytes, to: "\(folder)/\(name)")
            return try ImageFile.read("\(folder)/\(name)")
        }
    }

    @Test func theHeaderGivesFramesDoseAndSUV() throws {
        let image = try read(Self.file())
        let a = try #require(image.acquisition)
        #expect(image.format == "ECAT 7" && image.units == "Bq/mL" && image.warnings.isEmpty)
        #expect(
            a.tracer == "FDOPA" && a.radionuclide == "F18" && a.massKg == 70 && a.heightCm == 170 && a.sex == .female)
        #expect(a.frames == [Frame(start: 0, duration: 60), Frame(start: 60, duration: 120)])
        #expect(a.injectionStartS == -60 && a.acquiredS.map(\.start) == [60, 120])
        #expect(a.decayReference == .scanStart && a.decayReferenceS == 60)
        #expect(a.corrections == ["NORM", "ATTN", "SCAT", "DECY"])
        // 70 kg in g over what is left of 200 MBq after 60 s; the half-life is stored as Float32.
        let expected = 70_000 / (2e8 * Decay.remaining(afterS: 60, halfLifeS: 6586.2))
        #expect(abs(image.suvFactor! / expected - 1) < 1e-7)
        let text = JSONValue.object(image.members(path: "pet.v")).text
        #expect(!text.contains("SECRET"))
    }

    @Test func aDoseInAnUnknownUnitIsNotTaken() throws {
        var file = Self.file()
        for dosage: Float in [2.1, 210, 0] {
            file.dosage = dosage
            let image = try read(file)
            #expect(image.acquisition?.injectedBq == nil && image.suvFactor == nil)
            #expect(image.warnings.contains { $0.contains("DOSAGE") })
        }
    }

    @Test func anInjectionThatIsNotGivenIsNotKnown() throws {
        var file = Self.file()
        for dose: UInt32 in [0, .max, 1_000_000_000] {
            file.doseStart = dose
            let image = try read(file)
            #expect(image.acquisition?.decayReferenceS == nil && image.acquisition?.acquiredS.isEmpty == true)
            #expect(image.suvFactor == nil && image.warnings.contains { $0.contains("injected is not known") })
        }
    }

    /// The mark and the factors must agree; where they do not, nothing is claimed.
    @Test func decayCorrectionIsKnownOnlyWhereMarkAndFactorsAgree() throws {
        var unmarked = Self.file()
        for n in 0..<2 { (unmarked.frames[n].corrections, unmarked.frames[n].decayFactor) = (3, 1) }
        #expect(try read(unmarked).acquisition?.decayReference == Acquisition.DecayReference.none)

        var wrongFactor = Self.file()
        wrongFactor.frames[1].decayFactor *= 1.05
        var half = Self.file()
        half.frames[1].corrections = 3
        var factorsOnly = Self.file()
        for n in 0..<2 { factorsOnly.frames[n].corrections = 3 }
        for file in [wrongFactor, half, factorsOnly] {
            let image = try read(file)
            #expect(image.acquisition?.decayReference == nil && image.suvFactor == nil)
            #expect(image.warnings.contains { $0.contains("not known") })
        }
    }

    @Test func metresAndUnknownNuclidesAreSeen() throws {
        var file = Self.file()
        file.height = 1.7
        file.isotope = "Xx-99"
        let a = try #require(read(file).acquisition)
        #expect(abs(a.heightCm! - 170) < 1e-4 && a.radionuclide == nil && a.halfLifeS != nil)
        #expect(a.warnings.contains { $0.contains("Xx-99") })
    }

    @Test func framesThatOverlapOrLastNothingAreNotTaken() throws {
        var file = Self.file()
        file.frames[1].startMs = 10_000
        #expect(try read(file).frames.isEmpty)
        file.frames[1].durationMs = 0
        #expect(try read(file).frames.isEmpty)
    }

    @Test func aSidecarGoesBeforeTheHeader() throws {
        try withTemporaryFolder { folder in
            try OutputFile.write(Self.file().bytes, to: "\(folder)/pet.v")
            try OutputFile.write(ImageFileTests.sidecar, to: "\(folder)/pet.json")
            let image = try ImageFile.read("\(folder)/pet.v")
            #expect(abs(image.suvFactor! - 70_000 / 100e6) < 1e-15 && image.acquisition?.tracer == "FDOPA")
            #expect(image.warnings.contains { $0.contains("sidecar is used") })
        }
    }
}

/// PET-BIDS wrote this file with known content; nibabel 5.4.2 reads the same times.
@Suite(.enabled(if: ReferenceData.isPresent, "the reference data is not beside the checkout"))
struct ECATReferenceTests {
    @Test func theGoldenFileOfPET2BIDSIsUnderstood() throws {
        let path = "images/nifti/pet2bids_ecat/ecat_validation/synthetic_ecat_integer_16x16x16x4.v.gz"
        let image = try ImageFile.read(ReferenceData.path(path))
        let a = try #require(image.acquisition)
        #expect(a.radionuclide == "C11" && a.halfLifeS == 1224)
        #expect(a.frames.map(\.start) == [0, 10, 20, 30] && a.frames.allSatisfy { $0.duration == 10 })
        #expect(a.decayReference == .scanStart && a.decayReferenceS == 0 && a.injectedBq == nil)
    }
}

/// Every format through the one door.
@Suite struct StoredImageFileTests {
    @Test func aLabelOrImageOfAnyFormatIsReadAndASidecarBesideIt() throws {
        try withTemporaryFolder { folder in
            let header = """
                NRRD0004
                type: uchar
                dimension: 4
                sizes: 1 1 1 2
                encoding: raw
                space: LPS
                space directions: (2,0,0) (0,2,0) (0,0,2) none
                space origin: (0,0,0)


                """
            try OutputFile.write(Array(header.utf8) + [3, 4], to: "\(folder)/pet.nrrd")
            try OutputFile.write(ImageFileTests.sidecar, to: "\(folder)/pet.json")
            let image = try ImageFile.read("\(folder)/pet.nrrd")
            #expect(image.format == "NRRD" && image.frames.count == 2 && image.volume.voxels == [3, 4])
            #expect(try image.standardized(.bw).voxels[0] == Float(3 * 7e-4))
        }
    }

    @Test func interfileFrameTimesAreTaken() throws {
        try withTemporaryFolder { folder in
            let header = """
                !INTERFILE :=
                name of data file := a.v
                imagedata byte order := LITTLEENDIAN
                number format := unsigned integer
                number of bytes per pixel := 1
                matrix size [1] := 1
                matrix size [2] := 1
                number of time frames := 2
                image relative start time (sec)[1] := 0
                image duration (sec)[1] := 30
                image relative start time (sec)[2] := 30
                image duration (sec)[2] := 60
                """
            try OutputFile.write(header, to: "\(folder)/a.hv")
            try OutputFile.write([UInt8]([5, 6]), to: "\(folder)/a.v")
            let image = try ImageFile.read("\(folder)/a.hv")
            #expect(image.frames == [Frame(start: 0, duration: 30), Frame(start: 30, duration: 60)])
            #expect(image.suvFactor == nil && image.units == nil)
        }
    }
}
