import Foundation
import Review
import TestSupport
import Testing
import Tremor

@Suite struct TremorPictureTests {
    /// 5 Hz in every other half minute of ten, at 50 Hz.
    private static let recording: TremorResult? = {
        var random = SeededNoise(seed: 4)
        var axes: [[Double]] = [[], [], []]
        for place in 0..<30_000 {
            let time = Double(place) / 50
            let size = Int(time / 30) % 2 == 0 ? 5.0 : 0
            axes[0].append(size * sin(2 * Double.pi * 5 * time) + 0.05 * random.gaussian())
            axes[1].append(0.05 * random.gaussian())
            axes[2].append(9.80665 + 0.05 * random.gaussian())
        }
        return try? analyzeTremor(Recording(acceleration: axes, sampleRateHz: 50))
    }()

    /// The same windows as if they had been spread over 30 hours from 18:00 on, the sensor off from 02:00 to 05:00.
    private static func spread(_ result: TremorResult) -> TremorResult {
        var result = result
        result.durationS = 30 * 3600
        result.header.startEpochS = 10 * 86400 + 18 * 3600
        result.nonWear = [(8 * 3600.0)..<(11 * 3600)]
        for place in result.windows.indices { result.windows[place].startS *= 180 }
        return result
    }

    private func texts(_ panels: [Picture]) -> [String] {
        panels.flatMap(\.marks).compactMap { if case .text(let text, _, _, _, _, _) = $0 { text } else { nil } }
    }

    /// The left end of the axes, which are drawn as one line of three points.
    private func plotEdges(_ picture: Picture) -> (left: Double, right: Double)? {
        for case .line(let points, .axis, _, _) in picture.marks where points.count == 3 {
            return (points[0].x, points[2].x)
        }
        return nil
    }

    @Test func itSaysFileResultAndThatItIsForResearch() throws {
        let result = try #require(Self.recording)
        let words = texts(TremorPicture.panels(of: result, file: "rest.csv", site: "wrist-left"))
        #expect(words[0] == "rest.csv")
        #expect(words[1].hasPrefix("Tremor at 5.00 Hz, 1.01 cm peak to peak (95 % interval 1.0"))
        #expect(words[1].contains("% of the time analysed") && words[2].hasPrefix("wrist-left"))
        #expect(words.contains { $0.hasPrefix("Research use only") })
        #expect(words.contains("searched for tremor, 3–12 Hz") && !words.contains("tremor"))
    }

    @Test func withoutTremorNoneIsClaimed() throws {
        var result = try #require(Self.recording)
        (result.peakFrequencyHz, result.peakToPeakCm, result.peakToPeakCmCI95) = (nil, nil, nil)
        for place in result.windows.indices { result.windows[place].verdict = .faint }
        let panels = TremorPicture.panels(of: result, file: "a.csv")
        let words = texts(panels)
        #expect(words[1].hasPrefix("No tremor found. The highest peak of the mean spectrum from 3–12 Hz is at 5.00 Hz"))
        #expect(!words.contains("frequency of windows with tremor"))
        #expect(words.contains { $0.hasSuffix("Hz, no tremor") })
    }

    @Test func clippedAmplitudesAreLowerBounds() throws {
        var result = try #require(Self.recording)
        for place in result.windows.indices { result.windows[place].isClipped = true }
        let words = texts(TremorPicture.panels(of: result, file: "a.csv"))
        #expect(words[1].contains("at least 1.01 cm peak to peak (clipped)") && !words[1].contains("interval"))
    }

    /// Windows begin every 2 s and are 4 s long: their frequencies stand at 2, 4, 6 s, …; half minutes without tremor are left out.
    @Test func theTrackStandsAtTheMiddleOfItsWindows() throws {
        let result = try #require(Self.recording)
        let panel = TremorPicture.panels(of: result, file: "a.csv")[1]
        let edges = try #require(plotEdges(panel))
        let pink = Ink.fixed(Color(hex: 0xFF3D9A))
        let runs = panel.marks.compactMap { mark -> [Point]? in
            if case .line(let points, pink, _, _) = mark, points[0].x >= edges.left { points } else { nil }
        }.filter { $0.count > 2 }
        #expect(runs.count == 10)
        let seconds = runs[0].map { ($0.x - edges.left) / (edges.right - edges.left) * result.durationS }
        #expect(zip(seconds, result.windows).allSatisfy { abs($0 - $1.startS - 2) < 1e-6 })
    }

