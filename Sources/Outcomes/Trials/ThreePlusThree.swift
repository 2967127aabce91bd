/// The rules of a 3+3 dose escalation [Storer1989]: what may be done next, given who was treated and what happened.
///
/// At a level with three treated: none with a dose-limiting toxicity escalates, one adds three, two or more stop. With six:
/// at most one escalates, two or more stop. When it stops, the level below is the candidate. Levels are never skipped, never
/// re-entered upwards, and hold at most six.
public struct ThreePlusThree: Sendable, Equatable {
    /// When a level may be called the highest tolerated one.
    public var variant: DoseEscalation.Variant
    /// How many levels there are.
    public var levels: Int

    /// The rules for some levels.
    public init(variant: DoseEscalation.Variant, levels: Int) { (self.variant, self.levels) = (variant, levels) }

    /// Those treated and evaluable at a level, and those of them with a dose-limiting toxicity.
    public struct Count: Sendable, Hashable {
        /// Evaluable subjects.
        public var treated: Int
        /// Of them with a dose-limiting toxicity.
        public var toxic: Int
        /// A level's counts.
        public init(_ treated: Int = 0, _ toxic: Int = 0) { (self.treated, self.toxic) = (treated, toxic) }
    }

    /// What the rules permit next.
    public enum Action: Sendable, Equatable {
        /// Treat some more at a level, counted from 0.
        case treat(Int, level: Int)
        /// The trial ends with this highest tolerated level, counted from 1; 0 where even the first is too toxic.
        case finish(mtd: Int)
    }

    /// The next action, from the counts of all levels.
    public func next(_ counts: [Count]) -> Action {
        precondition(counts.count == levels, "every level has its counts")
        guard let top = counts.lastIndex(where: { $0.treated > 0 }) else { return .treat(3, level: 0) }
        let count = counts[top]
        if count.toxic >= 2 { return descend(from: top, counts) }
        if count.treated < 3 { return .treat(3 - count.treated, level: top) }
        if count.treated > 3 || count.toxic == 1, count.treated < 6 { return .treat(6 - count.treated, level: top) }
        if top + 1 < levels { return .treat(3, level: top + 1) }
        if variant == .sixAtMTD, count.treated < 6 { return .treat(6 - count.treated, level: top) }
        return .finish(mtd: levels)
    }

    /// A level is too toxic; the one below is filled to six where the variant asks for it, or goes too.
    private func descend(from level: Int, _ counts: [Count]) -> Action {
        for candidate in stride(from: level - 1, through: 0, by: -1) {
            let count = counts[candidate]
            if variant == .atOnce { return .finish(mtd: candidate + 1) }
            if count.toxic >= 2 { continue }
            return count.treated < 6 ? .treat(6 - count.treated, level: candidate) : .finish(mtd: candidate + 1)
        }
        return .finish(mtd: 0)
    }
}
