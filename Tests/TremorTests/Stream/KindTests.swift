import Glibc
import TestSupport
import Testing
import Tremor

@Suite struct KindTests {
    /// A tremor at the very edge of the band leaks into slow movement elsewhere; here its limb is at rest.
    @Test(arguments: [3.0, 3.5, 5, 8])
    func aTremorIsNotItsOwnMovement(frequency: Double) throws {
        var settings = TremorSettings()
        settings.task = .rest
        let r = try analyzeTremor(SyntheticSource(tone(frequency, 3, rate: 100, seconds: 60)), settings: settings)
        #expect(r.windows.allSatisfy { $0.kind == .rest && $0.kindPercent > 90 })
        #expect(r.restTremorTimePercent == 100)
    }

    @Test func withoutATaskAShortRecordingDoesNotTellRestFromPosture() throws {
        let r = try analyzeTremor(SyntheticSource(tone(5, 1, rate: 100, seconds: 60)))
        #expect(r.windows.allSatisfy { $0.kind == .still })
        #expect(r.kinds.map(\.kind) == [.still] && r.kinds[0].tremorTimePercent == 100)
    }

    @Test func voluntaryMovementIsKineticAndNoRest() throws {
        var samples = tone(5, 1, rate: 100, seconds: 120)
        for place in 6000..<12_000 {
            samples[place].acceleration.x += 3 * sin(2 * Double.pi * 0.9 * samples[place].time)
        }
        let r = try analyzeTremor(SyntheticSource(samples))
        #expect(r.windows.filter { $0.startS < 56 }.allSatisfy { $0.kind == .still })
        #expect(r.windows.filter { $0.startS > 60 }.allSatisfy { $0.kind == .kinetic })
        #expect(abs(r.restTimeS - 58) <= 4)
    }

    /// The arm lies on the lap and is held out, `angle` degrees away, from 200 to 260 s of every 300; `size` is the tremor's at each
    /// of those 300 s, cm from peak to peak, and `sway` a slow movement's acceleration.
    private func arm(
        rate: Double = 50, seconds: Double = 1200, angle: Double = 52, sway: (Double) -> Double = { _ in 0 },
        size: (Double) -> Double
    ) -> [SyntheticSource.Sample] {
        var random = SeededNoise(seed: 3)
        let omega = 2 * Double.pi * 5
        return (0..<Int(seconds * rate)).map { place in
            let t = Double(place) / rate
            let phase = t.truncatingRemainder(dividingBy: 300)
            // The arm takes two seconds to rise.
            let share = min(1, max(0, phase < 260 ? (phase - 200) / 2 : 1 - (phase - 260) / 2))
            let tilt = share * angle * Double.pi / 180
            let a = -size(phase) / 200 * omega * omega * sin(omega * t) + sway(phase) * sin(2 * Double.pi * 1.2 * t)
            let noise = 0.02 * SIMD3(random.gaussian(), random.gaussian(), random.gaussian())
            return .init(time: t, acceleration: 9.80665 * SIMD3(0, cos(tilt), sin(tilt)) + SIMD3(a, 0, 0) + noise)
        }
    }

    private func phase(_ window: TremorWindow) -> Double { window.startS.truncatingRemainder(dividingBy: 300) }

    /// Twenty minutes with the arm on the lap, four times held out for a minute; tremor comes back 8 s after the arm is up.
    @Test func tremorThatComesBackInAPostureIsReEmergent() throws {
        let r = try analyzeTremor(SyntheticSource(arm { $0 < 195 || (210..<260).contains($0) ? 2 : 0 }))
        // Windows that hold the onset itself may be uncertain.
        let posture = r.windows.filter { (213..<254).contains(phase($0)) }
        let lap = r.windows.filter { phase($0) < 190 }
        #expect(posture.filter(\.isTremor).allSatisfy { $0.kind == .reEmergent } && posture.contains(where: \.isTremor))
        #expect(lap.allSatisfy { $0.kind == .rest || $0.startS < 4 || $0.kind == .uncertain })
        #expect(lap.filter { $0.kind == .rest }.count > 9 * lap.count / 10)
    }

