import Dispatch
import Synchronization

/// A source whose next batches are read while the one before is worked on.
///
/// The source is read by one thread of its own from the first `read` to the end, an error or `rewind`, and by nobody else
/// in that time. Batches arrive as they were read, and in their order.
final class ReadAhead: RecordingSource {
    /// Batches that are held at most.
    private static let most = 4

    private let source: any RecordingSource
    private let stage = Stage()
    private let reading = DispatchGroup()
    private let queue = DispatchQueue(label: "recording", qos: .userInitiated)
    private var isReading = false
    private var isAtEnd = false
    private var next = 0

    /// A batch and what came of reading it: the reader's until it is filled, then the other's until it is free again.
    private final class Slot {
        var batch = SampleBatch()
        var outcome = Result<Bool, RecordingError>.success(false)
    }

    /// What both threads see.
    private final class Stage: @unchecked Sendable {
        let slots = (0..<ReadAhead.most).map { _ in Slot() }
        let free = DispatchSemaphore(value: 0), filled = DispatchSemaphore(value: 0)
        let isStopped = Atomic(false)
    }

    init(_ source: any RecordingSource) { self.source = source }

    deinit { stop() }

    var header: RecordingHeader { source.header }

    /// What was noticed up to the end; before the end it may be ahead of what was read.
    var flags: [String] {
        if isAtEnd { reading.wait() }
        return source.flags
    }

    func rewind() throws(RecordingError) {
        stop()
        try source.rewind()
    }

    func read(into batch: inout SampleBatch) throws(RecordingError) -> Bool {
        if isAtEnd {
            batch.removeAll()
            return false
        }
        if !isReading { begin() }
        stage.filled.wait()
        swap(&batch, &stage.slots[next].batch)
        let outcome = stage.slots[next].outcome
        next = (next + 1) % Self.most
        stage.free.signal()
        isAtEnd = outcome != .success(true)
        return try outcome.get()
    }

    private func begin() {
        (isReading, next) = (true, 0)
        stage.isStopped.store(false, ordering: .releasing)
        for _ in 0..<Self.most { stage.free.signal() }
        nonisolated(unsafe) let source = source
        let stage = stage
        queue.async(group: reading) {
            var place = 0
            while true {
                stage.free.wait()
                if stage.isStopped.load(ordering: .acquiring) { return }
                let slot = stage.slots[place]
                slot.outcome = Result { () throws(RecordingError) in try source.read(into: &slot.batch) }
                let isLast = slot.outcome != .success(true)
                stage.filled.signal()
                if isLast { return }
                place = (place + 1) % Self.most
            }
        }
    }

    /// Ends reading and forgets what was read ahead.
    private func stop() {
        guard isReading else { return }
        stage.isStopped.store(true, ordering: .releasing)
        stage.free.signal()
        reading.wait()
        while stage.free.wait(timeout: .now()) == .success {}
        while stage.filled.wait(timeout: .now()) == .success {}
        (isReading, isAtEnd) = (false, false)
    }
}
