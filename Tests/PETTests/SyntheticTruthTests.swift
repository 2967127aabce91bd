import Foundation
import PET
import Records
import Testing
import TestSupport

/// Noise-free curves of known kinetics: exact frame averages, printed with 10 digits.
@Suite(.enabled(if: ReferenceData.isPresent, "the reference data is not beside the checkout"))
struct SyntheticTruthTests {
    static func frames(_ table: ReferenceTable) throws -> FrameTimes {
        FrameTimes(starts: try table.numbers("frame_start_min"), ends: try table.numbers("frame_end_min"))
    }

    /// numpy, least squares on the same table before it was printed: the table has 10 digits.
    @Test(arguments: [("refPatlak_29_90_trapzmid", IntegralRule.midTrapezoid), ("refPatlak_29_90_framecum", .frameSum)])
    func referencePatlakHasItsKnownBias(key: String, rule: IntegralRule) throws {
        let table = try ReferenceTable("pet/synthetic/fdopa_like_tacs.csv")
        let frames = try Self.frames(table)
        let reference = try ReferenceCurve(frames: frames, means: table.numbers("occipital"))
        let truth = try ReferenceData.json("pet/synthetic/fdopa_like_truth.json")["regions"]?.members ?? []
        #expect(truth.count == 7)
        for region in truth {
            let fit = try KineticModels.fit(
                .refPatlak, target: table.numbers(region.key), input: .reference(reference), frames: frames,
                options: KineticOptions(integralRule: rule, frames: .window(29, 90), referenceName: "occipital"))
            let expected = try #require(region.value[key]?.double)
            #expect(abs(try #require(fit["Ki_occ"]).value / expected - 1) < 1e-9, "\(region.key)")
        }
    }

    @Test func specificBindingRatiosAreTheTruths() throws {
        let table = try ReferenceTable("pet/synthetic/fdopa_like_tacs.csv")
        let frames = try Self.frames(table)
        let reference = try ReferenceCurve(frames: frames, means: table.numbers("occipital"))
        for region in try ReferenceData.json("pet/synthetic/fdopa_like_truth.json")["regions"]?.members ?? [] {
            let expected = try #require(region.value["SBR_64_94"]?.double)
            for (model, name, more) in [(KineticModel.sbr, "SBR", 0.0), (.suvr, "SUVR", 1.0)] {
                let fit = try KineticModels.fit(
                    model, target: table.numbers(region.key), input: .reference(reference), frames: frames,
                    options: KineticOptions(frames: .window(64, 94)))
                #expect(abs(try #require(fit[name]).value - more - expected) < 1e-9, "\(region.key)")
            }
        }
    }

    @Test(arguments: [("trapzmid", IntegralRule.midTrapezoid), ("framecum", .frameSum)])
    func linearMethodsHaveTheirKnownBias(key: String, rule: IntegralRule) throws {
        let table = try ReferenceTable("pet/synthetic/srtm_dat_like_tacs.csv")
        let frames = try Self.frames(table)
        let reference = try ReferenceCurve(frames: frames, means: table.numbers("cerebellum"))
        for region in try ReferenceData.json("pet/synthetic/srtm_dat_like_truth.json")["regions"]?.members ?? [] {
            for (model, method, names, chosen) in [
                (KineticModel.mrtm, "MRTM1_", ["BPND", "R1", "k2", "k2a", "k2prime"], KineticFrames.all),
                (.mrtm2, "MRTM2_", ["BPND", "k2", "R1"], .all), (.refLogan, "refLogan_k2p_39_94_", ["BPND"], .from(39)),
            ] {
                if region.key == "null", model == .mrtm { continue }
                let fit = try KineticModels.fit(
                    model, target: table.numbers(region.key), input: .reference(reference), frames: frames,
                    options: KineticOptions(
                        integralRule: rule, frames: chosen, k2Prime: model == .mrtm ? nil : 0.15))
                for name in names {
                    let ours = ["BPND": "BP_ND", "k2prime": "k2_prime"][name] ?? name
                    let expected = try #require(region.value["recovered_OLS"]?[method + key]?[name]?.double)
                    let found = try #require(fit[ours]).value
                    #expect(abs(found - expected) < 1e-9 * max(abs(expected), 1), "\(region.key) \(method) \(name)")
                }
            }
        }
    }

