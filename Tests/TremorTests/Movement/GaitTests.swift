import Foundation
import TestSupport
import Testing
import Tremor

@Suite struct GaitTests {
    /// 20 s of standing, 30 s of walking, 20 s of standing: each step shakes the wrist along gravity, the arm swings once a stride, and
    /// gravity turns with it in the sensor's frame.
    private func walk(stepHz: Double, swingDeg: Double, rate: Double = 100) -> (
        acceleration: [[Double]], turning: [[Double]]
    ) {
        var random = SeededNoise(seed: 31)
        var (acceleration, turning): ([[Double]], [[Double]]) = ([[], [], []], [[], [], []])
        for place in 0..<Int(70 * rate) {
            let time = Double(place) / rate
            let isWalking = time >= 20 && time < 50
            let phase = 2 * .pi * stepHz * (time - 20)
            let angle = isWalking ? swingDeg / 2 * .pi / 180 * sin(phase / 2) : 0
            let speed = isWalking ? swingDeg / 2 * .pi / 180 * cos(phase / 2) * .pi * stepHz : 0
            let shake = isWalking ? 2 * cos(phase) + 0.7 * cos(2 * phase + 1) : 0
            let down = SIMD3(sin(angle), cos(angle), 0) * (9.80665 + shake)
            let about = SIMD3(0.0, 0.28, 0.96) * speed
            for axis in 0..<3 {
                acceleration[axis].append(down[axis] + 0.1 * random.gaussian())
                turning[axis].append(about[axis] + 0.02 * random.gaussian())
            }
        }
        return (acceleration, turning)
    }

    @Test(arguments: [1.4, 1.8, 2.2], [10.0, 40.0])
    func aBoutHasItsCadenceAndItsSwing(stepHz: Double, swingDeg: Double) throws {
        let (acceleration, turning) = walk(stepHz: stepHz, swingDeg: swingDeg)
        let gait = try GaitAnalysis(acceleration: acceleration, angularRate: turning, sampleRateHz: 100)
        #expect(gait.bouts.count == 1 && gait.windowsLeftOut == 0)
        let bout = try #require(gait.bouts.first)
        #expect(abs(bout.startS - 20) <= 2 && abs(bout.startS + bout.durationS - 50) <= 2)
        // A parabola between bins of 0.25 Hz is off by 0.004 Hz; windows at the bout's ends are half filled.
        #expect(abs(bout.cadence - 60 * stepHz) < 1)
        #expect(bout.regularity > 0.8)
        let swing = try #require(bout.armSwing)
        #expect(abs(try #require(swing.frequencyHz) - stepHz / 2) < 0.01)
        // The low-pass has 0.998 at 1.5 Hz; noise turns 0.5° at most.
        #expect(abs(swing.rangeDeg - swingDeg) < 0.01 * swingDeg + 0.5)
        #expect(try #require(swing.regularity) > 0.8)
        #expect(abs(try #require(gait.cadence) - bout.cadence) < 1e-9)
    }

    @Test(arguments: [1.4, 1.8, 2.2])
    func withoutAGyroscopeThereIsCadenceAndNoSwing(stepHz: Double) throws {
        let (acceleration, _) = walk(stepHz: stepHz, swingDeg: 30)
        let gait = try GaitAnalysis(acceleration: acceleration, sampleRateHz: 100)
        #expect(gait.bouts.count == 1 && gait.bouts.first?.armSwing == nil)
        #expect(abs(try #require(gait.cadence) - 60 * stepHz) < 1)
    }

