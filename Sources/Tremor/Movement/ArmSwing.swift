import Glibc
import Records

/// The swing of an arm in walking, from the angular rate of the wrist about its principal axis.
public struct ArmSwing: Sendable, Equatable {
    /// Swings to and fro a second, Hz: strides, where the arm takes part. `nil` where no frequency of the band stands out.
    public let frequencyHz: Double?
    /// The median angle of a swing, degrees, from reversal to reversal.
    public let rangeDeg: Double
    /// SD over mean of the angles.
    public let rangeCV: Double
    /// The median of the swings' highest rates, degrees a second.
    public let peakRateDegPerS: Double
    /// How alike swings are: autocorrelation at the swing's period, 1 for the same. `nil` without a frequency.
    public let regularity: Double?
    /// Swings in one direction or the other.
    public let swings: Int

    /// An arm whose median swing is less does not swing: a sensor's noise turns by less than half of this, degrees.
    static let smallestDeg = 2.0

    /// The swings of a stretch; `nil` of fewer than four, or where their median is below 2°.
    ///
    /// - Parameters:
    ///   - axes: angular rate about x, y and z, rad/s, at a constant rate, without a sample missing in `places`.
    ///   - places: the stretch, samples.
    ///   - band: where the swing may be, Hz [Timmermans2025].
    public init?(
        angularRate axes: [[Double]], in places: Range<Int>, sampleRateHz: Double,
        band: ClosedRange<Double> = 0.35...1.75
    ) {
        guard let axis = PrincipalAxis(of: axes, in: places) else { return nil }
        var rate = axis.projection(of: axes, in: places)
        let mean = rate.reduce(0, +) / Double(rate.count)
        for place in rate.indices { rate[place] -= mean }
        let smooth = Self.smoothed(rate, sampleRateHz)
        let whole = AngularSwings(
            smooth, sampleRateHz: sampleRateHz, level: AngularSwings.level(of: smooth), shortest: 0.1 * sampleRateHz
        ).whole(count: smooth.count)
        guard whole.count >= 4 else { return nil }
        let angles = whole.map { abs($0.angle) * 180 / Double.pi }
        let average = angles.reduce(0, +) / Double(angles.count)
        let squares = angles.reduce(0) { $0 + ($1 - average) * ($1 - average) }
        rangeDeg = Median.of(angles)
        guard rangeDeg >= Self.smallestDeg else { return nil }
        rangeCV = (squares / Double(angles.count - 1)).squareRoot() / average
        peakRateDegPerS = Median.of(whole.map { $0.peakRate * 180 / Double.pi })
        swings = whole.count
        frequencyHz = Self.frequency(rate, sampleRateHz, band)
        regularity = frequencyHz.map { StepFinder.autocorrelation(smooth, near: sampleRateHz / $0) }
    }

    /// The highest peak of the band in the averaged spectrum of segments of 4 s.
    private static func frequency(_ rate: [Double], _ hz: Double, _ band: ClosedRange<Double>) -> Double? {
        let length = min(rate.count, Int((4 * hz).rounded()))
        guard let spectrum = welch(rate, sampleRateHz: hz, segmentLength: length, overlap: length / 2, detrend: .linear)
        else { return nil }
        let bins = stride(from: 1, to: spectrum.density.count - 1, by: 1).filter {
            SpectralPeak.isPeak(spectrum, $0) && spectrum.density[$0] > 0
                && band.contains(SpectralPeak.refined(spectrum, $0) * spectrum.binHz)
        }
        guard let best = bins.max(by: { spectrum.density[$0] < spectrum.density[$1] }) else { return nil }
        return SpectralPeak.refined(spectrum, best) * spectrum.binHz
    }

    /// The rate without what is faster than a swing: a low-pass, 0.998 at 1.5 Hz, half at 3.5 Hz. At the ends its taps are those
    /// that have a sample.
    private static func smoothed(_ rate: [Double], _ hz: Double) -> [Double] {
        let reach = Int((0.75 * hz).rounded())
        let taps = (-reach...reach).map { place -> Double in
            let x = 2 * 3.5 * Double(place) / hz
            let sinc = place == 0 ? 1 : sin(Double.pi * x) / (Double.pi * x)
            let share = Double(place) / Double(reach + 1)
            return sinc * (0.42 + 0.5 * cos(Double.pi * share) + 0.08 * cos(2 * Double.pi * share))
        }
        return rate.indices.map { place in
            let (first, last) = (max(0, place - reach), min(rate.count - 1, place + reach))
            var (sum, weight) = (0.0, 0.0)
            for other in first...last {
                let tap = taps[other - place + reach]
                sum += tap * rate[other]
                weight += tap
            }
            return sum / weight
        }
    }

    /// The swing as JSON members.
    public var members: [JSONValue.Member] {
        [
            .init("frequency_hz", JSONValue(frequencyHz)), .init("range_deg", .number(rangeDeg)),
            .init("range_cv", .number(rangeCV)), .init("peak_rate_deg_s", .number(peakRateDegPerS)),
            .init("regularity", JSONValue(regularity)), .init("swings", .integer(swings)),
        ]
    }
}
