/// The combined assessment of function and survival [Berry2013]: every patient against every other, a death first and
/// function where it decides nothing.
///
/// Both died: the later death is better. One died while the other is known to have been alive: the survivor is better.
/// Else: the change of the score at the last visit that both have. +1 for better, −1 for worse, 0 for a tie.
public struct CAFS: Sendable, Equatable {
    /// One patient's course.
    public struct Patient: Sendable, Equatable {
        /// The code.
        public var name: String
        /// The score's change from baseline at each time seen; a higher one is better.
        public var changes: [Double: Double]
        /// When the patient died, in the same time; `nil` where not known dead.
        public var death: Double?
        /// Until when the patient is known to have been alive, where that is later than the last visit.
        public var aliveUntil: Double

        /// A course.
        public init(_ name: String, changes: [Double: Double], death: Double? = nil, aliveUntil: Double? = nil) {
            (self.name, self.changes, self.death) = (name, changes, death)
            self.aliveUntil = max(aliveUntil ?? 0, death ?? 0, changes.keys.max() ?? 0)
        }
    }

    /// The sum of each patient's comparisons, in the order given; all add to 0.
    public let sums: [Int]
    /// The mid-rank of each sum, 1 for the worst.
    public let ranks: [Double]
    /// How many comparisons end in a tie because the two share no visit after baseline, and no death decides.
    public let undecided: Int

    /// Compares all with all.
    public init(_ patients: [Patient]) {
        var sums = [Int](repeating: 0, count: patients.count)
        var undecided = 0
        for a in patients.indices {
            for b in patients.indices where b > a {
                let result = Self.compare(patients[a], patients[b])
                sums[a] += result.sign
                sums[b] -= result.sign
                if result.reason == .nothingShared { undecided += 1 }
            }
        }
        (self.sums, self.undecided) = (sums, undecided)
        ranks = midRanks(sums.map(Double.init)).ranks
    }

    /// What decided a comparison.
    public enum Reason: Sendable, Equatable { case bothDied, oneDied, function, nothingShared }

    /// +1 where `a` did better than `b`, −1 where worse, 0 where neither.
    public static func compare(_ a: Patient, _ b: Patient) -> (sign: Int, reason: Reason) {
        func sign(_ x: Double, _ y: Double) -> Int { x > y ? 1 : x < y ? -1 : 0 }
        switch (a.death, b.death) {
        case (let first?, let second?): return (sign(first, second), .bothDied)
        case (let death?, nil) where b.aliveUntil >= death: return (-1, .oneDied)
        case (nil, let death?) where a.aliveUntil >= death: return (1, .oneDied)
        default: break
        }
        guard let last = Set(a.changes.keys).intersection(b.changes.keys).max() else { return (0, .nothingShared) }
        return (sign(a.changes[last]!, b.changes[last]!), .function)
    }

    /// How often a patient of `arm` did better, worse and neither against one of the reference arm.
    public static func pairs(
        _ patients: [Patient], arm: Factor, level: Int
    ) -> (wins: Int, losses: Int, ties: Int) {
        var (wins, losses, ties) = (0, 0, 0)
        for a in patients.indices where arm.codes[a] == level {
            for b in patients.indices where arm.codes[b] == 0 {
                switch compare(patients[a], patients[b]).sign {
                case 1: wins += 1
                case -1: losses += 1
                default: ties += 1
                }
            }
        }
        return (wins, losses, ties)
    }
}
