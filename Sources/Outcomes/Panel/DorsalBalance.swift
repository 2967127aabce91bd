import Glibc
import Imaging
import PET

/// G10: whether uptake changed alike in the upper and the lower putamen, and on both sides.
///
/// Where it did not, patients with dyskinesia after grafting had more uptake in two zones of the putamen [Ma2002]; others
/// found no relation [Hagell2002]. So it is something to watch, never a prediction.
public struct DorsalBalance: Sendable {
    /// One side, or both.
    public struct Part: Sendable {
        /// The side, or both.
        public var site: GraftPanel.Site
        /// Log change of the upper half of the putamen less that of the lower.
        public var difference: LogChange
        /// Whether the difference is beyond the error of measurement; `nil` without a repeatability.
        public var isImbalanced: Bool? { difference.flag.map { $0 != .within } }
    }

    /// Upper against lower half by site.
    public var parts: [Part]
    /// Log change of the left putamen less that of the right; `nil` where a side is missing.
    public var sides: LogChange?
    /// The spread over the putamen's voxels at each visit, SD over mean, %.
    public var voxelCVPercent: (before: Double, after: Double)?

    /// The balance of two images on the labels' grid, of which each side's putamen is cut at the mean height of its voxels.
    ///
    /// - Parameters:
    ///   - before, after: values of the panel's kind.
    ///   - repeatability: of a region, as for the panel.
    public init?(before: Volume, after: Volume, labels: LabelMap, repeatability: Repeatability?) {
        precondition(before.grid.matches(labels.grid) && after.grid.matches(labels.grid), "voxels of one grid")
        let putamen = RespondingVolume.putamen(labels)
        var voxels: [RegionName.Side: [Int]] = [:]
        for (place, label) in labels.voxels.enumerated() {
            let isCounted = before.voxels[place].isFinite && after.voxels[place].isFinite
            if let side = putamen[label], isCounted { voxels[side, default: []].append(place) }
        }
        guard !voxels.isEmpty else { return nil }
        var upper: [RegionName.Side: [Int]] = [:]
        var lower: [RegionName.Side: [Int]] = [:]
        for (side, places) in voxels {
            let heights = places.map { labels.grid.center(of: $0).z }
            let middle = heights.reduce(0, +) / Double(heights.count)
            for (place, height) in zip(places, heights) {
                if height > middle {
                    upper[side, default: []].append(place)
                } else {
                    lower[side, default: []].append(place)
                }
            }
        }
        func mean(_ volume: Volume, _ places: [Int]) -> Double {
            places.reduce(0) { $0 + Double(volume.voxels[$1]) } / Double(places.count)
        }
        func change(_ places: [Int]) -> LogChange? {
            let (a, b) = (mean(before, places), mean(after, places))
            return a > 0 && b > 0 ? LogChange(from: a, to: b, repeatability: repeatability) : nil
        }
        func both(_ half: [RegionName.Side: [Int]], _ site: GraftPanel.Site) -> [Int] {
            RegionName.Side.allCases.filter { site.side == nil || $0 == site.side }.flatMap { half[$0] ?? [] }
        }
        parts = GraftPanel.Site.allCases.compactMap { site in
            guard site != .bilateral || voxels.count == 2, let top = change(both(upper, site)),
                let bottom = change(both(lower, site))
            else { return nil }
            return Part(site: site, difference: top - bottom)
        }
        if let left = voxels[.left].flatMap(change), let right = voxels[.right].flatMap(change) { sides = left - right }
        let all = both(voxels, .bilateral)
        func spread(_ volume: Volume) -> Double? {
            let middle = mean(volume, all)
            guard middle > 0, all.count > 1 else { return nil }
            let squares = all.reduce(0.0) { sum, place in
                let distance = Double(volume.voxels[place]) - middle
                return sum + distance * distance
            }
            return 100 * (squares / Double(all.count - 1)).squareRoot() / middle
        }
        if let first = spread(before), let second = spread(after) { voxelCVPercent = (first, second) }
    }

    /// Whether anything is beyond the error of measurement: something to watch for dyskinesia.
    public var isWatched: Bool? {
        let flags = parts.map(\.isImbalanced) + [sides?.flag.map { $0 != .within }]
        let known = flags.compactMap { $0 }
        return known.isEmpty ? nil : known.contains(true)
    }
}
