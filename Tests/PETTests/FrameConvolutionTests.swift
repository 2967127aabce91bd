import Foundation
import PET
import Testing

@Suite struct SampledCurveTests {
    @Test func isStraightBetweenSamplesRisesFromZeroAndGoesOn() throws {
        let curve = try #require(SampledCurve(times: [1, 3, 5], values: [2, 6, 4]))
        #expect([-1, 0, 0.5, 1, 2, 3, 4, 5, 6].map { curve.value(at: $0) } == [0, 0, 1, 2, 4, 6, 5, 4, 3])
        #expect(curve.value(at: 100) == 0, "a falling end stops at 0")
        let below = try #require(SampledCurve(times: [0, 1], values: [-2, -1]))
        #expect(below.value(at: 9) == 0)
        #expect(try #require(SampledCurve(times: [0], values: [3])).value(at: 9) == 3)
    }

    @Test func bloodGoesOnLevelAfterItsLastSample() throws {
        let rising = try #require(SampledCurve(times: [0, 1, 2], values: [0, 4, 5]))
        let input = ArterialInput(parentPlasma: rising, wholeBlood: rising)
        #expect(input.parentPlasma.value(at: 9) == 5 && input.wholeBlood?.value(at: 9) == 5)
        #expect(input.delayed(byMin: 1).parentPlasma.value(at: 9) == 5 && rising.value(at: 9) == 12)
    }

    @Test(arguments: [[], [1.0, 1], [2, 1], [-1, 1], [.nan, 1], [0, .infinity]])
    func refusesTimesThatDoNotAscend(times: [Double]) {
        #expect(SampledCurve(times: times, values: times.map { _ in 1 }) == nil)
    }

    @Test func aDelayShiftsAndCutsAtTimeZero() throws {
        let curve = try #require(SampledCurve(times: [0, 1, 2], values: [0, 4, 2]))
        for time in [0, 0.2, 0.5, 1, 1.3, 1.9] {
            #expect(abs(curve.delayed(byMin: 0.5).value(at: time + 0.5) - curve.value(at: time)) < 1e-14)
            #expect(abs(curve.delayed(byMin: -0.5).value(at: time) - curve.value(at: time + 0.5)) < 1e-14)
        }
        #expect(curve.delayed(byMin: 0) == curve)
        #expect(curve.delayed(byMin: 0.5).value(at: 0.4) == 0)
    }
}

@Suite struct FrameConvolutionTests {
    let frames = FrameTimes(starts: [0, 0.5, 1, 3, 10], ends: [0.5, 1, 3, 10, 60])

    /// u = 1 + 2t: u ⊗ e^(-θt) = (1/θ - 2/θ²)(1 - e^(-θt)) + 2t/θ, averaged over a frame in closed form.
    @Test(arguments: [1e-9, 1e-4, 0.01, 0.3, 2, 40.0])
    func aStraightInputHasTheClosedForm(theta: Double) throws {
        let line = try #require(SampledCurve(times: [0, 0.1, 7, 61], values: [1, 1.2, 15, 123]))
        let found = FrameConvolution(input: line, frames: frames).averages(theta: theta)
        for place in 0..<frames.count {
            let (s, e) = (frames.starts[place], frames.ends[place])
            let expected: Double
            if theta * e < 1e-3 {
                // Series in θ: ∫ (1 + 2t) ⊗ (1 - θt) = t²/2 + t³/3 - θ(t³/6 + t⁴/12), next term below 1e-6 of it.
                func integral(_ t: Double) -> Double {
                    t * t / 2 + t * t * t / 3 - theta * (t * t * t / 6 + t * t * t * t / 12)
                }
                expected = (integral(e) - integral(s)) / (e - s)
            } else {
                func integral(_ t: Double) -> Double {
                    (1 / theta - 2 / (theta * theta)) * (t - (1 - exp(-theta * t)) / theta) + t * t / theta
                }
                expected = (integral(e) - integral(s)) / (e - s)
            }
            // The closed form itself cancels by 1/(θt)² at small θt.
            #expect(
                abs(found[place] / expected - 1) < (theta == 0.01 || theta == 1e-4 ? 1e-6 : 1e-10), "frame \(place)")
        }
    }

    /// The series below z = 0.5 and the differences above meet: a step to either side changes as θ does, not more.
    @Test func seriesAndDifferencesMeet() throws {
        let input = try #require(SampledCurve(times: [0, 1, 2], values: [0, 10, 3]))
        let convolution = FrameConvolution(input: input, frames: FrameTimes(starts: [0], ends: [2]))
        let (below, above) = (convolution.averages(theta: 0.5 - 1e-9)[0], convolution.averages(theta: 0.5 + 1e-9)[0])
        #expect(abs(below / above - 1) < 1e-8 && below > above)
    }

    @Test func timeBetweenFramesIsNotLost() throws {
        let input = try #require(SampledCurve(times: [0, 60], values: [1, 1]))
        let gap = FrameTimes(starts: [5, 20], ends: [6, 30])
        #expect(
            FrameConvolution(input: input, frames: gap).averages(theta: 0).map { ($0 * 1e9).rounded() / 1e9 } == [
                5.5, 25,
            ])
        #expect(FrameConvolution(input: input, frames: gap).inputAverages == [1, 1])
    }
}
