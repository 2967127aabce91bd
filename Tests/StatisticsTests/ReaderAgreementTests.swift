import Statistics
import Testing

/// Agreement of readers against worked examples.
@Suite struct ReaderAgreementTests {
    /// Six targets and four judges of Shrout and Fleiss 1979, table 2: ICC(2,1) 0.29; the interval as psych 2.4.6 of R
    /// prints it, 0.019 to 0.761.
    @Test func shroutAndFleissTable() throws {
        let judges: [[Double]] = [
            [9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7],
        ]
        let icc = try ReaderAgreement.icc(judges)
        #expect(icc.scans == 6 && icc.readers == 4)
        // The digits printed.
        #expect(abs(icc.value - 0.29) < 0.005)
        let interval = try #require(icc.interval95)
        #expect(abs(interval.low - 0.019) < 5e-4 && abs(interval.high - 0.761) < 5e-4)
    }

    /// With two readers it is the ICC(2,1) of test and retest.
    @Test func twoReadersAreTestAndRetest() throws {
        let (first, second) = ([1.0, 2.5, 3.1, 4.8, 2.2], [1.2, 2.4, 3.5, 4.4, 2.9])
        let icc = try ReaderAgreement.icc(zip(first, second).map { [$0, $1] })
        let reliability = try Reliability(test: first, retest: second)
        // Sums in another order.
        #expect(abs(icc.value - reliability.icc21) < 1e-12)
    }

    @Test func readersWhoAgreeHaveOneAndThoseWhoDoNotDiffer() throws {
        let full = try ReaderAgreement.icc([[1, 1], [2, 2], [3, 3]])
        #expect(full.value == 1 && full.interval95 == nil)
        #expect(throws: StatisticsProblem.self) { try ReaderAgreement.icc([[1, 1], [1, 1]]) }
        #expect(throws: StatisticsProblem.self) { try ReaderAgreement.icc([[1, 2]]) }
        #expect(throws: StatisticsProblem.self) { try ReaderAgreement.icc([[1], [2]]) }
    }

    /// By hand: the mean square between readers is 1/4, between all pairs 1.25 + 0.6875 + 0.0625 = 2.
    @Test func kappaByHand() {
        #expect(ReaderAgreement.weightedKappa([1, 2, 3, 4], [1, 2, 3, 3]) == 0.875)
        #expect(ReaderAgreement.weightedKappa([0, 1, 2], [0, 1, 2]) == 1)
        #expect(ReaderAgreement.weightedKappa([1, 1], [1, 1]) == nil)
    }
}
