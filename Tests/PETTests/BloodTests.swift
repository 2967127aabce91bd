import Foundation
import PET
import Records
import Testing
import TestSupport

private func blood(
    _ text: String, _ declared: CurveDeclarations = CurveDeclarations(), signal: BloodSamples.Signal? = nil
) throws -> BloodSamples {
    try BloodSamples(parsing: Array(text.utf8), declared, signal: signal)
}

private func samples(_ times: [Double], _ values: [Double]) -> BloodSamples.Samples {
    var warnings: [String] = []
    return BloodSamples.Samples(times: times, values: values, name: "", warnings: &warnings)
}

@Suite struct BloodFileTests {
    private let bids = """
        time\tplasma_radioactivity\tmetabolite_parent_fraction\twhole_blood_radioactivity
        10\t4\t0.9\t2
        70\t8\tn/a\t5
        130\t6\t0.5\tn/a
        """
    private let sidecar: JSONValue = [
        "time": ["Units": "s"], "plasma_radioactivity": ["Units": "kBq/mL"],
        "whole_blood_radioactivity": ["Units": "Bq/mL"], "metabolite_parent_fraction": ["Units": "arbitrary"],
    ]

    @Test func everyColumnIsConvertedByItsOwnUnit() throws {
        let read = try blood(bids, CurveDeclarations(sidecar: sidecar))
        #expect(read[.plasma]?.values == [4000, 8000, 6000] && read[.plasma]?.times == [10, 70, 130])
        #expect(read[.wholeBlood]?.values == [2, 5] && read[.wholeBlood]?.times == [10, 70])
        #expect(read[.parentFraction]?.times == [10, 130] && read[.parentPlasma] == nil)
    }

