import Glibc
import Imaging
import Records
import TestSupport
import Testing

/// Damaged and odd files: each is read, or refused in one sentence.
@Suite(.enabled(if: ReferenceData.isPresent, "the reference data are not beside the checkout"), .serialized)
struct DICOMFuzzTests {
    static func files(below folder: String) throws -> [String] {
        try InputFile.list(folder).flatMap { name in
            let path = "\(folder)/\(name)"
            return InputFile.isFolder(path) ? try files(below: path) : [path]
        }
    }

    /// Writes a file without waiting for the disk.
    static func write(_ bytes: [UInt8], to path: String) throws {
        guard let file = fopen(path, "w") else { throw FileProblem(path, .cannotWrite, "it cannot be opened") }
        defer { fclose(file) }
        #expect(fwrite(bytes, 1, bytes.count, file) == bytes.count)
    }

    /// Reads one file; `nil` where it was read, else the reason. `check` sees what was read.
    static func outcome(_ path: String, _ check: (Volume) -> Void = { _ in }) throws -> String? {
        do {
            for series in try DICOM.series(in: path) { check(try DICOM.read(series).volume) }
            return nil
        } catch let problem as FileProblem {
            #expect(problem.kind == .badData || problem.kind == .noInput, "\(problem)")
            #expect(!problem.reason.isEmpty && !problem.reason.contains("\n"), "\(problem)")
            return problem.reason
        }
    }

    /// Why a file is refused, by words of the sentence, and whether pydicom may read pixels from it all the same: where it
    /// may, the file has pixels but no place in space, no grey values, or pixel bits that contradict each other.
    static let reasons: [(words: String, pydicomMayRead: Bool)] = [
        ("(0020,0037) Image Orientation (Patient) is missing", true), ("which is not read;", true),
        ("which are not read;", true), ("(0028,0102) High Bit is missing", true),
        ("its one-bit pixels are stored in a way that is not read", true),
        ("only PET is read as a series in time", true), ("(5200,9230) Per-Frame Functional Groups", false),
        // Says 1 frame and describes 3: pydicom takes the first.
        ("the file is damaged or was split", true),
        ("none of the 0 files this DICOMDIR lists is there", false), ("(0008,0016) SOP Class UID is missing", false),
        ("(0028,0010) Rows is missing", false),
        ("(0028,0011) Columns is missing", false), ("(0028,0100) Bits Allocated is missing", false),
        ("(0028,0101) Bits Stored is missing", false), ("the file is cut short", false),
        ("the header cannot be read", false), ("this is not a DICOM file", false), ("the file is empty", false),
    ]

