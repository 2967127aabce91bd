import PET
import Records
import Testing
import TestSupport

/// kinfitr's simulated scans: 10 scans, 3 regions. The expected values are printed with 12 digits, hence 1e-9 with room;
/// relative standard errors with 8, hence 1e-6.
@Suite(.enabled(if: ReferenceData.isPresent, "the reference data is not beside the checkout"))
struct KinfitrReferenceTests {
    let table = try? ReferenceTable("pet/kinfitr/simref_tacs.csv")

    /// Compares our parameters with kinfitr's names for them and returns how many were compared.
    func compare(
        _ rows: [KinfitrExpectation], _ model: KineticModel, names: [String: String], tolerance: Double = 1e-9,
        errorTolerance: Double = 1e-6, withoutError: Set<String> = []
    ) throws -> Int {
        let table = try #require(table)
        var (compared, scans) = (0, [String: SimulatedScan]())
        for row in rows {
            let scan = try scans[row.scan] ?? SimulatedScan(row.scan, from: table)
            scans[row.scan] = scan
            let fit = try KineticModels.fit(
                model, target: scan.curve(row.region), region: row.region, input: .reference(scan.reference),
                frames: scan.frames, options: scan.options(row.variant))
            for (theirs, ours) in names {
                let expected = try #require(row.values[theirs])
                let found = try #require(fit[ours], "\(row) \(fit.flags)")
                #expect(abs(found.value / expected.value - 1) < tolerance, "\(row) \(ours)")
                compared += 1
                if withoutError.contains(theirs) { continue }
                let relative = abs(found.standardError / found.value)
                #expect(abs(relative / abs(expected.relativeError) - 1) < errorTolerance, "\(row) SE of \(ours)")
            }
        }
        return compared
    }

    /// kinfitr prints MRTM1's k2a under the name k2: the efflux of SRTM would be three times it.
    @Test func mrtmIsKinfitrs() throws {
        let rows = try KinfitrExpectation.all("simref_kinfitr_expected.csv", model: "MRTM1")
        let compared = try compare(
            rows, .mrtm, names: ["bp": "BP_ND", "k2prime": "k2_prime", "R1": "R1", "k2": "k2a"])
        #expect(compared == 360)
    }

    /// kinfitr prints MRTM2's k2a under the name k2, and BP + 1 under the name R1; R1 is k2 / k2'.
    @Test func mrtm2IsKinfitrs() throws {
        let rows = try KinfitrExpectation.all("simref_kinfitr_expected.csv", model: "MRTM2")
        #expect(try compare(rows, .mrtm2, names: ["bp": "BP_ND", "k2": "k2a"]) == 120)
        for row in rows {
            let (r1, bp) = (try #require(row.values["R1"]), try #require(row.values["bp"]))
            #expect(abs(r1.value - (bp.value + 1)) < 1e-10)
        }
    }

    /// SE over BP, as kinfitr has it; the weighted rows carry its delta-method weights.
    @Test func referenceLoganIsKinfitrs() throws {
        let rows = try KinfitrExpectation.all("simref_kinfitr_expected.csv", model: "refLogan")
        #expect(try compare(rows, .refLogan, names: ["bp": "BP_ND"]) == 90)
    }

    @Test func referencePatlakIsKinfitrs() throws {
        let rows = try KinfitrExpectation.all("simref_kinfitr_expected.csv", model: "refPatlak")
        #expect(try compare(rows, .refPatlak, names: ["Kiref": "Ki_ref"]) == 60)
    }

    /// By hand: y = C_T / C_R has the variance of C_T over C_R²; without weights the points of the plot count alike.
    @Test func weightsOfAPlotFollowItsTransformation() throws {
        let table = try #require(table)
        let scan = try SimulatedScan("ybnx_1", from: table)
        let target = try scan.curve("ROI1")
        func fit(_ weights: [Double]?) throws -> KineticFit {
            try KineticModels.fit(
                .refPatlak, target: target, input: .reference(scan.reference), frames: scan.frames,
                options: KineticOptions(convention: .kinfitr, frames: .last(10), weights: weights))
        }
        let (flat, equal) = (try fit(nil), try fit(scan.frames.starts.map { _ in 2 }))
        #expect(flat.weights == [Double](repeating: 1, count: 10))
        for (weight, frame) in zip(equal.weights, equal.framesUsed) {
            let reference = scan.reference.means[frame]
            #expect(abs(weight / (2 * reference * reference) - 1) < 1e-12)
        }
    }

    /// Under kinfitr's convention the sums are its rectangles. Its search stops at a residual sum up to 3e-9 above the
    /// smallest (SciPy's bounded search finds ours): 3e-5 of BP, and 2e-4 of a k2 that the data hardly decide. Its standard errors come
    /// from a numeric Jacobian.
    @Test func srtmIsKinfitrsUnderItsConvention() throws {
        let rows = try KinfitrExpectation.all("simref_kinfitr_expected.csv", model: "SRTM")
        #expect(
            try compare(rows, .srtm, names: ["bp": "BP_ND", "R1": "R1"], tolerance: 3e-5, errorTolerance: 1e-3) == 120)
        #expect(try compare(rows, .srtm, names: ["k2": "k2"], tolerance: 2e-4, errorTolerance: 1e-3) == 60)
    }

    @Test func srtm2IsKinfitrsUnderItsConvention() throws {
        let rows = try KinfitrExpectation.all("simref_kinfitr_expected.csv", model: "SRTM2")
        let compared = try compare(
            rows, .srtm2, names: ["bp": "BP_ND", "R1": "R1", "k2a": "k2a"], tolerance: 2e-5, errorTolerance: 1e-3)
        #expect(compared == 90)
    }

    /// Against exact convolution kinfitr's rectangles are off by half a step times k2a: 0.1 % of BP in the median, 1.4 % at
    /// most (numpy, values at the middles of frames); averages over frames add 0.2 % to the largest.
    @Test func exactSRTMDiffersFromKinfitrByItsRectangles() throws {
        let table = try #require(table)
        var differences: [Double] = []
        for row in try KinfitrExpectation.all("simref_kinfitr_expected.csv", model: "SRTM") {
            let scan = try SimulatedScan(row.scan, from: table)
            var options = scan.options(row.variant)
            (options.convention, options.integralRule) = (.exact, nil)
            let expected = try #require(row.values["bp"]).value
            for model in [KineticModel.srtm, .srtmBasis] {
                let fit = try KineticModels.fit(
                    model, target: scan.curve(row.region), input: .reference(scan.reference), frames: scan.frames,
                    options: options)
                let found = try #require(fit["BP_ND"])
                if model == .srtm { differences.append(abs(found.value / expected - 1)) }
                #expect(fit.flags == [.framesLeftOut(1, "they have no length")])
                // A basis refined by a parabola is within a thousandth of its grid's step of 7 %.
                if model == .srtmBasis { #expect(abs(found.value / expected - 1) < 0.017) }
            }
        }
        differences.sort()
        #expect(differences.count == 60 && differences[30] < 0.002 && differences[59] < 0.0165)
    }
}
