import PET
import Records
import Testing
import TestSupport

/// Public files as other programs wrote them. Values by numpy 2.4.6 from the text of the files.
@Suite(.enabled(if: ReferenceData.isPresent, "the reference data are not beside the checkout"))
struct CurveReferenceTests {
    private func path(_ name: String) -> String { ReferenceData.path("pet/\(name)") }

    @Test func petprepCurvesOfDs004869HaveTheirTimesAndUnit() throws {
        let read = try TimeActivityCurves.read(path("ds004869_cc0/sub-11_ses-test_desc-preproc_seg-gtm_tacs.tsv"))
        #expect(read.frames.count == 27 && read.curves.count == 109 && read.units == "Bq/mL")
        #expect(read.frames[26] == Frame(start: 5100, duration: 300))
        let putamen = try read.curve(named: "left-putamen")
        #expect(putamen.mean[26] == 3563.2974167739862)
        // The order of a sum.
        #expect(abs(putamen.mean.reduce(0, +) - 277868.8790629605) < 1e-8)
        #expect(throws: CurveProblem.noCurve("cerebrum", read.curves.map(\.name))) { try read.curve(named: "cerebrum") }
        // Both sides are meant, but their sizes are not in the file.
        #expect(throws: CurveProblem.ambiguous("putamen", ["Left-Putamen", "Right-Putamen"])) {
            try read.curve(named: "putamen")
        }
    }

    @Test func pmodCurvesOfAD06() throws {
        let read = try TimeActivityCurves.read(path("tacmagic_tpc/AD06.tac"))
        #expect(read.frames.count == 34 && read.curves.count == 172 && read.units == "Bq/mL")
        #expect(read.curves[0].name == "FL_mid_fr_G_l" && read.curves[171].name == "CBW_C")
        // kBq/cc times 1000, one rounding.
        #expect(abs(read.curves[0].mean[33] - 7240.809911023429) < 1e-11)
        #expect(read.frames == (try AcquisitionTimes.read(path("tacmagic_tpc/AD06.acqtimes"))))
    }

    @Test func aCSVWithoutATimeUnitNeedsOneGiven() throws {
        let file = path("tacmagic_tpc/AD06_17roi_tacs.csv")
        #expect(throws: FileProblem.self) { try TimeActivityCurves.read(file) }
        let timed = try TimeActivityCurves.read(file, units: "kBq/cc", timeUnit: .seconds)
        #expect(timed.curves.count == 17 && timed.frames[33].end == 5400)
        let given = try TimeActivityCurves.read(file, times: path("tacmagic_tpc/AD06.acqtimes"), units: "kBq/cc")
        #expect(given.curves == timed.curves && given.frames == timed.frames)
    }

    @Test func theTurkuSample() throws {
        let read = try TimeActivityCurves.read(path("tacmagic_tpc/sample.dft"))
        #expect(read.curves.map(\.name) == ["putam_dx_pl18", "putam_sin_pl18", "cereb_pl29"])
        #expect(read.frames.count == 11 && read.frames[10] == Frame(start: 600, duration: 300))
        #expect(read.curves[1].mean[9].isNaN && read.curves[1].mean[10] == 28000)
        #expect(read.warnings == ["region putam_sin_pl18 has no value in 1 of 11 frames"])
    }

    @Test func kinfitrScansInSecondsAndMinutes() throws {
        let pbr = try TimeActivityCurves.read(path("kinfitr/pbr28_tacs.csv"), timeUnit: .seconds, scan: "cgyu_1")
        #expect(pbr.curves.map(\.name) == ["FC", "TC", "STR", "THA", "WB", "CBL"] && pbr.weights != nil)
        #expect(pbr.frames[0] == Frame(start: 29, duration: 10) && pbr.units == nil)
        let reference = try TimeActivityCurves.read(path("kinfitr/simref_tacs.csv"), timeUnit: .minutes, scan: "hukw_1")
        // 0.4833… min printed with 15 digits.
        #expect(abs(reference.frames[0].start - 29) < 1e-10)
        #expect(reference.curves.map(\.name) == ["Reference", "ROI1", "ROI2", "ROI3"])
    }

    @Test func theSyntheticCurvesAreInMinutes() throws {
        let read = try TimeActivityCurves.read(path("synthetic/fdopa_like_tacs.csv"), units: "kBq/mL")
        #expect(read.frames.count == 25 && read.frames[24] == Frame(start: 89 * 60, duration: 300))
        #expect(abs(try read.curve(named: "occipital").mean[24] - 7027.75183) < 1e-9)
    }
}
