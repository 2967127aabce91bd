/// Axial slices below each other in one picture, for a page that shows one of them at a time.
public struct SliceSprite: Sendable {
    /// The PNG of each scan, then that of the change of each later scan; the highest slice is on top.
    public let scans, changes: [[UInt8]]
    /// Names of the scans.
    public let names: [String]
    /// Where each slice cuts, RAS+ mm, the highest first.
    public let positions: [Double]
    /// Pixels of one slice.
    public let width, height: Int
    /// The letters at the left and the right edge.
    public let marks: (left: String, right: String)

    /// `count` slices through everything that is outlined, about `width` pixels wide.
    public init(of view: StriatalView, slices count: Int = 20, width: Int = 200, hasChanges: Bool = true) throws {
        let coarse = try view.planes(1, through: view.outlined, pixelSize: 1)
        let size = Double(coarse[0].width) / Double(width)
        let planes: [SlicePlane] = try view.planes(count, through: view.outlined, pixelSize: size).reversed()
        func sprite(_ content: StriatalView.Content) throws -> [UInt8] {
            let images = view.paint(content, on: planes)
            return try PNG.encode(images.dropFirst().reduce(images[0]) { $0.stacked(over: $1) })
        }
        scans = try view.scans.indices.map { try sprite(.scan($0)) }
        changes = hasChanges ? try view.scans.indices.dropFirst().map { try sprite(.change($0)) } : []
        names = view.scans.map(\.name)
        positions = planes.map(\.position)
        (self.width, height) = (planes[0].width, planes[0].height)
        marks = (planes[0].marks.left, planes[0].marks.right)
    }
}
