import Imaging
import Records
import TestSupport
import Testing

/// Slices that must not become one volume or one frame, although their places fit.
@Suite struct DICOMAgreementTests {
    /// A slice at a height and an hour of the day.
    static func slice(_ z: Double, _ time: String, _ more: [UInt32: DICOMFile.Value] = [:]) -> DICOMFile {
        var file = DICOMFile(z: z)
        file.elements[0x0008_0032] = .text("TM", time)
        file.elements.merge(more) { $1 }
        return file
    }

    static func tracer(_ dose: String) -> [UInt32: DICOMFile.Value] {
        [0x0054_0016: .item([0x0018_1072: .text("TM", "100000"), 0x0018_1074: .text("DS", dose)])]
    }

    static let differing: [(name: String, one: [UInt32: DICOMFile.Value], other: [UInt32: DICOMFile.Value])] = [
        ("(0028,0051)", [:], [0x0028_0051: .text("CS", "DECY")]),
        ("(0054,1102)", [:], [0x0054_1102: .text("CS", "ADMIN")]),
        ("(0018,1074)", tracer("370000000"), tracer("1e8")),
        ("(0010,1030)", [:], [0x0010_1030: .text("DS", "85")]),
        ("(0010,0040)", [:], [0x0010_0040: .text("CS", "M")]),
        ("(0054,1006)", [0x0054_1006: .text("CS", "BW")], [0x0054_1006: .text("CS", "LBM")]),
        (
            "(7053,1000)",
            [0x7053_0010: .text("LO", "Philips PET Private Group"), 0x7053_1000: .text("DS", "0.001")],
            [0x7053_0010: .text("LO", "Philips PET Private Group"), 0x7053_1000: .text("DS", "0.002")]
        ),
    ]

    @Test(arguments: differing.indices)
    func whatTurnsSlicesIntoUptakeIsTheSameInAll(place: Int) throws {
        let (name, one, other) = Self.differing[place]
        let files = [Self.slice(0, "110000", one), Self.slice(4, "110000", other)]
        #expect(try DICOMSeriesTests.reason(files).contains("differ in \(name)"))
        #expect(try DICOMSeriesTests.reason([files[0], Self.slice(4, "110000", one)]) == "read")
    }

    /// The same number in other digits, and the same corrections in another order, are the same.
    @Test func numbersAndCorrectionsAreComparedAsWhatTheyAre() throws {
        var other = Self.tracer("3.7e8")
        other[0x0028_0051] = .text("CS", "DECY\\ATTN")
        let files = [Self.slice(0, "110000", Self.tracer("370000000")), Self.slice(4, "110000", other)]
        #expect(try DICOMSeriesTests.reason(files) == "read")
    }

    /// Three times at three places, each place without another time: two slices everywhere, no frame anywhere.
    @Test func slicesOfDifferentTimesAreNotPaired() throws {
        let times = ["110000", "110100", "110200"]
        let files = (0..<3).flatMap { place in
            (0..<3).filter { $0 != place }.map { Self.slice(Double(4 * place), times[$0]) }
        }
        #expect(try DICOMSeriesTests.reason(files).contains("were acquired at mixed times"))
    }

    /// Beds are acquired one after the other, pass by pass: that is no mixture.
    @Test func bedsOfAPassAreOneFrame() throws {
        let files = [(0.0, "110000"), (4, "110100"), (0, "110200"), (4, "110300")].map { Self.slice($0, $1) }
        #expect(try DICOMSeriesTests.read(files).volume.frames == 2)
    }

    @Test func aFrameWithoutATimeIsRefused() throws {
        var untimed = Self.slice(0, "110000")
        untimed.elements[0x0008_0032] = nil
        #expect(try DICOMSeriesTests.reason([Self.slice(0, "110000"), untimed]).contains("(0008,0032)"))
    }

    /// Without an acquisition date: the series began before midnight, its frames go on after it.
    @Test func framesGoOnPastMidnight() throws {
        let files = ["235900", "000000", "000100"].map { time in
            var file = Self.slice(0, time, [0x0008_0031: .text("TM", "235900")])
            file.elements[0x0008_0022] = nil
            return file
        }
        let image = try DICOMSeriesTests.read(files)
        let start = try #require(image.slices[0].acquisitionTime)
        #expect(image.slices.map { $0.acquisitionTime! - start } == [0, 60, 120])
    }

    /// The date and time in one goes before a date of the series beside a bare time.
    @Test func theDateOfTheAcquisitionCounts() throws {
        let files = [("235900", "20250101235900"), ("000100", "20250102000100")].map { time, whole in
            var file = Self.slice(0, time, [0x0008_002A: .text("DT", whole), 0x0008_0031: .text("TM", "100000")])
            file.elements[0x0008_0022] = nil
            return file
        }
        let image = try DICOMSeriesTests.read(files)
        #expect(image.slices[1].acquisitionTime! - image.slices[0].acquisitionTime! == 120)
    }

    @Test func twoTimesOfAStaticSeriesAreSaid() throws {
        let kind: [UInt32: DICOMFile.Value] = [0x0054_1000: .text("CS", "STATIC\\IMAGE")]
        let image = try DICOMSeriesTests.read([Self.slice(0, "110000", kind), Self.slice(0, "120000", kind)])
        #expect(image.warnings.contains { $0.contains("STATIC") && $0.contains("2 frames") })
    }

    @Test func aReprojectionIsRefused() throws {
        let kind: [UInt32: DICOMFile.Value] = [0x0054_1000: .text("CS", "STATIC\\REPROJECTION")]
        #expect(try DICOMSeriesTests.reason([Self.slice(0, "110000", kind)]).contains("reprojection"))
    }
}
