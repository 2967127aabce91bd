/// How alike two images are, one laid on the other.
public enum SimilarityMetric: String, Sendable, CaseIterable {
    /// What the value of one image tells of the other's, nats [Mattes2003]: the fixed image in plain bins, the moving one in
    /// cubic B-spline windows. For images of different kinds, as PET and CT.
    case mutualInformation = "mi"
    /// (H(fixed) + H(moving)) / H(both) − 1, of the same histogram [Studholme1999]: less drawn to small overlaps. 0 to 1.
    case normalizedMutualInformation = "nmi"
    /// The share of the moving image's variance that the fixed image's bins explain [Roche1998]. 0 to 1.
    case correlationRatio = "cr"
    /// The square of Pearson's correlation, where it is positive. For images of one kind, as CT of two visits. 0 to 1.
    case normalizedCrossCorrelation = "ncc"

    /// Whether values are counted in a joint histogram.
    var usesHistogram: Bool { self == .mutualInformation || self == .normalizedMutualInformation }
}