    @Test func activityWithoutAUnitIsRefusedByTheNameOfItsColumn() {
        #expect(throws: CurveProblem.columnUnitsMissing("plasma_radioactivity")) { try blood(bids) }
        let one: JSONValue = ["plasma_radioactivity": ["Units": "kBq/mL"]]
        #expect(throws: CurveProblem.columnUnitsMissing("whole_blood_radioactivity")) {
            try blood(bids, CurveDeclarations(sidecar: one))
        }
        let wrong = sidecar.setting("plasma_radioactivity", ["Units": "g/mL"])
        #expect(throws: CurveProblem.notActivity("g/mL")) { try blood(bids, CurveDeclarations(sidecar: wrong)) }
    }

    @Test func pmodBloodSaysItsUnitsInTheHeader() throws {
        let read = try blood("time[seconds]\tplasma[kBq/cc]\n0\t0\n30\t1.5\n")
        #expect(read[.plasma]?.times == [0, 30] && read[.plasma]?.values == [0, 1500])
        let whole = try blood("sample-time[minutes]\twhole-blood[nCi/cc]\n1\t10\n")
        #expect(whole[.wholeBlood]?.times == [60] && whole[.wholeBlood]?.values == [370])
        #expect(throws: CurveProblem.columnUnitsMissing("plasma")) { try blood("time[seconds]\tplasma\n0\t0\n") }
        #expect(throws: CurveProblem.noTimeUnit("time", option: "--blood-time-unit")) {
            try blood("time\tplasma[kBq/cc]\n0\t0\n")
        }
    }

    /// PMOD's `parent` is a share or an activity; its unit tells which.
    @Test func parentWithAUnitOfActivityIsParentPlasma() throws {
        let read = try blood("time[seconds]\tparent[kBq/cc]\n0\t0\n30\t1.5\n")
        #expect(read[.parentPlasma]?.values == [0, 1500] && read[.parentFraction] == nil)
        let share = try blood("time[seconds]\tplasma[kBq/cc]\tparent[1/1]\n0\t0\t1\n30\t1.5\t0.5\n")
        #expect(share[.parentFraction]?.values == [1, 0.5] && share[.parentPlasma] == nil)
        #expect(throws: CurveProblem.fractionUnits("metabolite_parent_fraction", "kBq/mL")) {
            let wrong = sidecar.setting("metabolite_parent_fraction", ["Units": "kBq/mL"])
            _ = try blood(bids, CurveDeclarations(sidecar: wrong))
        }
    }

    @Test func bloodThatIsNotCorrectedForDecayGivesNoInputUntilItIs() throws {
        let declared = sidecar.setting("DecayCorrected", false)
        let read = try blood(bids, CurveDeclarations(sidecar: declared))
        #expect(read.isDecayCorrected == false)
        #expect(throws: CurveProblem.bloodNotCorrected) { try read.input(parentFraction: .linear) }
        let corrected = read.decayCorrected(toS: 0, halfLifeS: 60)
        // Three samples, and the rise from 0 at time 0.
        #expect(try corrected.input(parentFraction: .linear).arterial.parentPlasma.times.count == 4)
        let other = BloodSamples([.plasma: samples([200], [1])])
        #expect(other.merged(with: read).isDecayCorrected == false && other.isDecayCorrected == nil)
    }

    @Test func samplesBelowZeroAreCounted() throws {
        let read = BloodSamples([.plasma: samples([10, 20, 30], [-1, 5, -2])])
        #expect(try read.input(parentFraction: nil).warnings.contains("plasma: 2 samples below 0, used as measured"))
    }

    @Test func severalScansOfBloodAskForTheirOwnOption() {
        #expect(throws: CurveProblem.severalScans(["a", "b"], option: "--blood-scan")) {
            try blood("PET,time[s],plasma[kBq/cc]\na,1,2\nb,1,2\n")
        }
        #expect(
            "\(CurveProblem.severalScans(["a", "b"], option: "--blood-scan"))".contains("one with --blood-scan: a, b"))
    }

    @Test func aTextWithItsHeaderInACommentNeedsOnlyTheSignal() throws {
        let text = "# made somewhere\n# Times[minutes] Activity[kBq/ml]\n0.0 0.0\n0.5 2.5\n"
        #expect(throws: CurveProblem.noBlood(["Times[minutes]", "Activity[kBq/ml]"])) { try blood(text) }
        let read = try blood(text, signal: .plasma)
        #expect(read[.plasma]?.times == [0, 30] && read[.plasma]?.values == [0, 2500])
    }

    @Test func numbersAloneNeedEverythingSaid() throws {
        let text = "0 0\n60 5\n"
        #expect(throws: CurveProblem.noTimes(["column_1", "column_2"])) { try blood(text, signal: .plasma) }
        #expect(throws: CurveProblem.columnUnitsMissing("column_2")) {
            try blood(text, CurveDeclarations(timeUnit: .seconds), signal: .plasma)
        }
        let read = try blood(text, CurveDeclarations(units: "Bq/mL", timeUnit: .seconds), signal: .wholeBlood)
        #expect(read[.wholeBlood]?.values == [0, 5])
    }

    @Test func percentIsAFractionWhereItSaysSo() throws {
        let text = "time[min]\tparent[%]\n1\t90\n2\t50\n"
        #expect(try blood(text)[.parentFraction]?.values == [0.9, 0.5])
    }

    @Test func samplesOutOfOrderTwiceOrEarlyAreCounted() throws {
        let read = try blood("time[s]\tplasma[Bq/mL]\n-5\t1\n20\t4\n10\t2\n20\t6\n30\tNA\n")
        #expect(read[.plasma]?.times == [10, 20] && read[.plasma]?.values == [2, 5])
        #expect(
            read.warnings == [
                "plasma: 1 sample before time zero, left out",
                "plasma: 1 sample out of order, sorted",
                "plasma: 1 sample with the time of another, averaged",
            ])
    }

    @Test(arguments: [
        "", "time[s]\tplasma[Bq/mL]\n", "time[s]\tplasma[Bq/mL]\n0\tx\n", "time[s]\tplasma[Bq/mL]\n0\tn/a\n",
        "a\tb\n1\t2\n",
    ])
    func aWrongFileIsANamedError(text: String) { #expect(throws: CurveProblem.self) { try blood(text) } }

    @Test func noCutOfAFileTraps() {
        for count in 0...bids.utf8.count {
            _ = try? BloodSamples(parsing: Array(bids.utf8.prefix(count)), CurveDeclarations(sidecar: sidecar))
            _ = try? BloodSamples(parsing: Array(bids.utf8.prefix(count)) + [0xC3], CurveDeclarations(units: "Bq/mL"))
        }
    }
}

