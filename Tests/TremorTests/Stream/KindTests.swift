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

    /// Twenty minutes with the arm on the lap, four times held out for a minute; tremor comes back 8 s after the arm is up.
    @Test func tremorThatComesBackInAPostureIsReEmergent() throws {
        let up = SIMD3(0.0, 9.80665, 0), out = SIMD3(0, 6.0, 7.757)
        var random = SeededNoise(seed: 3)
        let omega = 2 * Double.pi * 5
        let samples = (0..<(1200 * 50)).map { place -> SyntheticSource.Sample in
            let t = Double(place) / 50
            let phase = t.truncatingRemainder(dividingBy: 300)
            let isOut = phase >= 200 && phase < 260
            let on = isOut ? phase >= 210 : phase < 195
            // The arm takes two seconds to rise.
            let share = min(1, max(0, isOut ? (phase - 200) / 2 : phase >= 260 ? 1 - (phase - 260) / 2 : 0))
            let gravity = up * (1 - share) + out * share
            let a = on ? -0.01 * omega * omega * sin(omega * t) : 0
            let noise = 0.02 * SIMD3(random.gaussian(), random.gaussian(), random.gaussian())
            return .init(time: t, acceleration: gravity + SIMD3(a, 0, 0) + noise)
        }
        let r = try analyzeTremor(SyntheticSource(samples))
        // Windows that hold the onset itself may be uncertain.
        let posture = r.windows.filter { (213..<254).contains($0.startS.truncatingRemainder(dividingBy: 300)) }
        let lap = r.windows.filter { $0.startS.truncatingRemainder(dividingBy: 300) < 190 }
        #expect(posture.filter(\.isTremor).allSatisfy { $0.kind == .reEmergent } && posture.contains(where: \.isTremor))
        #expect(lap.allSatisfy { $0.kind == .rest || $0.startS < 4 || $0.kind == .uncertain })
        #expect(lap.filter { $0.kind == .rest }.count > 9 * lap.count / 10)
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
}
