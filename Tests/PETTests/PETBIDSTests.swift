import Imaging
import PET
import Records
import TestSupport
import Testing

/// The sidecar that is written beside a converted image.
@Suite struct PETBIDSTests {
    /// A slice as a Siemens scanner writes it: injected and started at 16:20, reconstructed from minute 50 to 70.
    static func late(_ change: (inout [UInt32: DICOMFile.Value]) -> Void = { _ in }) -> DICOMFile {
        var file = DICOMFile(z: 0)
        let texts: [(UInt32, String, String)] = [
            (0x0008_0031, "TM", "162016.000000"), (0x0008_0032, "TM", "171015.000000"),
            (0x0008_0070, "LO", "SIEMENS"), (0x0008_1090, "LO", "Biograph64_Vision 600"),
            (0x0018_0015, "CS", "BRAIN"), (0x0018_1020, "LO", "VG80B"), (0x0018_1210, "SH", "XYZ Gauss2.00"),
            (0x0018_1242, "IS", "1200000"), (0x0028_0051, "CS", "NORM\\DTIM\\ATTN\\SCAT\\DECY\\RAN"),
            (0x0054_1100, "CS", "DLYD"), (0x0054_1101, "LO", "measured,AC_CT_Brain"),
            (0x0054_1103, "LO", "PSF+TOF 4i5s"), (0x0054_1105, "LO", "Model-based"), (0x0054_1321, "DS", "1.45951"),
            (0x0054_1322, "DS", "76864200"), (0x0054_1323, "DS", "0.334997"),
        ]
        for (tag, kind, text) in texts { file.elements[tag] = .text(kind, text) }
        file.elements[0x0054_0016] = .item([
            0x0018_0031: .text("LO", "FDOPA"), 0x0018_1071: .text("DS", "4.5"), 0x0018_1072: .text("TM", "162015"),
            0x0018_1073: .text("TM", "162045"), 0x0018_1074: .text("DS", "368080000"),
            0x0018_1075: .text("DS", "6586.2"), 0x0018_1077: .text("DS", "50000000"),
            0x0054_0300: .item([0x0008_0100: .text("SH", "77004003"), 0x0008_0104: .text("LO", "^18^Fluorine")]),
        ])
        change(&file.elements)
        return file
    }

    static func image<R>(_ files: [DICOMFile], _ body: (ImageFile) throws -> R) throws -> R {
        try withTemporaryFolder { folder in
            for (n, file) in files.enumerated() { try OutputFile.write(file.bytes, to: "\(folder)/\(n)") }
            return try body(ImageFile.read(folder))
        }
    }

    static func sidecar(_ file: DICOMFile, suv: SUVKind? = nil) throws -> JSONValue {
        try image([file]) { .object($0.sidecarMembers(suv: suv)) }
    }

    /// Every field, by the names and units of BIDS 1.10, in its order.
    @Test func aSeriesHasEveryFieldItsHeadersGive() throws {
        let expected: JSONValue = [
            "Modality": "PT", "Manufacturer": "SIEMENS", "ManufacturersModelName": "Biograph64_Vision 600",
            "Units": "Bq/mL", "TracerName": "FDOPA", "TracerRadionuclide": "F18",
            "InjectedRadioactivity": 368_080_000.0,
            "InjectedRadioactivityUnits": "Bq", "InjectedMass": 7.3616, "InjectedMassUnits": "umol",
            "SpecificRadioactivity": 50_000_000.0, "SpecificRadioactivityUnits": "Bq/umol", "TimeZero": "16:20:15",
            "ScanStart": 3000.0, "InjectionStart": 0.0, "FrameTimesStart": [3000.0], "FrameDuration": [1200.0],
            "ImageDecayCorrected": true, "ImageDecayCorrectionTime": 1.0, "ReconMethodName": "PSF+TOF 4i5s",
            "ReconMethodParameterLabels": ["iterations", "subsets"], "ReconMethodParameterUnits": ["none", "none"],
            "ReconMethodParameterValues": [4, 5], "ReconFilterType": "XYZ Gauss", "ReconFilterSize": 2.0,
            "AttenuationCorrection": "measured,AC_CT_Brain", "BodyPart": "BRAIN", "MolarActivity": 50_000_000.0,
            "MolarActivityUnits": "Bq/umol", "InjectedVolume": 4.5, "InjectionEnd": 30.0,
            "ReconMethodImplementationVersion": "VG80B", "ScatterFraction": [0.334997],
            "DecayCorrectionFactor": [1.45951], "DoseCalibrationFactor": 76_864_200.0,
            "RandomsCorrectionMethod": "DLYD",
            "ScatterCorrectionMethod": "Model-based", "RadionuclideHalfLife": 6586.2, "BodyWeight": 70.0,
            "BodyHeight": 175.0, "PatientSex": "F",
        ]
        let written = try PETBIDSTests.sidecar(PETBIDSTests.late())
        #expect(written.members?.map(\.key) == expected.members?.map(\.key))
        for member in expected.members ?? [] { #expect(written[member.key] == member.value, "\(member.key)") }
        #expect(PETBIDS.missing(from: written.members ?? []) == ["ModeOfAdministration", "AcquisitionMode"])
    }

    /// What is missing is named in BIDS's order.
    @Test func whatTheHeadersLackIsNamed() throws {
        let members = try PETBIDSTests.image([DICOMFile(z: 0)]) { $0.sidecarMembers() }
        #expect(
            PETBIDS.missing(from: members) == [
                "Manufacturer", "ManufacturersModelName", "TracerRadionuclide", "InjectedMass", "InjectedMassUnits",
                "SpecificRadioactivity", "SpecificRadioactivityUnits", "ModeOfAdministration", "AcquisitionMode",
                "ReconMethodName", "ReconMethodParameterLabels", "ReconMethodParameterUnits",
                "ReconMethodParameterValues", "ReconFilterType", "ReconFilterSize",
            ])
        #expect(JSONValue.object(members)["AttenuationCorrection"]?.string == "done, method not named")
        let none: [JSONValue.Member] = [
            .init("ReconMethodParameterLabels", ["none"]), .init("ReconFilterType", "none"),
            .init("ImageDecayCorrected", false),
        ]
        let missing = PETBIDS.missing(from: none)
        #expect(missing.count == PETBIDS.required.count - 3 - 4 && !missing.contains("ReconFilterSize"))
    }

