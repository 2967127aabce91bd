import Glibc
import TestSupport
import Testing
import Tremor

@Suite struct ClockTests {
    func result(_ source: SyntheticSource) throws -> TremorResult { try analyzeTremor(source) }

    /// How the samples came does not matter: not the order of a sum, not where windows lie.
    @Test func batchesOfAnySizeGiveTheSameBits() throws {
        let samples = tone(5.3, 1.5, rate: 97.3, seconds: 700, noise: 0.05, envelope: { 1 + 0.5 * sin($0 / 9) })
        let whole = try result(SyntheticSource(samples, batch: samples.count))
        for batch in [1, 7, 1000, 65_536] {
            let other = try result(SyntheticSource(samples, batch: batch))
            #expect(other.windows == whole.windows)
            #expect(other.spectrum.psdTotal == whole.spectrum.psdTotal)
            #expect(other.peakToPeakCm == whole.peakToPeakCm && other.bandPower == whole.bandPower)
        }
    }

    /// The same for jittered stamps, whose spline is read in blocks: 12 hours of it would not fit into one.
    @Test func theSplineOfJitteredStampsDoesNotDependOnBatches() throws {
        var random = SeededNoise(seed: 4)
        let samples = tone(6.1, 1, rate: 50, seconds: 300).map { sample in
            var sample = sample
            let jitter = Double.random(in: -0.3...0.3, using: &random) / 50
            let omega = 2 * Double.pi * 6.1
            sample.time += jitter
            sample.acceleration =
                SIMD3(0.6, 0, 0.8) * (-0.005 * omega * omega * sin(omega * sample.time + 0.3)) + [0, 9.80665, 0]
            return sample
        }
        let whole = try result(SyntheticSource(samples, batch: samples.count))
        let parts = try result(SyntheticSource(samples, batch: 333))
        #expect(whole.windows == parts.windows && whole.windows.count > 140)
        // Stamps jitter by 6 ms; the spline through them restores the tone to the field's 1 %.
        #expect(abs(whole.peakFrequencyHz! - 6.1) < 0.01 && abs(whole.peakToPeakCm! - 1) < 0.01)
        #expect(whole.flags.contains { $0.contains("cubic spline") })
    }

    /// A cubic spline between few samples a cycle is too flat; about what it takes is said: by its Fourier transform 1.2 %, 3.9 % and
    /// 5.6 % between even samples. Uneven ones cost up to half as much again, and what they scatter adds a little to amplitudes.
    @Test(arguments: [(50.0, 12.0, 1.2), (33, 10, 3.9), (33, 10.7, 5.6)])
    func whatASplineTakesFromAFastTremorIsSaid(rate: Double, frequency: Double, percent: Double) throws {
        var random = SeededNoise(seed: 4)
        let omega = 2 * Double.pi * frequency
        let samples = tone(frequency, 1, rate: rate, seconds: 300).map { sample in
            var sample = sample
            sample.time += Double.random(in: -0.3...0.3, using: &random) / rate
            let value = -0.005 * omega * omega * sin(omega * sample.time + 0.3)
            sample.acceleration = SIMD3(0.6, 0, 0.8) * value + [0, 9.80665, 0]
            return sample
        }
        let found = try result(SyntheticSource(samples))
        let loss = 100 * (1 - found.peakToPeakCm!)
        #expect(loss > 0.8 * percent && loss < 1.5 * percent + 0.2, "\(loss)")
        #expect(found.flags.contains { $0.contains("lowers amplitudes by about \(percent) %") }, "\(found.flags)")
    }

    /// "100 Hz" that is 98.87: 5 Hz read by the header would be 5.057.
    @Test(arguments: [1, 120])
    func theHeadersRateIsNotBelieved(block: Int) throws {
        let header = RecordingHeader(format: "test", nominalRateHz: 100, stampPrecisionS: block == 1 ? 1e-6 : 0.01)
        let r = try result(SyntheticSource(tone(5, 1, rate: 98.87, seconds: 300), block: block, header: header))
        #expect(abs(r.sampleRateHz - 98.87) < 0.001 && r.gaps.isEmpty && r.header.nominalRateHz == 100)
        #expect(abs(r.peakFrequencyHz! - 5) < 0.001)
    }

    /// A logger that says which sample belonged to a full second: block stamps scatter by up to a sample, the rate must not.
    @Test func stampsThatScatterByASampleGiveASteadyClock() throws {
        var random = SeededNoise(seed: 9)
        var scatter = [Double](repeating: 0, count: 1000)
        for place in scatter.indices { scatter[place] = Double.random(in: -0.01...0, using: &random) }
        let header = RecordingHeader(format: "test", nominalRateHz: 100, stampPrecisionS: 0.01)
        let jitter = scatter
        let r = try result(
            SyntheticSource(tone(7.31, 1, rate: 98.87, seconds: 900), block: 120, header: header) {
                $1 + jitter[$0 / 120 % 1000]
            })
        // 740 stamps with an error of 3 ms over 900 s: 1e-6 of the rate.
        #expect(abs(r.sampleRateHz - 98.87) < 0.001 && r.gaps.isEmpty)
        #expect(abs(r.peakFrequencyHz! - 7.31) < 0.001 && abs(r.peakToPeakCm! - 1) < 0.01)
        #expect(!r.flags.contains { $0.contains("irregular") })
    }

