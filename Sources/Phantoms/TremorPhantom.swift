import Records
import Statistics

/// What a tremor phantom is made with: a sensor on a limb that shakes in a straight line.
public struct TremorPhantomSettings: Sendable {
    /// The seed of noise, jitter, phases and bursts.
    public var seed: UInt64 = 1
    /// True samples a second; need not be whole.
    public var sampleRateHz: Double = 100
    /// Length of the recording, s.
    public var durationS: Double = 60
    /// Tremor frequency, Hz.
    public var frequencyHz: Double = 5
    /// Peak-to-peak displacement while there is tremor, cm.
    public var peakToPeakCm: Double = 2
    /// The direction of the displacement in the sensor's axes; need not have length 1.
    public var direction: SIMD3<Double> = [0.3, 0.9, 0.3]
    /// What the sensor shows at rest in its axes, in the direction opposite to falling; its length is set to 9.80665 m/s².
    public var gravity: SIMD3<Double> = [0.1, 0.2, 0.97]
    /// The angle through which the posture drifts, slowly to and fro about the direction of tremor's normal, degrees.
    public var postureDriftDegrees: Double = 2
    /// Noise of the sensor, standard deviation on each axis, m/s².
    public var noise: Double = 0.02
    /// Jitter of the time stamps, standard deviation, s; samples themselves are taken evenly.
    public var jitterS: Double = 0
    /// Missing stretches, s from the start: samples stamped inside are left out.
    public var gapsS: [Range<Double>] = []
    /// The share of the time with tremor, %.
    public var constancyPercent: Double = 100
    /// The mean length of a burst, s, where the share is below 100 %.
    public var burstS: Double = 4

    /// A minute of a steady 2 cm tremor at 5 Hz.
    public init() {}
}

/// A recording of which the tremor is known.
public struct TremorPhantom: Sendable {
    /// The recording as a table: `time_s,x_m_s2,y_m_s2,z_m_s2`.
    public let csv: String
    /// Every parameter, and what an analysis should find.
    public let truth: JSONValue
    /// Stamps of the samples that are left, s.
    public let times: [Double]
    /// What the sensor shows: acceleration and gravity, m/s², on its axes.
    public let acceleration: [SIMD3<Double>]
    /// The displacement from the mean place at the true time of each sample, m, along the direction of tremor.
    public let displacement: [Double]
}

/// Makes a tremor phantom.
///
/// Displacement is e(t) · A · sin(2πft + φ) along one direction, with e a train of bursts whose edges rise and fall as a quintic
/// in half a second; acceleration is its exact second derivative, so that amplitude in cm is known without integration.
/// Gravity turns slowly with the posture. Lever-arm rotation is left out.
public func tremorPhantom(_ settings: TremorPhantomSettings) -> TremorPhantom {
    precondition(settings.sampleRateHz > 0 && settings.durationS > 0, "a recording has a rate and a length")
    precondition(length(settings.direction) > 0 && length(settings.gravity) > 0, "a direction has a length")
    var random = RandomSource(seed: settings.seed)
    let phase = 2 * PortableMath.pi * random.uniform()
    let envelope = BurstTrain(settings, random: &random)
    let posture = PostureDrift(settings)
    let direction = settings.direction / length(settings.direction)
    let omega = 2 * PortableMath.pi * settings.frequencyHz
    let amplitude = settings.peakToPeakCm / 200

    let count = Int((settings.durationS * settings.sampleRateHz).rounded())
    var (times, acceleration, displacement) = ([Double](), [SIMD3<Double>](), [Double]())
    var tremorSamples = 0
    for sample in 0..<count {
        let t = Double(sample) / settings.sampleRateHz
        let (e, de, dde) = envelope(t)
        // The argument is reduced to one turn first: sines of large arguments lose bits.
        let turns = settings.frequencyHz * t
        let angle = 2 * PortableMath.pi * (turns - turns.rounded(.down)) + phase
        let (s, c) = (PortableMath.sin(angle), PortableMath.cos(angle))
        let along = amplitude * (dde * s + 2 * de * omega * c - e * omega * omega * s)
        let noise = SIMD3(random.gaussian(), random.gaussian(), random.gaussian()) * settings.noise
        let limit = 0.45 / settings.sampleRateHz
        let stamp = max(0, t + min(max(settings.jitterS * random.gaussian(), -limit), limit))
        guard !settings.gapsS.contains(where: { $0.contains(t) }) else { continue }
        times.append(stamp)
        acceleration.append(posture.gravity(at: t) + along * direction + noise)
        displacement.append(amplitude * e * s)
        if e >= 0.5 { tremorSamples += 1 }
    }
    return TremorPhantom(
        csv: table(times, acceleration),
        truth: settings.truth(samples: times.count, tremorSamples: tremorSamples, direction: direction),
        times: times, acceleration: acceleration, displacement: displacement)
}

private func length(_ v: SIMD3<Double>) -> Double { (v.x * v.x + v.y * v.y + v.z * v.z).squareRoot() }

private func table(_ times: [Double], _ acceleration: [SIMD3<Double>]) -> String {
    var text = "time_s,x_m_s2,y_m_s2,z_m_s2\n"
    for (time, a) in zip(times, acceleration) {
        text += "\(fixed(time, decimals: 6)),\(fixed(a.x, decimals: 4)),\(fixed(a.y, decimals: 4)),"
        text += "\(fixed(a.z, decimals: 4))\n"
    }
    return text
}

