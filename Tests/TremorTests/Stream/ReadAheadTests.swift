import Synchronization
import TestSupport
import Testing
import Tremor

/// What is read ahead of the work is what a source gives, errors among it.
@Suite struct ReadAheadTests {
    /// A source that counts who is in it, and fails in a batch of a pass.
    private final class Watched: RecordingSource {
        let inner: SyntheticSource
        var header: RecordingHeader { inner.header }
        var flags: [String] { batches == 0 ? [] : ["\(batches) batches"] }
        var passes = 0
        private var batches = 0
        private let failing: (pass: Int, batch: Int)?
        private let inside = Atomic(0)
        let met = Atomic(0)

        init(_ inner: SyntheticSource, failing: (pass: Int, batch: Int)? = nil) {
            (self.inner, self.failing) = (inner, failing)
        }

        private func enter() { if inside.add(1, ordering: .relaxed).oldValue != 0 { met.add(1, ordering: .relaxed) } }
        private func leave() { inside.subtract(1, ordering: .relaxed) }

        func rewind() {
            enter()
            defer { leave() }
            inner.rewind()
            (passes, batches) = (passes + 1, 0)
        }

        func read(into batch: inout SampleBatch) throws(RecordingError) -> Bool {
            enter()
            defer { leave() }
            if let failing, failing.pass == passes, failing.batch == batches { throw .damaged("page \(batches)") }
            guard inner.read(into: &batch) else { return false }
            batches += 1
            return true
        }
    }

    private static func samples() -> [SyntheticSource.Sample] {
        tone(5, 1, rate: 100, seconds: 200, noise: 0.05, seed: 3)
    }

    @Test(arguments: [1, 7, 400, 3000, 20000])
    func aSourceIsReadByOneAtATimeAndToItsEnd(batch: Int) throws {
        let source = Watched(SyntheticSource(Self.samples(), batch: batch))
        let result = try analyzeTremor(source)
        #expect(result.flags.contains("\((20000 + batch - 1) / batch) batches"))
        #expect(source.met.load(ordering: .relaxed) == 0)
        // The survey's sums depend on where batches end by the order of a sum only; without gravity's calibration nothing does.
        #expect(result.windows == (try analyzeTremor(SyntheticSource(Self.samples()))).windows)
    }

    @Test(arguments: [1, 2], [0, 1, 3, 4, 5, 19])
    func anErrorInAnyBatchIsThatOfTheAnalysis(pass: Int, batch: Int) throws {
        let source = Watched(SyntheticSource(Self.samples(), batch: 1000), failing: (pass, batch))
        #expect(throws: RecordingError.damaged("page \(batch)")) { try analyzeTremor(source) }
        #expect(source.met.load(ordering: .relaxed) == 0)
    }

    /// An analysis that stops after the first pass leaves a source that can be read again.
    @Test func aSourceCanBeReadAgainAfterAnError() throws {
        let source = Watched(SyntheticSource(Self.samples(), batch: 100), failing: (2, 10))
        #expect(throws: RecordingError.self) { try analyzeTremor(source) }
        #expect(try analyzeTremor(source).windows == analyzeTremor(SyntheticSource(Self.samples())).windows)
    }
}
