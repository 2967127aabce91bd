/// How two images are laid on each other.
public struct RegistrationOptions: Sendable {
    /// What may change.
    public var model: TransformModel
    /// What is made as large as it can be.
    public var metric: SimilarityMetric
    /// Where the search starts.
    public var start: RegistrationStart
    /// Whether turns of 20° about each axis are tried too.
    public var turns = true
    /// Widths of the levels, mm, from coarse to fine; a level is no finer than the larger voxels of the two images.
    public var spacings: [Double] = [8, 4, 2]
    /// The most points at which the images are compared on a level.
    public var points = 150_000
    /// Bins of a histogram for each image.
    public var bins = 48
    /// The least share of the fixed image's points that must stay inside the moving image.
    public var leastOverlap = 0.25
    /// Labelled voxels are looked at, others are not; in the space of the fixed image.
    public var fixedMask: LabelMap?
    /// The same for the moving image, in its space.
    public var movingMask: LabelMap?
    /// Of the points' places.
    public var seed: UInt64 = 1

    /// Options for a model and a metric.
    public init(
        model: TransformModel = .rigid, metric: SimilarityMetric = .normalizedMutualInformation,
        start: RegistrationStart = .automatic
    ) {
        (self.model, self.metric, self.start) = (model, metric, start)
    }
}

/// Where a registration starts.
public enum RegistrationStart: Sendable {
    /// From both of the next two, whichever leads further.
    case automatic
    /// The images lie where their headers say.
    case header
    /// Their centres of mass on each other.
    case centerOfMass
    /// A transform known before, the moving world from the fixed world, RAS mm.
    case transform(Affine)
}

/// Why two images cannot be laid on each other.
public enum RegistrationError: Error, Equatable, CustomStringConvertible {
    /// Which of the two images an error is about.
    public enum Image: String, Sendable { case fixed, moving }

    case constant(Image)
    case tooThin(Image, SIMD3<Int>)
    case nothingFinite(Image)
    case emptyMask(Image)
    case noOverlap
    case noStructure
    /// The widest sides of the two fields of view, mm: no head is as large as either.
    case scales(fixed: Double, moving: Double)

    /// One sentence for the person holding the files.
    public var description: String {
        switch self {
        case .constant(let image): "the \(image.rawValue) image has one value everywhere; there is nothing to align by"
        case .tooThin(let image, let s):
            "the \(image.rawValue) image has \(s.x) × \(s.y) × \(s.z) voxels; alignment needs 4 along every axis"
        case .nothingFinite(let image): "the \(image.rawValue) image has no voxel that is a number"
        case .emptyMask(let image): "the mask of the \(image.rawValue) image has no voxel inside it"
        case .noOverlap:
            "the images do not overlap: where the search starts, too few points of the fixed image lie in the moving one"
        case .noStructure: "what overlaps of the two images has no structure to align by"
        case .scales(let fixed, let moving):
            "the fixed image is \(Self.length(fixed)) wide and the moving one \(Self.length(moving)): check the voxel sizes "
                + "in their headers, which may be in metres or micrometres"
        }
    }

    /// A length in the unit that reads best.
    private static func length(_ mm: Double) -> String {
        mm < 10 ? "\((mm * 1000).rounded() / 1000) mm" : mm < 10_000 ? "\(Int(mm)) mm" : "\(Int(mm / 1000)) m"
    }
}
