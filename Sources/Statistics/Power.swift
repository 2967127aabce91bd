/// The chance that a two-arm trial analysed by ANCOVA finds an effect of a given size.
public struct TrialPower: Sendable, Equatable {
    /// The true difference between the arms.
    public var difference: Double
    /// The standard deviation of the outcome within an arm.
    public var standardDeviation: Double
    /// The correlation of outcome and baseline within an arm; 0 for a trial without baseline.
    public var correlation: Double
    /// Patients in each arm.
    public var patients: (treated: Int, control: Int)
    /// The two-sided level of the test.
    public var alpha: Double
    /// Whether the baseline's imbalance by chance costs precision, as it does: a factor √(1 + 1/(N − 4)) on the
    /// standard error.
    public var countsImbalance: Bool

    /// A trial.
    public init(
        difference: Double, standardDeviation: Double, correlation: Double, patients: (Int, Int),
        alpha: Double = 0.05, countsImbalance: Bool = true
    ) {
        precondition(standardDeviation > 0 && abs(correlation) < 1, "a spread, and a correlation below 1")
        precondition(min(patients.0, patients.1) > 1 && patients.0 + patients.1 > 4, "more patients than effects")
        (self.difference, self.standardDeviation) = (difference, standardDeviation)
        (self.correlation, self.patients) = (correlation, patients)
        (self.alpha, self.countsImbalance) = (alpha, countsImbalance)
    }

    /// Patients less intercept, baseline and arm.
    public var degreesOfFreedom: Double { Double(patients.treated + patients.control - 3) }

    /// The standard error that the difference will have, on average.
    public var standardError: Double {
        let n = Double(patients.treated + patients.control)
        let within = standardDeviation * (1 - correlation * correlation).squareRoot()
        let arms = 1 / Double(patients.treated) + 1 / Double(patients.control)
        return within * (arms * (countsImbalance ? 1 + 1 / (n - 4) : 1)).squareRoot()
    }

    /// The power, from the noncentral t.
    public var power: Double {
        let critical = StudentT(degreesOfFreedom).quantile(1 - alpha / 2)
        let t = NoncentralT(degreesOfFreedom, noncentrality: difference / standardError)
        return t.above(critical) + t.below(-critical)
    }

    /// The least number of patients in each of two equal arms that gives a power; `nil` above 100,000.
    public func patientsPerArm(power wanted: Double) -> Int? {
        func reached(_ n: Int) -> Bool {
            var trial = self
            trial.patients = (n, n)
            return trial.power >= wanted
        }
        var (low, high) = (2, 3)
        while !reached(high) {
            (low, high) = (high, high * 2)
            if high > 100_000 { return nil }
        }
        while high - low > 1 {
            let middle = (low + high) / 2
            if reached(middle) { high = middle } else { low = middle }
        }
        return high
    }

    /// The share of simulated trials in which p < alpha, and its standard error. The same seed gives the same share at
    /// any number of threads.
    public func simulated(trials: Int, seed: UInt64) -> (power: Double, standardError: Double) {
        let (block, critical) = (500, StudentT(degreesOfFreedom).quantile(1 - alpha / 2))
        let hits = parallelMap((trials + block - 1) / block) { piece in
            var random = RandomSource(seed: seed, stream: UInt64(piece))
            return (0..<min(block, trials - piece * block)).count { _ in abs(statistic(&random)) > critical }
        }.reduce(0, +)
        let share = Double(hits) / Double(trials)
        return (share, (share * (1 - share) / Double(trials)).squareRoot())
    }

    /// The t of the arm in one simulated trial, by the sums within arms.
    private func statistic(_ random: inout RandomSource) -> Double {
        let noise = standardDeviation * (1 - correlation * correlation).squareRoot()
        var arms = [ArmSums(), ArmSums()]
        for arm in 0..<2 {
            for _ in 0..<(arm == 0 ? patients.control : patients.treated) {
                let x = random.gaussian()
                let y = correlation * standardDeviation * x + noise * random.gaussian()
                arms[arm].add(x, y + (arm == 1 ? difference : 0))
            }
        }
        let (xx, xy, yy) = (arms[0].xx + arms[1].xx, arms[0].xy + arms[1].xy, arms[0].yy + arms[1].yy)
        let (slope, gap) = (xy / xx, arms[1].meanX - arms[0].meanX)
        let variance = (yy - slope * xy) / degreesOfFreedom
        let spread = 1 / arms[0].count + 1 / arms[1].count + gap * gap / xx
        return (arms[1].meanY - arms[0].meanY - slope * gap) / (variance * spread).squareRoot()
    }

    /// Whether two trials are the same in everything.
    public static func == (a: TrialPower, b: TrialPower) -> Bool {
        a.difference == b.difference && a.standardDeviation == b.standardDeviation && a.correlation == b.correlation
            && a.patients == b.patients && a.alpha == b.alpha && a.countsImbalance == b.countsImbalance
    }
}

/// Sums about the running mean within an arm [Welford1962].
private struct ArmSums {
    var (count, meanX, meanY, xx, xy, yy) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)

    mutating func add(_ x: Double, _ y: Double) {
        count += 1
        let (dx, dy) = (x - meanX, y - meanY)
        meanX += dx / count
        meanY += dy / count
        xx += dx * (x - meanX)
        xy += dx * (y - meanY)
        yy += dy * (y - meanY)
    }
}
