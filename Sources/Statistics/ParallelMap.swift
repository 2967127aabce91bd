import Dispatch

/// What `body` gives for each of `0..<count`, computed on all cores and in order, so that the result does not depend on
/// their number.
package func parallelMap<Value: Sendable>(_ count: Int, _ body: @Sendable (Int) -> Value) -> [Value] {
    guard count > 1 else { return count == 1 ? [body(0)] : [] }
    var slots = [Value?](repeating: nil, count: count)
    slots.withUnsafeMutableBufferPointer { buffer in
        nonisolated(unsafe) let buffer = buffer
        DispatchQueue.concurrentPerform(iterations: count) { buffer[$0] = body($0) }
    }
    return slots.map { $0! }
}