    @Test func plotsHaveTheSameEdges() throws {
        let panels = TremorPicture.panels(of: Self.spread(try #require(Self.recording)), file: "a.cwa")
        let edges = panels.compactMap(plotEdges)
        #expect(edges.count == 2)
        #expect(edges.allSatisfy { $0.left == edges[0].left && $0.right == edges[0].right })
        let cells = panels[1].marks.compactMap { mark -> Box? in
            if case .image(let image, let box) = mark, image.width == 144 { box } else { nil }
        }
        #expect(cells.count == 2 && cells.allSatisfy { $0.x == edges[0].left && abs($0.right - edges[0].right) < 1e-9 })
        #expect(Set(panels.map(\.width)).count == 1)
    }

    /// 18:00 to midnight is the last quarter of the first row; of the second, the first 24 hours end at midnight.
    @Test func daysAreRowsFromMidnightToMidnight() throws {
        let panel = TremorPicture.panels(of: Self.spread(try #require(Self.recording)), file: "a.cwa")[1]
        let words = texts([panel])
        #expect(words.contains("Day 1") && words.contains("Day 2") && !words.contains("Day 3"))
        #expect(words.contains("00:00") && words.contains("24:00") && words.contains("Time of day"))
        #expect(words.filter { $0 == "not worn" }.count == 2, "once in the legend, once on the second day")
        let rows = panel.marks.compactMap { mark -> RGBAImage? in
            if case .image(let image, _) = mark, image.width == 144 { image } else { nil }
        }
        #expect(rows[0][10, 0].alpha == 0 && rows[0][120, 0].alpha == 255)
        #expect((0..<108).allSatisfy { rows[0][$0, 0].alpha == 0 }, "nothing before 18:00")
        #expect((0..<36).contains { rows[1][$0, 0].alpha == 255 })
    }

    /// Half of the windows of each half hour have tremor: dark in one row of parts, pale in the other.
    @Test func moreTremorIsDarker() throws {
        var result = Self.spread(try #require(Self.recording))
        result.header.startEpochS = nil
        let panel = TremorPicture.panels(of: result, file: "a.cwa")[1]
        #expect(texts([panel]).contains("Hours since the start, a day a row"))
        let image = try #require(
            panel.marks.lazy.compactMap { mark -> RGBAImage? in
                if case .image(let image, _) = mark, image.width == 144 { image } else { nil }
            }.first)
        // A half minute is 1.5 hours here: nine parts with tremor, nine without.
        #expect(image[4, 0].luminance < 0.1 && image[13, 0].luminance > 0.7)
    }

    @Test func aBlankIsHatchedAndNamed() throws {
        var map = HeatMap(
            title: "", xAxis: Axis("Time", range: 0...10), yAxis: Axis("Frequency", range: 0...1),
            valueAxis: Axis("Power", range: 0...1), columns: 1, rows: 1, values: [1])
        map.blanks = [.init(2...6, label: "not worn", isHatched: true)]
        #expect(texts([map.picture]).filter { $0 == "not worn" }.count == 2)
        map.blanks = [.init(2...2.001, label: "not worn", isHatched: true)]
        #expect(texts([map.picture]).filter { $0 == "not worn" }.count == 1, "no room but in the legend")
    }

    @Test func aYearHasNoMoreRowsThanCanBeDrawn() throws {
        var result = Self.spread(try #require(Self.recording))
        for place in result.windows.indices { result.windows[place].startS *= 1000 }
        result.durationS *= 1000
        result.nonWear = []
        let png = try PNG.decode(TremorPicture.png(of: result, file: "long.cwa"))
        #expect(png.height < 32_768)
    }
}
