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

    /// numpy, least squares on the same table before it was printed: the table's 10 digits limit the slope to 1e-8.
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
            #expect(abs(try #require(fit["Ki_occ"]).value / expected - 1) < 1e-8, "\(region.key)")
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
}
