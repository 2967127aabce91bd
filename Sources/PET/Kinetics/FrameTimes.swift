/// The frames of a scan in minutes, the unit of rate constants.
public struct FrameTimes: Sendable, Equatable {
    /// Starts after time zero, min.
    public let starts: [Double]
    /// Ends after time zero, min.
    public let ends: [Double]

    /// The times of frames given in s.
    public init(_ frames: [Frame]) {
        (starts, ends) = (frames.map { $0.start / 60 }, frames.map { $0.end / 60 })
    }

    /// Frames by their starts and ends, min.
    public init(starts: [Double], ends: [Double]) {
        precondition(starts.count == ends.count, "a frame has a start and an end")
        (self.starts, self.ends) = (starts, ends)
    }

    /// Frames.
    public var count: Int { starts.count }
    /// Middles, min.
    public var mids: [Double] { zip(starts, ends).map { ($0 + $1) / 2 } }
    /// Lengths, min.
    public var durations: [Double] { zip(starts, ends).map { $1 - $0 } }
}
