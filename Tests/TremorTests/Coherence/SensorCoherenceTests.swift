import Glibc
import TestSupport
import Testing
import Tremor

@Suite struct SensorCoherenceTests {
    private typealias Sample = SyntheticSource.Sample

    /// Sines around 5 Hz.
    private struct Tremor {
        private let sines: [(hz: Double, size: Double, phase: Double)]

        /// 61 from 4.4 to 5.6 Hz, as `Golden/sensor_coherence.py` has them.
        init(_ a: Double, _ b: Double) {
            sines = (0...60).map { k in
                let turns = (a * Double(k * k) + b * Double(k)).truncatingRemainder(dividingBy: 1)
                return (4.4 + 0.02 * Double(k), 0.125, 2 * .pi * turns)
            }
        }

        /// Gaussian noise about 0.7 Hz wide that does not repeat within 100 s.
        init(_ random: inout SeededNoise) {
            sines = (0...200).map { k in
                let hz = 4 + 0.01 * Double(k)
                let (real, imaginary) = (random.gaussian(), random.gaussian())
                let size = 0.1 * exp(-(hz - 5) * (hz - 5) / 0.36) * (real * real + imaginary * imaginary).squareRoot()
                return (hz, size, atan2(imaginary, real))
            }
        }

        /// With all phases turned.
        func value(_ t: Double, turn: Double = 0) -> Double {
            sines.reduce(0) { $0 + $1.size * cos(2 * .pi * $1.hz * t + $1.phase + turn) }
        }
    }

    /// A sensor of `rate` Hz from `from` to `to` s on the common clock, whose own clock begins at 1970 + `epoch` s at 0.
    private func sensor(
        _ rate: Double, from: Double, to: Double, epoch: Double? = 1e9, isUTC: Bool = false,
        direction: SIMD3<Double> = [1, 0, 0], _ value: (Double) -> Double
    ) -> SyntheticSource {
        let samples = (0..<Int((to - from) * rate)).map { place in
            let t = from + Double(place) / rate
            return Sample(time: t, acceleration: direction * value(t) + SIMD3(0, 9.80665, 0))
        }
        return SyntheticSource(
            samples,
            header: RecordingHeader(
                format: "test", stampPrecisionS: 1e-6, startEpochS: epoch.map { $0 + from }, isUTC: isUTC))
    }

    private func pair(
        _ rate: Double, _ other: Double, delay: Double = 0.02
    ) -> (SyntheticSource, SyntheticSource) {
        let (both, first, second) = (Tremor(0.6180339887, 0.3), Tremor(0.4142135624, 0.1), Tremor(0.7320508076, 0.7))
        return (
            sensor(rate, from: 0, to: 120) { both.value($0) + 0.5 * first.value($0) },
            sensor(other, from: 3.7, to: 125, direction: [0, 0.6, 0.8]) {
                both.value($0 - delay) + 0.5 * second.value($0)
            }
        )
    }

    /// scipy 1.17.1, `Golden/sensor_coherence.py`, of both signals at 100 Hz. Splines from 51.27 Hz keep 5 Hz to some 0.0001.
    @Test(arguments: [(100.0, 100.0), (100, 51.27), (51.27, 100), (100, 98.87)])
    func coherenceAtDifferentRatesIsThatOfScipyAtOne(first: Double, second: Double) throws {
        let (a, b) = pair(first, second)
        let found = try sensorCoherence(of: a, and: b)
        #expect(found.segments == 57 && abs(found.rateHz - 100) < 1e-6 && abs(found.commonS - 116.3) < 0.05)
        for (hz, value, degrees) in [
            (4.5, 0.709297, -25.8925), (4.75, 0.710206, -33.6829), (5.0, 0.690531, -34.1853),
            (5.25, 0.686226, -40.6271),
        ] {
            let point = try #require(found.coherence.point(at: hz))
            #expect(abs(point.value - value) < 0.002 && abs(point.phaseDegrees - degrees) < 0.3, "\(hz) \(point)")
        }
        // The truth: four fifths of each one's power are common, 20 ms later in the second.
        #expect(found.atPeak.isSignificant && found.atPeak.interval95.contains(0.64))
        #expect(abs(found.atPeak.delayWithinPeriodS - 0.02) < found.atPeak.delayHalfWidth95S)
        #expect(abs(found.sensors[1].direction.z - 0.8) < 0.01 && abs(found.sensors[0].sampleRateHz - first) < 0.001)
    }

