import Glibc
import Testing
import Tremor

/// A tone with gravity as a CSV text: known frequency, displacement, direction, rate and noise.
func toneText(
    frequency: Double, peakToPeakCm: Double, rate: Double, seconds: Double = 30,
    direction: SIMD3<Double> = [0.6, 0.0, 0.8], gravity: SIMD3<Double> = [0, 9.80665, 0], noise: Double = 0,
    harmonic: Double = 0
) -> String {
    var text = "time_s,x_m_s2,y_m_s2,z_m_s2\n"
    let omega = 2 * Double.pi * frequency
    var state: UInt64 = 88_172_645_463_325_252
    func gaussian() -> Double {
        (0..<12).reduce(-6.0) { sum, _ in
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return sum + Double(state >> 11) / Double(1 << 53)
        }
    }
    for sample in 0..<Int(seconds * rate) {
        let t = Double(sample) / rate
        let first = -peakToPeakCm / 200 * omega * omega * sin(omega * t + 0.3)
        let second = harmonic * peakToPeakCm / 200 * omega * omega * sin(2 * omega * t + 1.1)
        let a = direction * (first + second) + gravity + noise * SIMD3(gaussian(), gaussian(), gaussian())
        text += "\(t),\(a.x),\(a.y),\(a.z)\n"
    }
    return text
}

func analyzed(_ text: String, _ options: RecordingCSV.Options = .init()) throws -> TremorResult {
    try analyzeTremor(RecordingCSV.read(Array(text.utf8), options: options))
}

@Suite struct ToneTests {
    /// Frequency within 0.01 Hz and amplitude within 1 %: what the field's tools do not reach; bins are a quarter hertz wide.
    @Test(arguments: [3.0, 3.5, 4.2, 4.87, 5.0, 6.5, 7.31, 9.99, 12.0], [49.66, 98.87, 100, 102.61])
    func aToneIsMeasured(frequency: Double, rate: Double) throws {
        for peakToPeak in [0.05, 2, 10.0] {
            let result = try analyzed(toneText(frequency: frequency, peakToPeakCm: peakToPeak, rate: rate))
            #expect(abs(try #require(result.peakFrequencyHz) - frequency) < 0.01)
            #expect(abs(try #require(result.peakToPeakCm) / peakToPeak - 1) < 0.01)
            #expect(abs(try #require(result.spectralPeakToPeakCm) / peakToPeak - 1) < 0.01)
            #expect(result.tremorTimePercent == 100)
        }
    }

    /// The trap that doubles frequency elsewhere: gravity across the tremor, along it, and in between.
    @Test(
        arguments: [SIMD3<Double>(1, 0, 0), [0, 1, 0], [0.577, -0.577, 0.577]],
        [SIMD3<Double>(9.8, 0, 0), [0, 0, -9.8]])
    func directionAndGravityChangeNothing(direction: SIMD3<Double>, gravity: SIMD3<Double>) throws {
        let result = try analyzed(
            toneText(frequency: 5, peakToPeakCm: 4, rate: 100, direction: direction, gravity: gravity))
        let length = (direction * direction).sum().squareRoot()
        #expect(abs(result.peakFrequencyHz! - 5) < 0.01)
        #expect(abs(result.peakToPeakCm! / (4 * length) - 1) < 0.01)
    }

