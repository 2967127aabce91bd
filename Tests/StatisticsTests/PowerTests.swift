import Statistics
import Testing

@Suite struct PowerTests {
    /// scipy 1.17.1 `stats.nct`, by the specification's closed form.
    @Test(arguments: [
        (5, 0, 0.261886), (5, 0.5, 0.332052), (5, 0.7, 0.455935), (8, 0.5, 0.684071), (10, 0, 0.751801),
        (10, 0.5, 0.861711), (10, 0.7, 0.958648), (12, 0.5, 0.955118), (12, 0.7, 0.993297),
    ])
    func theTableIsReproduced(difference: Double, correlation: Double, power: Double) {
        let trial = TrialPower(
            difference: difference, standardDeviation: 10, correlation: correlation, patients: (15, 15),
            countsImbalance: false)
        #expect(agrees(trial.power, power, decimals: 6))
    }

    @Test func imbalanceAndUnequalArmsCost() {
        var trial = TrialPower(difference: 10, standardDeviation: 10, correlation: 0.5, patients: (15, 15))
        #expect(agrees(trial.power, 0.848762, decimals: 6))
        trial.patients = (20, 10)
        trial.countsImbalance = false
        #expect(agrees(trial.power, 0.819627, decimals: 6))
    }

    /// The closed form with the imbalance factor agrees with trials, within three of their standard errors. The factor
    /// takes the mean of 1 / information; at 30 patients what is left is below one standard error of 60,000 trials.
    @Test func simulationAgrees() {
        let trial = TrialPower(difference: 10, standardDeviation: 10, correlation: 0.5, patients: (15, 15))
        let found = trial.simulated(trials: 20_000, seed: 1)
        #expect(abs(found.power - trial.power) < 3 * found.standardError)
        #expect(trial.simulated(trials: 20_000, seed: 1).power == found.power)
        let none = TrialPower(difference: 0, standardDeviation: 10, correlation: 0.5, patients: (15, 15))
        #expect(abs(none.power - 0.05) < 1e-12)
        #expect(abs(none.simulated(trials: 20_000, seed: 2).power - 0.05) < 3 * 0.00154)
    }

    @Test func theLeastNumberOfPatientsIsTheLeast() {
        let trial = TrialPower(difference: 8, standardDeviation: 10, correlation: 0.5, patients: (15, 15))
        let n = trial.patientsPerArm(power: 0.9)!
        var (enough, fewer) = (trial, trial)
        enough.patients = (n, n)
        fewer.patients = (n - 1, n - 1)
        #expect(enough.power >= 0.9 && fewer.power < 0.9)
    }
}