    /// Windows of 4 s every 2 s in 300 s: 149. A gap ends a stretch, and no window touches it.
    @Test(arguments: [5.0, 60.0])
    func noWindowTouchesAGapAndNoneIsInvented(gap: Double) throws {
        let samples = tone(5, 1, rate: 100, seconds: 300).filter { !($0.time >= 100.5 && $0.time < 100.5 + gap) }
        let r = try result(SyntheticSource(samples))
        let second = 300 - 100.5 - gap
        let expected = Int((100.49 - 4) / 2) + 1 + Int((second - 4) / 2) + 1
        #expect(r.windows.count == expected)
        #expect(r.windows.allSatisfy { $0.startS + 4 <= 100.5 || $0.startS >= 100.5 + gap - 1e-6 })
        #expect(r.gaps.count == 1 && abs(r.gaps[0].durationS - gap - 0.01) < 1e-6)
        #expect(abs(r.coverage - (300 - gap) / 300) < 0.02 && r.tremorTimePercent == 100)
        #expect(r.flags.contains { $0.contains("1 gap") })
    }

    @Test func tenMissingNumbersAreAGapAndOneIsNot() throws {
        var samples = tone(5, 1, rate: 100, seconds: 60)
        for place in 3000..<3010 { samples[place].acceleration.y = .nan }
        let r = try result(SyntheticSource(samples))
        #expect(r.gaps.count == 1 && abs(r.gaps[0].durationS - 0.11) < 1e-9 && r.windows.count == 27)
        #expect(r.flags.contains { $0.contains("10 samples without a number") })
        samples = tone(5, 1, rate: 100, seconds: 60)
        samples[3000].acceleration.y = .nan
        // The others stay where they are; the spline fills its place on the clock.
        let one = try result(SyntheticSource(samples))
        #expect(one.gaps.isEmpty && one.windows.count == 29 && abs(one.peakToPeakCm! - 1) < 0.01)
    }

    @Test func missingNumbersInBlocksLeaveTheOthersWhereTheyWere() throws {
        var samples = tone(5, 1, rate: 100, seconds: 60)
        for place in 3000..<3050 { samples[place].acceleration.x = .nan }
        let header = RecordingHeader(format: "test", nominalRateHz: 100, stampPrecisionS: 0.001)
        let r = try result(SyntheticSource(samples, block: 100, header: header))
        #expect(r.gaps.count == 1 && abs(r.gaps[0].durationS - 0.51) < 0.005)
        #expect(abs(r.peakFrequencyHz! - 5) < 0.01)
    }

    /// Phones deliver bundles out of order: sorted, they are the same recording.
    @Test func reversedAndRepeatedStampsAreSortedAndCounted() throws {
        let samples = tone(5, 1, rate: 100, seconds: 120)
        var shuffled = samples
        shuffled.swapAt(5000, 5001)
        shuffled.replaceSubrange(7000..<7050, with: samples[7000..<7050].reversed())
        shuffled.insert(samples[9000], at: 9001)
        for batch in [100, 12_000] {
            let r = try result(SyntheticSource(shuffled, batch: batch))
            let straight = try result(SyntheticSource(samples))
            #expect(r.windows == straight.windows && r.gaps.isEmpty)
            #expect(r.flags.contains { $0.contains("50 time stamps run backward") }, "\(r.flags)")
            #expect(r.flags.contains { $0.contains("1 samples repeat") })
        }
    }