/// A number with a fixed number of decimals.
func fixed(_ value: Double, decimals: Int) -> String {
    let unit = PortableMath.pow(10, Double(decimals))
    let scaled = (abs(value) * unit).rounded()
    let (whole, rest) = Int(scaled).quotientAndRemainder(dividingBy: Int(unit))
    let digits = String(rest)
    let fraction = decimals > 0 ? "." + String(repeating: "0", count: decimals - digits.count) + digits : ""
    return (value < 0 && scaled > 0 ? "-" : "") + String(whole) + fraction
}

/// Gravity on the sensor's axes while the posture drifts.
private struct PostureDrift {
    let resting, turned: SIMD3<Double>
    let drift, period: Double

    init(_ settings: TremorPhantomSettings) {
        resting = settings.gravity * (9.80665 / length(settings.gravity))
        // Turns in the plane of gravity and the axis that is most across it.
        let axes: [SIMD3<Double>] = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
        let axis = axes.min { abs(($0 * settings.gravity).sum()) < abs(($1 * settings.gravity).sum()) }!
        let across = axis - resting * ((axis * resting).sum() / (resting * resting).sum())
        turned = across * (9.80665 / length(across))
        drift = settings.postureDriftDegrees * PortableMath.pi / 180
        period = max(settings.durationS, 40)
    }

    func gravity(at t: Double) -> SIMD3<Double> {
        let angle = drift * PortableMath.sin(2 * PortableMath.pi * t / period)
        return resting * PortableMath.cos(angle) + turned * PortableMath.sin(angle)
    }
}

/// When there is tremor: 1 in bursts, 0 between, with smooth edges of half a second.
private struct BurstTrain {
    /// Middles of the rising and falling edges, s.
    private var bursts: [(on: Double, off: Double)] = []
    private static let edge = 0.5

    init(_ settings: TremorPhantomSettings, random: inout RandomSource) {
        let share = min(max(settings.constancyPercent / 100, 0), 1)
        guard share > 0 else { return }
        guard share < 1 else {
            bursts = [(-.infinity, .infinity)]
            return
        }
        // Equal slots, each with one burst of the wanted share at a random place in it.
        let slots = max(1, Int((settings.durationS * share / settings.burstS).rounded()))
        let slot = settings.durationS / Double(slots)
        for place in 0..<slots {
            let start = Double(place) * slot + random.uniform() * slot * (1 - share)
            bursts.append((start, start + slot * share))
        }
    }

    /// The envelope and its first two derivatives in time.
    func callAsFunction(_ t: Double) -> (Double, Double, Double) {
        for burst in bursts where t > burst.on - Self.edge && t < burst.off + Self.edge {
            if burst.on == -.infinity { return (1, 0, 0) }
            let (up, down) = (Self.step(t - burst.on), Self.step(t - burst.off))
            // Between two edges only one moves, unless the burst is shorter than an edge: the difference holds in any case.
            let next = bursts.first { $0.on > burst.on && t > $0.on - Self.edge }.map { Self.step(t - $0.on) }
            let add = next ?? (0, 0, 0)
            return (up.0 - down.0 + add.0, up.1 - down.1 + add.1, up.2 - down.2 + add.2)
        }
        return (0, 0, 0)
    }

    /// A quintic from 0 to 1 about 0 with no slope and no curvature at its ends, and its derivatives.
    private static func step(_ t: Double) -> (Double, Double, Double) {
        let u = t / edge + 0.5
        if u <= 0 { return (0, 0, 0) }
        if u >= 1 { return (1, 0, 0) }
        let value = u * u * u * (10 + u * (6 * u - 15))
        let slope = 30 * u * u * (1 - u) * (1 - u) / edge
        let curvature = 60 * u * (1 - u) * (1 - 2 * u) / (edge * edge)
        return (value, slope, curvature)
    }
}

extension TremorPhantomSettings {
    fileprivate func truth(samples: Int, tremorSamples: Int, direction: SIMD3<Double>) -> JSONValue {
        let amplitude = peakToPeakCm / 200
        let omega = 2 * PortableMath.pi * frequencyHz
        return [
            "seed": .string(String(seed)), "sample_rate_hz": .number(sampleRateHz), "duration_s": .number(durationS),
            "samples": .integer(samples), "frequency_hz": .number(frequencyHz),
            "peak_to_peak_cm": .number(peakToPeakCm),
            "acceleration_rms_m_s2": .number(amplitude * omega * omega / 2.0.squareRoot()),
            "direction": JSONValue([direction.x, direction.y, direction.z]),
            "gravity_m_s2": JSONValue([gravity.x, gravity.y, gravity.z].map { $0 * 9.80665 / length(gravity) }),
            "posture_drift_degrees": .number(postureDriftDegrees), "noise_m_s2": .number(noise),
            "jitter_s": .number(jitterS),
            "gaps_s": .array(gapsS.map { JSONValue([$0.lowerBound, $0.upperBound]) }),
            "constancy_percent": .number(constancyPercent),
            "tremor_time_percent": .number(samples > 0 ? 100 * Double(tremorSamples) / Double(samples) : 0),
        ]
    }
}
