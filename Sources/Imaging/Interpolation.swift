/// How a value between voxel centres is read.
///
/// For all three, a point is inside a grid where each index lies in -0.5 ..< shape - 0.5: within the voxels' own extent,
/// as ITK has it. Indices are first rounded to 2⁻²⁴ voxel, so that a point meant to be a voxel centre is one.
public enum Interpolation: String, Sendable, CaseIterable {
    /// The value of the voxel the point lies in: `floor(index + 0.5)` on each axis. For labels.
    case nearest
    /// Trilinear; in the outer half voxel the edge value repeats. A voxel of weight 0 is not looked at; a non-finite
    /// one reaches the points less than a voxel from it.
    case linear
    /// The cubic B-spline through the samples [Unser1999], mirrored at the centres of the edge voxels, as
    /// `scipy.ndimage` has it with `order=3, mode='mirror'`. Overshoots beside edges; a non-finite voxel spoils its frame.
    case cubic
}
