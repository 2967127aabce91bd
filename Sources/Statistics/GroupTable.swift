/// An outcome by site, product lot or any other group, beside the arms: what was seen, before any model.
public struct GroupTable: Sendable, Equatable {
    /// One group in one arm.
    public struct Cell: Sendable, Equatable {
        /// The group and the arm.
        public var group, arm: String
        /// The patients' values.
        public var summary: Summary
        /// Their median.
        public var median: Double
    }

    /// Groups in order, arms within them; only those that have patients.
    public let cells: [Cell]
    /// Groups that have patients of one arm only: their effect and the arm's lean on the other groups.
    public let singleArmGroups: [String]

    /// A table.
    public init(outcome: [Double], arm: Factor, group: Factor) {
        var cells: [Cell] = []
        var singles: [String] = []
        for place in group.levels.indices {
            var arms = 0
            for level in arm.levels.indices {
                let values = outcome.indices.filter { group.codes[$0] == place && arm.codes[$0] == level }
                    .map { outcome[$0] }
                guard !values.isEmpty else { continue }
                arms += 1
                cells.append(
                    Cell(
                        group: group.levels[place], arm: arm.levels[level], summary: Summary(values),
                        median: Statistics.median(values)))
            }
            if arms == 1 { singles.append(group.levels[place]) }
        }
        (self.cells, singleArmGroups) = (cells, singles)
    }
}