    /// A tremor of 0.5 cm that sets in 8 s after the arm was up and grows by 0.02 cm a second.
    @Test func aReEmergentTremorHasADelayAndASlope() throws {
        let samples = arm { (210..<260).contains($0) ? 0.5 + 0.02 * ($0 - 210) : 0 }
        let r = try analyzeTremor(SyntheticSource(samples))
        #expect(r.reEmergences.count == 4)
        for (number, found) in r.reEmergences.enumerated() {
            #expect(abs(found.postureStartS - 300 * Double(number) - 202) <= 2, "\(found)")
            // A window has tremor where it holds two seconds of it.
            #expect((4...8).contains(found.onsetDelayS) && abs(found.slopeCmPerS! / 0.02 - 1) < 0.1, "\(found)")
        }
        #expect(try analyzeTremor(SyntheticSource(arm { _ in 1 })).reEmergences.isEmpty)
    }

    /// One hop is 1.9979 s at 102.61 Hz, and the difference of two starts at 100 Hz may be 1.999999 s.
    @Test(arguments: [100.0, 102.61])
    func aDelayOfOneHopDoesNotDependOnItsRounding(rate: Double) throws {
        let samples = arm(rate: rate, seconds: 620) { (205.8..<260).contains($0) ? 2 : 0 }
        let r = try analyzeTremor(SyntheticSource(samples))
        let posture = r.windows.filter { (207..<254).contains($0.startS) }
        #expect(posture.count > 20 && posture.allSatisfy { $0.isTremor && $0.kind == .reEmergent })
        #expect(r.reEmergences.count == 2 && r.reEmergences.allSatisfy { abs($0.onsetDelayS - 2) < 0.01 })
    }

    /// The hand trembles as soon as it is up, sways for 14 s so that nobody knows what it does, and pauses for 4 s.
    @Test func aPauseInAPostureHeldForLongIsNoReEmergence() throws {
        let sway: (Double) -> Double = { (224..<238).contains($0) ? 0.283 : 0 }
        let samples = arm(sway: sway) { $0 < 224 || (243..<260).contains($0) ? 2 : 0 }
        let r = try analyzeTremor(SyntheticSource(samples))
        let doubt = r.windows.filter { (225..<233).contains(phase($0)) }
        #expect(doubt.count >= 16 && doubt.allSatisfy { $0.kind == .uncertain })
        #expect(r.windows.contains { (244..<254).contains(phase($0)) && $0.isTremor && $0.kind == .postural })
        #expect(r.windows.allSatisfy { $0.kind != .reEmergent })
    }

    /// A posture 34° from rest is a posture with 86 %; after a delay of 2 s, re-emergence is sure by four fifths of that.
    @Test func noKindIsGivenBelowSeventyPercent() throws {
        let r = try analyzeTremor(SyntheticSource(arm(angle: 34) { (205.6..<260).contains($0) ? 2 : 0 }))
        let posture = r.windows.filter { (208..<254).contains(phase($0)) && $0.isTremor }
        #expect(posture.count > 60 && posture.contains { $0.kind == .uncertain })
        #expect(r.windows.allSatisfy { $0.kind == .uncertain || $0.kindPercent >= 70 })
    }

    /// Forty minutes with the hand on the lap, twenty in bed, where up is another way, and one held out.
    @Test func aLimbMayRestInSeveralOrientations() throws {
        var samples = tone(5, 1, rate: 40, seconds: 3660, noise: 0.02, gravity: .zero) { Int($0) % 60 < 30 ? 1 : 0 }
        for place in samples.indices {
            let t = samples[place].time
            samples[place].acceleration +=
                t < 2400 ? [0, 9.80665, 0] : t < 2460 ? [0, 0, -9.80665] : [9.80665, 0, 0]
        }
        let r = try analyzeTremor(SyntheticSource(samples))
        let held = r.windows.filter { (2400..<2456).contains($0.startS) }
        let bed = r.windows.filter { $0.startS > 2460 }
        // Windows in which tremor sets in or stops may look like movement.
        #expect(held.allSatisfy { $0.kind != .rest } && held.filter { $0.kind == .postural }.count > 20)
        #expect(bed.allSatisfy { $0.kind != .postural } && bed.filter { $0.kind == .rest }.count > 9 * bed.count / 10)
        #expect(abs(r.restTremorTimePercent! - 50) < 2, "\(r.restTremorTimePercent!)")
    }

