import Glibc
import TestSupport
import Testing
import Tremor

@Suite struct WearTests {
    /// Four hours, of which the sensor lies on a table for two; 45 % of the time worn has tremor.
    @Test func timeNotWornIsInNoDenominator() throws {
        var samples = tone(5, 1, rate: 25, seconds: 4 * 3600, noise: 0.02) { Int($0) % 600 < 270 ? 1 : 0 }
        var random = SeededNoise(seed: 8)
        for place in samples.indices where (3600.0..<3 * 3600).contains(samples[place].time) {
            samples[place].acceleration =
                [0.1, 0.2, 9.8] + 0.02 * SIMD3(random.gaussian(), random.gaussian(), random.gaussian())
        }
        // Between bursts the arm is not dead still: it sways by 30 mg.
        for place in samples.indices where !(3600.0..<3 * 3600).contains(samples[place].time) {
            samples[place].acceleration.x += 0.6 * sin(2 * Double.pi * 0.05 * samples[place].time)
        }
        var settings = TremorSettings()
        settings.bandHz = 3...8
        let r = try analyzeTremor(SyntheticSource(samples), settings: settings)
        let off = r.nonWear.reduce(0) { $0 + $1.upperBound - $1.lowerBound }
        #expect(abs(off - 7200) < 1 && r.nonWear.count == 1)
        #expect(r.windows.allSatisfy { $0.startS + 4 <= 3600.01 || $0.startS >= 3 * 3600 - 0.01 })
        #expect(abs(r.tremorTimePercent! - 45) < 1.5, "\(r.tremorTimePercent!)")
        #expect(abs(r.coverage - 0.5) < 0.01 && r.flags.contains { $0.contains("not worn for 2.0 h") })
    }

    /// An arm with tremor that sways by 30 mg, and from `off` on a table.
    private func taken(off: Range<Double>, seconds: Double) -> [SyntheticSource.Sample] {
        var samples = tone(5, 1, rate: 40, seconds: seconds, noise: 0.02)
        var random = SeededNoise(seed: 8)
        for place in samples.indices {
            let t = samples[place].time
            samples[place].acceleration.x += 0.6 * sin(2 * Double.pi * 0.05 * t)
            guard off.contains(t) else { continue }
            samples[place].acceleration =
                [0.1, 0.2, 9.8] + 0.02 * SIMD3(random.gaussian(), random.gaussian(), random.gaussian())
        }
        return samples
    }

    /// A logger that loses a second in every ten has no ten seconds in a row.
    @Test func gapsDoNotHideThatASensorWasNotWorn() throws {
        let samples = taken(off: 3600..<10_800, seconds: 4 * 3600).filter { Int($0.time) % 10 < 9 }
        let r = try analyzeTremor(SyntheticSource(samples))
        let off = r.nonWear.reduce(0) { $0 + $1.upperBound - $1.lowerBound }
        #expect(r.nonWear.count == 1 && abs(off - 7200) < 1, "\(r.nonWear)")
        #expect(r.windows.allSatisfy { $0.startS + 4 <= 3600.01 || $0.startS >= 10_799.99 })
    }

    /// The sensor stays on the table for an hour and the five minutes until the recording ends.
    @Test func whatIsLeftOfARecordingIsNotWornEither() throws {
        let r = try analyzeTremor(SyntheticSource(taken(off: 3600..<7500, seconds: 7500)))
        #expect(r.nonWear.count == 1)
        #expect(abs(r.nonWear[0].lowerBound - 3600) < 1 && abs(r.nonWear[0].upperBound - 7500) < 1)
        #expect(r.windows.allSatisfy { $0.startS + 4 <= 3600.01 })
        #expect(r.flags.contains { $0.contains("not worn for 1.08") }, "\(r.flags)")
        // Taken up again, it counts.
        let again = try analyzeTremor(SyntheticSource(taken(off: 3600..<7200, seconds: 7500)))
        #expect(again.nonWear.count == 1 && abs(again.nonWear[0].upperBound - 7200) < 1)
        // The window that begins where the sensor was taken up may be left out by rounding.
        #expect((148...149).contains(again.windows.filter { $0.startS >= 7199.99 }.count))
    }

