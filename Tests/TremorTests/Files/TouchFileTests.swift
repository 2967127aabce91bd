import Foundation
import TestSupport
import Testing
import Tremor

@Suite struct TouchFileTests {
    private func taps(_ text: String) throws -> TouchFile.Contents? { try TouchFile.parse(Array(text.utf8)) }

    static let cloudUPDRS = """
        1000000, 0, 0, 10.5, 20.0, 0.4, 0.1,240, 645
        1000081, 81, 1, 11.5, 21.0, 0.4, 0.1,240, 645
        1000300, 0, 0, 12.5, 22.0, 0.4, 0.1,240, 80
        1000400, 100, 1, 13.5, 23.0, 0.4, 0.1,240, 80

        """

    @Test(arguments: ["", "Total number of taps: 2"])
    func touchesAndTheirEndsAreTaps(last: String) throws {
        let found = try #require(try taps(Self.cloudUPDRS + last))
        #expect(found.format == "touch screen (CloudUPDRS)" && found.taps.count == 2)
        #expect(found.taps[0].downS == 0 && abs((found.taps[0].upS ?? 0) - 0.081) < 1e-9)
        #expect(
            found.taps[1].down == [12.5, 22] && found.taps[1].up == [13.5, 23] && found.taps[1].target == [240, 80])
    }

    @Test func aFileThatContradictsItselfIsRefused() {
        #expect(throws: RecordingError.self) { try taps(Self.cloudUPDRS + "Total number of taps: 3") }
        let ends = Self.cloudUPDRS + "1000500, 100, 1, 13.5, 23.0, 0.4, 0.1,240, 80\n"
        #expect(throws: RecordingError.damaged("line 5 is the end of a touch that has no beginning")) { try taps(ends) }
        // Behind the first 4096 bytes, by which the kind of file is told.
        let long = String(repeating: Self.cloudUPDRS, count: 40)
        #expect(throws: RecordingError.unevenLine(line: 161, fields: 2, expected: 9)) {
            try taps(long + "1000500, 0\n")
        }
    }

    @Test func mPowerIsReadAsJSONAndAsATable() throws {
        let json = """
            [{"TapTimeStamp":0.5,"TapCoordinate":"{89.5, 454}","TappedButtonId":"TappedButtonLeft"},
            {"TapTimeStamp":0.7,"TapCoordinate":"{227, 382.5}","TappedButtonId":"TappedButtonRight"}]
            """
        let table = "t,x,y,buttonid\n0.5,89.5,454,TappedButtonLeft\n0.7,227,382.5,TappedButtonRight\n"
        let (a, b) = (try #require(try taps(json)), try #require(try taps(table)))
        #expect(a == b && a.taps.count == 2 && abs(a.taps[1].downS - 0.2) < 1e-12 && a.taps[1].down == [227, 382.5])
        #expect(throws: RecordingError.self) { try taps("[{\"TapTimeStamp\":0.5}]") }
        #expect(throws: RecordingError.self) { try taps("t,x,y,buttonid\n0.5,here,454,TappedButtonLeft\n") }
    }

    @Test(arguments: ["t,x,y,z\n0,0,0,9.8\n", "0,0,0,9.8\n0.01,0,0,9.8\n", "1,2,3,4,5,6,7,8,9\n", "", "{}"])
    func otherFilesAreNoTaps(text: String) throws {
        #expect(try taps(text) == nil)
    }

    @Test func fewTapsAndTapsOutOfOrderAreRefused() throws {
        let two = try #require(try taps(Self.cloudUPDRS))
        #expect(throws: RecordingError.noValidWindow("there are only 2 taps; four are needed")) {
            try TouchTapping(reading: two)
        }
        func table(_ times: [Double]) throws -> TouchFile.Contents {
            try #require(try taps("t,x,y,buttonid\n" + times.map { "\($0),1,1,left\n" }.joined()))
        }
        #expect(throws: RecordingError.self) { try TouchTapping(reading: table([0, 0.3, 0.2, 0.5, 0.8])) }
        let ordered = try table([0, 0.2, 0.3, 0.5, 0.8])
        #expect(try TouchTapping(reading: ordered).taps.count == 5)
        #expect(throws: RecordingError.self) { try TouchTapping(reading: ordered, part: 0.1...0.6) }
    }

    /// Cut anywhere, and with any one byte changed, a file is read or refused.
    @Test func noDamagedFileTraps() {
        let whole = Array((Self.cloudUPDRS + "Total number of taps: 2").utf8)
        var noise = SeededNoise(seed: 8)
        for place in whole.indices {
            _ = try? TouchFile.parse(Array(whole[..<place]))
            var damaged = whole
            damaged[place] = UInt8.random(in: 0...255, using: &noise)
            _ = try? TouchFile.parse(damaged)
        }
    }
}
