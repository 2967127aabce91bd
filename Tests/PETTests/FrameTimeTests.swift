import Imaging
import PET
import Records
import TestSupport
import Testing

/// Frame times and SUV where headers say little or what cannot be.
@Suite struct FrameTimeTests {
    static func acquisition(_ files: [DICOMFile]) throws -> Acquisition {
        try withTemporaryFolder { folder in
            for (n, file) in files.enumerated() { try OutputFile.write(file.bytes, to: "\(folder)/\(n).dcm") }
            return try Acquisition(dicom: DICOM.read(DICOM.series(in: folder)[0]))
        }
    }

    /// Frames of 60, 300 and 600 s under one acquisition time, an hour after the injection.
    static func frames(_ references: [Double?]) throws -> Acquisition {
        try acquisition(
            zip(references, [60, 300, 600]).map { reference, duration in
                var file = DICOMFile(z: 0)
                file.elements[0x0018_1242] = .text("IS", "\(duration * 1000)")
                file.elements[0x0054_1300] = reference.map { .text("DS", "\($0 * 1000)") }
                return file
            })
    }

    /// Frame reference times count to the starts on some scanners and to the middles on others.
    @Test(arguments: [[0.0, 60, 360], [30, 210, 660]])
    func framesFollowEachOther(references: [Double]) throws {
        let found = try Self.frames(references)
        #expect(found.frames.map(\.start) == [3600, 3660, 3960])
        #expect(found.warnings.contains { $0.contains("(0054,1300)") })
    }

    @Test func aYearBetweenInjectionAndScanIsNoSUV() throws {
        var file = DICOMFile(z: 0)
        file.elements[0x0054_0016] = .item([
            0x0018_1078: .text("DT", "20240101100000"), 0x0018_1074: .text("DS", "368080000"),
            0x0018_1075: .text("DS", "6586.2"),
        ])
        let problem = #expect(throws: SUVProblem.self) { try Self.acquisition([file]).suvFactor(.bw) }
        #expect(problem?.description.contains("more than twenty half-lives") == true)
    }

    /// A half-life in minutes makes an hour of delay 33 half-lives.
    @Test func aHalfLifeInMinutesIsNoSUV() throws {
        var file = DICOMFile(z: 0)
        file.elements[0x0054_0016] = .item([
            0x0018_1072: .text("TM", "100000"), 0x0018_1074: .text("DS", "368080000"),
            0x0018_1075: .text("DS", "109.77"),
        ])
        #expect(throws: SUVProblem.self) { try Self.acquisition([file]).suvFactor(.bw) }
    }
}
