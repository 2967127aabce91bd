/// One frame of a dynamic scan: when it started after time zero and how long it lasted, s.
public struct Frame: Sendable, Equatable {
    /// Start after time zero (for PET-BIDS usually the injection), s.
    public var start: Double
    /// Length, s; greater than 0.
    public var duration: Double

    /// A frame.
    public init(start: Double, duration: Double) { (self.start, self.duration) = (start, duration) }

    /// The end, s.
    public var end: Double { start + duration }
    /// The middle, s.
    public var mid: Double { start + duration / 2 }
}