    /// At the end of summer time a clock without a zone goes back an hour: nothing is missing, nothing is out of order.
    @Test func aClockSetBackByAnHourGoesOn() throws {
        let samples = tone(5, 1, rate: 50, seconds: 600)
        let r = try result(SyntheticSource(samples) { $0 < 15_000 ? $1 : $1 - 3600 })
        #expect(r.gaps.isEmpty && r.windows.count == 299 && abs(r.durationS - 599.98) < 1e-6)
        #expect(r.flags.contains { $0.contains("set back by 60") })
        #expect {
            try result(SyntheticSource(samples) { $0 < 15_000 ? $1 : $1 - 100 - 0.04 })
        } throws: { "\($0)".contains("jump back by 100.02 s") }
    }

    /// A crystal that warms by 40 millionths over a day: windows keep their true times.
    @Test func aSlowDriftOfTheClockIsFollowed() throws {
        let drift = { (t: Double) in t + 2e-5 * t * t / 3600 }
        let samples = tone(5, 1, rate: 20, seconds: 3600)
        let header = RecordingHeader(format: "test", nominalRateHz: 20, stampPrecisionS: 0.001)
        var settings = TremorSettings()
        settings.bandHz = 3...6.5
        let r = try analyzeTremor(
            SyntheticSource(samples, block: 100, header: header) { drift($1) }, settings: settings)
        let last = try #require(r.windows.last)
        #expect(abs(last.startS - drift(2 * Double(r.windows.count - 1))) < 0.002, "\(last.startS)")
        #expect(!r.flags.contains { $0.contains("irregular") })
    }

    @Test func aRateThatChangesByTwoPercentIsPutRight() throws {
        // 100 samples a second for five minutes, then 98: one rate for all would read 5.05 and 4.95 Hz.
        var samples: [SyntheticSource.Sample] = []
        var t = 0.0
        while t < 600 {
            let a = -0.01 * pow(2 * Double.pi * 5, 2) * sin(2 * Double.pi * 5 * t)
            samples.append(.init(time: t, acceleration: [a, 0, 9.8]))
            t += t < 300 ? 1 / 100.0 : 1 / 98.0
        }
        let r = try result(SyntheticSource(samples))
        #expect(r.windows.allSatisfy { abs($0.peakHz - 5) < 0.01 })
        #expect(abs(r.peakToPeakCm! - 2) < 0.02 && r.flags.contains { $0.contains("irregular") })
    }

    @Test func recordingsWithNothingInThemAreRefused() {
        #expect(throws: RecordingError.empty) { try result(SyntheticSource([])) }
        #expect(throws: RecordingError.tooFewSamples(5)) {
            try result(SyntheticSource(Array(tone(5, 1, rate: 100, seconds: 1).prefix(5))))
        }
        #expect {
            try result(SyntheticSource(tone(5, 1, rate: 100, seconds: 3)))
        } throws: { "\($0)".contains("as long as a window") }
    }

    /// Two blocks of 120 samples with one lost between them, and pages of a second with seven lost of eight: the stated rate decides.
    @Test func lostBlocksAreGapsAndNoLowerRate() throws {
        let samples = tone(5, 1, rate: 100, seconds: 400)
        let header = RecordingHeader(format: "test", nominalRateHz: 100, stampPrecisionS: 0.005)
        // Every second block of the first 40 s is lost.
        let kept = samples.enumerated().filter { $0.offset >= 4000 || $0.offset / 100 % 2 == 0 }.map(\.element)
        let r = try result(SyntheticSource(kept, block: 100, header: header))
        #expect(abs(r.sampleRateHz - 100) < 0.01 && r.gaps.count == 20, "\(r.sampleRateHz) \(r.gaps.count)")
        #expect(abs(r.peakFrequencyHz! - 5) < 0.01)
    }

    /// A device whose clock was set back by an hour in the middle, and by twenty seconds.
    @Test func blocksAfterAClockSetBackGoOnOrAreRefused() throws {
        let samples = tone(5, 1, rate: 50, seconds: 1200)
        let header = RecordingHeader(format: "test", nominalRateHz: 50, stampPrecisionS: 0.01)
        let r = try result(SyntheticSource(samples, block: 50, header: header) { $0 < 30_000 ? $1 : $1 - 3600 })
        #expect(r.gaps.isEmpty && abs(r.durationS - 1199) < 2 && r.flags.contains { $0.contains("set back by 60") })
        #expect {
            try result(SyntheticSource(samples, block: 50, header: header) { $0 < 30_000 ? $1 : $1 - 20 })
        } throws: { "\($0)".contains("jump back by 19") }
    }

    /// A minute at 50 samples a second and two at 200: windows of both would have other lengths.
    @Test func stretchesOfAnotherRateAreLeftOutAndSaid() throws {
        var samples = tone(5, 2, rate: 50, seconds: 60)
        samples += tone(5, 2, rate: 200, seconds: 120).map { .init(time: $0.time + 70, acceleration: $0.acceleration) }
        let r = try result(SyntheticSource(samples))
        #expect(abs(r.sampleRateHz - 200) < 0.01 && abs(r.peakToPeakCm! - 2) < 0.02)
        #expect(r.flags.contains { $0.contains("rate of their own") } && r.coverage < 0.7)
    }

    /// One number that no sensor can have shown must not become a tremor without end.
    @Test(arguments: [1e5, 1e30, 1e160, -1e300])
    func absurdNumbersAreMissingOnes(value: Double) throws {
        var samples = tone(5, 1, rate: 100, seconds: 60)
        samples[3000].acceleration.x = value
        let r = try result(SyntheticSource(samples))
        #expect(
            abs(r.largestPeakToPeakCm! - 1) < 0.02 && r.flags.contains { $0.contains("1 samples without a number") })
    }
}
