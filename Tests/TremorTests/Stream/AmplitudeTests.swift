import Glibc
import TestSupport
import Testing
import Tremor

@Suite struct AmplitudeTests {
    /// Any direction to gravity, 25 to 200 samples a second, 0.05 to 20 cm: frequency within 0.01 Hz, amplitude within 1 %.
    @Test(arguments: [25.0, 50, 92.774, 98.87, 128, 200], [3.0, 4.87, 5, 7.31, 8.6, 12])
    func tonesOfEveryRateAreMeasured(rate: Double, frequency: Double) throws {
        var settings = TremorSettings()
        // A rate of 25 shows 10 Hz at most: 0.8 of half of it.
        settings.bandHz = 3...min(12, 0.4 * rate - settings.halfWidthHz)
        guard frequency <= settings.bandHz.upperBound else { return }
        for (size, direction) in [
            (0.05, SIMD3(1.0, 0, 0)), (1, [0, 1, 0]), (20, [0.577350269, -0.577350269, 0.577350269]),
        ] {
            let r = try analyzeTremor(
                SyntheticSource(tone(frequency, size, rate: rate, seconds: 30, direction: direction)),
                settings: settings)
            #expect(abs(r.peakFrequencyHz! - frequency) < 0.01)
            #expect(abs(r.peakToPeakCm! / size - 1) < 0.01, "\(rate) \(frequency) \(size) \(r.peakToPeakCm!)")
        }
    }

    /// A thousand recordings of a minute with 10 mg of noise: the interval must hold the truth in 93 to 97 % of them.
    @Test func theIntervalHoldsTheTruthAsOftenAsItSays() throws {
        var covered = 0
        for trial in 0..<1000 {
            var random = SeededNoise(seed: UInt64(trial) + 1)
            let frequency = Double.random(in: 3.5...8, using: &random)
            let size = Double.random(in: 0.2...5, using: &random)
            let v = SIMD3(random.gaussian(), random.gaussian(), random.gaussian())
            let samples = tone(
                frequency, size, rate: 64, seconds: 60, noise: 0.1, seed: UInt64(trial) + 77,
                direction: v / (v * v).sum().squareRoot(), phase: Double.random(in: 0...6.28, using: &random))
            var settings = TremorSettings()
            settings.bandHz = 3...10
            let r = try analyzeTremor(SyntheticSource(samples), settings: settings)
            let interval = try #require(r.peakToPeakCmCI95)
            if interval.low <= size && size <= interval.high { covered += 1 }
        }
        #expect((930...970).contains(covered), "\(covered) of 1000")
    }

    /// A forearm that turns about the elbow: what the sensor shows is movement and gravity together.
    static func turning(
        degrees: Double, lever: Double, frequency: Double, rate: Double = 100, gyroscope: Bool, upAlongArm: Double
    ) -> [SyntheticSource.Sample] {
        let omega = 2 * Double.pi * frequency
        let amplitude = degrees / 2 * Double.pi / 180
        return (0..<Int(30 * rate)).map { place in
            let t = Double(place) / rate
            let angle = amplitude * sin(omega * t)
            let (speed, bend) = (amplitude * omega * cos(omega * t), -amplitude * omega * omega * sin(omega * t))
            // x points along the arm away from the joint, y across it in the plane of turning, z about the axis.
            let (c, s) = (cos(angle), sin(angle))
            let up = SIMD3(upAlongArm, (1 - upAlongArm * upAlongArm).squareRoot(), 0) * 9.80665
            let gravity = SIMD3(c * up.x + s * up.y, -s * up.x + c * up.y, 0)
            let acceleration = SIMD3(-lever * speed * speed, lever * bend, 0) + gravity
            return .init(time: t, acceleration: acceleration, angularRate: gyroscope ? [0, 0, speed] : nil)
        }
    }

    /// Without a gyroscope gravity is in the amplitude, and by no more than the bound that is printed.
    @Test(arguments: [0.05, 0.15, 0.35], [3.5, 5, 8])
    func gravitysShareIsInsideThePrintedBound(lever: Double, frequency: Double) throws {
        for upAlongArm in [0, 0.7, 1.0] {
            var settings = TremorSettings()
            settings.leverM = lever
            let samples = Self.turning(
                degrees: 3, lever: lever, frequency: frequency, gyroscope: false, upAlongArm: upAlongArm)
            let r = try analyzeTremor(SyntheticSource(samples), settings: settings)
            let truth = 100 * lever * 3 * Double.pi / 180
            let bound = try #require(r.gravityShare)
            #expect(abs(r.peakToPeakCm! / truth - 1) <= bound + 0.01, "\(r.peakToPeakCm! / truth) \(bound)")
        }
    }

    /// With one, gravity is taken out: 5 % are asked for; what is left is 0.3 %, from turns that are not small.
    @Test(arguments: [0.05, 0.15, 0.35], [3.5, 5, 8])
    func aGyroscopeTakesGravityOut(lever: Double, frequency: Double) throws {
        for upAlongArm in [0, 0.7, 1.0] {
            let samples = Self.turning(
                degrees: 3, lever: lever, frequency: frequency, gyroscope: true, upAlongArm: upAlongArm)
            let r = try analyzeTremor(SyntheticSource(samples))
            #expect(abs(r.peakToPeakCm! / (100 * lever * 3 * Double.pi / 180) - 1) < 0.01)
            #expect(abs(r.peakToPeakDegrees! - 3) < 0.01 && r.gravityShare == nil)
        }
    }