    /// TimeZero is a time of day from the acquisition or the injection, whatever the series time says.
    @Test func withoutAnInjectionTimeCountsFromTheFirstAcquisition() throws {
        let written = try PETBIDSTests.sidecar(
            PETBIDSTests.late { $0[0x0054_0016] = .item([0x0018_1074: .text("DS", "368080000")]) })
        #expect(written["TimeZero"]?.string == "17:10:15" && written["ScanStart"]?.double == 0)
        #expect(written["FrameTimesStart"]?.doubles == [0] && written["InjectionStart"] == nil)
        #expect(PETBIDS.missing(from: written.members ?? []).contains("InjectionStart"))
    }

    @Test func aScanThatBeginsBeforeItsInjectionCountsFromTheInjection() throws {
        let written = try PETBIDSTests.sidecar(
            PETBIDSTests.late {
                $0[0x0008_0031] = .text("TM", "162000")
                $0[0x0008_0032] = .text("TM", "162000")
            })
        #expect(written["TimeZero"]?.string == "16:20:15" && written["ScanStart"]?.double == -15)
        #expect(written["InjectionStart"]?.double == 0 && written["FrameTimesStart"]?.doubles == [-15])
    }

    /// Kernels and methods as scanners write them.
    @Test(
        arguments: [
            ("All-pass", "none", nil), ("XYZ Gauss6.00", "XYZ Gauss", 6), ("XYZ GAUSSIAN 5.0", "XYZ GAUSSIAN", 5),
            ("Butterworth", "Butterworth", nil), ("4.00", "", 4),
        ] as [(String, String, Double?)])
    func kernelsAreTypeAndSize(kernel: String, type: String, size: Double?) throws {
        let written = try PETBIDSTests.sidecar(PETBIDSTests.late { $0[0x0018_1210] = .text("SH", kernel) })
        #expect(written["ReconFilterType"]?.string == type && written["ReconFilterSize"]?.double == size)
    }

    @Test func iterationsComeFromTheMethodOrFromGE() throws {
        func values(_ method: String, _ change: (inout [UInt32: DICOMFile.Value]) -> Void = { _ in }) throws
            -> JSONValue?
        {
            let file = PETBIDSTests.late {
                $0[0x0054_1103] = .text("LO", method)
                change(&$0)
            }
            return try PETBIDSTests.sidecar(file)["ReconMethodParameterValues"]
        }
        #expect(try values("OSEM2D 2i8s") == [2, 8] && values("OP-OSEM3i21s") == [3, 21] && values("3D-RP") == nil)
        let ge = try values("VPFXS") {
            $0[0x0009_0010] = .text("LO", "GEMS_PETD_01")
            $0[0x0009_10B2] = .short(3)
            $0[0x0009_10B3] = .short(18)
        }
        #expect(ge == [3, 18])
        let back = try PETBIDSTests.sidecar(PETBIDSTests.late { $0[0x0054_1103] = .text("LO", "FORE-FBP") })
        #expect(back["ReconMethodParameterLabels"] == ["none"])
    }

    // MARK: - SUV and units

