import Imaging

/// How uptake changes along a putamen from back to front.
///
/// The putamen is cut into slabs across its principal axis; a line through their means, weighted by voxels, gives the slope.
/// Slabs rather than voxels, because neighbouring voxels of a PET repeat each other and would make the error look small.
public struct PutamenGradient: Sendable, Equatable {
    /// The change for each mm forward, in the unit of the values: positive where the front takes up more.
    public let slopePerMM: Double
    /// Its standard error, from how the slabs scatter around the line.
    public let standardError: Double
    /// The value of the line at the middle of the putamen.
    public let atCenter: Double
    /// Slabs with voxels.
    public let slabs: Int
    /// The length of the putamen along its axis, between the outermost voxel centres, mm.
    public let lengthMM: Double

    /// The usual thickness of a slab, mm: about the resolution of a PET.
    public static let usualSlab = 5.0

    /// The gradient of values at points, RAS mm; non-finite values are left out. `nil` for fewer than three slabs.
    public init?(values: [Double], at points: [SIMD3<Double>], slab: Double = usualSlab) {
        precondition(values.count == points.count && slab > 0, "a value for each point")
        guard !points.isEmpty else { return nil }
        let axis = PrincipalAxis(of: points)
        let places = points.map(axis.place)
        guard let low = places.min(), let high = places.max(), high > low else { return nil }
        var sums: [Int: (place: Double, value: Double, count: Double)] = [:]
        for (place, value) in zip(places, values) where value.isFinite {
            let key = Int(((place - low) / slab).rounded(.down))
            let before = sums[key] ?? (0, 0, 0)
            sums[key] = (before.place + place, before.value + value, before.count + 1)
        }
        guard sums.count >= 3 else { return nil }
        let slabs = sums.sorted { $0.key < $1.key }.map(\.value)
        let weight = slabs.reduce(0) { $0 + $1.count }
        let (x, y) = (slabs.reduce(0) { $0 + $1.place } / weight, slabs.reduce(0) { $0 + $1.value } / weight)
        var (sxx, sxy) = (0.0, 0.0)
        for s in slabs {
            let dx = s.place / s.count - x
            sxx += s.count * dx * dx
            sxy += s.count * dx * (s.value / s.count - y)
        }
        guard sxx > 0 else { return nil }
        let slope = sxy / sxx
        var residual = 0.0
        for s in slabs {
            let error = s.value / s.count - y - slope * (s.place / s.count - x)
            residual += s.count * error * error
        }
        slopePerMM = slope
        standardError = (residual / Double(slabs.count - 2) / sxx).squareRoot()
        atCenter = y - slope * x
        self.slabs = slabs.count
        lengthMM = high - low
    }

    /// The gradient of an image on the labels' grid over both parts of a side's putamen, each value divided by `reference`.
    public init?(
        of image: Volume, labels: StriatalLabels, side: RegionName.Side, reference: Double = 1, slab: Double = usualSlab
    ) {
        precondition(image.grid.matches(labels.map.grid) && image.frames == 1, "the labels lie on another grid")
        var (values, points): ([Double], [SIMD3<Double>]) = ([], [])
        for voxel in labels.map.voxels.indices {
            guard let region = StriatalRegion(label: labels.map.voxels[voxel]), region.structure.isPutamen,
                region.side == side
            else { continue }
            values.append(Double(image.voxels[voxel]) / reference)
            points.append(image.grid.center(of: voxel))
        }
        self.init(values: values, at: points, slab: slab)
    }
}