    @Test func aPauseInAMovementIsNoRest() throws {
        var samples = tone(5, 1, rate: 100, seconds: 120)
        for place in 0..<6000 { samples[place].acceleration.x += 3 * sin(2 * Double.pi * 0.9 * samples[place].time) }
        var settings = TremorSettings()
        settings.task = .kinetic
        let r = try analyzeTremor(SyntheticSource(samples), settings: settings)
        #expect(r.windows.filter { $0.startS > 60 }.allSatisfy { $0.kind == .uncertain && $0.kindPercent < 30 })
        #expect(r.windows.filter { $0.startS < 56 }.allSatisfy { $0.kind == .kinetic })
        #expect(r.restTimeS == 0 && r.restTremorTimePercent == nil)
    }

    /// Bursts of 2 s in every 30: 6.7 % of the time, which a tool that counts windows would call 13 or 20.
    @Test func shortBurstsAreAsShortAsTheyAre() throws {
        let samples = tone(5, 2, rate: 100, seconds: 600, noise: 0.01) { Int($0) % 30 < 2 ? 1 : 0 }
        let r = try analyzeTremor(SyntheticSource(samples))
        #expect(abs(r.tremorTimePercent! - 6.67) < 2, "\(r.tremorTimePercent!)")
        #expect(r.bouts.count == 20 && abs(r.peakToPeakCm! / 2 - 1) < 0.1, "\(r.bouts.count) \(r.peakToPeakCm!)")
    }

    @Test func boutsAreWhereTremorIs() throws {
        let samples = tone(6, 1, rate: 100, seconds: 300, noise: 0.02) { ($0 >= 50 && $0 < 100) || $0 >= 200 ? 1 : 0 }
        let r = try analyzeTremor(SyntheticSource(samples))
        #expect(r.bouts.count == 2)
        #expect(abs(r.bouts[0].startS - 50) <= 4 && abs(r.bouts[0].endS - 100) <= 4 && r.bouts[1].endS > 298)
        for bout in r.bouts {
            #expect(abs(bout.peakHz - 6) < 0.01 && abs(bout.peakToPeakCm - 1) < 0.02)
            #expect(bout.peakToPeakCmCI95.low <= bout.peakToPeakCm && bout.peakToPeakCm <= bout.peakToPeakCmCI95.high)
        }
    }

    /// A gap of half a second: no window touches it, and nobody knows what the limb did in it.
    @Test func aGapEndsABout() throws {
        let samples = tone(6, 1, rate: 100, seconds: 200, noise: 0.02).filter { !(100..<100.5).contains($0.time) }
        let r = try analyzeTremor(SyntheticSource(samples))
        #expect(r.windows.allSatisfy(\.isTremor) && r.gaps.count == 1)
        #expect(r.bouts.count == 2 && r.bouts[0].endS <= 100.01 && r.bouts[1].startS >= 100.49)
    }

    @Test(arguments: [100, 102.61])
    func oneWindowWithoutTremorDoesNotEndABout(rate: Double) throws {
        let r = try analyzeTremor(
            SyntheticSource(tone(6, 1, rate: rate, seconds: 100, noise: 0.02) { (50..<53.9).contains($0) ? 0 : 1 }))
        #expect(r.windows.filter { !$0.isTremor }.count == 1 && r.bouts.count == 1)
    }

    /// One window of 700 of noise looks like tremor; two that overlap are a bout.
    @Test func aSingleWindowOfNoiseIsNoBout() throws {
        var r = try analyzeTremor(SyntheticSource(tone(6, 1, rate: 100, seconds: 60, noise: 0.02) { _ in 0 }))
        for place in r.windows.indices { r.windows[place].verdict = .faint }
        r.windows[10].verdict = .tremor
        #expect(r.bouts.isEmpty)
        r.windows[12].verdict = .tremor
        #expect(r.bouts.isEmpty)
        r.windows[11].verdict = .tremor
        #expect(r.bouts.map(\.windows) == [10..<13])
        // Four seconds have one window.
        let short = try analyzeTremor(SyntheticSource(tone(6, 1, rate: 100, seconds: 4.5)))
        #expect(short.windows.count == 1 && short.bouts.count == 1)
    }

    /// Six hours of white noise.
    @Test func noiseHasHardlyABout() throws {
        let r = try analyzeTremor(SyntheticSource(tone(6, 0, rate: 50, seconds: 21600, noise: 0.1, seed: 12)))
        let tremor = r.windows.count { $0.isTremor }
        // 0.15 % of 10800 windows; overlapping pairs are far fewer.
        #expect((5...40).contains(tremor) && r.bouts.count * 4 < tremor, "\(tremor) \(r.bouts.count)")
    }
}