@Suite struct BloodSamplesTests {
    @Test func theDenserRecordingCountsWhereBothMeasured() {
        let auto = BloodSamples([.wholeBlood: samples([0, 1, 2, 3], [0, 10, 20, 30])])
        let manual = BloodSamples([.wholeBlood: samples([2, 60, 120], [99, 5, 4]), .plasma: samples([60], [7])])
        for merged in [auto.merged(with: manual), manual.merged(with: auto)] {
            #expect(merged[.wholeBlood]?.times == [0, 1, 2, 3, 60, 120])
            #expect(merged[.wholeBlood]?.values == [0, 10, 20, 30, 5, 4] && merged[.plasma]?.values == [7])
            #expect(
                merged.warnings == ["whole-blood: 1 sample in the time of the denser recording, left out"])
        }
    }

    /// One half-life doubles.
    @Test func samplesAreCorrectedForDecayByTheirOwnTimes() {
        let raw = BloodSamples([.plasma: samples([0, 100, 200], [8, 8, 8]), .parentFraction: samples([100], [0.5])])
        let corrected = raw.decayCorrected(toS: 0, halfLifeS: 100)
        for (value, expected) in zip(corrected[.plasma]!.values, [8.0, 16, 32]) {
            #expect(abs(value / expected - 1) < 1e-14)
        }
        #expect(corrected[.parentFraction] == raw[.parentFraction])
    }

    @Test func theInputIsPlasmaTimesParentFraction() throws {
        let all = BloodSamples([
            .plasma: samples([60, 120, 240], [100, 50, 20]), .parentFraction: samples([120], [0.5]),
            .wholeBlood: samples([60, 240], [80, 10]),
        ])
        let input = try all.input(parentFraction: .linear)
        // 1 at 0, 0.5 at 2 min: 0.75 at 1 min; 0.5 from then on.
        #expect(input.arterial.parentPlasma == SampledCurve(times: [1, 2, 4], values: [75, 25, 10], end: .level))
        #expect(input.arterial.wholeBlood == SampledCurve(times: [1, 4], values: [80, 10], end: .level))
        #expect(input.warnings == ["the last parent fraction is 2.0 min before the last plasma sample"])
        let later = try all.input(parentFraction: .linear, delayS: 30)
        #expect(later.arterial.parentPlasma == input.arterial.parentPlasma.delayed(byMin: 0.5))
        let table = input.table()
        #expect(table.columns == ["time", "parent_plasma", "whole_blood_radioactivity", "metabolite_parent_fraction"])
        #expect(table.rows[1] == ["60", "75", "80", "0.75"])
        let again = try blood(table.tsv, CurveDeclarations(sidecar: .object(input.members())))
        #expect(try again.input(parentFraction: .linear).arterial.parentPlasma == input.arterial.parentPlasma)
    }

    @Test func whatTheInputNeedsIsSaidWhereItIsMissing() throws {
        let plasma = BloodSamples([.plasma: samples([60], [100])])
        #expect(throws: CurveProblem.noParentFraction) { try plasma.input(parentFraction: .linear) }
        let whole = try plasma.input(parentFraction: nil)
        #expect(whole.warnings.contains("all activity in plasma is taken as unchanged tracer"))
        #expect(whole.warnings.contains("there is no whole blood") && whole.parentFraction == nil)
        let blood = BloodSamples([.wholeBlood: samples([60], [100])])
        #expect(throws: CurveProblem.noPlasma(["whole-blood"])) { try blood.input(parentFraction: nil) }
        let late = BloodSamples([.plasma: samples([100], [1]), .wholeBlood: samples([1], [1])])
        #expect(
            try late.input(parentFraction: nil).warnings
                .contains("plasma begins 99 s after whole blood; its peak may be missing"))
        let ready = BloodSamples([.parentPlasma: samples([60], [3])])
        #expect(try ready.input(parentFraction: .hill).arterial.parentPlasma.value(at: 1) == 3)
    }
}