    /// Errors of single windows come from the noise beside their peak: 95 % of windows and not much more.
    @Test func theErrorOfAWindowIsThatOfItsNoise() throws {
        var (inside, all) = (0, 0)
        for seed in 1...40 {
            let r = try analyzeTremor(
                SyntheticSource(tone(4.3, 1, rate: 100, seconds: 60, noise: 0.2, seed: UInt64(seed))))
            for window in r.windows where window.isTremor {
                all += 1
                if abs(window.peakToPeakCm - 1) <= 1.96 * window.standardErrorCm { inside += 1 }
            }
        }
        #expect(all > 1000 && (0.94...0.995).contains(Double(inside) / Double(all)), "\(inside) of \(all)")
    }

    /// A steady tremor of 1 cm stands on the edge of two scores, however many noisy windows there are of it.
    @Test func theScoreOfASteadyTremorIsNotThatOfItsLargestError() throws {
        var settings = TremorSettings()
        (settings.task, settings.bandHz) = (.rest, 3...10)
        var upper = 0.0
        for seed in 1...10 {
            let r = try analyzeTremor(
                SyntheticSource(tone(4.6, 1, rate: 50, seconds: 600, noise: 0.5, seed: UInt64(seed))),
                settings: settings)
            let view = try #require(r.rating(site: "wrist-left"))
            #expect(view.item?.code == "3.17b")
            upper += try #require(view.probabilities).values[2] / 10
        }
        // Ten recordings, each with a probability that is spread evenly from 0 to 1 on the edge.
        #expect((0.2...0.85).contains(upper), "\(upper)")
    }

    /// What cannot be seen is no score: a hundredth of a centimetre, and one window of noise in five minutes.
    @Test func aTremorThatCannotBeSeenIsScoreNought() throws {
        var settings = TremorSettings()
        settings.task = .rest
        let small = try analyzeTremor(
            SyntheticSource(tone(5, 0.01, rate: 100, seconds: 60)), settings: settings)
        #expect(try #require(small.rating(site: "wrist-left")?.probabilities).values[0] > 0.99)
        let clear = try analyzeTremor(SyntheticSource(tone(5, 0.5, rate: 100, seconds: 60)), settings: settings)
        #expect(try #require(clear.rating(site: "wrist-left")?.probabilities).values[1] > 0.99)
    }

    /// Clipped amplitudes have no score: 14 cm that look like 5 are not a 3.
    @Test func clippedRecordingsHaveNoScore() throws {
        var settings = TremorSettings()
        settings.task = .rest
        let samples = tone(5, 14, rate: 100, seconds: 60, direction: [0, 0, 1], gravity: [0, 0, 9.8]).map { sample in
            var sample = sample
            sample.acceleration.z = min(19.6, max(-19.6, sample.acceleration.z))
            return sample
        }
        #expect(try analyzeTremor(SyntheticSource(samples), settings: settings).rating(site: "wrist-left") == nil)
    }

    /// A hand that goes round moves as far along one axis as along the other; the diagonal is 41 % more, and another score. The
    /// widths are of the ellipse across its long axis of 2.2 cm.
    @Test(arguments: [0.0, 1.1, 2.2])
    func aRoundTremorIsAsLargeAsItsLongAxis(widthCm: Double) throws {
        let along = tone(5, 2.2, rate: 100, seconds: 60, noise: 0.05, direction: [0.6, 0, 0.8])
        let across = tone(
            5, widthCm, rate: 100, seconds: 60, direction: [0, 1, 0], gravity: .zero, phase: 0.3 + .pi / 2)
        let samples = zip(along, across).map { one, other in
            var sample = one
            sample.acceleration += other.acceleration
            return sample
        }
        let found = try analyzeTremor(SyntheticSource(samples))
        #expect(abs(found.peakToPeakCm! / 2.2 - 1) < 0.01, "\(found.peakToPeakCm!)")
        #expect(abs(found.peakFrequencyHz! - 5) < 0.01)
    }

    /// 2 cm and 0.8 cm in turn, and 0.6 to 4.6 cm in waves: it is there all the time.
    @Test(arguments: [0, 1])
    func aTremorThatWaxesAndWanesIsThereAllTheTime(kind: Int) throws {
        let samples = tone(5, 2, rate: 100, seconds: 300, noise: 0.01) { t in
            kind == 0 ? (Int(t / 10) % 2 == 0 ? 1 : 0.4) : 1.3 + sin(2 * .pi * t / 37)
        }
        let found = try analyzeTremor(SyntheticSource(samples))
        // Where it falls to 0.4 at once, a second of the small one is in the shadow of the large.
        #expect(found.tremorTimePercent! > (kind == 0 ? 88 : 99.9), "\(found.tremorTimePercent!)")
    }

    /// A tremor of 2.9 Hz is no absence of tremor.
    @Test func aPeakBesideTheBandIsNamed() throws {
        let found = try analyzeTremor(SyntheticSource(tone(2.9, 1, rate: 100, seconds: 60, noise: 0.01)))
        #expect(found.peakToPeakCm == nil && found.spectralPeakHz == nil)
        #expect(found.flags.contains { $0.contains("a peak at 2.897 Hz stands out beside the band") }, "\(found.flags)")
        #expect(found.rating(site: "wrist-left") == nil)
    }
}
