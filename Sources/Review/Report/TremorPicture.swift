import Records
import Tremor

/// What was found in a recording, as one picture: the result in words, for long recordings a strip of days, the spectrogram with the
/// tremor's frequency, and the mean spectrum with its interval. Plots have the same edges.
///
/// Days are counted, not dated: a date can tell who somebody is.
public enum TremorPicture {
    /// Recordings from this length on have a strip of days, s.
    public static let longS = 6 * 3600.0
    static let margins = PlotMargins(left: 72, right: 132)

    /// The PNG's bytes. `file` is the recording's name; `site` says where the sensor was; never a person's name.
    public static func png(of result: TremorResult, file: String, site: String? = nil) throws -> [UInt8] {
        // A week's windows take room themselves: its picture has fewer pixels.
        let scale = result.durationS < longS ? 2 : result.durationS < 2 * 86400 ? 1.5 : 1.2
        return try PNG.encode(draw(panels(of: result, file: file, site: site), scale: scale))
    }

    /// The picture's parts, the first on top; all are as wide.
    public static func panels(of result: TremorResult, file: String, site: String? = nil) -> [Picture] {
        var panels = [heading(result, file, site)]
        if result.durationS >= longS, let strip = dayStrip(result) { panels.append(strip.picture) }
        if let map = spectrogram(result) { panels.append(map.picture) }
        if let chart = spectrum(result) { panels.append(chart.picture) }
        panels.append(.foot("Displacement of the sensor along the tremor's axis; not a rating."))
        return panels
    }

    /// One below the other; a panel is forgotten before the next is drawn.
    private static func draw(_ panels: [Picture], scale: Double) -> RGBAImage {
        let heights = panels.map { Int(($0.height * scale).rounded(.up)) }
        var sheet = RGBAImage(
            width: Int((panels[0].width * scale).rounded(.up)), height: heights.reduce(0, +),
            filledWith: Theme.light.paper)
        var top = 0
        for (panel, height) in zip(panels, heights) {
            sheet.draw(panel.image(scale: scale), at: (0, top))
            top += height
        }
        return sheet
    }

    // MARK: - Words

    private static func heading(_ result: TremorResult, _ file: String, _ site: String?) -> Picture {
        var picture = Picture(width: ChartSize.whole.width, height: 96)
        let x = 18.0
        let room = picture.width - 2 * x
        picture.marks = [
            .text(shortened(file, size: 22, room: room), Point(x, 34), size: 22, bold: true),
            .text(finding(result), Point(x, 62), size: 17),
            .text(shortened(circumstances(result, site), size: 13, room: room), Point(x, 86), size: 13, .muted),
        ]
        return picture
    }

    /// The result in one sentence.
    static func finding(_ result: TremorResult) -> String {
        guard let hz = result.peakFrequencyHz, let size = result.peakToPeakCm else {
            let peak = result.spectralPeakHz.map { hz in
                ". The highest peak of the mean spectrum from \(band(result)) is at \(fixed(hz, 2)) Hz, "
                    + "\(centimetres(result.spectralPeakToPeakCm)) cm peak to peak"
            }
            return "No tremor found\(peak ?? "")"
        }
        var (tremor, clipped) = (0, 0)
        for window in result.windows where window.isTremor {
            tremor += 1
            if window.isClipped { clipped += 1 }
        }
        let isClipped = 10 * clipped > tremor
        let interval = result.peakToPeakCmCI95.map {
            " (95 % interval \(centimetres($0.low))–\(centimetres($0.high)) cm)"
        }
        return "Tremor at \(fixed(hz, 2)) Hz, \(isClipped ? "at least " : "")\(centimetres(size)) cm peak to peak"
            + (isClipped ? " (clipped)" : interval ?? " (too short for an interval)")
            + ", \(percent(result.tremorTimePercent)) of the time analysed"
    }

    /// Where tremor was searched: "3–12 Hz".
    static func band(_ result: TremorResult) -> String {
        let band = result.settings.bandHz
        return "\(significant(band.lowerBound, 3))–\(significant(band.upperBound, 3)) Hz"
    }

    private static func circumstances(_ result: TremorResult, _ site: String?) -> String {
        let notWorn = result.nonWear.reduce(0) { $0 + $1.upperBound - $1.lowerBound }
        let gaps = result.gaps.reduce(0) { $0 + $1.durationS }
        let parts: [String?] = [
            site, result.settings.task?.rawValue, "\(duration(result.durationS)) recorded",
            "\(duration(result.coverage * result.durationS)) analysed",
            notWorn > 0 ? "\(duration(notWorn)) not worn" : nil, gaps > 0 ? "\(duration(gaps)) in gaps" : nil,
            "\(fixed(result.sampleRateHz, 2)) Hz", result.header.format,
        ]
        return parts.compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: "  ·  ")
    }

    static func centimetres(_ value: Double?) -> String { fixed(value, value.map { $0 < 0.0995 } ?? false ? 3 : 2) }

    static func percent(_ value: Double?) -> String {
        fixed(value, value.map { $0 > 0 && $0 < 9.95 } ?? false ? 1 : 0) + " %"
    }

    static func duration(_ seconds: Double) -> String {
        if seconds < 180 { return "\(fixed(seconds, 1)) s" }
        return seconds < 5400 ? "\(fixed(seconds / 60, 1)) min" : "\(fixed(seconds / 3600, 1)) h"
    }

    /// A text with its middle left out where there is no room.
    private static func shortened(_ text: String, size: Double, room: Double) -> String {
        guard Canvas.width(of: text, size: size, bold: true) > room else { return text }
        var kept = min(text.count - 1, 400)
        while kept > 8 {
            let short = "\(text.prefix(kept - kept / 3))…\(text.suffix(kept / 3))"
            if Canvas.width(of: short, size: size, bold: true) <= room { return short }
            kept -= max(1, kept / 20)
        }
        return "…"
    }
}
