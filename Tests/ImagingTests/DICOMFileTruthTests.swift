import Imaging
import Records
import TestSupport
import Testing

/// Every single DICOM file of truth.json, against pydicom 3.0.2 with pylibjpeg and numpy: the stored pixels, and where the
/// file has a place in space the values and their order.
@Suite(.enabled(if: ReferenceData.isPresent, "the reference data are not beside the checkout"))
struct DICOMFileTruthTests {
    static let all = TruthCase.all("files").filter { $0.truth["kind"]?.string == "dicom-file" }

    /// Files that no volume is made of, by the words of the refusal: pictures without a place in space, documents, series
    /// in time of MR, and damaged files.
    static let refusals: [(reason: String, files: [String])] = [
        (
            "a structured report",
            [
                "ct-dicom/cornerstone_transfer_syntaxes/no-pixel-data.dcm", "fuzz/fo-dicom/test_SR.dcm",
                "fuzz/pydicom/reportsi_with_empty_number_tags.dcm", "fuzz/pydicom/test-SR.dcm",
            ]
        ),
        (
            "a secondary capture image",
            [
                "ct-dicom/enhanced_multiframe/JPEG-LL.dcm", "fuzz/fo-dicom/CT-MONO2-16-ankle",
                "fuzz/fo-dicom/GH1301.dcm", "fuzz/fo-dicom/GH179A.dcm", "fuzz/fo-dicom/GH195.dcm",
                "fuzz/fo-dicom/GH227.dcm", "fuzz/fo-dicom/GH538-jpeg1.dcm", "fuzz/fo-dicom/JPEGwithIcon.dcm",
                "fuzz/fo-dicom/charset/chrGerm.dcm", "fuzz/fo-dicom/charset/chrGreek.dcm",
                "fuzz/fo-dicom/charset/chrHbrw.dcm", "fuzz/fo-dicom/charset/chrI2.dcm",
                "fuzz/pydicom-data/JLSL_08_07_0_1F.dcm", "fuzz/pydicom-data/JLSL_16_15_1_1F.dcm",
                "fuzz/pydicom-data/JLSL_RGB_ILV0.dcm", "fuzz/pydicom/JPEG2000-embedded-sequence-delimiter.dcm",
                "fuzz/pydicom/JPEG2000.dcm", "fuzz/pydicom/JPEGLSNearLossless_08.dcm", "fuzz/pydicom/JPGExtended.dcm",
                "fuzz/pydicom/SC_jpeg_no_color_transform.dcm", "fuzz/pydicom/SC_jpeg_no_color_transform_2.dcm",
                "fuzz/pydicom/SC_rgb_dcmtk_+eb+cr.dcm", "fuzz/pydicom/SC_rgb_dcmtk_+eb+cy+n2.dcm",
                "fuzz/pydicom/SC_rgb_dcmtk_+eb+cy+s2.dcm", "fuzz/pydicom/SC_rgb_dcmtk_+eb+cy+s4.dcm",
                "fuzz/pydicom/SC_rgb_gdcm_KY.dcm", "fuzz/pydicom/SC_rgb_jls_lossy_sample.dcm",
                "fuzz/pydicom/SC_rgb_jpeg_app14_dcmd.dcm", "fuzz/pydicom/SC_rgb_jpeg_dcmd.dcm",
                "fuzz/pydicom/SC_rgb_jpeg_dcmtk.dcm", "fuzz/pydicom/SC_rgb_rle.dcm",
                "fuzz/pydicom/SC_rgb_rle_16bit_2frame.dcm", "fuzz/pydicom/SC_rgb_rle_2frame.dcm",
                "fuzz/pydicom/SC_rgb_rle_32bit.dcm", "fuzz/pydicom/SC_rgb_small_odd.dcm",
                "fuzz/pydicom/SC_rgb_small_odd_big_endian.dcm", "fuzz/pydicom/SC_rgb_small_odd_jpeg.dcm",
                "fuzz/pydicom/SC_ybr_full_422_uncompressed.dcm", "fuzz/pydicom/image_dfl.dcm",
                "fuzz/weasis/signed-raw-9bit.dcm", "pet-dicom/suyash_siemens1094/6.dcm",
            ]
        ),
        (
            "(5200,9230) Per-Frame",
            [
                "ct-dicom/enhanced_multiframe/emri_small.dcm", "ct-dicom/enhanced_multiframe/emri_small_RLE.dcm",
                "ct-dicom/enhanced_multiframe/emri_small_jpeg_2k_lossless_too_short.dcm",
                "fuzz/pydicom-data/emri_small_jpeg_2k_lossless_too_short.dcm",
            ]
        ),
        (
            "its pixels are in colour",
            [
                "fuzz/dcm4che/3gb-bulk-data-truncated"
            ]
        ),
        (
            "the header cannot be read",
            [
                "fuzz/dcm4che/no_preamble_dicm_in_data", "fuzz/fo-dicom/GH1339.dcm", "fuzz/fo-dicom/GH179B.dcm",
                "fuzz/pydicom/SC_rgb_jpeg.dcm",
            ]
        ),
        (
            "an object of SOP class",
            [
                "fuzz/fo-dicom/GH220.dcm", "fuzz/fo-dicom/genFile.dcm", "fuzz/pydicom/examples_ybr_color.dcm",
                "fuzz/pydicom/waveform_ecg.dcm",
            ]
        ),
        (
            "a digital mammogram",
            [
                "fuzz/fo-dicom/OutOfBoundsOverlay.dcm"
            ]
        ),
        (
            "a computed radiography image",
            [
                "fuzz/fo-dicom/charset/chrJapMulti.dcm", "fuzz/fo-dicom/charset/chrJapMultiExplicitIR6.dcm",
            ]
        ),
        (
            "(0008,0016) SOP Class UID is missing",
            [
                "fuzz/fo-dicom/charset/chrSQEncoding1.dcm",
                "fuzz/libdicom/generated_encapsulated_empty_bot_1_to_1.dcm",
                "fuzz/libdicom/generated_encapsulated_empty_bot_2_to_1.dcm", "fuzz/pydicom/UN_sequence.dcm",
                "fuzz/pydicom/meta_missing_tsyntax.dcm",
            ]
        ),
        (
            "an ultrasound image",
            [
                "fuzz/pydicom/ExplVR_BigEnd.dcm", "fuzz/pydicom/examples_palette.dcm",
            ]
        ),
        (
            "describes 3 (5200,9230)",
            [
                "fuzz/pydicom/liver_1frame.dcm", "fuzz/pydicom/liver_expb_1frame.dcm",
            ]
        ),
        (
            "the file is cut short",
            [
                "fuzz/pydicom/MR_truncated.dcm"
            ]
        ),
        (
            "a radiotherapy dose",
            [
                "fuzz/pydicom/badVR.dcm", "fuzz/pydicom/rtdose.dcm", "fuzz/pydicom/rtdose_1frame.dcm",
                "fuzz/pydicom/rtdose_expb_1frame.dcm", "fuzz/pydicom/rtdose_rle.dcm",
            ]
        ),
        (
            "none of the 0 files",
            [
                "fuzz/pydicom/dicomdirtests/DICOMDIR-empty.dcm"
            ]
        ),
        (
            "this is not a DICOM file",
            [
                "fuzz/pydicom/no_meta.dcm"
            ]
        ),
        (
            "a radiotherapy plan",
            [
                "fuzz/pydicom/rtplan.dcm"
            ]
        ),
        (
            "only PET is read as a series in time",
            [
                "fuzz/weasis/jpeg2000-multiframe-multifragments.dcm"
            ]
        ),
        (
            "a nuclear medicine (NM) image",
            [
                "pet-dicom/openrem_nm/NM-NmIm-Siemens.dcm"
            ]
        ),
        (
            "a radiopharmaceutical dose report",
            [
                "pet-dicom/openrem_nm/NM-RRDSR-Siemens.dcm"
            ]
        ),
    ]

