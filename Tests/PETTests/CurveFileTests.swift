import Imaging
import PET
import Records
import Testing
import TestSupport

private func curves(_ text: String, _ declared: CurveDeclarations = CurveDeclarations()) throws -> TimeActivityCurves {
    try TimeActivityCurves(parsing: Array(text.utf8), declared)
}

/// Each file a user may have, and each way it may be wrong.
@Suite struct CurveFileTests {
    private let bids = "frame_start\tframe_end\tLeft-Putamen\tRight-Putamen\n0\t60\t1\t2\n60\t180\t3\tn/a\n"

    @Test func aBIDSTableIsInSecondsAndItsUnitIsTheSidecars() throws {
        let sidecar: JSONValue = ["Units": "kBq/mL", "FrameTimesStart": [0, 60], "FrameDuration": [60, 120]]
        let read = try curves(bids, CurveDeclarations(sidecar: sidecar))
        #expect(read.frames == [Frame(start: 0, duration: 60), Frame(start: 60, duration: 120)])
        #expect(read.units == "Bq/mL" && read.isActivity)
        #expect(read.curves.map(\.name) == ["Left-Putamen", "Right-Putamen"])
        #expect(read.curves[0].mean == [1000, 3000] && read.curves[1].mean[0] == 2000 && read.curves[1].mean[1].isNaN)
        #expect(read.warnings == ["region Right-Putamen has no value in 1 of 2 frames"])
        #expect(read.curves[0].sd == nil && read.curves[0].sem == nil && read.curves[0].voxels == nil)
    }

    @Test func anUndeclaredUnitStaysUnknownAndNothingIsScaled() throws {
        let read = try curves(bids)
        #expect(read.units == nil && read.curves[0].mean == [1, 3] && !read.isActivity)
        #expect(throws: CurveProblem.unitsMissing("kBq/mL")) { try read.inUnits("kBq/mL") }
    }

    @Test(arguments: ["SUV", "g/mL", "unitless"])
    func aUnitThatIsNoActivityStaysAsDeclared(unit: String) throws {
        let read = try curves(bids, CurveDeclarations(units: unit))
        #expect(read.units == unit && read.curves[0].mean == [1, 3])
        #expect(throws: CurveProblem.notConvertible(from: unit, to: "Bq/mL")) { try read.inUnits("Bq/mL") }
    }

    @Test func curvesGoIntoAnyUnitOfActivity() throws {
        let read = try curves(bids, CurveDeclarations(units: "MBq/mL"))
        #expect(read.curves[0].mean == [1e6, 3e6])
        let out = try read.inUnits("kBq/mL")
        #expect(out.units == "kBq/mL" && out.curves[0].mean == [1000, 3000])
        #expect(try read.inUnits(nil) == read)
        #expect(throws: CurveProblem.notActivity("SUV")) { try read.inUnits("SUV") }
    }

