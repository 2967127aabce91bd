import Tremor

/// A recording's spectrum above its spectrogram, as one picture.
public enum TremorPicture {
    /// The PNG's bytes. `title` says where the sensor was; never a name.
    public static func png(of result: TremorResult, title: String = "") throws -> [UInt8] {
        let name = title.isEmpty ? "" : ", \(title)"
        let shown = result.spectrum.frequenciesHz.indices.filter { result.spectrum.frequenciesHz[$0] <= 20 }
        let spectrum = LineChart.spectrum(
            title: "Spectrum\(name)", frequency: shown.map { result.spectrum.frequenciesHz[$0] },
            power: shown.map { result.spectrum.psdTotal[$0] }, unit: "(m/s²)²/Hz", band: 3...12, bandLabel: "tremor",
            peak: result.peakFrequencyHz, size: .whole)
        let above = spectrum.draw()
        guard let below = HeatMap(spectrogramOf: result, title: "Spectrogram\(name)")?.draw() else {
            return try PNG.encode(above)
        }
        return try PNG.encode(above.stacked(over: below))
    }
}

extension RGBAImage {
    /// This picture above another one, on the first pixel's colour where one is narrower.
    func stacked(over other: RGBAImage) -> RGBAImage {
        var both = RGBAImage(width: max(width, other.width), height: height + other.height, filledWith: self[0, 0])
        for (image, top) in [(self, 0), (other, height)] {
            for y in 0..<image.height { for x in 0..<image.width { both[x, top + y] = image[x, y] } }
        }
        return both
    }
}
