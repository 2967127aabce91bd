import Imaging
import Records
import Testing
import TestSupport

/// What a file is, is told from its content first and its name second.
@Suite struct ImageFormatTests {
    static let known: [(String, [UInt8], String)] = [
        ("MINC 1", Array("CDF\u{1}".utf8), "mnc2nii"),
        ("MINC 2", [0x89] + Array("HDF\r\n\u{1A}\n".utf8), "mnc2nii"),
        ("PAR", Array("# === DATA DESCRIPTION FILE ====\n".utf8), "parrec2nii"),
        ("GIfTI", Array("<?xml version=\"1.0\"?>\n<GIFTI Version=\"1.0\">".utf8), "GIfTI"),
        ("AFNI", Array("\ntype = string-attribute\nname = TYPESTRING\n".utf8), "3dAFNItoNIFTI"),
        ("bzip2", Array("BZh9".utf8), "bunzip2"), ("xz", [0xFD] + Array("7zXZ".utf8), "unxz"),
        ("zstd", [0x28, 0xB5, 0x2F, 0xFD], "unzstd"), ("zip", Array("PK\u{3}\u{4}".utf8), "unzip"),
    ]

    @Test(arguments: known)
    func whatIsKnownButNotReadIsRefusedWithWhatToDo(name: String, beginning: [UInt8], message: String) throws {
        try withTemporaryFolder { folder in
            for file in ["image.nii", "image.nii.gz", "image"] {
                try OutputFile.write(beginning + [UInt8](repeating: 32, count: 2000), to: "\(folder)/\(file)")
                let problem = try #require(throws: FileProblem.self) { try StoredImage.read("\(folder)/\(file)") }
                #expect(problem.kind == .badData && problem.reason.contains(message))
            }
        }
    }

    @Test(arguments: ["a.BRIK", "a.brik.gz", "a.rec"])
    func bareVoxelsOfOtherFormatsAreKnownByTheirName(name: String) throws {
        try withTemporaryFolder { folder in
            try OutputFile.write([UInt8](repeating: 7, count: 999), to: "\(folder)/\(name)")
            let problem = try #require(throws: FileProblem.self) { try StoredImage.read("\(folder)/\(name)") }
            #expect(problem.reason.contains("convert it"))
        }
    }

    @Test func whatNobodyKnowsIsRefusedWithTheListOfWhatIsRead() throws {
        try withTemporaryFolder { folder in
            for bytes: [UInt8] in [[], [1], Array("a text".utf8), [UInt8](repeating: 7, count: 999)] {
                try OutputFile.write(bytes, to: "\(folder)/file.bin", force: true)
                let problem = try #require(throws: FileProblem.self) { try StoredImage.read("\(folder)/file.bin") }
                #expect(problem.kind == .badData)
                for name in ["NIfTI", "DICOM", "ECAT 7", "MGH", "NRRD", "MetaImage", "Interfile"] {
                    #expect(problem.reason.contains(name))
                }
            }
            #expect(throws: ImageProblem.self) { try reading([1, 2, 3]) { try StoredImage.read(bytes: $0) } }
        }
    }

    @Test(arguments: ["a.nii", "a.mgz", "a.nrrd", "a.mhd", "a.hv", "a.v", "a"])
    func aMissingFileIsNoInputAndAnEmptyOneBadData(name: String) throws {
        try withTemporaryFolder { folder in
            #expect {
                try StoredImage.read("\(folder)/\(name)")
            } throws: { ($0 as? FileProblem)?.kind == .noInput }
            try OutputFile.write([UInt8](), to: "\(folder)/\(name)")
            #expect {
                try StoredImage.read("\(folder)/\(name)")
            } throws: { ($0 as? FileProblem)?.kind == .badData }
        }
    }

    @Test func formatsAreNamedByTheirContent() throws {
        func format(_ bytes: [UInt8]) throws -> ImageFormat? { try reading(bytes) { try ImageFormat.of(bytes: $0) } }
        #expect(try format(NIfTI.encode(NIfTITests.ramp(frames: 1))) == .nifti)
        #expect(try format(NRRDTests.file()) == .nrrd)
        #expect(try format(MetaImageTests.file()) == .metaImage)
        #expect(try format(InterfileTests.header()) == .interfile)
        #expect(try format(MGHTests.file(type: 4, stored: "int16")) == .mgh)
        #expect(try format(ECATFile(frames: [ECAT7Tests.frame(1)]).bytes) == .ecat7)
        #expect(try format([UInt8](repeating: 0, count: 128) + Array("DICM".utf8)) == .dicom)
        #expect(try format([UInt8](repeating: 0, count: 999)) == nil)
        // DICOM has a reader of its own.
        #expect(throws: ImageProblem.self) {
            try reading([UInt8](repeating: 0, count: 128) + Array("DICM".utf8)) { try StoredImage.read(bytes: $0) }
        }
    }

    @Test(arguments: [NRRDTests.file(), MetaImageTests.file(), InterfileTests.header()])
    func aTextHeaderInsideGzipIsNamed(bytes: [UInt8]) throws {
        let packed = try bytes.withUnsafeBytes { try Gzip.deflate($0) }
        #expect {
            try reading(packed) { try StoredImage.read(bytes: $0) }
        } throws: { "\($0)".contains("gunzip") }
    }
}