    /// Coherence 0.64 and a lag of 20 ms, of which 95 % of intervals hold each: at least 51 of 60, three binomial deviations
    /// below 57.
    @Test func intervalsHoldTheTruth() throws {
        var random = SeededNoise(seed: 21)
        var (coherent, phased) = (0, 0)
        for _ in 0..<60 {
            let (both, one, two) = (Tremor(&random), Tremor(&random), Tremor(&random))
            let a = sensor(50, from: 0, to: 90) { both.value($0) + 0.5 * one.value($0) }
            let b = sensor(31.25, from: 1.3, to: 90) { both.value($0 - 0.02) + 0.5 * two.value($0) }
            let point = try #require(try sensorCoherence(of: a, and: b).coherence.point(at: 5))
            if point.interval95.contains(0.64) { coherent += 1 }
            if abs(point.delayWithinPeriodS - 0.02) < point.delayHalfWidth95S { phased += 1 }
        }
        #expect(coherent >= 51 && phased >= 51, "\(coherent) \(phased)")
    }

    /// Of a broad tremor that is 20 ms later, slope and phase agree; a quarter of a turn at every frequency, 50 ms by the phase and
    /// 0 by its slope, is no delay.
    @Test func aSlopeThatThePhaseDoesNotBearOutIsNoDelay() throws {
        var random = SeededNoise(seed: 30)
        let (both, one, two) = (Tremor(&random), Tremor(&random), Tremor(&random))
        let a = sensor(100, from: 0, to: 98) { both.value($0) + 0.3 * one.value($0) }
        let b = sensor(80, from: 0, to: 98) { both.value($0 - 0.02) + 0.3 * two.value($0) }
        let found = try sensorCoherence(of: a, and: b)
        let delay = try #require(found.delay)
        #expect(found.delayAgrees == true && abs(delay.seconds - 0.02) < 2 * delay.halfWidth95)
        let turned = sensor(80, from: 0, to: 98) { both.value($0, turn: -.pi / 2) + 0.3 * two.value($0) }
        let other = try sensorCoherence(of: a, and: turned)
        #expect(other.delayAgrees == false && abs(other.atPeak.phaseDegrees + 90) < 15)
    }

    /// A clock that is 30 ms late turns the phase by 54° at 5 Hz; `shiftS` takes it back.
    @Test func anOffsetOfTheClocksIsAPhase() throws {
        let (both, own) = (Tremor(0.6180339887, 0.3), Tremor(0.4142135624, 0.1))
        let a = sensor(100, from: 0, to: 100) { both.value($0) }
        let late = sensor(80, from: 0, to: 100, epoch: 1e9 + 0.03) { both.value($0) + 0.2 * own.value($0) }
        var settings = CoherenceSettings()
        let found = try sensorCoherence(of: a, and: late, settings: settings)
        #expect(abs(found.atPeak.delayWithinPeriodS - 0.03) < 0.003 && found.atPeak.value > 0.9)
        #expect(abs(found.degreesPerMs * 30 - 0.36 * found.atPeak.frequencyHz * 30) < 1e-9)
        settings.shiftS = -0.03
        #expect(abs(try sensorCoherence(of: a, and: late, settings: settings).atPeak.delayWithinPeriodS) < 0.003)
    }

    @Test func independentTremorsAreNotCoherent() throws {
        var random = SeededNoise(seed: 8)
        var (sum, significant) = (0.0, 0)
        for _ in 0..<60 {
            let (one, two) = (Tremor(&random), Tremor(&random))
            let found = try sensorCoherence(
                of: sensor(50, from: 0, to: 98) { one.value($0) }, and: sensor(40, from: 0, to: 98) { two.value($0) })
            sum += found.atPeak.value * found.coherence.independentSegments
            significant += found.atPeak.isSignificant ? 1 : 0
        }
        // 1/L on average, with a deviation of as much a draw; 5 % above the level, and three binomial deviations more.
        #expect(abs(sum / 60 - 1) < 0.4 && significant <= 8, "\(sum / 60) \(significant)")
    }