    @Test func aGivenUnitThatContradictsTheFileIsRefused() throws {
        #expect(throws: CurveProblem.unitsGiven("Bq/mL", declared: "kBq/mL")) {
            try curves(bids, CurveDeclarations(sidecar: ["Units": "kBq/mL"], units: "Bq/mL"))
        }
        // The same unit in other letters is none.
        let same = try curves(bids, CurveDeclarations(sidecar: ["Units": "kBq/mL"], units: "kBq/cc"))
        #expect(same.curves[0].mean == [1000, 3000])
    }

    /// 0 to 60 s and 60 to 180 s, said in two units.
    @Test(arguments: [
        "start_s,duration_min,a\n0,1,5\n60,2,6\n", "mid[minutes],duration[seconds],a\n0.5,60,5\n2,120,6\n",
        "start[min],end[s],a\n0,60,5\n1,180,6\n", "start[min],duration,a\n0,1,5\n1,2,6\n",
    ])
    func everyColumnOfTimesIsReadByItsOwnUnit(text: String) throws {
        #expect(try curves(text).frames == [Frame(start: 0, duration: 60), Frame(start: 60, duration: 120)])
    }

    @Test func aColumnOfTimesWithoutAUnitBetweenTwoUnitsIsRefused() {
        #expect(throws: CurveProblem.noTimeUnit("duration")) { try curves("start_s,end_min,duration,a\n0,1,60,5\n") }
    }

    @Test func endsThatDifferFromTheSidecarsAreRefused() {
        let sidecar: JSONValue = ["FrameTimesStart": [0, 60], "FrameDuration": [60, 60]]
        #expect(throws: CurveProblem.endsDiffer(frame: 2, 180, 120)) {
            try curves(bids, CurveDeclarations(sidecar: sidecar))
        }
    }

    @Test func aNameThatSeveralRegionsHaveIsRefused() throws {
        let read = try curves("start_s,end_s,a,a,b\n0,60,1,2,3\n")
        #expect(throws: CurveProblem.severalCurves("a")) { try read.curve(named: "a") }
        #expect(try read.curve(named: "b").mean == [3])
    }

    @Test func whatTheSidecarSaysOfDecayIsKept() throws {
        let dft = "DFT a\ns .\nkBq/ml .\nTimes (min) 1\n0 1 2\n"
        for text in [bids, dft] {
            #expect(try curves(text, CurveDeclarations(sidecar: ["ImageDecayCorrected": false])).decay == .uncorrected)
        }
    }

    @Test func timesThatDifferFromTheSidecarsAreRefused() {
        let sidecar: JSONValue = ["FrameTimesStart": [0, 1], "FrameDuration": [1, 2]]
        #expect(throws: CurveProblem.timesDiffer(frame: 2, 60, 1)) {
            try curves(bids, CurveDeclarations(sidecar: sidecar))
        }
        #expect(throws: CurveProblem.frameCount(table: 2, times: 3)) {
            try curves(bids, CurveDeclarations(frames: Array(repeating: Frame(start: 0, duration: 1), count: 3)))
        }
    }

    @Test func petprepKMNamesAreBIDSTimes() throws {
        let read = try curves("FrameTimesStart,FrameTimesEnd,a\n0,30,1\n30,90,2\n")
        #expect(read.frames.map(\.end) == [30, 90])
    }

    @Test func aTableWithoutTimesTakesTheSidecars() throws {
        let read = try curves(
            "a\tb\n1\t2\n3\t4\n",
            CurveDeclarations(sidecar: ["FrameTimesStart": [0, 60], "FrameDuration": [60, 60], "Units": "Bq/mL"]))
        #expect(read.frames.map(\.start) == [0, 60] && read.curves[1].mean == [2, 4])
        #expect(throws: CurveProblem.noTimes(["a", "b"])) { try curves("a\tb\n1\t2\n") }
    }

    @Test func aPMODTacSaysBothUnitsInItsHeader() throws {
        let read = try curves("start[seconds]\tend[kBq/cc]\tput_l\tput_r\t\n0.0\t15.0\t1.5\t2\n15.0\t30.0\t3\t4\n")
        #expect(read.units == "Bq/mL" && read.curves[0].mean == [1500, 3000] && read.frames[1].end == 30)
        let minutes = try curves("start[minutes]\tend[nCi/cc]\ta\n0\t1\t2\n")
        #expect(minutes.frames == [Frame(start: 0, duration: 60)] && minutes.curves[0].mean == [74])
        #expect(throws: CurveProblem.unitsDiffer("kBq/cc", "Bq/mL")) {
            try curves("start[seconds]\tend[kBq/cc]\ta\n0\t1\t2\n", CurveDeclarations(sidecar: ["Units": "Bq/mL"]))
        }
    }

    @Test func theUnitMayStandBehindEveryRegion() throws {
        let read = try curves("start[seconds],end[seconds],put (l)[kBq/cc],put (r)[kBq/mL]\n0,1,2,3\n")
        #expect(read.curves.map(\.name) == ["put (l)", "put (r)"] && read.curves[0].mean == [2000])
        #expect(throws: CurveProblem.columnUnitsDiffer("kBq/cc", "Bq/cc")) {
            try curves("start[seconds],end[seconds],a[kBq/cc],b[Bq/cc]\n0,1,2,3\n")
        }
    }

    @Test func aTurkuDFTJoinsRegionSideAndPlane() throws {
        let text = """
            DFT            putam putam cereb
            exam0001       dx sin .
            kBq/ml         pl18 pl18 .
            Times (min)    675.2 712.8 9167.1
            0.00 0.25      0.00e+00 -9.18e-03 2.98e-04
            0.25 0.50      1.24e+00 .         1.43e+00
            # a comment
            """
        let read = try curves(text)
        #expect(read.curves.map(\.name) == ["putam_dx_pl18", "putam_sin_pl18", "cereb"])
        #expect(read.frames == [Frame(start: 0, duration: 15), Frame(start: 15, duration: 15)])
        #expect(read.curves[0].mean == [0, 1240] && read.curves[1].mean[1].isNaN)
        // mm³ to mL
        #expect(read.curves[2].volumeML == 9.1671 && read.units == "Bq/mL")
        #expect(RegionName(read.curves[0].name).side == .right && RegionName(read.curves[1].name).side == .left)
    }

    @Test func kinfitrTablesHoldSeveralScansWithWeights() throws {
        let text = """
            PET,Times,Weights,FC,StartTime,Duration
            a,0,0,0,0,0
            a,34,0.5,2,29,10
            b,30,1,7,20,20
            """
        #expect(throws: CurveProblem.severalScans(["a", "b"])) {
            try curves(text, CurveDeclarations(timeUnit: .seconds))
        }
        #expect(throws: CurveProblem.noTimeUnit("StartTime")) { try curves(text, CurveDeclarations(scan: "a")) }
        #expect(throws: CurveProblem.noScan("c", ["a", "b"])) { try curves(text, CurveDeclarations(scan: "c")) }
        let read = try curves(text, CurveDeclarations(timeUnit: .seconds, scan: "a"))
        #expect(read.frames == [Frame(start: 29, duration: 10)] && read.weights == [0.5])
        #expect(read.curves.map(\.name) == ["FC"] && read.curves[0].mean == [2])
        #expect(read.warnings == ["left out 1 row without length and activity"])
    }

    @Test(arguments: [
        ("start_s,end_s", 1.0), ("start_min,end_min", 60), ("frame_start_min,frame_end_min", 60),
        ("Start (sec),End (sec)", 1),
        ("start [h],end [h]", 3600), ("start[ms],end[ms]", 1e-3),
    ])
    func aTimeUnitMayStandInTheColumnsName(header: String, seconds: Double) throws {
        #expect(try curves("\(header),a\n1,2,3\n").frames == [Frame(start: seconds, duration: seconds)])
    }

    @Test(arguments: ["start,end", "frame_start,frame_end", "begin_s,end_s"])
    func timesWithoutAUnitOrANameAreRefused(header: String) {
        #expect(throws: CurveProblem.self) { try curves("\(header),a\n1,2,3\n") }
    }

    @Test func gapsAndOverlapsOfFramesAreCounted() throws {
        let gap = try curves("start_s,end_s,a\n0,10,1\n30,40,1\n40,50,1\n90,95,1\n")
        #expect(gap.warnings == ["2 gaps between frames, together 60 s"])
        let overlap = try curves("start_s,end_s,a\n0,10,1\n5,40,1\n40,50,1\n")
        #expect(overlap.warnings == ["1 of 3 frames overlap the next"])
    }

    @Test(arguments: [
        ("", CurveProblem.empty), ("start_s,end_s,a\n", .empty), ("# only\n# comments\n", .empty),
        ("start_s,end_s,a\n0,1,x\n", .badNumber(line: 2, column: "a", "x")),
        ("start_s,end_s,a\n\n# c\n0,1,inf\n", .badNumber(line: 4, column: "a", "inf")),
        ("start_s,end_s,a\n0,1\n", .table(.unevenRow(line: 2, fields: 2, columns: 3))),
        ("start_s,end_s\n0,1\n", .noCurves(["start_s", "end_s"])),
        ("start_s,end_s,a\n5,1,2\n", .noLength(frames: 1)), ("start_s,end_s,a\n0,0,2\n", .noLength(frames: 1)),
        ("start_s,end_s,a\n5,9,2\n0,5,2\n", .notAscending(frame: 2)),
        ("start_s,end_s,a\nn/a,9,2\n", .badNumber(line: 2, column: "start", "n/a")),
        ("DFT a b\n", .empty),
        (
            "DFT a b\ns . .\nkBq/ml .\nTimes (min) 1 1\n0 1 2 3\n",
            .header(line: 3, "3 words were expected for 2 regions, but there are 2")
        ),
        ("DFT a\ns .\nkBq/ml .\nTimes 1\n0 1 2\n", .noTimeUnit("Times")),
        ("DFT a\ns .\nkBq/ml .\nTimes (min) 1\n0 1 2 3\n", .table(.unevenRow(line: 5, fields: 4, columns: 3))),
        (
            "DFT a\ns .\nkBq/ml .\nTime (min) 1\n0 2\n",
            .header(line: 4, "\"Time\" stands where Times was expected; single times have no frames")
        ),
    ])
    func aWrongFileIsANamedError(text: String, problem: CurveProblem) {
        #expect(throws: problem) { try curves(text) }
        #expect(!"\(problem)".isEmpty)
    }

    /// Every cut, and 3000 files each with up to four bytes replaced.
    @Test func noDamagedFileTraps() throws {
        let whole = "DFT a b\ns dx .\nkBq/ml p .\nTimes (min) 1 2\n0 1 2 .\n1 2 3 4\n"
        var state: UInt64 = 2026
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        for file in [whole, bids, "start[seconds]\tend[kBq/cc]\ta\t\n0\t1\t2\n"] {
            for count in 0...file.utf8.count {
                _ = try? TimeActivityCurves(parsing: Array(file.utf8.prefix(count)))
                _ = try? TimeActivityCurves(parsing: Array(file.utf8.prefix(count)) + [0xFF])
            }
            for _ in 0..<3000 {
                var bytes = Array(file.utf8)
                for _ in 0...random(4) {
                    bytes[random(bytes.count)] = Array("\t\n #\",;.-09e[]()DFTx\u{7F}".utf8)[random(21)]
                }
                _ = try? TimeActivityCurves(parsing: bytes)
                _ = try? BloodSamples(
                    parsing: bytes, CurveDeclarations(units: "Bq/mL", timeUnit: .seconds), signal: .plasma)
                _ = try? AcquisitionTimes.frames(bytes, timeUnit: .seconds)
                _ = try? LabelTable(parsing: bytes)
            }
        }
    }
}

