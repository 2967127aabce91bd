import Imaging
import PET

/// The striatum of one patient at every visit: the same slices and colours for all, cropped so that no face is shown.
///
/// Images meet in world coordinates and must be aligned already. Changes are visit minus first visit, drawn where both
/// images have values.
public struct StriatalView: Sendable {
    /// A visit's image.
    public struct Scan: Sendable {
        /// What stands over it: a visit's name, or "scan A".
        public var name: String
        /// PET in the unit of the view.
        public var pet: Volume
        /// CT or MR below; `nil` where there is none.
        public var ct: Volume?
        /// Regions and tracts that are outlined.
        public var labels: LabelMap

        /// A scan.
        public init(name: String, pet: Volume, ct: Volume?, labels: LabelMap) {
            (self.name, self.pet, self.ct, self.labels) = (name, pet, ct, labels)
        }
    }

    /// The scans, the first visit first.
    public var scans: [Scan]
    /// What the colours show: "SUVR".
    public var unit: String
    /// The values at the ends of the colours.
    public var window: ClosedRange<Double>
    /// The change at the ends of its colours.
    public var changeLimit: Double
    /// Labels that are outlined.
    public var outlined: [Int32]
    /// The labels that slices should pass through the middle of: the posterior putamen.
    public var target: [Int32]
    /// Which side of the patient is on the left of the picture.
    public var convention: SlicePlane.Convention

    /// A view. There must be at least one scan.
    public init(
        scans: [Scan], unit: String, window: ClosedRange<Double>, changeLimit: Double, outlined: [Int32],
        target: [Int32], convention: SlicePlane.Convention = .radiological
    ) {
        precondition(!scans.isEmpty && changeLimit > 0, "a view has a scan and a scale of change")
        (self.scans, self.unit, self.window, self.changeLimit) = (scans, unit, window, changeLimit)
        (self.outlined, self.target, self.convention) = (outlined, target, convention)
    }

    /// What is painted: a scan, or its change since the first.
    enum Content: Hashable { case scan(Int), change(Int) }

    /// `count` axial slices through labels, from the lowest to the highest; pixels of `pixelSize` mm.
    func planes(_ count: Int, through labels: [Int32], pixelSize: Double) throws(OverlayError) -> [SlicePlane] {
        var options = OverlayOptions(
            unit: unit, window: window, slices: count, planes: [.axial], convention: convention, outlined: outlined)
        options.field = .around(marginMm: OverlayOptions.striatalMarginMm)
        let view = try FieldOfView(scans[0].pet, labels: scans[0].labels, options: options)
        options.outlined = labels
        let positions = try FieldOfView(scans[0].pet, labels: scans[0].labels, options: options).positions[.axial]!
        return positions.map {
            SlicePlane(
                .axial, at: $0, low: view.low, high: view.high, pixelSize: pixelSize, convention: convention)
        }
    }

    /// A painted slice of each plane.
    func paint(_ content: Content, on planes: [SlicePlane]) -> [RGBAImage] {
        let options = OverlayOptions(unit: unit, window: window, convention: convention, outlined: outlined)
        func painter(_ scan: Scan) -> SlicePainter {
            SlicePainter(
                ct: scan.ct, labels: scan.labels, outlines: SlicePainter.outlines(of: scan.labels, outlined),
                options: options)
        }
        switch content {
        case .scan(let place):
            let scan = scans[place]
            let painter = painter(scan)
            return painted(planes) {
                painter.paint($0, values: $0.sample(scan.pet), window: window, colors: options.colors)
            }
        case .change(let place):
            let (first, scan) = (scans[0], scans[place])
            let painter = painter(first)
            return painted(planes) { plane in
                let change = zip(plane.sample(scan.pet), plane.sample(first.pet)).map { $0 - $1 }
                return painter.paint(plane, differences: change, limit: changeLimit, colors: .difference)
            }
        }
    }

    /// Names and colours of what is outlined; sides of one structure share an entry where they share a colour.
    var legend: [(name: String, color: Color)] {
        var entries: [(name: String, color: Color)] = []
        for (_, name, color) in SlicePainter.outlines(of: scans[0].labels, outlined) {
            let words = RegionName(name).structure.isEmpty ? name : RegionName(name).structure
            if !entries.contains(where: { $0.name == words && $0.color == color }) { entries.append((words, color)) }
        }
        return entries
    }

    /// How to read the pictures, in words.
    public var notes: String {
        let side = convention == .radiological ? ("Radiological", "right") : ("Neurological", "left")
        return "\(side.0) view: the patient's left is on the \(side.1). Linear between voxels."
    }
}
