extension RGBAImage {
    /// Another picture in this one, its upper left corner at a pixel.
    mutating func draw(_ other: RGBAImage, at corner: (x: Int, y: Int)) {
        for y in 0..<other.height { for x in 0..<other.width { self[corner.x + x, corner.y + y] = other[x, y] } }
    }

    /// This picture above another one, on the first pixel's colour where one is narrower.
    func stacked(over other: RGBAImage) -> RGBAImage {
        var both = RGBAImage(width: max(width, other.width), height: height + other.height, filledWith: self[0, 0])
        both.draw(self, at: (0, 0))
        both.draw(other, at: (0, height))
        return both
    }
}
