/// How groups are told apart: by the shape of their points and the dashes of their lines as much as by colour.
enum GroupLook {
    private static let shapes: [Picture.Shape] = [.disc, .triangle, .square, .diamond]
    private static let dashes: [[Double]] = [[], [7, 4], [2, 3], [9, 3, 2, 3]]

    /// The shape of a group's points.
    static func shape(_ group: Int) -> Picture.Shape { shapes[group % shapes.count] }

    /// The dashes of a group's lines.
    static func dash(_ group: Int) -> [Double] { dashes[group % dashes.count] }

    /// The entries of groups in a legend.
    static func keys(_ groups: [String], isLine: Bool) -> [ChartFrame.Key] {
        groups.enumerated().map {
            ChartFrame.Key(name: $1, ink: .series($0), shape: shape($0), isLine: isLine, dash: dash($0))
        }
    }

    /// The entry that says what open points are.
    static func openKey(_ name: String) -> ChartFrame.Key {
        ChartFrame.Key(name: name, ink: .muted, shape: .disc, isLine: false, isOpen: true)
    }
}
