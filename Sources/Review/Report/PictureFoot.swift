import Records

extension Picture {
    /// The last line of a picture of a recording: what it is for, and what its numbers are.
    static func foot(_ what: String) -> Picture {
        Picture(
            width: ChartSize.whole.width, height: 34,
            marks: [.text("\(Engraft.researchUse) \(what)", Point(18, 18), size: 12, .muted)])
    }
}
