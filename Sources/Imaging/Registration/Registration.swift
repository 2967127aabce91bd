/// Where one image lies on another, and how sure that is.
///
/// The search goes from coarse to fine levels. On the coarsest one many places are tried; the best are improved by BOBYQA, and
/// those that stay apart from each other compete on the next level.
public struct Registration: Sendable {
    /// The moving image's world from the fixed image's, RAS mm: where a point of the fixed image is in the moving one.
    public let movingFromFixed: Affine
    /// What was sought.
    public let options: RegistrationOptions
    /// The metric where the headers lay the images, at the finest level; `nil` where they hardly overlap.
    public let metricBefore: Double?
    /// The metric at the end.
    public let metricAfter: Double
    /// How often the metric was computed.
    public let evaluations: Int
    /// How sure the place is.
    public let quality: RegistrationQuality

    /// Lays `moving` on `fixed`; of several frames the first counts.
    public static func align(
        fixed: Volume, moving: Volume, options: RegistrationOptions = RegistrationOptions()
    ) throws(RegistrationError) -> Registration {
        try checkScales(fixed.grid, moving.grid)
        return try RegistrationSearch(fixed: fixed, moving: moving, options: options).run()
    }

    /// How many times wider one field of view may be than the other: a head's 150 mm and a body's 2 m are 14.
    static let widestRatio = 50.0

    /// Throws where the sizes of two images cannot be of one world.
    private static func checkScales(_ fixed: VoxelGrid, _ moving: VoxelGrid) throws(RegistrationError) {
        let (f, m) = (
            (SIMD3<Double>(fixed.shape) * fixed.voxelSize).max(), (SIMD3<Double>(moving.shape) * moving.voxelSize).max()
        )
        guard max(f, m) < widestRatio * min(f, m) else { throw .scales(fixed: f, moving: m) }
    }
}
