import Imaging
import Records
import TestSupport
import Testing

/// Whole DICOM files with numbers that no scanner writes: refused in a sentence, with no more memory than the file merits.
@Suite struct DICOMExtremesTests {
    /// Reads slices with elements changed; the reason where they are refused.
    static func outcome(_ files: [DICOMFile], allowGaps: Bool) throws -> String? {
        try withTemporaryFolder { folder in
            for (n, file) in files.enumerated() { try DICOMFuzzTests.write(file.bytes, to: "\(folder)/\(n).dcm") }
            do {
                _ = try DICOM.read(
                    DICOM.series(in: files.count == 1 ? "\(folder)/0.dcm" : folder)[0], allowGaps: allowGaps)
                return nil
            } catch let problem as FileProblem { return problem.reason }
        }
    }

    @Test(arguments: ["1e308", "-1e308", "1e19", "1e7"], [false, true])
    func aSliceFarOutOfTheRoomIsRefused(height: String, allowGaps: Bool) throws {
        var files = [0.0, 4, 8].map { DICOMFile(z: $0) }
        files[2].elements[0x0020_0032] = .text("DS", "-10\\-20\\\(height)")
        #expect(try Self.outcome(files, allowGaps: allowGaps)?.contains("(0020,0032) Image Position") == true)
    }

    @Test(arguments: ["1e-300\\1e-300", "1e300\\1e300", "0\\1", "-1\\1"], [false, true])
    func pixelsOfNoSizeAreRefused(spacing: String, allowGaps: Bool) throws {
        var files = [0.0, 4, 9].map { DICOMFile(z: $0) }
        for n in files.indices { files[n].elements[0x0028_0030] = .text("DS", spacing) }
        #expect(try Self.outcome(files, allowGaps: allowGaps)?.contains("(0028,0030) Pixel Spacing") == true)
    }

    /// 12 pixels that would lie in corners of a grid of 65538 × 65538.
    @Test func slicesShiftedFarApartAreNotResampled() throws {
        var files = [0.0, 4, 8].map { DICOMFile(z: $0) }
        files[1].elements[0x0020_0032] = .text("DS", "999999\\999999\\4")
        #expect(try Self.outcome(files, allowGaps: true)?.contains("too far apart") == true)
    }

    /// A grid of 60000 slices, 60000 × 3000 × 3000 voxels, from two frames.
    @Test func aSegmentationOfFarFramesTakesNoMemory() throws {
        let blank = [UInt8](repeating: 0, count: 12)
        var file = DICOMFile(
            segmentation: [.init(z: 0, segment: 1), .init(z: 4, segment: 1), .init(z: 240_000, segment: 1)],
            values: [blank, blank, blank])
        #expect(try Self.outcome([file], allowGaps: false) == nil)
        file.elements[0x0028_0010] = .short(3000)
        file.elements[0x0028_0011] = .short(3000)
        file.pixelBytes = [UInt8](repeating: 0, count: 3 * 3000 * 3000 / 8)
        #expect(try Self.outcome([file], allowGaps: false)?.contains("too far apart") == true)
    }

    /// Every element's text replaced by what overflows, one after another.
    @Test(arguments: ["1e308", "-1e308", "1e-308", "nan", "inf", "99999999999999999999", "-1", "0", ""])
    func anyElementMayOverflow(text: String) throws {
        for key in DICOMFile(z: 0).elements.keys.sorted() {
            var files = [0.0, 4, 9].map { DICOMFile(z: $0) }
            for n in 1..<3 {
                guard case .text(let kind, _)? = files[n].elements[key] else { continue }
                files[n].elements[key] = .text(kind, text)
            }
            _ = try Self.outcome(files, allowGaps: true)
            let words: [UInt16] = [0, 1, 7, 9, 0x7FFF, 0x8000, 0xFFFF]
            for n in 0..<3 {
                guard case .short = files[n].elements[key] else { continue }
                files[n].elements[key] = .short(words[text.utf8.count % words.count])
            }
            _ = try Self.outcome(files, allowGaps: false)
        }
    }
}