@Suite struct ParentFractionTests {
    /// Times at which fractions are measured, min.
    private static let times = [1.0, 3, 8, 15, 30, 45, 60, 90]

    /// The equations written out, with their true parameters.
    @Test(arguments: [
        (ParentFraction.Model.hill, [0.1, 2.5, 25]), (.hill, [0.6, 1.2, 8]), (.power, [0.05, 2, 0.6]),
        (.power, [0.02, 4.5, 0.3]), (.exponential, [0.7, 0.08, 0.004]), (.exponential, [0.3, 0.5, 0.01]),
    ])
    func aFitFindsTheTrueParameters(model: ParentFraction.Model, truth: [Double]) throws {
        let values = Self.times.map { t in
            switch model {
            case .hill: 1 - (1 - truth[0]) * pow(t, truth[1]) / (pow(truth[2], truth[1]) + pow(t, truth[1]))
            case .power: pow(1 + pow(truth[0] * t, truth[1]), -truth[2])
            default: truth[0] * exp(-truth[1] * t) + (1 - truth[0]) * exp(-truth[2] * t)
            }
        }
        let fit = try ParentFraction(model, of: samples(Self.times.map { $0 * 60 }, values))
        // Differences in the search are of the size of √ε.
        for (parameter, expected) in zip(fit.parameters, truth) {
            #expect(abs(parameter.value / expected - 1) < 1e-5, "\(parameter.name)")
        }
        #expect(fit.rootMeanSquare < 1e-8 && fit.warnings.isEmpty, "\(fit.warnings)")
        for (time, value) in zip(Self.times, values) { #expect(abs(fit.value(atS: time * 60) - value) < 1e-8) }
        #expect(fit.value(atS: 0) == 1 && fit.value(atS: -10) == 1)
    }

    @Test func fractionsBetweenSamplesAreStraightAndStayAfterTheLast() throws {
        let fraction = try ParentFraction(.linear, of: samples([100, 200], [0.8, 0.4]))
        let expected = [(0.0, 1.0), (50, 0.9), (100, 0.8), (150, 0.6), (200, 0.4), (900, 0.4)]
        for (time, value) in expected { #expect(abs(fraction.value(atS: time) - value) < 1e-15) }
        let first = try ParentFraction(.linear, of: samples([0, 200], [0.9, 0.5]))
        #expect(abs(first.value(atS: 100) - 0.7) < 1e-15)
    }

    @Test func fractionsThatAreNoneAreRefused() {
        #expect(throws: CurveProblem.fractionRange(90)) { try ParentFraction(.linear, of: samples([1], [90])) }
        #expect(throws: CurveProblem.fractionRange(-0.1)) { try ParentFraction(.hill, of: samples([1], [-0.1])) }
        #expect(throws: CurveProblem.fewFractions("hill", 2)) {
            try ParentFraction(.hill, of: samples([0, 1, 2], [1, 0.9, 0.5]))
        }
        #expect(throws: CurveProblem.noParentFraction) { try ParentFraction(.linear, of: samples([], [])) }
    }

    @Test func noiseAboveOneIsAWarning() throws {
        let fraction = try ParentFraction(.linear, of: samples([60, 120], [1.05, 0.9]))
        #expect(fraction.warnings == ["a parent fraction of 1.05 is above 1"] && fraction.value(atS: 60) == 1.05)
    }
}

/// One subject's two scans [ds004869]: PET in Bq/mL, blood in kBq/mL. numpy 2.4.6; fits by scipy 1.17.1 `least_squares`
/// from 300 random places, the best one.
@Suite(.enabled(if: ReferenceData.isPresent, "the reference data are not beside the checkout"))
struct BloodReferenceTests {
    private static func stem(_ session: String) -> String {
        ReferenceData.path("pet/ds004869_cc0/sub-11_ses-\(session)")
    }

