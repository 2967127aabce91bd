import Dispatch

/// Runs `body` once for each of `0..<count`, on all cores, and returns when all are done.
///
/// What an iteration writes must be its own; a reduction keeps one partial result per iteration and adds them in order
/// afterwards, so that the bits do not depend on the number of cores.
public func parallelFor(_ count: Int, _ body: @Sendable (Int) -> Void) {
    if count <= 1 {
        if count == 1 { body(0) }
        return
    }
    DispatchQueue.concurrentPerform(iterations: count, execute: body)
}

/// Fills a buffer in chunks of `grain` elements, on all cores: `body` gets a chunk's offset and its elements.
public func parallelChunks<T>(
    _ destination: UnsafeMutableBufferPointer<T>, grain: Int,
    _ body: @Sendable (_ offset: Int, _ chunk: UnsafeMutableBufferPointer<T>) -> Void
) {
    precondition(grain > 0, "chunks need at least one element")
    nonisolated(unsafe) let destination = destination
    parallelFor((destination.count + grain - 1) / grain) { chunk in
        let start = chunk * grain
        let end = min(start + grain, destination.count)
        body(start, UnsafeMutableBufferPointer(rebasing: destination[start..<end]))
    }
}
