/// How a linear registration is refined by a smooth deformation.
public struct DeformationOptions: Sendable {
    /// Widths of the levels, mm, from coarse to fine; a level is no finer than the fixed image's voxels.
    public var spacings: [Double] = [8, 4, 2]
    /// The most steps on each of the levels.
    public var steps: [Int] = [40, 30, 20]
    /// The full width at half maximum of the neighbourhood that moves together in a step, mm, and at least two
    /// voxels of the level: the regularisation of updates.
    public var updateFWHM = 12.0
    /// The full width at half maximum by which the velocities are smoothed after every step, mm, and at least a voxel of the
    /// level; 0 for none.
    public var fieldFWHM = 10.0
    /// What holds a step back where the images have little structure, 1/mm².
    public var damping = 0.003
    /// Labelled voxels are looked at, others are not; in the space of the fixed image.
    public var fixedMask: LabelMap?

    /// The usual way.
    public init() {}
}

/// How sure a deformation is.
public struct DeformationQuality: Sendable, Equatable {
    /// The mean squared local correlation in the head, before and after.
    public let before, after: Double
    /// The share of that, before, from windows in which both images brighten together.
    public let agreement: Double
    /// The whole map's Jacobian determinant in the head.
    public let jacobian: JacobianSummary
    /// The determinant of the linear part.
    public let linearDeterminant: Double

    /// Below this squared local correlation, the images do not show the same thing: noise has less than 0.01.
    public static let leastCorrelation = 0.15
    /// Below this share of windows that brighten together, the images are of two kinds (docs/registration.md).
    public static let leastAgreement = 0.8

    /// `ok`, or the gravest of what speaks against it.
    public var verdict: RegistrationQuality.Verdict { findings.map(\.verdict).max() ?? .ok }

    /// What speaks against the deformation, in words.
    public var reasons: [String] { findings.map(\.reason) }

    private var findings: [(verdict: RegistrationQuality.Verdict, reason: String)] {
        var found: [(RegistrationQuality.Verdict, String)] = []
        if jacobian.percentNotPositive > 0 {
            found.append((.fail, "the deformation folds the head onto itself"))
        }
        if after < Self.leastCorrelation {
            found.append(
                (
                    .fail,
                    "the images are hardly alike in their details: a deformation needs two images of one kind"
                ))
        }
        if agreement < Self.leastAgreement {
            found.append(
                (.fail, "where one image brightens the other often darkens: they are of two kinds"))
        }
        if after <= before {
            found.append((.check, "the deformation did not make the images more alike"))
        }
        let scale = abs(linearDeterminant)
        if jacobian.minimum < scale / 5 {
            found.append((.check, "a place of the head is shrunk to less than a fifth of its volume"))
        }
        if jacobian.maximum > scale * 5 {
            found.append((.check, "a place of the head is stretched to more than five times its volume"))
        }
        return found
    }
}
