/// Which region each voxel belongs to: whole-number labels on a grid, 0 for none, with their names.
public struct LabelMap: Sendable {
    /// Where the voxels are.
    public let grid: VoxelGrid
    /// One label a voxel, i fastest; 0 is background.
    public let voxels: [Int32]
    /// Names of the labels; a label without a name is known by its number.
    public var names: LabelTable

    /// A label map from its voxels. Their number must be the grid's.
    public init(grid: VoxelGrid, voxels: [Int32], names: LabelTable = LabelTable()) {
        precondition(voxels.count == grid.count, "labels do not fill the grid")
        (self.grid, self.voxels, self.names) = (grid, voxels, names)
    }

    /// The labels that occur, ascending, without background.
    public var labels: [Int32] {
        var seen = Set<Int32>()
        var previous: Int32 = 0
        for label in voxels where label != previous {
            if label != 0 { seen.insert(label) }
            previous = label
        }
        return seen.sorted()
    }
}

/// Names and colours of labels.
public struct LabelTable: Sendable, Equatable {
    /// What is known of one label.
    public struct Entry: Sendable, Equatable {
        /// The label's name, as its table has it.
        public var name: String
        /// Red, green and blue 0-255; `nil` where the table has no colour.
        public var color: SIMD3<UInt8>?

        /// An entry.
        public init(name: String, color: SIMD3<UInt8>? = nil) { (self.name, self.color) = (name, color) }
    }

    /// Entries by label.
    public var entries: [Int32: Entry]
    /// Labels for which a file had two names; the later counts.
    public var renamed: Set<Int32> = []

    /// A table.
    public init(_ entries: [Int32: Entry] = [:]) { self.entries = entries }

    /// The name of a label; its number where the table has none.
    public func name(of label: Int32) -> String { entries[label]?.name ?? String(label) }

    /// The label of a name, compared without case.
    public func label(named name: String) -> Int32? {
        entries.filter { $0.value.name.lowercased() == name.lowercased() }.keys.min()
    }
}