    /// Gaps of either sensor are gaps of both, and a sensor that is off for a while says nothing then.
    @Test func onlyTimeThatBothHaveCounts() throws {
        let both = Tremor(0.6180339887, 0.3)
        var random = SeededNoise(seed: 3)
        let all = (0..<12_000).map { Double($0) / 100 }
        func source(_ isKept: (Double) -> Bool, off: Range<Double> = -1..<0) -> SyntheticSource {
            SyntheticSource(
                all.filter(isKept).map { t in
                    let a = off.contains(t) ? 0 : both.value(t) + 0.05 * random.gaussian()
                    return Sample(time: t, acceleration: [a, 9.80665, 0])
                }, header: RecordingHeader(format: "test", startEpochS: 1e9))
        }
        let a = source { !(30..<35).contains($0) }
        let b = source({ !(70..<71).contains($0) }, off: 90..<100)
        let found = try sensorCoherence(of: a, and: b)
        #expect(abs(found.commonS - 113.95) < 0.1 && found.atPeak.value > 0.95)
        // 30, 35 and 49 s with 14, 16 and 23 segments of 4 s, less three without change and what overlaps their middles.
        #expect((48...50).contains(found.segments), "\(found.segments)")
        #expect(found.flags.contains { $0.contains("without change were left out") })
        #expect(found.analysedS < 107)
    }

    /// How a source hands out its samples does not change a bit.
    @Test(arguments: [100, 16384])
    func piecesDoNotChangeTheResult(batch: Int) throws {
        let both = Tremor(0.6180339887, 0.3)
        func source(_ rate: Double, _ batch: Int) -> SyntheticSource {
            SyntheticSource(
                (0..<Int(400 * rate)).map { place in
                    let t = Double(place) / rate
                    return Sample(
                        time: t, acceleration: [both.value(t) + 0.1 * sin(Double(place * place)), 9.80665, 0])
                }, batch: batch, header: RecordingHeader(format: "test", stampPrecisionS: 1e-6, startEpochS: 1e9))
        }
        let one = try sensorCoherence(of: source(50, 1000), and: source(40, 1000))
        let other = try sensorCoherence(of: source(50, batch), and: source(40, batch))
        #expect(one.coherence.values == other.coherence.values && one.coherence.phases == other.coherence.phases)
    }

    private func refusal(
        _ a: SyntheticSource, _ b: SyntheticSource, _ settings: CoherenceSettings = CoherenceSettings()
    ) -> PairError? {
        do throws(PairError) {
            _ = try sensorCoherence(of: a, and: b, settings: settings)
            return nil
        } catch { return error }
    }

    @Test func whatCannotBeComparedIsRefused() {
        let one = Tremor(0.6180339887, 0.3)
        func source(_ from: Double, _ to: Double, epoch: Double? = 1e9, isUTC: Bool = false) -> SyntheticSource {
            sensor(50, from: from, to: to, epoch: epoch, isUTC: isUTC) { one.value($0) }
        }
        #expect(refusal(source(0, 60), source(0, 60, epoch: nil)) == .noDate(isFirst: false))
        #expect(refusal(source(0, 60, epoch: nil), source(0, 60)) == .noDate(isFirst: true))
        #expect(refusal(source(0, 60, isUTC: true), source(0, 60)) == .oneIsUTC(isFirst: true))
        guard case .noCommonTime(let after) = refusal(source(0, 60), source(100, 160)),
            case .noCommonTime(let before) = refusal(source(100, 160), source(0, 60)),
            case .tooFewSegments(let count, _, let common) = refusal(source(0, 60), source(45, 100))
        else {
            Issue.record("no refusal")
            return
        }
        #expect(abs(after - 40.02) < 0.01 && abs(before + 40.02) < 0.01)
        #expect(count == 6 && abs(common - 14.98) < 0.01)
        let still = sensor(50, from: 0, to: 60) { _ in 0 }
        #expect(refusal(source(0, 60), still) != nil)
        #expect(
            refusal(source(0, 60), sensor(8, from: 0, to: 60) { one.value($0) })
                == .second(.rateTooLow(rate: 8, needed: 12.5))
        )
        var settings = CoherenceSettings()
        settings.clock = .sameStart
        #expect(refusal(source(0, 60), source(1000, 1060, epoch: nil), settings) == nil)
    }

    @Test func theTableHasALineABin() throws {
        let (a, b) = pair(100, 51.27)
        let found = try sensorCoherence(of: a, and: b)
        let lines = found.csv.split(separator: "\n").map { $0.split(separator: ",") }
        // Two fifths of 51.27 Hz are 20.5 Hz.
        #expect(lines.count == 83 && Set(lines.map(\.count)) == [9])
        #expect(lines[20][0] == "5.000000" && abs(Double(lines[20][1])! - found.coherence.values[20]) < 1e-6)
    }
}