    /// The length of the acceleration is all that steps are sought in.
    @Test func theSensorsDirectionDoesNotMatter() throws {
        let (acceleration, turning) = walk(stepHz: 1.8, swingDeg: 30)
        func turned(_ v: [[Double]]) -> [[Double]] {
            [
                v[0].indices.map { 0.36 * v[0][$0] + 0.48 * v[1][$0] - 0.8 * v[2][$0] },
                v[0].indices.map { -0.8 * v[0][$0] + 0.6 * v[1][$0] },
                v[0].indices.map { 0.48 * v[0][$0] + 0.64 * v[1][$0] + 0.6 * v[2][$0] },
            ]
        }
        let a = try GaitAnalysis(acceleration: acceleration, angularRate: turning, sampleRateHz: 100)
        let b = try GaitAnalysis(acceleration: turned(acceleration), angularRate: turned(turning), sampleRateHz: 100)
        let cadences = [try #require(a.cadence), try #require(b.cadence)]
        #expect(abs(cadences[0] - cadences[1]) < 1e-6)
        let ranges = try [a, b].map { try #require($0.bouts.first?.armSwing).rangeDeg }
        #expect(abs(ranges[0] - ranges[1]) < 1e-6)
    }

    @Test func tremorNoiseAndStillnessAreNoWalking() throws {
        var random = SeededNoise(seed: 8)
        let noise = [9.8, 0, 0].map { mean in (0..<6000).map { _ -> Double in mean + 0.8 * random.gaussian() } }
        let wave = (0..<6000).map { 3 * sin(2 * .pi * 5 * Double($0) / 100) }
        let tremor = [wave.map { 9.8 + 0.5 * $0 }, wave, wave]
        let still = [[Double]](repeating: [Double](repeating: 0, count: 6000), count: 3)
        for axes in [noise, tremor, still] {
            let gait = try GaitAnalysis(acceleration: axes, sampleRateHz: 100)
            #expect(gait.bouts.isEmpty && gait.cadence == nil && gait.windows == 57)
        }
    }

    @Test func aHoleCutsABout() throws {
        var (acceleration, turning) = walk(stepHz: 1.8, swingDeg: 30)
        for place in 3500..<3505 { acceleration[2][place] = .nan }
        let gait = try GaitAnalysis(acceleration: acceleration, angularRate: turning, sampleRateHz: 100)
        #expect(gait.bouts.count == 2 && gait.windowsLeftOut == 4)
        #expect(gait.bouts.allSatisfy { $0.startS + $0.durationS <= 35 || $0.startS >= 35.05 })
        turning[0] = []
        #expect(throws: RecordingError.rateTooLow(rate: 12, needed: 20)) {
            try GaitAnalysis(acceleration: acceleration, sampleRateHz: 12)
        }
    }

    /// 12 jerks in two minutes of steps, each of which spoils a window or two: those on both sides share samples, and no second may
    /// be counted twice.
    @Test func boutsDoNotOverlap() throws {
        let length = (0..<12_000).map { place -> Double in
            let time = Double(place) / 100
            let isJerk = (0..<12).contains { (8 + 9 * Double($0)..<8.3 + 9 * Double($0)).contains(time) }
            return 9.81 + 1.8 * cos(2 * .pi * 1.8 * time) + 0.6 * cos(4 * .pi * 1.8 * time) + (isJerk ? 12 : 0)
        }
        let zeros = [Double](repeating: 0, count: length.count)
        let gait = try GaitAnalysis(acceleration: [zeros, zeros, length], sampleRateHz: 100)
        #expect(!gait.bouts.isEmpty)
        #expect(zip(gait.bouts, gait.bouts.dropFirst()).allSatisfy { $0.startS + $0.durationS < $1.startS })
        #expect(gait.walkingS <= 120)
    }

    /// 6 s at 100 Hz are 5.99 s from the first sample to the last, and walking in all of them is 100 %.
    @Test func walkingAllTheTimeIsAHundredPercent() throws {
        let length = (0..<600).map { 9.81 + 2 * cos(2 * .pi * 1.8 * Double($0) / 100) }
        let zeros = [Double](repeating: 0, count: length.count)
        let found = try Walking(Recording(acceleration: [zeros, zeros, length], sampleRateHz: 100))
        #expect(abs(found.bouts.walkingS - 5.99) < 1e-9 && abs(found.time.analyzedS - 5.99) < 1e-9)
        #expect(abs(found.walkingPercent - 100) < 1e-9)
    }

    /// A wrist whose shaking at `hz` has `second` times as much at twice that: steps that are heard twice, or strides.
    private func steps(_ hz: Double, second: Double) -> [[Double]] {
        let length = (0..<3000).map { place -> Double in
            let turn = 2 * Double.pi * hz * Double(place) / 100
            return 9.81 + 2 * cos(turn) + 2 * second * cos(2 * turn)
        }
        return [[Double](repeating: 0, count: 3000), [Double](repeating: 0, count: 3000), length]
    }

    @Test(arguments: [1.0, 1.1])
    func aRateThatWasDoubledNamesTheOther(hz: Double) throws {
        let gait = try GaitAnalysis(acceleration: steps(hz, second: 0.8), sampleRateHz: 100)
        let bout = try #require(gait.bouts.first)
        let rates = [bout.cadence, try #require(bout.otherCadence)].sorted()
        #expect(abs(rates[0] - 60 * hz) < 2 && abs(rates[1] - 120 * hz) < 2)
    }

    @Test func aRateThatWasHalvedNamesTheOther() throws {
        let gait = try GaitAnalysis(acceleration: steps(1.35, second: 1.4), sampleRateHz: 100)
        let bout = try #require(gait.bouts.first)
        let other = try #require(bout.otherCadence)
        #expect(abs(bout.cadence - 81) < 2 && abs(other - 162) < 2)
    }

    @Test func aUsualRateHasNoOther() throws {
        let bout = try #require(GaitAnalysis(acceleration: steps(1.8, second: 0.4), sampleRateHz: 100).bouts.first)
        #expect(abs(bout.cadence - 108) < 1 && bout.otherCadence == nil)
        #expect(bout.windows.allSatisfy { $0.otherCadence == nil })
    }

    /// 54 steps a minute: strides at 0.45 Hz.
    @Test func slowStepsAreThoseOfTheArm() throws {
        let (acceleration, turning) = walk(stepHz: 0.9, swingDeg: 30)
        let gait = try GaitAnalysis(acceleration: acceleration, angularRate: turning, sampleRateHz: 100)
        #expect(abs(try #require(gait.cadence) - 54) < 2)
    }

    @Test func noiseIsNoSwingOfTheArm() throws {
        let (acceleration, turning) = walk(stepHz: 1.8, swingDeg: 0)
        let gait = try GaitAnalysis(acceleration: acceleration, angularRate: turning, sampleRateHz: 100)
        #expect(!gait.bouts.isEmpty && gait.bouts.allSatisfy { $0.armSwing == nil })
    }

    /// A phone worn upright, 23 s of walking. skdh 0.17.18, GaitLumbar at 100 Hz: median cadence 115.4 over 33 strides, in steps of 1.2
    /// because it counts samples, with a mean of 120.9; scipy's spectrum of the acceleration's length has its peak at 117.8 (welch,
    /// 8 s, padded to 80). 3 steps a minute are what these two differ by.
    @Test(.enabled(if: ReferenceData.isPresent, "the pdkit recordings are not there"))
    func aPhoneHasTheCadenceThatSkdhHas() throws {
        let (axes, rate) = try phone("wearables/pdkit/cloudupdrs_gait.csv")
        let gait = try GaitAnalysis(acceleration: axes, sampleRateHz: rate)
        let cadence = try #require(gait.cadence)
        #expect(abs(cadence - 115.4) < 3 && abs(cadence - 117.8) < 3)
        #expect(gait.walkingS > 15 && gait.walkingS <= 23.3)
    }
}
