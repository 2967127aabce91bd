import Foundation
import TestSupport
import Testing
import Tremor

/// Freezing indices on the Daphnet recordings, ankle, against the labels that came with them [Bachlin2010].
@Suite(.enabled(if: ReferenceData.isPresent, "the Daphnet recordings are not there"))
struct DaphnetTests {
    /// A recording: the ankle's three axes in m/s², 64 Hz, and a label per sample: 0 no part of the experiment, 1 no freezing, 2 freezing.
    struct Ankle {
        static let rate = 64.0
        let axes: [[Double]]
        let labels: [Int]
        var vertical: [[Double]] { [axes[1]] }

        init(_ name: String) throws {
            let text = try String(contentsOfFile: ReferenceData.path("wearables/daphnet/\(name).txt"), encoding: .utf8)
            var axes: [[Double]] = [[], [], []]
            var labels: [Int] = []
            for line in text.split(whereSeparator: \.isNewline) {
                let fields = line.split(separator: " ")
                for axis in 0..<3 { axes[axis].append((Double(fields[axis + 1]) ?? .nan) * 9.80665e-3) }
                labels.append(Int(fields[10]) ?? 0)
            }
            (self.axes, self.labels) = (axes, labels)
        }

        /// How well scores tell freezing from the rest of the experiment.
        func area(_ times: [Double], _ scores: [Double]) throws -> Double {
            let found = times.map { labels[Int(($0 * Self.rate + 0.5).rounded(.down))] }
            let inside = found.indices.filter { found[$0] > 0 }
            return try #require(
                RankAUC.area(scores: inside.map { scores[$0] }, isPositive: inside.map { found[$0] == 2 }))
        }
    }

    static let recordings = ["S01R02": try? Ankle("S01R02"), "S02R01": try? Ankle("S02R01")]

    /// The multitaper index with locomotion from 0 Hz on.
    static let wide: FreezingMethod = {
        var method = FreezingMethod.multitaper
        method.name = "multitaper 0-3"
        method.locomotorHz = 0..<3
        return method
    }()

    /// numpy 2.4.6 and scipy 1.17.1, `Golden/freezing.py`: vertical axis, with the floor, three axes, with the floor.
    static let ofNumpy: [(recording: String, method: String, areas: [Double])] = [
        ("S01R02", "moore2008", [0.829017508, 0.954616588, 0.874987774, 0.949041471]),
        ("S01R02", "moore2013", [0.855597124, 0.962037852, 0.906286678, 0.951321645]),
        ("S01R02", "bachlin2010", [0.851648083, 0.965620110, 0.889255673, 0.955545775]),
        ("S01R02", "zach2015", [0.869192586, 0.940226428, 0.887360622, 0.957043476]),
        ("S01R02", "cockx2023", [0.867364779, 0.917174051, 0.882983666, 0.970455546]),
        ("S01R02", "multitaper", [0.852292394, 0.968797869, 0.893580349, 0.962123705]),
        ("S01R02", "multitaper 0-3", [0.863739568, 0.969389760, 0.912722107, 0.963579757]),
        ("S02R01", "moore2008", [0.849054677, 0.969739789, 0.905724638, 0.967803030]),
        ("S02R01", "moore2013", [0.870968379, 0.968504611, 0.922243083, 0.973122530]),
        ("S02R01", "bachlin2010", [0.850926398, 0.966396004, 0.907517096, 0.972868369]),
        ("S02R01", "zach2015", [0.869601449, 0.959878129, 0.911429513, 0.967434124]),
        ("S02R01", "cockx2023", [0.840309618, 0.967216733, 0.884515810, 0.964980237]),
        ("S02R01", "multitaper", [0.848265644, 0.974249735, 0.896512337, 0.969250529]),
        ("S02R01", "multitaper 0-3", [0.871603383, 0.974478951, 0.911164211, 0.973499342]),
    ]

    private func areas(_ recording: String, _ method: String) throws -> [Double] {
        let ankle = try #require(Self.recordings[recording] ?? nil)
        let method = try #require(method == Self.wide.name ? Self.wide : FreezingMethod.named(method))
        return try [ankle.vertical, ankle.axes].flatMap { axes in
            let course = try method.course(of: axes, sampleRateHz: Ankle.rate)
            return [try ankle.area(course.timesS, course.index), try ankle.area(course.timesS, course.scores())]
        }
    }

    /// 1e-6: two windows may change places by the rounding of their ratios.
    @Test(arguments: 0..<14)
    func areasAreThoseOfNumpy(row: Int) throws {
        let (recording, method, expected) = Self.ofNumpy[row]
        let found = try areas(recording, method)
        print("AUC \(recording) \(method): \(found.map { String(format: "%.4f", $0) }.joined(separator: " "))")
        for (a, b) in zip(found, expected) { #expect(abs(a - b) < 1e-6) }
    }

    /// The areas of published programs on the vertical axis. What differs: they take windows of one sample more, so that no bin lies on
    /// 0.5, 3 or 8 Hz, and give the bin beside 3 Hz to one band or the other. In S02R01 trembling is close to 3 Hz, and an index with
    /// bins 0.25 or 0.5 Hz wide depends on that one bin. With these programs' bins numpy has their areas to 0.01.
    @Test(arguments: [
        ("moore2008", 0.829, 0.845, 0.005), ("bachlin2010", 0.842, 0.796, 0.06), ("cockx2023", 0.869, 0.779, 0.065),
        ("zach2015", 0.877, 0.902, 0.035), ("multitaper", 0.853, 0.846, 0.005),
    ])
    func areasAreCloseToPublishedOnes(method: String, first: Double, second: Double, tolerance: Double) throws {
        let found = [try areas("S01R02", method)[0], try areas("S02R01", method)[0]]
        #expect(abs(found[0] - first) < tolerance && abs(found[1] - second) < tolerance)
    }

    /// The published program adds the spectra of four tapers up and then takes that of the last. Its areas are 0.826 and 0.815; with
    /// the bins as here the last taper has 0.830 and 0.826 (numpy), below the mean of all four.
    @Test(arguments: [("S01R02", 0.829817106), ("S02R01", 0.825606589)])
    func theMeanOverTapersIsBetterThanTheLastTaperAlone(recording: String, ofLast: Double) throws {
        let ankle = try #require(Self.recordings[recording] ?? nil)
        let (times, ratios) = lastTaper(ankle.axes[1], rate: Ankle.rate)
        let last = try ankle.area(times, ratios)
        #expect(abs(last - ofLast) < 1e-6)
        let found = try areas(recording, "multitaper")[0]
        print("AUC \(recording): mean over tapers \(found), last taper alone \(last)")
        #expect(found > last + 0.02)
    }

    /// Without a floor, three axes with locomotion from 0 Hz are above every single axis and every published area.
    @Test(arguments: [("S01R02", 0.877), ("S02R01", 0.902)])
    func threeAxesAreBetterThanOne(recording: String, bestPublished: Double) throws {
        let three = try areas(recording, Self.wide.name)[2]
        for method in FreezingMethod.all {
            let one = try areas(recording, method.name)[0]
            #expect(three > one)
        }
        #expect(three > bestPublished)
    }

    /// Standing is part of the experiment; the floor keeps it from being freezing.
    @Test(arguments: ["S01R02", "S02R01"], FreezingMethod.all.map(\.name))
    func theFloorIsWorthMoreThanTheMethod(recording: String, method: String) throws {
        let found = try areas(recording, method)
        #expect(found[1] > found[0] + 0.04 && found[3] > found[2] + 0.04)
        #expect(found[1] > 0.91 && found[3] > 0.94)
    }

    /// A plain transform of the moving window times the fourth taper: the published program's index.
    private func lastTaper(_ signal: [Double], rate: Double) -> (times: [Double], ratios: [Double]) {
        let (length, step) = (Int(5 * rate), Int((5 * rate / 32).rounded()))
        let taper = SlepianTapers(length: length, timeBandwidth: 2.5, count: 4).tapers[3]
        let middle = Double(length - 1) / 2
        let norm = Double(length * (length * length - 1)) / 12
        var (times, ratios): ([Double], [Double]) = ([], [])
        let waves = (0..<40).map { bin in
            (0..<length).map { place in
                let phase = 2 * Double.pi * Double(bin * place) / Double(length)
                return SIMD2(cos(phase), sin(phase)) * taper[place]
            }
        }
        for start in stride(from: 0, through: signal.count - length, by: step) {
            let part = signal[start..<(start + length)]
            let mean = part.reduce(0, +) / Double(length)
            let slope = part.enumerated().reduce(0) { $0 + (Double($1.offset) - middle) * ($1.element - mean) } / norm
            let level = part.enumerated().map { $1 - mean - slope * (Double($0) - middle) }
            func power(_ bin: Int) -> Double {
                var sum = SIMD2<Double>.zero
                for place in 0..<length { sum += waves[bin][place] * level[place] }
                return (sum * sum).sum()
            }
            // Bins of 0.2 Hz: 0.6 to 2.8 Hz and 3 to 7.8 Hz.
            let (slow, fast) = ((3..<15).reduce(0) { $0 + power($1) }, (15..<40).reduce(0) { $0 + power($1) })
            times.append((Double(start) + middle) / rate)
            ratios.append(fast / slow)
        }
        let smooth = ratios.indices.map { place -> Double in
            let around = ratios[max(0, place - 2)...min(ratios.count - 1, place + 2)]
            return around.reduce(0, +) / Double(around.count)
        }
        return (times, smooth)
    }
}
