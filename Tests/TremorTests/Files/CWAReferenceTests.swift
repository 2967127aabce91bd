import TestSupport
import Testing
import Tremor

/// Recordings of real devices, read by scikit-digital-health 0.17.18 (`ReadCwa`) and actfast 1.3.0, which agree.
@Suite(.enabled(if: ReferenceData.isPresent, "the reference recordings are absent"))
struct CWAReferenceTests {
    struct Truth: Sendable {
        let path: String
        let first, middle, last, sums: [Double]
        let sumOfMagnitudes: Double
        let count: Int
        /// The first stamp by actfast, s since 1970.
        let start: Double
        /// By a straight line through the sectors' times (numpy 2.x polyfit).
        let rateHz: Double
    }

    static let files = [
        Truth(
            path: "GGIRread/ax3_testfile.cwa", first: [0.328125, 0.984375, 0.203125],
            middle: [0.671875, 0.21875, 0.609375],
            last: [-0.0625, -0.84375, 0.265625], sums: [13530.46875, 2217.4375, 5079.046875],
            sumOfMagnitudes: 17080.549830356285, count: 17400, start: 1551178506.000488, rateHz: 98.862),
        Truth(
            path: "GGIRread/ax6_testfile.cwa", first: [0.00732421875, 0.0712890625, 0.0087890625],
            middle: [0.01416015625, -0.01025390625, 1.013671875], last: [0.0478515625, 0.9814453125, 0.01123046875],
            sums: [183.26318359375, 2386.89501953125, 834.33154296875], sumOfMagnitudes: 17393.653254227935,
            count: 11320,
            start: 1577135046.699792, rateHz: 99.033),
        Truth(
            path: "skdh/ax3_sample.cwa", first: [-0.09375, -0.203125, 0.953125],
            middle: [-0.34375, -0.96875, 0.140625],
            last: [-0.984375, -0.03125, 0.375], sums: [-16812.140625, -52108.171875, 11800.09375],
            sumOfMagnitudes: 61541.23560810423, count: 58800, start: 1581498217.481812, rateHz: 197.252),
        Truth(
            path: "skdh/ax6_sample.cwa", first: [-0.5185546875, -0.02392578125, -0.0771484375],
            middle: [0.70068359375, 0.74951171875, -0.2587890625], last: [-0.20068359375, -0.005859375, 1.04638671875],
            sums: [3358.298828125, -2696.845703125, 1125.9443359375], sumOfMagnitudes: 10843.687742691747, count: 10360,
            start: 1572339786.307978, rateHz: 98.395),
        Truth(
            path: "paradigma/axivity/test_data.CWA", first: [0.837646484375, -0.139404296875, -0.51416015625],
            middle: [0.50048828125, -1.18701171875, 0.1103515625], last: [-0.13818359375, -1.03759765625, 0.111328125],
            sums: [12140.93310546875, -29141.158935546875, -1552.849609375], sumOfMagnitudes: 39992.93764959885,
            count: 36400, start: 1763370002.324548, rateHz: 99.908),
        Truth(
            path: "actfast/axivity_ax3.cwa", first: [0.328125, 0.984375, 0.203125], middle: [0.9375, 0.203125, 0.1875],
            last: [0.953125, 0.15625, 0.171875], sums: [3312.1875, 136.03125, -229.578125],
            sumOfMagnitudes: 3665.882775912839, count: 3600, start: 1551178506.000488, rateHz: 98.854),
        Truth(
            path: "actfast/axivity_ax6.cwa", first: [0.00732421875, 0.0712890625, 0.0087890625],
            middle: [-0.00634765625, 0.07470703125, 0.00439453125], last: [-0.10498046875, 0.0087890625, -0.998046875],
            sums: [-614.50634765625, 1952.75048828125, 414.7177734375], sumOfMagnitudes: 3049.667633357675, count: 1200,
            start: 1577135046.699792, rateHz: 99.099),
    ]