    /// The closed form of the reference curve, so finely sampled that straight lines between samples are off by less than
    /// 1e-8: the parameters are then found to 1e-6, the limit being the 10 digits of the table.
    @Test func srtmFindsTheTrueParametersOfExactAverages() throws {
        let table = try ReferenceTable("pet/synthetic/srtm_dat_like_tacs.csv")
        let frames = try Self.frames(table)
        let reference = ReferenceCurve(sampled: try #require(FengInput().tissue(K1: 0.3, k2: 0.15)), frames: frames)
        for (ours, theirs) in zip(reference.means, try table.numbers("cerebellum")) {
            #expect(abs(ours / theirs - 1) < 1e-7)
        }
        for region in try ReferenceData.json("pet/synthetic/srtm_dat_like_truth.json")["regions"]?.members ?? [] {
            let target = try table.numbers(region.key)
            if region.key == "null" {
                // The reference itself: it binds nothing, and no rate describes nothing better than another.
                let fit = try KineticModels.fit(
                    .srtm, target: target, input: .reference(ReferenceCurve(frames: frames, means: target)),
                    frames: frames)
                #expect(fit["BP_ND"]?.value == 0 && fit["R1"]?.value == 1 && fit["k2"]?.value.isNaN == true)
                #expect(fit.flags == [.note("the region is the reference")])
                continue
            }
            for (model, k2Prime) in [(KineticModel.srtm, Double?.none), (.srtm2, 0.15)] {
                let fit = try KineticModels.fit(
                    model, target: target, input: .reference(reference), frames: frames,
                    options: KineticOptions(k2Prime: k2Prime))
                for (name, key) in [
                    ("BP_ND", "BPND"), ("R1", "R1"), ("k2", "k2"), ("k2a", "k2a"), ("k2_prime", "k2prime"),
                ] {
                    let (found, truth) = (try #require(fit[name]).value, try #require(region.value[key]?.double))
                    #expect(abs(found / truth - 1) < 1e-6, "\(region.key) \(model) \(name) \(found)")
                }
                #expect(fit.flags.isEmpty && fit.rSquared > 1 - 1e-12)
            }
            // Basis functions with a parabola: the grid's step of 7 % leaves what the parabola does not describe.
            let basis = try KineticModels.fit(
                .srtmBasis, target: target, input: .reference(reference), frames: frames)
            let truth = try #require(region.value["BPND"]?.double)
            #expect(abs(try #require(basis["BP_ND"]).value / truth - 1) < 5e-3, "\(region.key)")
        }
    }

    /// With the reference known as frame means only, the curve between them is a guess: 2e-4 of BP_ND here.
    @Test func srtmFromFrameMeansIsNearTheTruth() throws {
        let table = try ReferenceTable("pet/synthetic/srtm_dat_like_tacs.csv")
        let frames = try Self.frames(table)
        let reference = try ReferenceCurve(frames: frames, means: table.numbers("cerebellum"))
        for region in try ReferenceData.json("pet/synthetic/srtm_dat_like_truth.json")["regions"]?.members ?? []
        where region.key != "null" {
            let fit = try KineticModels.fit(
                .srtm, target: table.numbers(region.key), input: .reference(reference), frames: frames)
            let (found, truth) = (try #require(fit["BP_ND"]).value, try #require(region.value["BPND"]?.double))
            #expect(abs(found / truth - 1) < 5e-4, "\(region.key)")
        }
    }

    /// k2' from a first pass: every region of this set shares 0.15.
    @Test(arguments: [KineticModel.srtm2, .mrtm2], KineticStudy.K2PrimeRule.allCases)
    func twoPassesFindTheCommonEfflux(model: KineticModel, rule: KineticStudy.K2PrimeRule) throws {
        let table = try ReferenceTable("pet/synthetic/srtm_dat_like_tacs.csv")
        let frames = try Self.frames(table)
        let reference = ReferenceCurve(sampled: try #require(FengInput().tissue(K1: 0.3, k2: 0.15)), frames: frames)
        let names = ["caudate", "putamen", "putamen-post-PD", "ventral-striatum", "SN"]
        let regions = try names.map { TimeActivityCurves.Curve(name: $0, mean: try table.numbers($0)) }
        let study = try KineticStudy(
            model, regions: regions, input: .reference(reference), frames: frames, k2PrimeRule: rule)
        let k2Prime = try #require(study.k2Prime)
        #expect(k2Prime.regions.count >= 4 && k2Prime.rule == rule && study.fits.map(\.region) == names)
        // MRTM integrates frame by frame, which moves k2' by up to 1 %.
        #expect(abs(k2Prime.value / 0.15 - 1) < (model == .srtm2 ? 1e-6 : 0.01))
        #expect(study.options.k2Prime == k2Prime.value && study.failed.isEmpty)
        #expect(abs(try #require(study.fits[0]["BP_ND"]).value / 3.2 - 1) < (model == .srtm2 ? 1e-5 : 0.005))
    }
}
