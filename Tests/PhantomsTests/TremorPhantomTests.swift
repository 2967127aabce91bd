import Phantoms
import Records
import Statistics
import Testing

struct TremorPhantomTests {
    private func length(_ v: SIMD3<Double>) -> Double { (v * v).sum().squareRoot() }

    /// Five-point second differences of the displacement at 1000 Hz: their error is (2πf h)⁴/90 of it, 1e-7 at 5 Hz; edges of
    /// bursts have jumps in the third derivative, hence 2e-3 of the largest acceleration there.
    @Test(arguments: [100.0, 50.0])
    func accelerationIsTheSecondDerivativeOfTheDisplacement(constancy: Double) {
        var settings = TremorPhantomSettings()
        (settings.sampleRateHz, settings.durationS, settings.noise) = (1000, 20, 0)
        (settings.postureDriftDegrees, settings.constancyPercent) = (0, constancy)
        let phantom = tremorPhantom(settings)
        let direction = settings.direction / length(settings.direction)
        let gravity = settings.gravity * (9.80665 / length(settings.gravity))
        let d = phantom.displacement
        let largest = 0.01 * (2 * Double.pi * 5) * (2 * Double.pi * 5)
        for i in 2..<(d.count - 2) {
            let second = (-d[i - 2] + 16 * d[i - 1] - 30 * d[i] + 16 * d[i + 1] - d[i + 2]) / 12e-6
            let moving = phantom.acceleration[i] - gravity
            #expect(length(moving - second * direction) < (constancy == 100 ? 1e-5 : 2e-3) * largest)
        }
        #expect(abs(d.max()! - d.min()! - 0.02) < 1e-5)
    }

    @Test func samplesKeepTheirFractionalRateAndJitterStaysSmall() throws {
        var settings = TremorPhantomSettings()
        (settings.sampleRateHz, settings.jitterS, settings.durationS) = (98.87, 0.001, 30)
        let phantom = tremorPhantom(settings)
        #expect(phantom.times.count == 2966)
        #expect(zip(phantom.times, phantom.times.dropFirst()).allSatisfy { $0 < $1 })
        for (i, time) in phantom.times.enumerated() { #expect(abs(time - Double(i) / 98.87) <= 0.45 / 98.87) }
        #expect(abs(Double(2965) / (phantom.times.last! - phantom.times[0]) - 98.87) < 0.05)
        #expect(phantom.truth["sample_rate_hz"]?.double == 98.87)
    }

    @Test func gapsAreWhereTheyWereAskedFor() {
        var settings = TremorPhantomSettings()
        settings.gapsS = [10..<15, 40..<40.5]
        let phantom = tremorPhantom(settings)
        #expect(phantom.times.count == 6000 - 550)
        #expect(!phantom.times.contains { $0 >= 10 && $0 < 15 || $0 >= 40 && $0 < 40.5 })
        let longest = zip(phantom.times, phantom.times.dropFirst()).map { $1 - $0 }.max()!
        #expect(abs(longest - 5.01) < 1e-9)
        #expect(phantom.truth["gaps_s"]?[0]?.doubles == [10, 15])
    }

    /// Edges of half a second are cut at their middle, so the share is that of the bursts; a sample of 6000 is 0.02 %.
    @Test(arguments: [25.0, 60, 90])
    func tremorTakesTheShareOfTimeAskedFor(constancy: Double) throws {
        var settings = TremorPhantomSettings()
        settings.constancyPercent = constancy
        let phantom = tremorPhantom(settings)
        #expect(abs(try #require(phantom.truth["tremor_time_percent"]?.double) - constancy) < 1)
        settings.constancyPercent = 0
        #expect(tremorPhantom(settings).displacement.allSatisfy { $0 == 0 })
    }

    @Test func gravityKeepsItsLengthWhileThePostureDrifts() {
        var settings = TremorPhantomSettings()
        (settings.peakToPeakCm, settings.noise, settings.postureDriftDegrees) = (0, 0, 5)
        let phantom = tremorPhantom(settings)
        let start = phantom.acceleration[0]
        var largest = 0.0
        for a in phantom.acceleration {
            #expect(abs(length(a) - 9.80665) < 1e-9)
            largest = max(largest, length(a - start))
        }
        // The chord of 5 degrees.
        #expect(abs(largest - 2 * 9.80665 * PortableMath.sin(2.5 * Double.pi / 180)) < 1e-4)
    }

    /// Standard error of a standard deviation from 6000 deviates: 0.9 %.
    @Test func noiseHasTheSizeAskedFor() {
        var settings = TremorPhantomSettings()
        (settings.peakToPeakCm, settings.noise, settings.postureDriftDegrees) = (0, 0.1, 0)
        let x = tremorPhantom(settings).acceleration.map(\.x)
        let mean = x.reduce(0, +) / Double(x.count)
        let sd = (x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(x.count)).squareRoot()
        #expect(abs(sd / 0.1 - 1) < 0.04)
    }

    @Test func theTableHoldsTheSamples() throws {
        var settings = TremorPhantomSettings()
        settings.durationS = 3
        let phantom = tremorPhantom(settings)
        let lines = phantom.csv.split(separator: "\n")
        #expect(lines[0] == "time_s,x_m_s2,y_m_s2,z_m_s2")
        #expect(lines.count == 301)
        for (line, (time, a)) in zip(lines.dropFirst(), zip(phantom.times, phantom.acceleration)) {
            let values = line.split(separator: ",").compactMap { Double($0) }
            #expect(values.count == 4)
            for (value, exact) in zip(values, [time, a.x, a.y, a.z]) { #expect(abs(value - exact) <= 0.50001e-4) }
        }
        #expect(tremorPhantom(settings).csv == phantom.csv)
        settings.seed = 2
        #expect(tremorPhantom(settings).csv != phantom.csv)
    }
}
