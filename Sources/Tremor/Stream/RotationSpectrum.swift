import Glibc

/// What a gyroscope adds to a window: the tremor's angle, and the part of the measured acceleration that is only gravity seen from
/// a turning sensor.
///
/// A sensor that turns by θ sees "up" turn the other way: u becomes u − θ × u. Near the tremor's frequency θ = ω / (2πi f), so that
/// the acceleration without gravity is A + Θ × u, bin by bin, with u the mean acceleration of the window.
final class RotationSpectrum {
    private let spectra: SegmentSpectrum
    private let halfWidthHz: Double
    private var bins: [[SIMD2<Double>]] = .init(repeating: [], count: 6)

    init(_ spectra: SegmentSpectrum, halfWidthHz: Double) { (self.spectra, self.halfWidthHz) = (spectra, halfWidthHz) }

    /// The tremor's peak-to-peak angle, degrees, and the displacement without gravity over that with it.
    func measure(
        _ acceleration: [[Double]], _ angularRate: [[Double]], _ start: Int, peak: SpectralPeak, up: SIMD3<Double>
    ) -> (peakToPeakDegrees: Double, gravityScale: Double) {
        let first = max(1, Int(((peak.frequencyHz - halfWidthHz) / spectra.binHz).rounded(.up)))
        let last = min(spectra.bins - 2, Int(((peak.frequencyHz + halfWidthHz) / spectra.binHz).rounded(.down)))
        guard first <= last else { return (.nan, 1) }
        for axis in 0..<6 {
            if bins[axis].count != last - first + 1 { bins[axis] = .init(repeating: .zero, count: last - first + 1) }
            (axis < 3 ? acceleration[axis] : angularRate[axis - 3]).withUnsafeBufferPointer {
                spectra.transform($0.baseAddress! + start, first: first, into: &bins[axis])
            }
        }
        var (measured, moved, turned) = (0.0, 0.0, 0.0)
        for place in 0...(last - first) {
            let omega = 2 * Double.pi * Double(first + place) * spectra.binHz
            // Θ = Ω / (iω): real and imaginary parts change places.
            func angle(_ axis: Int) -> SIMD2<Double> {
                SIMD2(bins[3 + axis][place].y, -bins[3 + axis][place].x) / omega
            }
            let (x, y, z) = (angle(0), angle(1), angle(2))
            func add(_ a: SIMD2<Double>, _ cross: SIMD2<Double>) {
                let free = a + cross
                measured += (a * a).sum()
                moved += (free * free).sum()
            }
            add(bins[0][place], y * up.z - z * up.y)
            add(bins[1][place], z * up.x - x * up.z)
            add(bins[2][place], x * up.y - y * up.x)
            turned += (x * x).sum() + (y * y).sum() + (z * z).sum()
        }
        let power = turned * spectra.densityScale * spectra.binHz
        return (
            2 * 2.0.squareRoot() * power.squareRoot() * 180 / Double.pi,
            measured > 0 ? (moved / measured).squareRoot() : 1
        )
    }
}
