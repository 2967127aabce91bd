/// Slices to look through one at a time, with a wipe between two scans.
public struct SliceViewer: Sendable {
    /// The slices.
    public var sprite: SliceSprite
    /// How to read them: sides, colours and their range.
    public var note: String

    /// A viewer.
    public init(_ sprite: SliceSprite, note: String) { (self.sprite, self.note) = (sprite, note) }

    /// The values of the page's template.
    var values: [String: Any] {
        let count = sprite.positions.count
        // Slices count from the lowest; the sprite has the highest on top.
        let middle = count / 2
        let shift = (-100 * Double(count - 1 - middle) / Double(count)).text(decimals: 4, trimmed: true, minus: "-")
        let first = sprite.names[0]
        let later =
            zip(sprite.names.dropFirst(), sprite.scans.dropFirst()).map { ($0, $1) }
            + zip(sprite.names.dropFirst(), sprite.changes).map { ("change to \($0)", $1) }
        return [
            "places": sprite.positions.map { $0.text(decimals: 1, minus: "-") }.joined(separator: ","),
            "first": first, "width": sprite.width, "height": sprite.height, "first_png": sprite.scans[0].dataURI,
            "first_alternative": "Axial slices of PET over CT, \(first)", "middle": shift, "middle_slice": middle,
            "last": count - 1, "left": sprite.marks.left, "right": sprite.marks.right, "note": note,
            "has_others": !later.isEmpty,
            "others": later.enumerated().map { place, one in
                [
                    "name": one.0, "alternative": "The same slices, \(one.0)", "png": one.1.dataURI, "place": place,
                    "hidden": place != sprite.scans.count - 2, "middle": shift,
                ] as [String: Any]
            },
        ]
    }
}
