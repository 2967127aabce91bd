import PET
import Review
import Testing

@Suite struct FitPictureTests {
    private func fit(_ region: String, _ model: KineticModel = .srtm, solved: Bool = true) -> KineticFit {
        guard solved else { return KineticFit(model: model, region: region, noSolution: "no k2a gives a fit") }
        let (x, y) = ([5.0, 20, 50, 80], [1000.0, 2600, 2100, 1500])
        return KineticFit(
            model: model, region: region,
            parameters: [.init("BP_ND", 1.9, standardError: 0.05), .init("k2", 0.1, unit: "1/min")],
            flags: [.atBound("k2a")], framesUsed: [0, 1, 2, 3], x: x, observed: y, fitted: y.map { $0 * 1.02 },
            weights: [1, 1, 1, 1], freeParameters: 3)
    }

    @Test func everyFitHasAPanel() throws {
        let one = try PNG.decode(try #require(try FitPicture.png(of: [fit("a")], activityUnit: "Bq/mL")))
        let two = try PNG.decode(try #require(try FitPicture.png(of: [fit("a"), fit("b")], activityUnit: nil)))
        let three = try PNG.decode(
            try #require(try FitPicture.png(of: ["a", "b", "c"].map { fit($0, .refPatlak) }, activityUnit: nil)))
        #expect(two.width == 2 * one.width && two.height == one.height)
        #expect(three.width == two.width && three.height > two.height)
    }

    @Test func noMoreThanTwentyFourAreDrawn() throws {
        func height(_ count: Int) throws -> Int {
            let fits = (0..<count).map { fit("region \($0)") }
            return try PNG.decode(try #require(try FitPicture.png(of: fits, activityUnit: nil))).height
        }
        #expect(try height(24) == height(100))
        #expect(try height(24) > height(21))
    }

    @Test func withoutASolutionThereIsNoPicture() throws {
        #expect(try FitPicture.png(of: [fit("a", solved: false)], activityUnit: nil) == nil)
        #expect(try FitPicture.png(of: [], activityUnit: nil) == nil)
    }

    @Test func theOutcomeOfEachModelIsWhatItIsAskedFor() {
        var found = fit("a")
        #expect(found.outcome?.name == "BP_ND")
        found.model = .twoTissue
        #expect(found.outcome == nil)
        found.parameters.append(.init("V_T", 2))
        #expect(found.outcome?.value == 2)
    }
}
