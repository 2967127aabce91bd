/// A linear registration refined by a smooth deformation that has a smooth inverse, by the squared correlation in small windows.
///
/// The map is the linear one after exp(v), v a stationary velocity field in the fixed image's space [Arsigny2006,
/// Vercauteren2008]. From coarse to fine levels, each step moves every neighbourhood by the least squares of what is left of
/// the local correlation [Avants2008, Lucas1981], adds that to v, and smooths v.
/// Differs from the papers: a step is a local Gauss-Newton one, not along a gradient; v + step stands for the logarithm of
/// exp(v) ∘ exp(step), which is right to first order; the metric is not symmetric.
public struct Deformation: Sendable {
    /// Where a point of the fixed image is in the moving one, the linear part included: on the finest level's grid.
    public let movingFromFixed: DisplacementField
    /// The way back, on a grid of the same width over the moving image; exp(−v) after the inverse of the linear part.
    public let fixedFromMoving: DisplacementField
    /// The linear part.
    public let linear: Affine
    /// What was asked for.
    public let options: DeformationOptions
    /// Steps taken on each level.
    public let steps: [Int]
    /// The Jacobian determinant of `movingFromFixed` at its voxels.
    public let jacobian: Volume
    /// What the deformation adds to the linear map in the head, mm: mean, 95th percentile and maximum.
    public let shiftMM: (mean: Double, percentile95: Double, maximum: Double)
    /// How sure it is.
    public let quality: DeformationQuality

    /// Refines `linear`, which lays `moving` on `fixed`; of several frames the first counts.
    public static func refine(
        fixed: Volume, moving: Volume, linear: Affine, options: DeformationOptions = DeformationOptions()
    ) throws(RegistrationError) -> Deformation {
        try DeformationSearch(fixed: fixed, moving: moving, linear: linear, options: options).run()
    }
}