    @Test(arguments: SUVKind.allCases) func suvIsItselfWhenItIsReadAgain(kind: SUVKind) throws {
        let written = try PETBIDSTests.sidecar(PETBIDSTests.late(), suv: kind)
        #expect(written["Units"]?.string == kind.unit && written["SUVType"]?.string == kind.dicomName)
        let again = try Acquisition(sidecar: written)
        #expect(abs(try again.suvFactor(kind).factors[0] - 1) < 1e-15)
        #expect(SUVKind.named(dicom: kind.dicomName) == kind && SUVKind.named(dicom: "SUV") == nil)
    }

    /// Values that were not corrected for decay are, once they are SUV.
    @Test func suvOfUncorrectedValuesIsCorrectedToTheInjection() throws {
        let file = PETBIDSTests.late { $0[0x0054_1102] = .text("CS", "NONE") }
        let plain = try PETBIDSTests.sidecar(file)
        #expect(plain["ImageDecayCorrected"] == false && plain["ImageDecayCorrectionTime"] == nil)
        #expect(!PETBIDS.missing(from: plain.members ?? []).contains("ImageDecayCorrectionTime"))
        let suv = try PETBIDSTests.sidecar(file, suv: .bw)
        #expect(suv["ImageDecayCorrected"] == true && suv["ImageDecayCorrectionTime"]?.double == 0)
        #expect(suv["DecayCorrectionFactor"] == nil)
    }

    @Test func countsBecomeBecquerelsWhereTheHeaderSaysHow() throws {
        let counts = PETBIDSTests.late {
            $0[0x0054_1001] = .text("CS", "CNTS")
            $0[0x7053_1000] = .text("DS", "0.0005")
            $0[0x7053_1009] = .text("DS", "1.5")
        }
        try PETBIDSTests.image([counts]) { image in
            let (converted, factor) = try #require(image.inBqPerML())
            #expect(factor == 1.5 && converted.volume.voxels == image.volume.voxels.map { $0 * 1.5 })
            #expect(JSONValue.object(converted.sidecarMembers())["Units"]?.string == "Bq/mL")
            #expect(converted.inBqPerML() == nil)
            // SUV of the converted values is by dose and mass, as its unit says, and no more by the private factor.
            let alternative = try #require(try image.suvFactor(.bw).alternatives.first)
            #expect(abs(try converted.suvFactor(.bw).factors[0] * 1.5 / alternative.factor - 1) < 1e-14)
        }
        try PETBIDSTests.image([PETBIDSTests.late()]) { #expect($0.inBqPerML() == nil) }
    }

    @Test func otherImagesHaveASmallSidecar() throws {
        var ct = DICOMFile(z: 0, modality: "CT")
        ct.elements[0x0008_0070] = .text("LO", "SIEMENS")
        ct.elements[0x0018_1210] = .text("SH", "J30s")
        ct.elements[0x0018_1020] = .text("LO", "VB42B")
        #expect(
            try PETBIDSTests.sidecar(ct) == [
                "Modality": "CT", "Manufacturer": "SIEMENS", "Units": "HU", "ConvolutionKernel": "J30s",
            ])
        try withTemporaryFolder { folder in
            let grid = try VoxelGrid(shape: [2, 1, 1], worldFromVoxel: .identity)
            try NIfTI.write(Volume(grid: grid, frames: 1, repeating: 3), to: "\(folder)/labels.nii")
            #expect(try ImageFile.read("\(folder)/labels.nii").sidecarMembers().isEmpty)
        }
    }

    /// From sidecar to sidecar nothing of BIDS is lost, and what names an institution, a station or a day stays behind.
    @Test func aSidecarIsCarriedOver() throws {
        let source = try PETBIDSTests.sidecar(PETBIDSTests.late())
            .setting("ModeOfAdministration", "bolus").setting("AcquisitionMode", "list mode")
            .setting("InstitutionName", "Secret").setting("StationName", "Secret").setting("ScanDate", "2025-01-01")
            .setting("AcquisitionTime", "16:20:16").setting("ImageComments", "Secret")
        try withTemporaryFolder { folder in
            let grid = try VoxelGrid(shape: [2, 1, 1], worldFromVoxel: .identity)
            try NIfTI.write(Volume(grid: grid, frames: 1, repeating: 3), to: "\(folder)/a_pet.nii")
            try OutputFile.write(source.text, to: "\(folder)/a_pet.json")
            let written = JSONValue.object(try ImageFile.read("\(folder)/a_pet.nii").sidecarMembers())
            let kept = (source.members ?? []).filter {
                !["InstitutionName", "StationName", "ScanDate", "AcquisitionTime", "ImageComments"].contains($0.key)
            }
            #expect(Set(written.members?.map(\.key) ?? []) == Set(kept.map(\.key)))
            for member in kept { #expect(written[member.key]?.text == member.value.text, "\(member.key)") }
            #expect(PETBIDS.missing(from: written.members ?? []).isEmpty)
        }
    }
}