@Suite struct AcquisitionTimesTests {
    @Test func startAndEndPairsWithTheirUnitAndNumber() throws {
        let text = "# Acquisition times (start end)in seconds\n2 # Number of acquisitions\r\n0\t15\r\n15\t30\r\n"
        #expect(try AcquisitionTimes.frames(Array(text.utf8)).map(\.end) == [15, 30])
        let minutes = try AcquisitionTimes.frames(Array("0 1\n1 3\n".utf8), timeUnit: .minutes)
        #expect(minutes == [Frame(start: 0, duration: 60), Frame(start: 60, duration: 120)])
        let json = "{\"FrameTimesStart\": [0, 5], \"FrameDuration\": [5, 5]}"
        #expect(try AcquisitionTimes.frames(Array(json.utf8)).map(\.end) == [5, 10])
    }

    @Test(arguments: [
        ("# in seconds\n3\n0 1\n", CurveProblem.frameCount(table: 3, times: 1)),
        ("0 1\n", .noTimeUnit("the acquisition times")),
        ("", .empty), ("0 1 2\n", .badTimes("line 1 has 3 fields where start and end were expected")),
        ("a b\n", .badTimes("line 1 is no start and end")), ("{", .badTimes("the JSON is not valid")),
        ("{}", .badTimes("the JSON has no FrameTimesStart and FrameDuration")),
    ])
    func wrongTimesAreANamedError(text: String, problem: CurveProblem) {
        #expect(throws: problem) { try AcquisitionTimes.frames(Array(text.utf8)) }
    }
}
