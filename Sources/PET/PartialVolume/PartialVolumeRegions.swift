import Imaging

/// The regions an image is taken to be made of, each with one activity: labels or probabilities, and what they leave over.
///
/// What is in no region is a region too, `background`, added by itself wherever the probabilities add up to less than 1:
/// without it everything around the regions would count as theirs.
public struct PartialVolumeRegions: Sendable {
    /// One region.
    public struct Region: Sendable, Equatable {
        /// Its name.
        public let name: String
        /// Its label; 0 for the background.
        public let label: Int32
        /// Whether it is what the others left over.
        public let isBackground: Bool
        /// Its voxels: the sum of its probabilities.
        public let voxels: Double
        /// The sum of the squares of its probabilities.
        public let squares: Double
        /// Whether it reaches a face of the image: what it had beyond is unknown.
        public let touchesEdge: Bool
        /// The voxels it lies in.
        let box: VoxelBox
    }

    /// Where the voxels are.
    public let grid: VoxelGrid
    /// Regions by ascending label, the background last.
    public let regions: [Region]
    /// What was doubtful.
    public let warnings: [String]
    let members: RegionMembers

    /// The regions of a label image. Labels on another grid are looked up at the voxel centres of `grid`, with a warning.
    public init(labels: LabelMap, on grid: VoxelGrid) throws(PartialVolumeError) {
        let wanted = labels.labels
        guard !wanted.isEmpty else { throw .noRegion }
        guard wanted.count < 65_000 else { throw .tooManyRegions(wanted.count) }
        let (named, doubtful) = uniqueNames(of: wanted + [0], in: labels.names.withBackground)
        let places = Dictionary(uniqueKeysWithValues: zip(wanted, wanted.indices))
        var warnings = doubtful
        var map = labels
        if !labels.grid.matches(grid) {
            map = labels.resampled(onto: grid)
            warnings.append("labels lie on another grid and were looked up at the voxel centres of the image (nearest)")
            let found = Set(map.labels)
            guard !found.isEmpty else { throw .noOverlap }
            if let lost = wanted.first(where: { !found.contains($0) }) {
                throw .emptyRegion(named[places[lost]!])
            }
            let coverage = RegionCoverage(regions: wanted.count, on: labels.grid, within: grid) { voxel, add in
                if let place = places[labels.voxels[voxel]] { add(place, 1) }
            }
            warnings += coverage.warnings(named)
        }
        var boxes = [VoxelBox](repeating: .nothing, count: wanted.count + 1)
        var voxels = [Int](repeating: 0, count: wanted.count + 1)
        let index = [UInt16](unsafeUninitializedCapacity: grid.count) { index, count in
            let width = grid.shape.x
            for row in 0..<(grid.shape.y * grid.shape.z) {
                let (k, j) = row.quotientAndRemainder(dividingBy: grid.shape.y)
                var i = 0
                while i < width {
                    let label = map.voxels[row * width + i]
                    let start = i
                    let place = label == 0 ? wanted.count : places[label]!
                    while i < width && map.voxels[row * width + i] == label {
                        index.initializeElement(at: row * width + i, to: UInt16(place))
                        i += 1
                    }
                    boxes[place].include(start..<i, j, k)
                    voxels[place] += i - start
                }
            }
            count = grid.count
        }
        var regions: [Region] = []
        for place in boxes.indices where voxels[place] > 0 {
            let isBackground = place == wanted.count
            let label = isBackground ? 0 : wanted[place]
            regions.append(
                Region(
                    name: named[place], label: label, isBackground: isBackground, voxels: Double(voxels[place]),
                    squares: Double(voxels[place]),
                    touchesEdge: boxes[place].touchesFaces(of: grid.shape), box: boxes[place]))
        }
        (self.grid, self.regions, members) = (grid, regions, .labels(index))
        self.warnings = warnings + edgeWarnings(regions)
    }

