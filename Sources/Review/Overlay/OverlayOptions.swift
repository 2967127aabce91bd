import Imaging

/// How review slices are drawn.
public struct OverlayOptions: Sendable {
    /// The heading; never a name.
    public var title: String
    /// What the colours show: "SUVR", "kBq/mL".
    public var unit: String
    /// The values at the two ends of the colours; `nil` for 0 to a round number above 99.98 % of the voxels above a tenth of the highest.
    public var window: ClosedRange<Double>?
    /// The CT values drawn black and white, HU.
    public var ctWindow: ClosedRange<Double>
    /// How much of the CT the brightest colours hide, 0...1.
    public var opacity: Double
    /// Slices in each row, at least 1.
    public var slices: Int
    /// Planes, one row each.
    public var planes: [SlicePlane.Orientation]
    /// Where slices cut, RAS+ mm, instead of places found from the labels or the brightest voxels.
    public var positions: [SlicePlane.Orientation: [Double]]
    /// Which side of the patient is on the left of the picture.
    public var convention: SlicePlane.Convention
    /// Labels to outline; `nil` for all.
    public var outlined: [Int32]?
    /// Millimetres in a pixel; `nil` for as many as give a picture about 1400 pixels wide.
    public var pixelSize: Double?
    /// The frame of a series that is shown.
    public var frame: Int
    /// The colours.
    public var colors: ColorMap
    /// How much of the patient is shown.
    public var field: Field = .head

    /// How much of the patient is shown.
    public enum Field: Sendable, Equatable {
        /// All that is bright, up to 28 cm.
        case head
        /// The outlined labels, or what is brightest, and this many mm around it: no face is seen.
        case around(marginMm: Double)
    }

    /// The margin around the striatum that shows where it lies, and neither eyes nor nose, mm.
    public static let striatalMarginMm = 14.0

    /// The usual drawing: five slices in three planes, radiological.
    public init(
        title: String = "", unit: String = "", window: ClosedRange<Double>? = nil,
        ctWindow: ClosedRange<Double> = -40...100, opacity: Double = 0.75, slices: Int = 5,
        planes: [SlicePlane.Orientation] = [.axial, .coronal, .sagittal],
        positions: [SlicePlane.Orientation: [Double]] = [:], convention: SlicePlane.Convention = .radiological,
        outlined: [Int32]? = nil, pixelSize: Double? = nil, frame: Int = 0, colors: ColorMap = .hot
    ) {
        (self.title, self.unit, self.window, self.ctWindow) = (title, unit, window, ctWindow)
        (self.opacity, self.slices, self.planes, self.positions) = (opacity, slices, planes, positions)
        (self.convention, self.outlined, self.pixelSize) = (convention, outlined, pixelSize)
        (self.frame, self.colors) = (frame, colors)
    }
}

/// Why slices cannot be drawn.
public enum OverlayError: Error, Equatable, CustomStringConvertible {
    case noFrame(Int, of: Int)
    case noValues
    case windowEmpty
    case noPlanes
    case placeUnknown
    case labelMissing(Int32)
    case tooLarge(pixels: Int)

    /// One sentence for the person who asked.
    public var description: String {
        switch self {
        case .noFrame(let asked, let count): "frame \(asked) was asked for; the image has \(count), counted from 0"
        case .noValues: "the image has no voxel with a finite value above 0; there is nothing to draw"
        case .windowEmpty: "the window needs an upper value above the lower one"
        case .noPlanes: "at least one plane and one slice are needed"
        case .placeUnknown: "a slice was asked for at a place that is not a number of millimetres"
        case .labelMissing(let label): "label \(label) was asked for and is not in the label map"
        case .tooLarge(let pixels): "the picture would be \(pixels) pixels wide or high; a larger pixel size is needed"
        }
    }
}
