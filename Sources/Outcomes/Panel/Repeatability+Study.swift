import Glibc
import Statistics

extension Repeatability {
    /// The study's own repeatability where it has one, else a cited number, else none.
    ///
    /// In this order: test and retest of the same patients; changes of the control arm, whose SD over √2 is that of one
    /// scan (patients in whom nothing but the disease changed); a number from elsewhere with its source.
    public static func preferred(
        testRetest: [(Double, Double)] = [], controlChanges: [Double] = [], cited: Repeatability? = nil
    ) throws(StatisticsProblem) -> Repeatability? {
        if !testRetest.isEmpty {
            let own = try Reliability(test: testRetest.map(\.0), retest: testRetest.map(\.1))
            if let sigma = own.withinSDOfLog, sigma > 0 {
                return Repeatability(sigmaLn: sigma, source: "test-retest of \(own.count) patients of this study")
            }
        }
        // Fewer than five changes say little about a spread: its 95 % interval would reach over a factor of four.
        if controlChanges.count >= 5 {
            let sigma = Summary(controlChanges).standardDeviation / 2.0.squareRoot()
            if sigma > 0 {
                return Repeatability(
                    sigmaLn: sigma, source: "changes of \(controlChanges.count) control patients of this study")
            }
        }
        return cited
    }

    /// From the SD of one measurement on the log scale.
    public init(sigmaLn: Double, source: String) {
        self.init(wCV: expm1(sigmaLn * sigmaLn).squareRoot(), source: source)
    }
}
