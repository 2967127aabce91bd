/// What became of a voxel, as the failure map stores it.
///
/// Codes up to `boundary` leave values in the maps; the others leave NaN, and voxels outside the mask hold 0.
public enum FitCode: UInt8, Sendable, CaseIterable {
    /// A solution.
    case solved = 0
    /// Not asked: outside the mask.
    case outsideMask = 1
    /// k2a lies on the lower end of the grid of rates; the values are those at the end.
    case atLowestRate = 2
    /// k2a lies on the upper end of the grid of rates; the values are those at the end.
    case atHighestRate = 3
    /// A frame that is used is NaN or infinite.
    case notFinite = 4
    /// Every frame that is used is 0.
    case noSignal = 5
    /// A frame that is divided by is 0 or negative.
    case notPositive = 6
    /// The columns depend on each other: many solutions fit alike.
    case notUnique = 7
    /// k2a is 0 or negative: no washout, and so no binding potential.
    case noWashout = 8
    /// The solution is too large for a number, or R1 is 0 where it is divided by.
    case overflow = 9

    /// Whether the maps hold a value.
    public var hasValue: Bool { [.solved, .atLowestRate, .atHighestRate].contains(self) }

    /// A name for the table of codes.
    public var name: String {
        switch self {
        case .solved: "solved"
        case .outsideMask: "outside_mask"
        case .atLowestRate: "at_lowest_rate"
        case .atHighestRate: "at_highest_rate"
        case .notFinite: "not_finite"
        case .noSignal: "no_signal"
        case .notPositive: "not_positive"
        case .notUnique: "not_unique"
        case .noWashout: "no_washout"
        case .overflow: "overflow"
        }
    }

    /// What it says, for the sidecar and the warning.
    public var meaning: String {
        switch self {
        case .solved: "solved"
        case .outsideMask: "outside the mask: not computed, 0 in the maps"
        case .atLowestRate: "k2a on the lower end of the grid of rates: the data did not decide"
        case .atHighestRate: "k2a on the upper end of the grid of rates: the data did not decide"
        case .notFinite: "a frame that is used is not finite: NaN in the maps"
        case .noSignal: "every frame that is used is 0: NaN in the maps"
        case .notPositive: "a frame that is divided by is 0 or negative: NaN in the maps"
        case .notUnique: "no unique solution: NaN in the maps"
        case .noWashout: "k2a is 0 or negative, no binding potential: NaN in the maps"
        case .overflow: "the solution is not finite: NaN in the maps"
        }
    }
}