    @Test(arguments: 0..<7) func everySampleIsWhatTwoOtherReadersFind(place: Int) throws {
        let truth = Self.files[place]
        let source = try reference(truth.path)
        let read = try ReadRecording(source)
        #expect(read.count == truth.count && read.flags.isEmpty)
        #expect(agree(read.sampleG(0), truth.first, 1e-12))
        #expect(agree(read.sampleG(truth.count / 2), truth.middle, 1e-12))
        #expect(agree(read.sampleG(truth.count - 1), truth.last, 1e-12))
        // The order of the sums.
        #expect(agree(read.sumsG, truth.sums, 1e-7))
        #expect(abs(read.sumOfMagnitudesG - truth.sumOfMagnitudes) < 1e-7)
        // They take the nominal interval for the way back to the sector's first sample: 15 ms in 1.25 s for 1.2 %.
        #expect(abs(source.header.startEpochS! - truth.start) < 0.020)
        // From end to end, not by all sectors: their noise is 3 ms, 60 ms where the crystal warmed up (skdh's AX3).
        #expect(abs(read.rateHz - truth.rateHz) < (place == 2 ? 0.04 : truth.count < 2000 ? 0.06 : 0.02))
    }

    /// Sums in °/s over each axis; both readers.
    @Test(arguments: [
        ("GGIRread/ax6_testfile.cwa", [-67869.20166015625, 16549.49951171875, -11486.549377441406], 250.0),
        ("skdh/ax6_sample.cwa", [11044.98291015625, -21294.37255859375, 911.376953125], 2000),
        ("paradigma/axivity/test_data.CWA", [69199.67651367188, 19916.3818359375, -53746.917724609375], 1000),
        ("actfast/axivity_ax6.cwa", [10351.058959960938, -3184.1201782226562, 20109.817504882812], 250),
    ])
    func theGyroscopeIsWhatTwoOtherReadersFind(path: String, sums: [Double], range: Double) throws {
        let source = try reference(path)
        let read = try ReadRecording(source)
        let found = read.angularRate.map { $0.reduce(0, +) * 180 / Double.pi }
        #expect(agree(found, sums, 1e-6))
        #expect(abs(source.header.angularRateRange! * 180 / Double.pi - range) < 1e-9)
    }

    /// The header says 100 Hz; a 5.00 Hz tremor would be read as 5.06 Hz.
    @Test func theTrueRateIsNotTheHeaders() throws {
        let source = try reference("GGIRread/ax3_testfile.cwa")
        #expect(source.header.nominalRateHz == 100 && source.header.format == "Axivity CWA (AX3)")
        #expect(abs(try ReadRecording(source).rateHz - 98.862) < 0.005)
    }

    /// Stamps of one device on a steady clock: 4.3 ms if the full second is taken, 0.6 ms of noise as we read them.
    @Test func stampsLieOnAStraightLineToAMillisecond() throws {
        for path in ["GGIRread/ax3_testfile.cwa", "paradigma/axivity/test_data.CWA"] {
            let stamps = try ReadRecording(reference(path)).stamps
            let (x, y) = (stamps.map { Double($0.place) }, stamps.map(\.timeS))
            let (mx, my) = (x.reduce(0, +) / Double(x.count), y.reduce(0, +) / Double(y.count))
            let slope =
                zip(x, y).reduce(0) { $0 + ($1.0 - mx) * ($1.1 - my) } / x.reduce(0) { $0 + ($1 - mx) * ($1 - mx) }
            let squares = zip(x, y).reduce(0) {
                $0 + ($1.1 - my - slope * ($1.0 - mx)) * ($1.1 - my - slope * ($1.0 - mx))
            }
            #expect((squares / Double(x.count)).squareRoot() < 0.001)
        }
    }

    /// scikit-digital-health stops with a RuntimeError, actfast with a ValueError; actipy 3.8.3 reads 16,680 samples and one gap
    /// of 2.451 s. Sectors 0, 13, 14, 142, 143 and 144 are damaged.
    @Test func aRecordingWithSixDamagedSectorsIsReadWithoutThem() throws {
        let whole = try ReadRecording(reference("GGIRread/ax3_testfile.cwa"))
        let read = try ReadRecording(
            reference("GGIRread/ax3_testfile_corrupt_blocks_0_13_14_142_143_144.cwa"))
        #expect(read.count == 16680 && read.flags == ["6 sectors with a wrong checksum were left out"])
        for axis in 0..<3 {
            let kept = whole.acceleration[axis]
            #expect(read.acceleration[axis] == Array(kept[120..<1560] + kept[1800..<17040]))
        }
        let place = read.stamps.firstIndex { $0.place == 1440 }!
        // From the last sample before to the first behind: 241 intervals.
        let gap = read.stamps[place].timeS - read.stamps[place - 1].timeS - 119 / 98.862
        #expect(abs(gap - 241 / 98.862) < 0.003)
    }
}
