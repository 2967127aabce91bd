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
    /// step treats at least one more subject, so that states of fewer subjects are complete before those of more.
    public init(variant: DoseEscalation.Variant, toxicity: [Rational]) {
        let rules = ThreePlusThree(variant: variant, levels: toxicity.count)
        (self.variant, self.toxicity) = (variant, toxicity)
        mtd = Array(repeating: Rational(0), count: toxicity.count + 1)
        expectedTreated = Array(repeating: Rational(0), count: toxicity.count)
        expectedToxic = expectedTreated
        var bySize: [[[ThreePlusThree.Count]: Rational]] = Array(repeating: [:], count: 6 * toxicity.count + 1)
        bySize[0][Array(repeating: ThreePlusThree.Count(), count: toxicity.count)] = Rational(1)
        var sizes = Array(repeating: Rational(0), count: bySize.count)
        for size in bySize.indices {
            for (counts, probability) in bySize[size] {
                switch rules.next(counts) {
                case .finish(let level):
                    mtd[level] = mtd[level] + probability
                    sizes[size] = sizes[size] + probability
                    for (place, count) in counts.enumerated() {
                        let weight = { (n: Int) in probability * Rational(BigInt(n)) }
                        expectedTreated[place] = expectedTreated[place] + weight(count.treated)
                        expectedToxic[place] = expectedToxic[place] + weight(count.toxic)
                    }
                case .treat(let more, let level):
                    for toxic in 0...more {
                        var after = counts
                        after[level].treated += more
                        after[level].toxic += toxic
                        let share = probability * Self.binomial(more, toxic, toxicity[level])
                        bySize[size + more][after] = (bySize[size + more][after] ?? Rational(0)) + share
                    }
                }
            }
        }
        subjects = sizes.enumerated().filter { $0.element != Rational(0) }.map { ($0.offset, $0.element) }
    }

    /// The probability of `k` in `n` at a rate.
    static func binomial(_ n: Int, _ k: Int, _ rate: Rational) -> Rational {
        var value = Rational(1)
        for step in 0..<k { value = value * Rational(BigInt(n - step), BigInt(step + 1)) }
        for _ in 0..<k { value = value * rate }
        for _ in 0..<(n - k) { value = value * (Rational(1) - rate) }
        return value
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
