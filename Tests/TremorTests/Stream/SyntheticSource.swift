import Glibc
import TestSupport
import Tremor

/// Samples from a function of time, in batches of any size, with stamps for each sample or for blocks.
final class SyntheticSource: RecordingSource {
    struct Sample {
        var time: Double
        var acceleration: SIMD3<Double>
        var angularRate: SIMD3<Double>?
    }

    let header: RecordingHeader
    var flags: [String] { [] }
    private let samples: [Sample]
    private let batch: Int
    /// Samples between two stamps.
    private let block: Int
    private let stamp: (Int, Double) -> Double
    private var next = 0

    init(
        _ samples: [Sample], batch: Int = 1000, block: Int = 1, header: RecordingHeader? = nil,
        stamp: @escaping (Int, Double) -> Double = { $1 }
    ) {
        (self.samples, self.batch, self.block, self.stamp) = (samples, batch, block, stamp)
        self.header =
            header
            ?? RecordingHeader(format: "test", hasAngularRate: samples.first?.angularRate != nil, stampPrecisionS: 1e-6)
    }

    func rewind() { next = 0 }

    func read(into out: inout SampleBatch) -> Bool {
        out.removeAll()
        let end = min(samples.count, next + batch)
        guard next < end else { return false }
        for place in next..<end {
            let sample = samples[place]
            for axis in 0..<3 {
                out.acceleration[axis].append(sample.acceleration[axis])
                if let rate = sample.angularRate { out.angularRate[axis].append(rate[axis]) }
            }
            if place % block == 0 || place == 0 {
                out.stamps.append(.init(place: place - next, timeS: stamp(place, sample.time)))
            }
        }
        next = end
        return true
    }
}

/// A tone along one direction with gravity and noise, sampled at `rate`.
func tone(
    _ frequency: Double, _ peakToPeakCm: Double, rate: Double, seconds: Double, noise: Double = 0, seed: UInt64 = 1,
    direction: SIMD3<Double> = [0.6, 0, 0.8], gravity: SIMD3<Double> = [0, 9.80665, 0], phase: Double = 0.3,
    envelope: (Double) -> Double = { _ in 1 }
) -> [SyntheticSource.Sample] {
    var random = SeededNoise(seed: seed)
    let omega = 2 * Double.pi * frequency
    return (0..<Int(seconds * rate)).map { place in
        let t = Double(place) / rate
        let a = -peakToPeakCm / 200 * omega * omega * sin(omega * t + phase) * envelope(t)
        var sample = direction * a + gravity
        if noise > 0 { sample += noise * SIMD3(random.gaussian(), random.gaussian(), random.gaussian()) }
        return .init(time: t, acceleration: sample)
    }
}
