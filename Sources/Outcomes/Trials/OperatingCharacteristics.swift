import BigInt

/// How a 3+3 design behaves where the true toxicity of each level is known: every course of the trial with its
/// probability, in rational numbers, so that they sum to exactly 1. No simulation.
public struct OperatingCharacteristics: Sendable, Equatable {
    /// The variant.
    public var variant: DoseEscalation.Variant
    /// The true probability of a dose-limiting toxicity at each level.
    public var toxicity: [Rational]
    /// The probability that each level is called the highest tolerated one; the first entry is for none.
    public var mtd: [Rational]
    /// The probability of each number of subjects.
    public var subjects: [(count: Int, probability: Rational)]
    /// Expected subjects at each level.
    public var expectedTreated: [Rational]
    /// Expected dose-limiting toxicities at each level.
    public var expectedToxic: [Rational]

    /// Whether two are of the same design and rates.
    public static func == (a: Self, b: Self) -> Bool {
        a.variant == b.variant && a.toxicity == b.toxicity && a.mtd == b.mtd
    }

    /// The sum of all probabilities, which is 1.
    public var total: Rational { mtd.reduce(Rational(0), +) }
    /// Expected number of subjects.
    public var expectedSubjects: Rational { expectedTreated.reduce(Rational(0), +) }
    /// Expected number of dose-limiting toxicities.
    public var expectedToxicities: Rational { expectedToxic.reduce(Rational(0), +) }

    /// Enumerates the design; probabilities are from 0 to 1.
    ///
    /// Courses that reach the same counts are one state, so that the work grows with states and not with courses; every
    /// step treats at least one more subject, so that states of fewer subjects are complete before those of more. With rates
    /// aᵢ/dᵢ the probability of a state is a whole number over the product of dᵢ to the number treated, so that whole
    /// numbers are added, and fractions are reduced once at the end.
    public init(variant: DoseEscalation.Variant, toxicity: [Rational]) {
        let rules = ThreePlusThree(variant: variant, levels: toxicity.count)
        (self.variant, self.toxicity) = (variant, toxicity)
        let none = Array(repeating: BigInt(0), count: toxicity.count)
        var (mtd, treated, toxic) = (none + [0], none, none)
        var sizes = Array(repeating: BigInt(0), count: 6 * toxicity.count + 1)
        var bySize: [[[ThreePlusThree.Count]: BigInt]] = Array(repeating: [:], count: sizes.count)
        bySize[0][Array(repeating: ThreePlusThree.Count(), count: toxicity.count)] = 1
        for size in bySize.indices {
            for (counts, weight) in bySize[size] {
                switch rules.next(counts) {
                case .finish(let level):
                    // To six treated at every level, the common denominator.
                    let share = zip(counts, toxicity).reduce(weight) { $0 * $1.1.denominator.power(6 - $1.0.treated) }
                    mtd[level] += share
                    sizes[size] += share
                    for (place, count) in counts.enumerated() {
                        treated[place] += share * BigInt(count.treated)
                        toxic[place] += share * BigInt(count.toxic)
                    }
                case .treat(let more, let level):
                    for count in 0...more {
                        var after = counts
                        after[level].treated += more
                        after[level].toxic += count
                        bySize[size + more][after, default: 0] += weight * Self.ways(count, of: more, toxicity[level])
                    }
                }
            }
            bySize[size] = [:]
        }
        let all = toxicity.reduce(BigInt(1)) { $0 * $1.denominator.power(6) }
        self.mtd = mtd.map { Rational($0, all) }
        expectedTreated = treated.map { Rational($0, all) }
        expectedToxic = toxic.map { Rational($0, all) }
        subjects = sizes.enumerated().filter { $0.element != 0 }.map { ($0.offset, Rational($0.element, all)) }
    }

    /// The probability of `k` in `n` at a rate a/d, times dⁿ.
    private static func ways(_ k: Int, of n: Int, _ rate: Rational) -> BigInt {
        var ways = 1
        for step in 0..<k { ways = ways * (n - step) / (step + 1) }
        let other = rate.denominator - rate.numerator
        return BigInt(ways) * rate.numerator.power(k) * other.power(n - k)
    }
}

/// The largest rate of toxicity that `toxic` of `treated` still allow: one-sided 95 % limit [ClopperPearson1934].
public func largestRate(toxic: Int, of treated: Int) -> Double? {
    guard treated > 0, toxic >= 0, toxic <= treated else { return nil }
    if toxic == treated { return 1 }
    // The chance of so few at a rate falls with the rate; the limit is where it is 5 %.
    func chance(_ rate: Double) -> Double {
        var (sum, ways) = (0.0, 1.0)
        for k in 0...toxic {
            var term = ways
            for _ in 0..<k { term *= rate }
            for _ in 0..<(treated - k) { term *= 1 - rate }
            sum += term
            ways *= Double(treated - k) / Double(k + 1)
        }
        return sum
    }
    var (low, high) = (0.0, 1.0)
    while high - low > 1e-12 {
        let middle = (low + high) / 2
        if chance(middle) > 0.05 { low = middle } else { high = middle }
    }
    return (low + high) / 2
}
