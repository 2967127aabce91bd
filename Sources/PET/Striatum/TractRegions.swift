import Imaging

/// The path of a cannula, as planned or as seen on a scan after surgery: points in RAS mm of the labels' space.
public struct TractPath: Sendable, Equatable {
    /// Where the cannula enters and where it ends.
    public let entry, target: SIMD3<Double>

    /// A path. Throws where it has no length.
    public init(entry: SIMD3<Double>, target: SIMD3<Double>) throws(StriatumError) {
        guard norm(target - entry) > 1e-6 else { throw .tractWithoutLength }
        (self.entry, self.target) = (entry, target)
    }

    /// A path picked in DICOM patient coordinates, mm: x to the left, y to the back.
    public init(entryLPS: SIMD3<Double>, targetLPS: SIMD3<Double>) throws(StriatumError) {
        let ras: SIMD3<Double> = [-1, -1, 1]
        try self.init(entry: entryLPS * ras, target: targetLPS * ras)
    }

    /// The distance of a point from the path, mm; beyond its ends, from the end.
    public func distance(_ point: SIMD3<Double>) -> Double {
        let along = target - entry
        let t = min(max(dot(point - entry, along) / dot(along, along), 0), 1)
        return norm(point - entry - t * along)
    }
}

/// The putamen within a few millimetres of each cannula path, and a shell around it to compare with.
///
/// The tract is what lies at most `radius` from the path, rounded at its end; the shell is what lies beyond, up to `shell` mm
/// more, and in no tract. Both are clipped to the putamen. A voxel belongs to the path it is nearest to.
public struct TractRegions: Sendable {
    /// The radius of tracts and the width of shells, mm: cells settle within millimetres of the cannula; both are choices.
    public static let usualRadius = 4.0, usualShell = 6.0
    /// Fewer voxels than these are too few to compare.
    public static let leastVoxels = 20

    /// What was found of one path.
    public struct Tract: Sendable, Equatable {
        /// The path.
        public let path: TractPath
        /// Labels of tract and shell.
        public let label, shellLabel: Int32
        /// Names of tract and shell: "tract-1-left", "tract-1-shell-left".
        public let name, shellName: String
        /// The side of the putamen it is in; `nil` where it meets none.
        public let side: RegionName.Side?
        /// Voxels of the putamen in tract and shell.
        public let voxels, shellVoxels: Int
        /// Why it should not be used, or not without thought.
        public let flags: [String]
    }

    /// The paths in their order.
    public let tracts: [Tract]
    /// Tracts and shells, 31000 + 2n − 1 and 31000 + 2n for path n from 1.
    public let map: LabelMap

    /// The regions around `paths` in the putamen of labels that were placed.
    public init(
        _ paths: [TractPath], in labels: StriatalLabels, radius: Double = usualRadius, shell: Double = usualShell
    ) {
        var sides: [Int32: RegionName.Side] = [:]
        for label in labels.map.labels {
            if let region = StriatalRegion(label: label), region.structure.isPutamen { sides[label] = region.side }
        }
        self.init(paths, in: labels.map, putamen: sides, radius: radius, shell: shell)
    }

    /// The regions around `paths` in the putamen of any labels.
    ///
    /// - Parameter putamen: the labels that are putamen, with their side.
    public init(
        _ paths: [TractPath], in labels: LabelMap, putamen: [Int32: RegionName.Side], radius: Double = usualRadius,
        shell: Double = usualShell
    ) {
        precondition(radius > 0 && shell > 0, "a tract and its shell have a width")
        let grid = labels.grid
        var voxels = [Int32](repeating: 0, count: grid.count)
        var inSide = [[RegionName.Side: Int]](repeating: [:], count: paths.count)
        var counts = [(tract: Int, shell: Int)](repeating: (0, 0), count: paths.count)
        for voxel in voxels.indices {
            guard let putamenSide = putamen[labels.voxels[voxel]] else { continue }
            let center = grid.center(of: voxel)
            let distances = paths.map { $0.distance(center) }
            guard let nearest = distances.indices.min(by: { distances[$0] < distances[$1] }),
                distances[nearest] <= radius + shell
            else { continue }
            let isTract = distances[nearest] <= radius
            voxels[voxel] = Self.label(nearest, shell: !isTract)
            if isTract { counts[nearest].tract += 1 } else { counts[nearest].shell += 1 }
            inSide[nearest][putamenSide, default: 0] += 1
        }
        tracts = paths.indices.map { place in
            let side = RegionName.Side.allCases.filter { inSide[place][$0] != nil }
                .max { (inSide[place][$0] ?? 0) < (inSide[place][$1] ?? 0) }
            let suffix = side.map { "-\($0.rawValue)" } ?? ""
            let (tract, shell) = counts[place]
            var flags: [String] = []
            if tract == 0 {
                flags.append("the path does not meet the putamen")
            } else if tract < Self.leastVoxels {
                flags.append("the tract has \(tract) voxels in the putamen, fewer than \(Self.leastVoxels)")
            }
            if tract > 0 && shell < Self.leastVoxels {
                flags.append("the shell has \(shell) voxels in the putamen, fewer than \(Self.leastVoxels)")
            }
            return Tract(
                path: paths[place], label: Self.label(place, shell: false), shellLabel: Self.label(place, shell: true),
                name: "tract-\(place + 1)\(suffix)", shellName: "tract-\(place + 1)-shell\(suffix)", side: side,
                voxels: tract, shellVoxels: shell, flags: flags)
        }
        var names = LabelTable()
        for tract in tracts {
            names.entries[tract.label] = .init(name: tract.name, color: [255, 60, 60])
            names.entries[tract.shellLabel] = .init(name: tract.shellName, color: [120, 200, 255])
        }
        map = LabelMap(grid: grid, voxels: voxels, names: names)
    }

    private static func label(_ path: Int, shell: Bool) -> Int32 { Int32(31001 + 2 * path + (shell ? 1 : 0)) }

    /// Uptake of a tract over that of its shell, minus 1; `nil` where either has none.
    public static func contrast(tract: Double, shell: Double) -> Double? {
        shell > 0 ? tract / shell - 1 : nil
    }
}
