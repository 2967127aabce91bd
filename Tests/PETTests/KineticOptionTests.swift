import PET
import Records
import TestSupport
import Testing

@Suite struct KineticOptionTests {
    let frames = FrameTimes(starts: [0, 10, 20, 30], ends: [10, 20, 30, 40])

    @Test func framesAreChosenByStartOrMiddle() {
        #expect(KineticFrames.from(15).indices(of: frames) == [2, 3])
        #expect(KineticFrames.from(15).indices(of: frames, convention: .kinfitr) == [1, 2, 3])
        #expect(KineticFrames.window(10, 30).indices(of: frames) == [1, 2])
        #expect(KineticFrames.window(10.005, 29.995).indices(of: frames) == [1, 2])
        #expect(KineticFrames.last(2).indices(of: frames) == [2, 3])
        #expect(KineticFrames.last(9).indices(of: frames) == [0, 1, 2, 3])
        #expect(KineticFrames.all.indices(of: frames) == [0, 1, 2, 3])
    }

    /// By hand, for activities 1, 4, 2, 2 and a half-life of 20 min: f = e^(λs) λΔ / (1 − e^(−λΔ)).
    @Test func weightsAreTheirFormulas() throws {
        let activity = [1.0, 4, 2, 2]
        #expect(FrameWeights.uniform.values(frames: frames, activity: activity) == nil)
        #expect(FrameWeights.duration.values(frames: frames, activity: activity) == [1, 1, 1, 1])
        let plain = try #require(FrameWeights.durationPerActivity.values(frames: frames, activity: activity))
        #expect(zip(plain, [16.0 / 9, 4.0 / 9, 8.0 / 9, 8.0 / 9]).allSatisfy { abs($0 - $1) < 1e-12 })
        let counts = try #require(
            FrameWeights.counts(halfLifeS: 1200).values(frames: frames, activity: activity))
        // A half-life later the correction is twice as large: from the third frame's to the first's activity doubles that.
        #expect(abs(counts[0] / counts[2] - 4) < 1e-12 && abs(counts.reduce(0, +) - 4) < 1e-12)
        #expect(FrameWeights.given([1, 2]).values(frames: frames, activity: activity) == [1, 2])
        #expect(FrameWeights.counts(halfLifeS: 1200).formula.contains("ln 2 / 1200 s"))
        // Nothing and noise below a hundredth of the maximum count as that, not as infinitely precise.
        let early = try #require(FrameWeights.durationPerActivity.values(frames: frames, activity: [-1, 100, 50, 50]))
        #expect(abs(early[0] / early[1] - 100) < 1e-9)
    }

    /// n ln(RSS / n) + 2K + 2K(K + 1)/(n − K − 1) by hand: 4 points, RSS 0.04, 1 parameter and the variance.
    @Test func akaikesCriterionCountsTheVariance() {
        let fit = KineticFit(
            model: .srtm, region: "", parameters: [], framesUsed: [0, 1, 2, 3], x: [0, 1, 2, 3],
            observed: [1, 2, 3, 4],
            fitted: [1.1, 1.9, 3.1, 3.9], weights: [1, 1, 1, 1], freeParameters: 1)
        #expect(abs(fit.aicc - (4 * -4.605170185988091 + 4 + 12)) < 1e-9)
    }

    /// A curve through 0, straight by pieces: trapezoids by hand.
    @Test func aSampledCurveIsIntegratedExactly() throws {
        let curve = try #require(SampledCurve(times: [1, 3], values: [2, 4]))
        let integrals = curve.integrals(to: [0, 0.5, 1, 2, 3, 4])
        #expect(zip(integrals, [0, 0.25, 1, 3.5, 7, 11.5]).allSatisfy { abs($0 - $1) < 1e-12 })
    }

    /// After 20 min the line is exact by construction; before, it is bent.
    @Test func tStarIsWhereTheLineBegins() throws {
        let frames = FrameTimes(starts: (0..<12).map { Double($0) * 5 }, ends: (1...12).map { Double($0) * 5 })
        let reference = [Double](repeating: 10, count: 12)
        let integral = RunningIntegral(.frameSum, frames: frames).of(reference)
        let target = integral.indices.map { 0.02 * integral[$0] + 5 * ($0 < 4 ? 0.4 : 1) }
        let found = try KineticStudy.tStar(
            .refPatlak, regions: [.init(name: "a", mean: target)],
            input: .reference(ReferenceCurve(frames: frames, means: reference)), frames: frames, tolerance: 0.01)
        #expect(found == 20)
        let never = try KineticStudy.tStar(
            .refPatlak, regions: [.init(name: "a", mean: target.enumerated().map { $0 % 2 == 0 ? $1 : -$1 })],
            input: .reference(ReferenceCurve(frames: frames, means: reference)), frames: frames, tolerance: 0.01)
        #expect(never == nil)
    }

    /// Without noise the plot bends for as long as the first-order exchange lasts. numpy 2.4: the latest of the regions is
    /// 19 min, and the slopes from there on are within 4 % of those from 29 to 90 min.
    @Test(.enabled(if: ReferenceData.isPresent, "needs the reference data beside the checkout"))
    func tStarOfReferencePatlakIsLate() throws {
        let scan = try SyntheticScan("fdopa_like_tacs.csv", without: ["plasma_mid", "plasma_frameavg"])
        let place = try #require(scan.names.firstIndex(of: "occipital"))
        let input = KineticInput.reference(try ReferenceCurve(frames: scan.times, means: scan.curves[place]))
        let regions = scan.names.indices.filter { $0 != place }
            .map { TimeActivityCurves.Curve(name: scan.names[$0], mean: scan.curves[$0]) }
        func ki(_ options: KineticFrames, _ region: TimeActivityCurves.Curve) throws -> Double {
            try KineticModels.fit(
                .refPatlak, target: region.mean, input: input, frames: scan.times,
                options: KineticOptions(frames: options, referenceName: "ref"))["Ki_ref"]?.value ?? .nan
        }
        let found = try #require(
            try KineticStudy.tStar(.refPatlak, regions: regions, input: input, frames: scan.times))
        #expect(abs(found - 19) < 1e-6)
        for region in regions {
            #expect(abs(try ki(.from(found), region) / ki(.window(29, 90), region) - 1) < 0.04, "\(region.name)")
        }
    }

    @Test func standardErrorsOfNoisyRegressorsAreSaidToBeSmall() throws {
        let (frames, reference) = (KineticFailureTests.frames, KineticFailureTests.reference)
        for (model, isSaid) in [(KineticModel.mrtm, true), (.srtm, false)] {
            let study = try KineticStudy(
                model, regions: [.init(name: "putamen", mean: KineticFailureTests.target)],
                input: .reference(ReferenceCurve(frames: frames, means: reference)), frames: frames)
            let report = KineticReport(study, weights: .given([1], from: "w.tsv"))
            #expect(report.text.contains("too small") == isSaid && report.text.contains("weights given in w.tsv"))
            #expect(model.hasNoisyRegressors == isSaid && !model.isCompartment)
        }
    }

    @Test func theReportHasEveryParameterAndItsError() throws {
        let (frames, reference) = (KineticFailureTests.frames, KineticFailureTests.reference)
        let regions: [TimeActivityCurves.Curve] = [
            .init(name: "putamen", mean: KineticFailureTests.target),
            .init(name: "broken", mean: reference.map { _ in .nan }),
        ]
        let study = try KineticStudy(
            .mrtm, regions: regions, input: .reference(ReferenceCurve(frames: frames, means: reference)),
            frames: frames, options: KineticOptions(referenceName: "cerebellum"))
        let report = KineticReport(study, weights: .uniform)
        #expect(report.table.columns.prefix(3) == ["name", "BP_ND", "BP_ND_se"] && report.table.rows.count == 2)
        #expect(report.table.rows[1][1] == "n/a" && report.table.rows[1].last?.contains("no solution") == true)
        #expect(report.text.contains("convention exact, integrals frame-sum, weights uniform"))
        #expect(report.text.contains("frames 1 to 12 of 12, 12 in all, 0 to 3600 s"))
        let document = JSONValue.object(report.members)
        #expect(document["ModelName"]?.string == "MRTM" && document["ReferenceRegion"]?.string == "cerebellum")
        let found = document["fits"]?[0]
        #expect(found?["parameters"]?["BP_ND"]?["value"]?.double == study.fits[0]["BP_ND"]?.value)
        #expect(found?["parameters"]?["BP_ND"]?["se"]?.double == study.fits[0]["BP_ND"]?.standardError)
        #expect(found?["frames_used"]?.elements?.count == 12 && found?["aicc"]?.double == study.fits[0].aicc)
        #expect(document["units"]?["k2"]?.string == "1/min" && study.failed.map(\.region) == ["broken"])
        #expect(document["InputValues"]?.elements?.count == document["InputValuesLabels"]?.elements?.count)
    }
}