    /// The regions of a 4-D image of probabilities: frame 0 is region 1, and so on. An image on another grid is
    /// interpolated trilinearly, with a warning.
    ///
    /// Where probabilities add up to more than 1 they are divided by their sum; more than 1 ‰ too much is warned of.
    public init(
        probabilities image: Volume, names: LabelTable = LabelTable(), on grid: VoxelGrid
    ) throws(PartialVolumeError) {
        guard image.frames < 65_000 else { throw .tooManyRegions(image.frames) }
        let (named, doubtful) = uniqueNames(
            of: (0..<image.frames).map { Int32($0 + 1) } + [0], in: names.withBackground)
        var warnings = doubtful
        for frame in 0..<image.frames {
            try checkProbabilities(image, frame, named[frame])
        }
        var maps = image
        if !image.grid.matches(grid) {
            maps = image.resampled(onto: grid)
            warnings.append("probabilities lie on another grid and were interpolated at the voxel centres of the image")
            guard maps.voxels.contains(where: { $0 > 0 }) else { throw .noOverlap }
            let coverage = RegionCoverage(regions: image.frames, on: image.grid, within: grid) { voxel, add in
                for frame in 0..<image.frames {
                    let probability = image.voxels[frame * image.grid.count + voxel]
                    if probability > 0 { add(frame, Double(probability)) }
                }
            }
            warnings += coverage.warnings(named)
        }
        let packed = PackedProbabilities(maps)
        if packed.excess > 0 {
            warnings.append(
                "probabilities add up to more than 1 in \(packed.excess) voxels, to \(packed.largest) at most; "
                    + "they were divided by their sum")
        }
        var regions: [Region] = []
        for place in 0...maps.frames {
            let isBackground = place == maps.frames
            guard packed.sums[place] > 0 else {
                if isBackground { continue }
                throw .emptyRegion(named[place])
            }
            regions.append(
                Region(
                    name: named[place], label: isBackground ? 0 : Int32(place + 1), isBackground: isBackground,
                    voxels: packed.sums[place], squares: packed.squares[place],
                    touchesEdge: packed.cores[place].touchesFaces(of: grid.shape), box: packed.boxes[place]))
        }
        (self.grid, self.regions, members) = (grid, regions, packed.members)
        self.warnings = warnings + edgeWarnings(regions)
    }

    /// The places of regions by number, by name without case, or by a structure's name on both sides.
    func places(named names: [String]) throws(PartialVolumeError) -> [Int] {
        var places: [Int] = []
        for name in names {
            let wanted = RegionName(name)
            var found = regions.indices.filter { String(regions[$0].label) == name }
            if found.isEmpty { found = regions.indices.filter { regions[$0].name.lowercased() == name.lowercased() } }
            if found.isEmpty && wanted.side == nil {
                found = regions.indices.filter { RegionName(regions[$0].name).structure == wanted.structure }
            }
            guard !found.isEmpty else { throw .unknownRegion(name, present: regions.map(\.name)) }
            places += found
        }
        return places
    }
}

extension LabelTable {
    /// With a name for label 0.
    fileprivate var withBackground: LabelTable {
        var table = self
        if table.entries[0] == nil { table.entries[0] = Entry(name: "background") }
        return table
    }
}

private func edgeWarnings(_ regions: [PartialVolumeRegions.Region]) -> [String] {
    let cut = regions.filter { $0.touchesEdge && !$0.isBackground }.map(\.name)
    guard !cut.isEmpty else { return [] }
    return ["at the edge of the field of view, where what lies beyond is assumed: \(cut.joined(separator: ", "))"]
}

private func checkProbabilities(_ image: Volume, _ frame: Int, _ name: String) throws(PartialVolumeError) {
    var (broken, lowest, highest) = (0, Float(0), Float(0))
    image.withFrame(frame) { span in
        for place in span.indices {
            let value = span[place]
            if value.isFinite { (lowest, highest) = (min(lowest, value), max(highest, value)) } else { broken += 1 }
        }
    }
    if broken > 0 { throw .notFinite(name, voxels: broken) }
    if lowest < 0 { throw .negative(name, Double(lowest)) }
    if highest > 1.001 { throw .aboveOne(name, Double(highest)) }
    if highest == 0 { throw .emptyRegion(name) }
}