    @Test func aSensorNeverWornHasNoResult() throws {
        var random = SeededNoise(seed: 8)
        let samples = (0..<(2 * 3600 * 50)).map { place in
            SyntheticSource.Sample(
                time: Double(place) / 50,
                acceleration: [0.1, 0.2, 9.8] + 0.02 * SIMD3(random.gaussian(), random.gaussian(), random.gaussian()))
        }
        #expect {
            try analyzeTremor(SyntheticSource(samples))
        } throws: { "\($0)".contains("not worn") }
    }

    /// 200 s of zeros in 600: nothing that a share may be of. The published tool counts them as rest without tremor.
    @Test func zerosAreNotRestWithoutTremor() throws {
        var samples = tone(5, 1, rate: 100, seconds: 600)
        for place in 20_000..<40_000 { samples[place].acceleration = .zero }
        let r = try analyzeTremor(SyntheticSource(samples))
        #expect(r.tremorTimePercent! > 98.5 && abs(r.coverage - 400 / 600.0) < 0.02)
        #expect(r.restTimeS < 410)
    }

    /// Offsets of 30 mg and gains of 3 %, as cheap sensors have them, from gravity in 200 orientations with 2 mg of noise.
    @Test func gravityCalibratesTheSensor() throws {
        let (offset, gain) = (SIMD3(0.3, -0.2, 0.25), SIMD3(1.03, 0.98, 1.01))
        var random = SeededNoise(seed: 5)
        let means = (0..<200).map { _ -> SIMD3<Double> in
            let v = SIMD3(random.gaussian(), random.gaussian(), random.gaussian())
            let noise = 0.02 * SIMD3(random.gaussian(), random.gaussian(), random.gaussian())
            return (v * (9.80665 / (v * v).sum().squareRoot()) - offset) / gain + noise
        }
        guard case .applied(let found) = Calibration.fit(means) else {
            Issue.record("no calibration")
            return
        }
        // 200 pieces with errors of 0.02 m/s²: 0.0025 a parameter, some times more where orientations are few.
        for axis in 0..<3 {
            #expect(abs(found.offset[axis] - offset[axis]) < 0.01 && abs(found.gain[axis] - gain[axis]) < 0.001)
        }
        #expect(found.errorBefore > 0.2 && found.errorAfter < 0.02)
    }

    /// Pieces in which a logger wrote zeros, or fell, show no gravity to calibrate by.
    @Test func piecesWithoutGravityCalibrateNothing() {
        var random = SeededNoise(seed: 5)
        let means = (0..<200).map { _ -> SIMD3<Double> in
            let v = SIMD3(random.gaussian(), random.gaussian(), random.gaussian())
            return v * (10 / (v * v).sum().squareRoot())
        }
        let nothing: [SIMD3<Double>] = [.zero, [0.1, 0, -0.1], SIMD3(repeating: .nan), [0, 4.8, 0]]
        #expect(Calibration.fit(means + nothing) == Calibration.fit(means))
        guard case .applied(let found) = Calibration.fit(nothing + means) else {
            Issue.record("no calibration")
            return
        }
        #expect(found.pieces == 200 && abs(found.gain.x - 0.980665) < 1e-4 && found.errorAfter < 1e-3)
    }

    @Test func tooFewOrientationsCalibrateNothing() {
        let flat = (0..<200).map { SIMD3(0.1 * Double($0 % 7), 0.2, 9.7) }
        guard case .notApplied(let reason) = Calibration.fit(flat) else {
            Issue.record("calibrated by a single orientation")
            return
        }
        #expect(reason.contains("orientations"))
        guard case .notApplied(let few) = Calibration.fit(Array(flat.prefix(10))) else {
            Issue.record("calibrated by ten pieces")
            return
        }
        #expect(few.contains("50 are needed"))
    }

    /// A tremor of 20 cm at 6 Hz is 14 g: sensors of 2 to 16 g show their limit, and the amplitude is a lower bound.
    @Test(arguments: [2.0, 4, 8])
    func clippedWindowsAreLowerBounds(range: Double) throws {
        let limit = range * 9.80665
        let samples = tone(6, 20, rate: 100, seconds: 30, direction: [0, 0, 1], gravity: [0, 0, 9.8]).map { sample in
            var sample = sample
            sample.acceleration.z = min(limit, max(-limit, sample.acceleration.z))
            return sample
        }
        for stated in [nil, limit] {
            let header = RecordingHeader(format: "test", accelerationRange: stated, stampPrecisionS: 1e-6)
            let r = try analyzeTremor(SyntheticSource(samples, header: header))
            #expect(r.windows.allSatisfy(\.isClipped) && r.peakToPeakCm! < 20)
            #expect(r.flags.contains { $0.contains("lower bounds") })
        }
        let free = try analyzeTremor(SyntheticSource(tone(6, 1, rate: 100, seconds: 30)))
        #expect(free.windows.allSatisfy { !$0.isClipped })
    }
}
