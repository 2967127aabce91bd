import Imaging

/// Which frames of a dynamic scan are averaged: those that lie wholly between two times, s after time zero.
public struct FrameWindow: Sendable, Equatable {
    /// The window's start, s.
    public let from: Double
    /// The window's end, s.
    public let to: Double

    /// A window; `from` must be before `to`.
    public init(from: Double, to: Double) throws(WindowError) {
        guard from.isFinite, to.isFinite, from < to else { throw .empty(from, to) }
        (self.from, self.to) = (from, to)
    }

    /// The frames inside, with half a second for rounded times. Throws where there is none.
    public func frames(of frames: [Frame]) throws(WindowError) -> [Int] {
        guard !frames.isEmpty else { throw .noFrameTimes }
        let inside = frames.indices.filter { frames[$0].start >= from - 0.5 && frames[$0].end <= to + 0.5 }
        guard !inside.isEmpty else { throw .noFrameInside(from, to, frames.first!.start, frames.last!.end) }
        return inside
    }
}

/// Why frames cannot be chosen.
public enum WindowError: Error, Equatable, CustomStringConvertible {
    case empty(Double, Double)
    case noFrameTimes
    case noFrameInside(Double, Double, Double, Double)
    case frameCount(image: Int, sidecar: Int)

    /// One sentence for the person holding the file.
    public var description: String {
        switch self {
        case .empty(let from, let to): "the window from \(from) to \(to) s is empty"
        case .noFrameTimes: "the image has no frame times: put FrameTimesStart and FrameDuration into its JSON sidecar"
        case .noFrameInside(let from, let to, let first, let last):
            "no frame lies wholly between \(from) and \(to) s; the scan runs from \(first) to \(last) s"
        case .frameCount(let image, let sidecar):
            "the image has \(image) frames, but its times describe \(sidecar); mend FrameTimesStart and FrameDuration"
        }
    }
}

/// The mean over frames, each weighing by its duration, in Double and rounded once.
public func frameMean(_ volume: Volume, frames: [Frame], over chosen: [Int]) -> Volume {
    precondition(!chosen.isEmpty && frames.count == volume.frames, "frames and times belong together")
    let total = chosen.reduce(0) { $0 + frames[$1].duration }
    let weights = chosen.map { frames[$0].duration / total }
    let count = volume.grid.count
    return Volume(grid: volume.grid) { target in
        volume.voxels.withUnsafeBufferPointer { source in
            nonisolated(unsafe) let source = source
            parallelChunks(target, grain: 1 << 16) { offset, chunk in
                for place in chunk.indices {
                    var sum = 0.0
                    for (frame, weight) in zip(chosen, weights) {
                        sum += weight * Double(source[frame &* count &+ offset &+ place])
                    }
                    chunk[place] = Float(sum)
                }
            }
        }
    }
}
