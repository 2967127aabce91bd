/// How the frames of a dynamic image are brought to one place.
public struct RealignmentOptions: Sendable {
    /// What frames are laid on.
    public enum Reference: Sendable {
        /// The mean of all frames as they are.
        case mean
        /// The mean of some of them, as at a time when uptake is even and counts are many.
        case frames([Int])
        /// The frame with the most counts first, then the mean of the frames as they were laid on it: no ghost of a head that
        /// moved, and no noise of one frame. The place is that of the frame with the most counts.
        case iterativeMean
        /// An image of the same head, in world space.
        case image(Volume)
    }

    /// What frames are laid on.
    public var reference = Reference.iterativeMean
    /// What is made as large as it can be. Normalised mutual information takes both noise and changing contrast: on phantoms its
    /// median error is 0.6 to 0.8 of the correlation ratio's, which takes two thirds of the time.
    public var metric = SimilarityMetric.normalizedMutualInformation
    /// Widths of the levels, mm, from coarse to fine.
    public var spacings: [Double] = [8, 4]
    /// Full width of the Gaussian that frames are smoothed by before they are compared, mm.
    public var smoothingFWHM = 6.0
    /// What lies nearer to a face of the image than this, mm, is not looked at: smoothing mixes it with what was not measured.
    public var marginMM = 8.0
    /// The most points at which images are compared on a level.
    public var points = 60_000
    /// Bins of the reference's values.
    public var bins = 32
    /// A frame whose place is less sure than this, mm at `radius`, has too few counts to be placed by itself.
    public var leastCertaintyMM = 1.5
    /// A frame further from both its neighbours than this, mm at `radius`, has jumped; it stays so only where the image says so.
    public var largestJumpMM = 5.0
    /// Of the points' places.
    public var seed: UInt64 = 1

    /// Distance from the middle of the head at which movement is judged, mm: about where the cortex is.
    public static let radius = 60.0

    /// The default options.
    public init() {}
}

/// Why frames cannot be brought to one place.
public enum RealignmentError: Error, Equatable, CustomStringConvertible {
    case oneFrame
    case tooThin(SIMD3<Int>)
    case emptyReference
    case noCertainFrame(Double)

    /// One sentence for the person holding the file.
    public var description: String {
        switch self {
        case .oneFrame: "the image has one frame; movement is looked for between frames of a dynamic image"
        case .tooThin(let s): "the image has \(s.x) × \(s.y) × \(s.z) voxels; alignment needs 4 along every axis"
        case .emptyReference: "the reference has one value everywhere; there is nothing to align frames by"
        case .noCertainFrame(let limit):
            "no frame has a place on the reference that is sure to \(limit) mm: too few counts, or not the same head"
        }
    }
}