    @Test(arguments: [
        ("test", 475756.51017586817, 380342.23110464035, 2.3730359445199554),
        ("retest", 468695.82365695765, 345850.1307115937, 3.235257349199308),
    ])
    func tissueAndBloodAreInOneUnit(session: String, parent: Double, whole: Double, ratio: Double) throws {
        let curves = try TimeActivityCurves.read(Self.stem(session) + "_desc-preproc_seg-gtm_tacs.tsv")
        let blood = try BloodSamples.read([Self.stem(session) + "_recording-manual_blood.tsv"])
        let input = try blood.input(parentFraction: .linear)
        let plasma = input.arterial.parentPlasma
        // The order of a sum.
        #expect(abs(plasma.values.reduce(0, +) / parent - 1) < 1e-14)
        #expect(abs(blood[.wholeBlood]!.values.reduce(0, +) / whole - 1) < 1e-14)
        let tissue = try curves.curve(named: "Left-Putamen").mean[26]
        #expect(abs(tissue / plasma.values[18] / ratio - 1) < 1e-14)
        #expect(input.warnings.isEmpty && plasma.times.count == 19)
    }

    @Test(arguments: [
        (
            "test", ParentFraction.Model.hill, [0.17113021093686528, 0.7847309948401551, 63.86750594479663],
            0.032284907529716515, 0.7049575495722988
        ),
        (
            "test", .power, [0.012622988608752429, 0.7409055260429297, 0.8680034237265005], 0.03240992159792359,
            0.7086439975539348
        ),
        ("test", .exponential, [0.45989524752520977, 0.03885527513732954], 0.032586196152672824, 0.6834621057055585),
        (
            "retest", .hill, [0.543199346575476, 2.8520168617351582, 25.520816003568484], 0.02955949999838341,
            0.7198469194452048
        ),
        (
            "retest", .power, [0.08681621537860085, 5.544219456799917, 0.057815882310304094], 0.03175152521208816,
            0.7355609439409221
        ),
        ("retest", .exponential, [0.6050079141588126, 0.017779050645848317], 0.033720671321211884, 0.7499041385107488),
    ])
    func fitsOfTheParentFractionAreSciPys(
        session: String, model: ParentFraction.Model, parameters: [Double], rms: Double, at30min: Double
    ) throws {
        let blood = try BloodSamples.read([Self.stem(session) + "_recording-manual_blood.tsv"])
        let fit = try ParentFraction(model, of: try #require(blood[.parentFraction]))
        // A flat minimum: differences of √ε in the sum of squares move parameters more than the curve.
        #expect(abs(fit.rootMeanSquare / rms - 1) < 1e-9)
        #expect(abs(fit.value(atS: 1800) - at30min) < 1e-6)
        for (found, expected) in zip(fit.parameters, parameters) {
            #expect(abs(found.value / expected - 1) < 1e-3, "\(found.name) \(found.value)")
        }
    }

    @Test func bloodOfOtherProgramsIsRead() throws {
        let turku = try BloodSamples.read([ReferenceData.path("pet/petpal_tcm/turku_pet_center_fdg_plasma_clamp.txt")])
        #expect(turku[.plasma]?.times.count == 118)
        let resampled = try BloodSamples.read(
            [ReferenceData.path("pet/petpal_tcm/fdg_plasma_clamp_evenly_resampled.txt")], signal: .plasma)
        // 0.9035880 min and 44.34190 kBq/mL on the fourth line of numbers.
        #expect(
            abs(resampled[.plasma]!.times[3] - 54.21528) < 1e-9 && abs(resampled[.plasma]!.values[3] - 44341.9) < 1e-8)
        let kinfitr = try BloodSamples.read(
            [ReferenceData.path("pet/kinfitr/pbr28_procblood.csv")],
            CurveDeclarations(units: "kBq/mL", timeUnit: .seconds, scan: "cgyu_1"))
        let input = try kinfitr.input(parentFraction: nil)
        #expect(input.arterial.wholeBlood != nil && input.parentFraction == nil)
        #expect(throws: FileProblem.self) {
            try BloodSamples.read([ReferenceData.path("pet/kinfitr/pbr28_procblood.csv")])
        }
    }
}