    @Test func everyDamagedFileIsReadOrRefusedForAKnownReason() throws {
        let folder = ReferenceData.path("images")
        let outcomes = try ReferenceData.json("images/truth.json")["dicom_fuzz_pydicom_outcome"]
        let files = try DICOMFuzzTests.files(below: "\(folder)/fuzz")
        #expect(files.count > 300)
        var counts: [String: Int] = [:]
        for file in files {
            let clock = ContinuousClock.now
            let pydicom = outcomes?[String(file.dropFirst(folder.count + 1))]?["pydicom_pixels"]?.string ?? ""
            let refusal = try DICOMFuzzTests.outcome(file) { volume in
                // "ok (3, 510, 510) uint8": frames, rows and columns.
                let shape = volume.grid.shape
                let sizes = shape.z > 1 ? [shape.z, shape.y, shape.x] : [shape.y, shape.x]
                let same = pydicom.hasPrefix("ok (\(sizes.map(String.init).joined(separator: ", "))) ")
                #expect(
                    same || DICOMFuzzTests.readHereOnly.contains(where: file.hasSuffix),
                    "\(file): \(sizes), pydicom \(pydicom)")
            }
            #expect(ContinuousClock.now - clock < .seconds(5), "\(file)")
            guard let refusal else {
                counts["read", default: 0] += 1
                continue
            }
            let known = DICOMFuzzTests.reasons.first { refusal.contains($0.words) }
            counts[known?.words ?? refusal, default: 0] += 1
            #expect(known != nil, "\(file): \(refusal)")
            // Three dimensions that end in 3 are colour.
            let isGrey = pydicom.hasPrefix("ok") && !pydicom.contains(", 3)")
            #expect(!isGrey || known?.pydicomMayRead == true, "\(file): pydicom has \(pydicom), but \(refusal)")
        }
        for (reason, count) in counts.sorted(by: { $0.value > $1.value }) { print("\(count) \(reason)") }
        #expect(counts["read", default: 0] >= 19)
    }

    /// pydicom stops at the sequences of undefined length of the one, whose pixels `DICOMFileTruthTests` has from numpy, and
    /// does not decode the bits of the other, which are those of its copy in JPEG 2000.
    static let readHereOnly = [
        "GH177_D_CLUNIE_CT1_IVRLE_BigEndian_undefined_length.dcm", "liver_nonbyte_aligned_rle.dcm",
    ]

    @Test func bitsInRunLengthsAreThoseOfTheCopyInJPEG2000() throws {
        let labels = try ["rle", "j2k"].map { code in
            let path = ReferenceData.path("images/fuzz/pydicom-data/liver_nonbyte_aligned_\(code).dcm")
            return try DICOM.read(DICOM.series(in: path)[0]).volume.voxels
        }
        // Run lengths undone with numpy hold 36233, 35645 and 35220 bits that are set.
        #expect(labels[0] == labels[1] && labels[0].reduce(0, +) == 107_098)
    }

    /// Every length of a small file, and every byte of its header changed: nothing traps, and what is read is whole.
    @Test func everyCutAndEveryChangedByteIsReadOrRefused() throws {
        let whole = try InputFile.read(ReferenceData.path("images/fuzz/pydicom/CT_small.dcm"))
        let pixels = 128 * 128 * 2
        try withTemporaryFolder { folder in
            func outcome(_ bytes: [UInt8]) throws -> String? {
                let path = "\(folder)/file.dcm"
                try DICOMFuzzTests.write(bytes, to: path)
                return try DICOMFuzzTests.outcome(path)
            }
            #expect(try outcome(whole) == nil)
            for length in stride(from: 0, to: whole.count - pixels, by: 37) {
                #expect(try outcome(Array(whole.prefix(length))) != nil, "\(length)")
            }
            for place in stride(from: 0, to: whole.count - pixels, by: 11) {
                for value in [UInt8(0), 0x7F, 0xFF] {
                    var changed = whole
                    changed[place] = value
                    _ = try outcome(changed)
                }
            }
        }
    }

    /// Compressed slices with bytes changed at random (seeded) or cut off: the codecs refuse or decode, and end.
    @Test(arguments: ["rle", "jpll", "jpegls", "j2k"])
    func damagedCodeIsReadOrRefused(syntax: String) throws {
        let path = ReferenceData.path("images/derived/transcoded_ge_sts001/\(syntax)/slice_021.dcm")
        let whole = try InputFile.read(path)
        var state: UInt64 = 1
        func random(_ below: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % below
        }
        try withTemporaryFolder { folder in
            for n in 0..<80 {
                var bytes = n % 5 == 0 ? Array(whole.prefix(random(whole.count))) : whole
                let start = n % 2 == 0 ? 0 : bytes.count / 4  // every other time the pixels alone
                for _ in 0..<(n % 8) where bytes.count > start {
                    bytes[start + random(bytes.count - start)] = UInt8(random(256))
                }
                try DICOMFuzzTests.write(bytes, to: "\(folder)/file.dcm")
                let clock = ContinuousClock.now
                _ = try DICOMFuzzTests.outcome("\(folder)/file.dcm")
                #expect(ContinuousClock.now - clock < .seconds(5))
            }
        }
    }

    /// A crafted sequence nested 20000 deep must not exhaust the stack.
    @Test func deepNestingIsRefused() throws {
        let whole = try InputFile.read(ReferenceData.path("images/fuzz/pydicom/CT_small.dcm"))
        let sequence: [UInt8] = [0x08, 0, 0x40, 0x11, 0x53, 0x51, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF]
        let item: [UInt8] = [0xFE, 0xFF, 0, 0xE0, 0xFF, 0xFF, 0xFF, 0xFF]
        let head = Array(whole.prefix(132 + 12 + Int(whole[140])))  // the preamble and the file meta group
        let bytes = (0..<20000).reduce(into: head) { bytes, _ in bytes += sequence + item }
        try withTemporaryFolder { folder in
            try OutputFile.write(bytes, to: "\(folder)/deep.dcm")
            #expect(try DICOMFuzzTests.outcome("\(folder)/deep.dcm")?.contains("nested") == true)
        }
    }
}
