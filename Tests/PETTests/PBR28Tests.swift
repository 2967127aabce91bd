import Foundation
import PET
import Records
import TestSupport
import Testing

/// Four [11C]PBR28 scans with arterial input, and what kinfitr (R 4.2.2) finds in them: `kinfitr/pbr28_*` of the reference
/// data.
@Suite(.enabled(if: ReferenceData.isPresent, "needs the reference data beside the checkout"))
struct PBR28Tests {
    struct Scan {
        var frames: FrameTimes
        var weights: [Double]
        var input: ArterialInput
        var regions: [String: [Double]]
        var golden: [String: Double]
    }

    static let scans: [String: Scan] = {
        guard ReferenceData.isPresent else { return [:] }
        func rows(_ name: String) -> [[String: String]] {
            let path = ReferenceData.path("pet/kinfitr/\(name).csv")
            let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
            let lines = text.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
            return lines.dropFirst().map { line in
                Dictionary(uniqueKeysWithValues: zip(lines[0].map(String.init), line.map(String.init)))
            }
        }
        let (tacs, blood, golden) = (rows("pbr28_tacs"), rows("pbr28_procblood"), rows("pbr28_kinfitr_expected"))
        var scans: [String: Scan] = [:]
        for scan in Set(tacs.map { $0["PET"]! }) {
            func column(_ table: [[String: String]], _ name: String) -> [Double] {
                table.filter { $0["PET"] == scan }.map { Double($0[name]!)! }
            }
            let (starts, durations) = (column(tacs, "StartTime"), column(tacs, "Duration"))
            let times = column(blood, "Time").map { $0 / 60 }
            scans[scan] = Scan(
                frames: FrameTimes(
                    starts: starts.map { $0 / 60 }, ends: zip(starts, durations).map { ($0 + $1) / 60 }),
                weights: column(tacs, "Weights"),
                input: ArterialInput(
                    parentPlasma: SampledCurve(times: times, values: column(blood, "Cpl_metabcorr"))!,
                    wholeBlood: SampledCurve(times: times, values: column(blood, "Cbl_dispcorr"))!),
                regions: Dictionary(
                    uniqueKeysWithValues: ["FC", "TC", "STR", "THA", "WB", "CBL"].map { ($0, column(tacs, $0)) }),
                golden: Dictionary(
                    uniqueKeysWithValues: golden.filter { $0["PET"] == scan }.map {
                        (
                            "\($0["roi"]!) \($0["model"]!) \($0["variant"]!) \($0["param"]!)",
                            Double($0["value"]!) ?? .nan
                        )
                    }))
        }
        return scans
    }()

    /// Fits every region for which kinfitr's answer is recorded.
    private func all(
        _ model: CompartmentModel, _ name: String, _ variant: String
    ) throws -> [(region: String, fit: KineticFit, golden: (String) -> Double)] {
        try Self.scans.sorted { $0.key < $1.key }.flatMap { key, scan in
            try scan.regions.sorted { $0.key < $1.key }.compactMap { region, means in
                guard scan.golden["\(region) \(name) \(variant) K1"] != nil else { return nil }
                let fit = try model.fit(
                    means, region: region, input: scan.input, frames: scan.frames, weights: scan.weights)
                return ("\(key) \(region)", fit, { scan.golden["\(region) \(name) \(variant) \($0)"] ?? .nan })
            }
        }
    }

    private func median(_ list: [Double]) -> Double { list.sorted()[list.count / 2] }

    /// Exact convolution differs from kinfitr's rectangles by less than 0.2 % in V_T of one compartment (0.12 % measured
    /// by an independent program).
    @Test func oneTissueVolumesAgree() throws {
        let fits = try all(CompartmentModel(.oneTissue, bloodVolume: .fixed(0.05)), "1TCM", "shift0;vB0.05;w=Weights")
        #expect(fits.count == 16)
        for (region, fit, golden) in fits {
            #expect(abs(fit["V_T"]!.value / golden("Vt") - 1) < 0.002, "\(region)")
        }
    }

    /// The median of V_T agrees to 0.5 %. Single regions differ by up to 2 %, as k3 and k4 are only loosely held by the
    /// data; more only where kinfitr's one start ended at its bound k4 = 0.5.
    @Test(arguments: ["0.05", "fit"])
    func twoTissueVolumesAgree(vB: String) throws {
        let fits = try all(twoTissue(vB, .exact), "2TCM", "shift0;vB\(vB);w=Weights")
        #expect(fits.count == 16)
        let differences = fits.map { abs($0.fit["V_T"]!.value / $0.golden("Vt") - 1) }
        #expect(median(differences) < 0.005)
        for (found, difference) in zip(fits, differences) where found.golden("k4") < 0.499 {
            #expect(difference < 0.02, "\(found.region)")
        }
    }

    /// Under kinfitr's own integration sums of squares are comparable: none of ours is larger, but for the digits at which
    /// either search stops, and where kinfitr ended at a bound ours is far smaller.
    @Test(arguments: ["0.05", "fit"])
    func noRegionIsLeftInAWorseMinimum(vB: String) throws {
        let fits = try all(twoTissue(vB, .kinfitr), "2TCM", "shift0;vB\(vB);w=Weights")
        for (region, fit, golden) in fits {
            let ratio = fit.weightedRSS / golden("wRSS")
            #expect(ratio < 1 + 1e-6, "\(region)")
            if golden("k4") >= 0.499 { #expect(ratio < 0.75 && fit["k4"]!.value < 0.4, "\(region)") }
        }
    }

    private func twoTissue(_ vB: String, _ convention: Convention) -> CompartmentModel {
        CompartmentModel(
            .twoTissue, bloodVolume: Double(vB).map { .fixed($0) } ?? .fitted, convention: convention)
    }

    /// With its 6000 left rectangles and middles of frames kinfitr's numbers come back to the digits at which its search
    /// stops, 1.1e-5 in the loosest of 48; exact convolution is 0.1 % away.
    @Test func rectanglesReproduceKinfitr() throws {
        let model = CompartmentModel(.oneTissue, bloodVolume: .fixed(0.05), convention: .kinfitr)
        for (region, fit, golden) in try all(model, "1TCM", "shift0;vB0.05;w=Weights") {
            for (ours, theirs) in [("K1", "K1"), ("k2", "k2"), ("V_T", "Vt")] {
                #expect(abs(fit[ours]!.value / golden(theirs) - 1) < 2e-5, "\(region) \(ours)")
            }
        }
    }
}
