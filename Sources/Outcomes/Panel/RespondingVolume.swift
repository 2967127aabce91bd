import Glibc
import Imaging
import PET

/// G6: how much of the putamen gained more than one voxel differs from scan to scan.
///
/// A voxel responds where its log change is beyond 1.96 √2 σ. Of voxels that did not change, 2.5 % are expected to, if they
/// were independent; smoothing makes neighbours alike, so a study's own control or test-retest scans give a better null.
public struct RespondingVolume: Sendable, Equatable {
    /// The side, or both.
    public var site: GraftPanel.Site
    /// Voxels of the putamen at which both visits have a positive value.
    public var voxels: Int
    /// Voxels left out, because a value is not positive or not a number.
    public var leftOut: Int
    /// Voxels that respond.
    public var responding: Int
    /// Their volume, mL.
    public var volumeML: Double
    /// Their share of `voxels`, %.
    public var percent: Double { 100 * Double(responding) / Double(voxels) }
    /// The share expected without any change, %.
    public var expectedPercent: Double
    /// Where `expectedPercent` is from.
    public var expectedFrom: String

    /// The share of unchanged voxels beyond 1.96 standard deviations on one side, %.
    static let independentPercent = 2.5

    /// Responding voxels of the putamen at each site; empty where a site has no voxel to count.
    ///
    /// - Parameters:
    ///   - before, after: values in the measure, both on the labels' grid.
    ///   - labels: regions named as the striatum's parts.
    ///   - repeatability: of single voxels, which differ more than regions do.
    ///   - null: the share of responding voxels in scans of unchanged patients, %, and where it is from.
    public static func all(
        before: Volume, after: Volume, labels: LabelMap, repeatability: Repeatability,
        null: (percent: Double, source: String)? = nil
    ) -> [RespondingVolume] {
        precondition(before.grid.matches(labels.grid) && after.grid.matches(labels.grid), "voxels of one grid")
        let putamen = Self.putamen(labels)
        return GraftPanel.Site.allCases.compactMap { site in
            let chosen = Set(putamen.filter { site.side == nil || $0.value == site.side }.keys)
            var (voxels, leftOut, responding) = (0, 0, 0)
            for (place, label) in labels.voxels.enumerated() where chosen.contains(label) {
                let (a, b) = (Double(before.voxels[place]), Double(after.voxels[place]))
                guard a > 0, b > 0, a.isFinite, b.isFinite else {
                    leftOut += 1
                    continue
                }
                voxels += 1
                if log(b) - log(a) > repeatability.limitLn { responding += 1 }
            }
            guard voxels > 0 else { return nil }
            return RespondingVolume(
                site: site, voxels: voxels, leftOut: leftOut, responding: responding,
                volumeML: Double(responding) * labels.grid.voxelVolumeML,
                expectedPercent: null?.percent ?? independentPercent,
                expectedFrom: null?.source ?? "voxels taken as independent, which smoothing makes untrue")
        }
    }

    /// Labels of the putamen and its parts, with their side.
    static func putamen(_ labels: LabelMap) -> [Int32: RegionName.Side] {
        var found: [Int32: RegionName.Side] = [:]
        for label in labels.labels {
            let name = RegionName(labels.names.name(of: label))
            if let part = name.part, let side = name.side, part.isPutamen { found[label] = side }
        }
        return found
    }
}

extension StriatalPart {
    /// Whether it is the putamen or a part of it.
    public var isPutamen: Bool {
        switch self {
        case .putamen, .anteriorPutamen, .middlePutamen, .posteriorPutamen: true
        case .caudate, .ventralStriatum: false
        }
    }
}