    @Test func everyFileIsThere() { #expect(DICOMFileTruthTests.all.count >= 130) }

    static func bytes(_ pixels: DICOMStoredPixels, _ type: String) -> [UInt8] {
        pixels.values.flatMap { value in
            type.hasSuffix("8") || type.hasSuffix("i1") || type.hasSuffix("u1")
                ? [UInt8(truncatingIfNeeded: value)]
                : [UInt8(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: value >> 8)]
        }
    }

    /// Stored pixels that no decoder of ours gives: colour, more than 16 bits, and a colour file with a stray item that
    /// DCMTK calls damaged. Extended JPEG is lossy: decoders differ by a count.
    static let notDecoded = ["in colour", "PALETTE COLOR", "32 bits wide", "one-bit pixels"]
    static let otherwise = ["JPGExtended.dcm", "SC_rgb_jpeg.dcm"]

    @Test(arguments: all.filter { $0.truth["stored"] != nil })
    func storedPixelsAreThoseOfPydicom(file: TruthCase) throws {
        guard !Self.otherwise.contains(where: file.path.hasSuffix) else { return }
        let path = ReferenceData.path("images/\(file.path)")
        let type = try #require(file.truth["stored"]?["dtype"]?.string)
        do {
            let frames = 0..<Int(file.truth["frames"]?.double ?? 1)
            let bytes = try frames.flatMap { Self.bytes(try DICOM.storedPixels(path, frame: $0), type) }
            let same = SHA256.hex(bytes) == file.truth["stored"]?["sha256_stored_le"]?.string
            #expect(same)
        } catch let problem as FileProblem {
            #expect(Self.notDecoded.contains { problem.reason.contains($0) }, "\(problem.reason)")
        }
    }

    /// pydicom (libjpeg) says a sum of 3770427 and a largest value of 264; the inverse cosine transforms round apart.
    @Test func extendedJPEGHasTheSameSumWithinRounding() throws {
        let pixels = try DICOM.storedPixels(ReferenceData.path("images/fuzz/pydicom/JPGExtended.dcm"))
        let sum = pixels.values.reduce(0) { $0 + Int($1) }
        #expect(abs(Double(sum) / 3_770_427 - 1) < 1e-3)
        #expect(abs((pixels.values.max() ?? 0) - 264) <= 2)
    }

    @Test(arguments: all)
    func fileIsAVolumeOrRefusedForItsReason(file: TruthCase) throws {
        let path = ReferenceData.path("images/\(file.path)")
        guard InputFile.exists(path) else { return }
        let reason = Self.refusals.first { $0.files.contains(file.path) }?.reason
        do {
            let image = try DICOM.read(DICOM.series(in: path)[0])
            #expect(reason == nil)
            let grid = image.volume.grid
            guard file.truth["cols"] != nil else { return #expect(file.path == Self.readHereOnly) }
            #expect(Double(grid.shape.x) == file.truth["cols"]?.double)
            #expect(Double(grid.shape.y) == file.truth["rows"]?.double)
            guard let enhanced = file.truth["enhanced"] else { return }
            try Self.check(image, enhanced)
        } catch let problem as FileProblem {
            #expect(reason != nil && problem.reason.contains(reason!), "\(problem.reason)")
        }
    }

    /// pydicom stops at its sequences of undefined length in big-endian order.
    static let readHereOnly = "fuzz/fo-dicom/GH177_D_CLUNIE_CT1_IVRLE_BigEndian_undefined_length.dcm"

    /// numpy reads the big-endian words from byte 6410 on as -2000 to 2278 with a sum of 40028413.
    @Test func bigEndianWithUndefinedLengthsIsRead() throws {
        let values = try DICOM.storedPixels(ReferenceData.path("images/\(Self.readHereOnly)")).values
        #expect(values.min() == -2000 && values.max() == 2278 && values.reduce(0) { $0 + Int($1) } == 40_028_413)
    }

    /// A multi-frame image: hash and probes in the order of the file's frames, and where the first and the last lie.
    static func check(_ image: DICOMImage, _ truth: JSONValue) throws {
        let grid = image.volume.grid
        let plane = grid.shape.x * grid.shape.y
        let frames = image.slices.map(\.frame)
        // Segmentations list no slices; those of the reference are stored upwards.
        let order = frames.isEmpty ? Array(0..<grid.shape.z) : frames.indices.sorted { frames[$0]! < frames[$1]! }
        let voxels = order.flatMap { image.volume.voxels[($0 * plane)..<(($0 + 1) * plane)] }
        let expected = try #require(truth["rescaled_in_frame_order"])
        #expect(SHA256.hex(voxels) == expected["sha256_float32_le"]?.string)
        for probe in expected["voxels"]?.elements ?? [] {
            let ijk = try #require(probe["ijk"]?.doubles).map { Int($0) }
            let value = voxels[ijk[0] + grid.shape.x * (ijk[1] + grid.shape.y * ijk[2])]
            #expect(value == Float(probe["value"]?.double ?? .nan))
        }
        for (key, place) in [("first_pos", order.first), ("last_pos", order.last)] {
            let lps = try #require(truth[key]?.doubles)
            let world = grid.worldFromVoxel(SIMD3(0, 0, Double(place ?? 0)))
            // Positions are rounded in headers; even spacing is used.
            #expect(norm(world - SIMD3(-lps[0], -lps[1], lps[2])) < 0.05, "\(key)")
        }
    }
}
