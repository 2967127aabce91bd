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

    /// Reads one file; `nil` where it was read, else the reason.
    static func outcome(_ path: String) throws -> String? {
        do {
            for series in try DICOM.series(in: path) { _ = try DICOM.read(series) }
            return nil
        } catch let problem as FileProblem {
            #expect(problem.kind == .badData || problem.kind == .noInput, "\(problem)")
            #expect(!problem.reason.isEmpty && !problem.reason.contains("\n"), "\(problem)")
            return problem.reason
        }
    }

    @Test func everyDamagedFileIsReadOrRefused() throws {
        let files = try DICOMFuzzTests.files(below: ReferenceData.path("images/fuzz"))
        #expect(files.count > 300)
        var read = 0
        for file in files {
            let clock = ContinuousClock.now
            if try DICOMFuzzTests.outcome(file) == nil { read += 1 }
            #expect(ContinuousClock.now - clock < .seconds(5), "\(file)")
        }
        #expect(read > 0)
    }

    /// Every length of a small file, and every byte of its header changed: nothing traps, and what is read is whole.
    @Test func everyCutAndEveryChangedByteIsReadOrRefused() throws {
        let whole = try InputFile.read(ReferenceData.path("images/fuzz/pydicom/CT_small.dcm"))
        let pixels = 128 * 128 * 2
        try withTemporaryFolder { folder in
            func outcome(_ bytes: [UInt8]) throws -> String? {
                let path = "\(folder)/file.dcm"
                try OutputFile.write(bytes, to: path, force: true)
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
                try OutputFile.write(bytes, to: "\(folder)/file.dcm", force: true)
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