    /// Samples in memory and the same samples as text give the same result; the text's clock is rounded in its last digit.
    @Test func samplesNeedNoFile() throws {
        let text = toneText(frequency: 5.3, peakToPeakCm: 1.5, rate: 100)
        var axes: [[Double]] = [[], [], []]
        for line in text.split(separator: "\n").dropFirst() {
            for (axis, field) in line.split(separator: ",").dropFirst().enumerated() {
                axes[axis].append(Double(field)!)
            }
        }
        let fromMemory = try analyzeTremor(Recording(acceleration: axes, sampleRateHz: 100))
        let fromText = try analyzed(text)
        #expect(
            abs(fromMemory.peakToPeakCm! - fromText.peakToPeakCm!) < 1e-9
                && fromMemory.windows.count == fromText.windows.count)
        #expect(abs(fromMemory.peakFrequencyHz! - 5.3) < 0.01)
    }

    /// 5 mg of white noise on each axis: its share is taken off, so the mean stays; the scatter of 14 windows is below 2 %.
    @Test(arguments: [0.2, 1, 5.0])
    func whiteNoiseDoesNotAddToTheAmplitude(peakToPeak: Double) throws {
        let result = try analyzed(
            toneText(frequency: 5.2, peakToPeakCm: peakToPeak, rate: 100, seconds: 60, noise: 0.049))
        #expect(abs(result.peakFrequencyHz! - 5.2) < 0.01)
        #expect(abs(result.peakToPeakCm! / peakToPeak - 1) < 0.02)
        let interval = try #require(result.peakToPeakCmCI95)
        #expect(interval.low <= result.peakToPeakCm! && result.peakToPeakCm! <= interval.high)
    }

    /// The second harmonic of acceleration above the first is still the same tremor.
    @Test func aStrongHarmonicDoesNotDoubleTheFrequency() throws {
        let result = try analyzed(toneText(frequency: 4.4, peakToPeakCm: 1, rate: 100, harmonic: 1.5))
        #expect(abs(result.peakFrequencyHz! - 4.4) < 0.01)
    }

    @Test func aFastTremorStaysFast() throws {
        #expect(abs(try analyzed(toneText(frequency: 9.2, peakToPeakCm: 0.5, rate: 100)).peakFrequencyHz! - 9.2) < 0.01)
    }

    /// 2000 windows of noise: 0.15 % reach the threshold, as the settings' comment says; 0.5 % would be ten of them.
    @Test func whiteNoiseIsNotTremor() throws {
        let result = try analyzed(toneText(frequency: 5, peakToPeakCm: 0, rate: 50, seconds: 4000, noise: 0.1))
        let share = Double(result.windows.filter(\.isTremor).count) / Double(result.windows.count)
        #expect(result.windows.count > 1900)
        #expect(share < 0.005, "\(share)")
    }

    @Test func burstsAreTimedAndMeasuredWhileTheyLast() throws {
        var lines = toneText(frequency: 5, peakToPeakCm: 2, rate: 100, seconds: 120, noise: 0.01)
            .split(separator: "\n").map(String.init)
        let still = toneText(frequency: 5, peakToPeakCm: 0, rate: 100, seconds: 120, noise: 0.01)
            .split(separator: "\n").map(String.init)
        // 5 s of tremor in every 20 s.
        for line in 1..<lines.count where (line / 100) % 20 >= 5 { lines[line] = still[line] }
        let result = try analyzed(lines.joined(separator: "\n"))
        // The envelope's edges are a third of a second wide.
        #expect(abs(result.tremorTimePercent! - 25) < 2.5)
        #expect(abs(result.peakToPeakCm! / 2 - 1) < 0.02)
    }

    @Test func movementBelowTheBandIsNotTremor() throws {
        let result = try analyzed(toneText(frequency: 2.6, peakToPeakCm: 6, rate: 100, noise: 0.01))
        #expect(result.peakToPeakCm == nil && result.tremorTimePercent == 0)
        #expect(result.flags.contains { $0.contains("no window has a peak") })
    }

    /// An arm that swings at 1.1 Hz, with the harmonics that make it look like tremor at 4.4 and 5.5 Hz.
    @Test func theMultiplesOfAnArmsSwingAreNotTremor() throws {
        let axes = (0..<3).map { axis in
            (0..<6000).map { sample -> Double in
                let phase = 2 * Double.pi * 1.1 * Double(sample) / 100
                let swing = [4.0, 1.2, 0.6, 0.9, 0.7].enumerated().reduce(0.0) { sum, harmonic in
                    sum + harmonic.element * sin(Double(harmonic.offset + 1) * phase + Double(axis))
                }
                return swing + (axis == 2 ? 9.8 : 0)
            }
        }
        let result = try analyzeTremor(Recording(acceleration: axes, sampleRateHz: 100))
        #expect(result.tremorTimePercent! < 5, "\(result.tremorTimePercent!)")
    }

    @Test func theGravityShareFollowsTheLever() {
        // g / (L ω²) at 5 Hz: 20 % for 5 cm, 2.8 % for 35 cm, as published.
        #expect(abs(Displacement.gravityShare(frequencyHz: 5, leverM: 0.05) - 0.199) < 0.001)
        #expect(abs(Displacement.gravityShare(frequencyHz: 5, leverM: 0.35) - 0.0284) < 0.001)
    }

    /// 25 samples a second show 8.75 Hz with its surroundings; 10 show nothing of the band.
    @Test func aLowRateNarrowsTheBandOrIsRefused() throws {
        let r = try analyzed(toneText(frequency: 5, peakToPeakCm: 1, rate: 25))
        #expect(r.settings.bandHz == 3...8.75 && r.flags.contains { $0.contains("the band ends there") })
        #expect(abs(r.peakFrequencyHz! - 5) < 0.01 && abs(r.peakToPeakCm! - 1) < 0.01)
        #expect {
            try analyzed(toneText(frequency: 3, peakToPeakCm: 1, rate: 10))
        } throws: { "\($0)".contains("sampling rate of 10") }
    }
}
