import Imaging

/// A head whose striatum is known, to be laid on the image of a patient.
///
/// All volumes are in one space, RAS mm; their grids may differ.
public struct StriatalTemplate: Sendable {
    /// What the intensity image is.
    public enum Kind: String, Sendable, CaseIterable { case t1, ct, pet }

    /// What the template looks like.
    public let intensity: Volume
    /// The kind of image that is.
    public let kind: Kind
    /// Where its striatum and references are.
    public let labels: StriatalLabels
    /// How much of each voxel is of which tissue, a frame a tissue: the parts of the striatum one by one, and what else is
    /// known. What is left is the rest of the head.
    public let tissues: Volume
    /// What it is, for records: "built-in", or a file's name.
    public let name: String

    /// A template; where `tissues` are not known they are the labels' own.
    public init(
        intensity: Volume, kind: Kind, labels: StriatalLabels, tissues: Volume? = nil, name: String
    ) {
        precondition(intensity.frames == 1, "a template is one frame")
        (self.intensity, self.kind, self.labels, self.name) = (intensity, kind, labels, name)
        self.tissues = tissues ?? StriatalFractions(of: labels, onto: labels.map.grid, points: 1).volume
    }
}
