import PET
import Records
import Testing
import TestSupport

/// Amyloid PET of 17 regions with Turku PET Centre's own distribution volume ratios, printed with 4 decimals.
@Suite(.enabled(if: ReferenceData.isPresent, "the reference data is not beside the checkout"))
struct TurkuReferenceTests {
    @Test(arguments: [("tpcc_logan_nok2", Double?.none), ("tpcc_logan_k2prime0.2", 0.2)])
    func everyRatioIsTurkus(column: String, k2Prime: Double?) throws {
        let table = try ReferenceTable("pet/tacmagic_tpc/AD06_17roi_tacs.csv")
        let frames = FrameTimes(
            starts: try table.numbers("start").map { $0 / 60 }, ends: try table.numbers("end").map { $0 / 60 })
        let expected = try ReferenceTable("pet/tacmagic_tpc/AD06_refLogan_expected.csv")
        let reference = try ReferenceCurve(frames: frames, means: table.numbers("cerebellum"))
        var compared = 0
        for (region, ratio) in zip(try expected.texts("roi"), try expected.numbers(column)) {
            let fit = try KineticModels.fit(
                .refLogan, target: table.numbers(region), input: .reference(reference), frames: frames,
                options: KineticOptions(convention: .tpc, frames: .from(20), k2Prime: k2Prime))
            #expect(abs(try #require(fit["DVR"]).value - ratio) < 1e-4, "\(region)")
            #expect(fit.framesUsed.first == 23 && fit["k2_prime"]?.value == k2Prime)
            compared += 1
        }
        #expect(compared == 17)
    }

    /// The plain sums of frames are off by 0.003, which is why the rule is printed with every result.
    @Test func theIntegralRuleMovesTheRatio() throws {
        let table = try ReferenceTable("pet/tacmagic_tpc/AD06_17roi_tacs.csv")
        let frames = FrameTimes(
            starts: try table.numbers("start").map { $0 / 60 }, ends: try table.numbers("end").map { $0 / 60 })
        let reference = try ReferenceCurve(frames: frames, means: table.numbers("cerebellum"))
        let ratios = try IntegralRule.allCases.map { rule in
            try #require(
                KineticModels.fit(
                    .refLogan, target: table.numbers("leftfrontal"), input: .reference(reference), frames: frames,
                    options: KineticOptions(integralRule: rule, frames: .from(20)))["DVR"]
            ).value
        }
        #expect(abs(ratios[0] - ratios[1]) > 0.001 && abs(ratios[0] - ratios[1]) < 0.01)
    }
}

/// [11C]PBR28 with arterial input, by kinfitr: R 4.2.2, sources at f4527ba, printed with 12 digits.
@Suite(.enabled(if: ReferenceData.isPresent, "the reference data is not beside the checkout"))
struct PlasmaPlotTests {
    static func scan(_ name: String) throws -> (frames: FrameTimes, input: ArterialInput, curves: ReferenceTable) {
        let (curves, blood) = (
            try ReferenceTable("pet/kinfitr/pbr28_tacs.csv"), try ReferenceTable("pet/kinfitr/pbr28_procblood.csv")
        )
        let starts = try curves.numbers("StartTime", scan: name).map { $0 / 60 }
        let ends = zip(starts, try curves.numbers("Duration", scan: name)).map { $0 + $1 / 60 }
        let times = try blood.numbers("Time", scan: name).map { $0 / 60 }
        return (
            FrameTimes(starts: starts, ends: ends),
            ArterialInput(
                parentPlasma: try #require(
                    SampledCurve(times: times, values: try blood.numbers("Cpl_metabcorr", scan: name))),
                wholeBlood: SampledCurve(times: times, values: try blood.numbers("Cbl_dispcorr", scan: name))), curves
        )
    }

    @Test(arguments: [
        ("Logan", KineticModel.logan, "Vt", "V_T"), ("MA1", .ma1, "Vt", "V_T"), ("Patlak", .patlak, "Ki", "Ki"),
    ])
    func plotsWithPlasmaAreKinfitrs(name: String, model: KineticModel, theirs: String, ours: String) throws {
        let rows = try KinfitrExpectation.all("pbr28_kinfitr_expected.csv", model: name)
        #expect(rows.count == (model == .logan ? 32 : 16))
        for row in rows {
            let (frames, input, curves) = try Self.scan(row.scan)
            let target = try curves.numbers(row.region, scan: row.scan)
            let options = KineticOptions(
                convention: .kinfitr, frames: .last(10), bloodFraction: row.variant.contains("vB0.05") ? 0.05 : nil)
            let fit = try KineticModels.fit(
                model, target: target, input: .plasma(input), frames: frames, options: options)
            let (found, expected) = (try #require(fit[ours]), try #require(row.values[theirs]))
            #expect(abs(found.value / expected.value - 1) < 1e-9, "\(row)")
            #expect(abs(found.standardError / abs(found.value) / abs(expected.relativeError) - 1) < 1e-6, "\(row)")
            // Exactly, and at Turku's way: the same plot of the same data, within a few percent.
            for convention in [Convention.exact, .tpc] where model != .patlak {
                var options = options
                options.convention = convention
                let other = try KineticModels.fit(
                    model, target: target, input: .plasma(input), frames: frames, options: options)
                #expect(abs(try #require(other[ours]).value / expected.value - 1) < 0.03, "\(row) \(convention)")
            }
        }
    }

    /// The compartment models behind the same door.
    @Test func compartmentsAreFittedThroughTheDoor() throws {
        let (frames, input, curves) = try Self.scan("cgyu_1")
        let weights = try curves.numbers("Weights", scan: "cgyu_1")
        let target = try curves.numbers("FC", scan: "cgyu_1")
        let rows = try KinfitrExpectation.all("pbr28_kinfitr_expected.csv", model: "1TCM")
        let expected = try #require(rows.first { $0.scan == "cgyu_1" && $0.region == "FC" }?.values["Vt"]).value
        let fit = try KineticModels.fit(
            .oneTissue, target: target, region: "FC", input: .plasma(input), frames: frames,
            options: KineticOptions(weights: weights, bloodFraction: 0.05))
        // kinfitr convolves by rectangles: 0.2 % of V_T.
        #expect(abs(try #require(fit["V_T"]).value / expected - 1) < 2e-3)
        #expect(fit.freeParameters == 2 && fit.aicc.isFinite && fit.region == "FC")
        let none = ArterialInput(parentPlasma: input.parentPlasma)
        #expect(throws: KineticError.noBlood) {
            try KineticModels.fit(.twoTissue, target: target, input: .plasma(none), frames: frames)
        }
    }
}
