import Records
import TestSupport
import Testing
import Tremor

@Suite struct TSDFRecordingTests {
    static let g = AccelerationUnit.standardGravity

    /// Three rows of acceleration in 16 bits and of times, as `changes` has them.
    static func files(
        time: String = "time_delta_ms", unit: String = "m/s/s", endianness: String = "little", rows: Int = 3,
        factors: String = "[0.5, 0.25, 2]", channels: String = "[\"acceleration_x\", \"acc_y\", \"accZ\"]",
        fileName: String = "values.bin"
    ) -> [String: [UInt8]] {
        let meta = """
            {"study_id": "s", "metadata_version": "0.1", "rows": \(rows), "start_iso8601": "2021-06-27T16:52:20+02:00",
             "sensors": [{"scale_factors": [1], "sensors": [
               {"file_name": "time.bin", "channels": ["time"], "units": ["\(time)"], "data_type": "float", "bits": 32,
                "endianness": "\(endianness)"}]},
              {"file_name": "\(fileName)", "channels": \(channels), "units": ["\(unit)", "\(unit)", "\(unit)"],
               "scale_factors": \(factors), "data_type": "int", "bits": 16, "endianness": "\(endianness)"}]}
            """
        let isBig = endianness == "big"
        let times: [Float] = [0, 10, 30]
        let values: [Int16] = [1, -2, 3, 100, -200, 300, 32767, -32768, 0]
        return [
            "meta": Array(meta.utf8),
            "time.bin": times.flatMap { bytes(isBig ? $0.bitPattern.bigEndian : $0.bitPattern.littleEndian) },
            "values.bin": values.flatMap { bytes(isBig ? $0.bigEndian : $0.littleEndian) },
        ]
    }

    static func bytes<T>(_ value: T) -> [UInt8] { withUnsafeBytes(of: value) { Array($0) } }

    static func open(_ files: [String: [UInt8]], _ options: RecordingOptions = .init()) throws -> TSDFRecording {
        try TSDFRecording(FileBytes(files["meta"]!), options: options) { name in
            guard let bytes = files[name] else { throw FileProblem(name, .noInput, "there is no such file") }
            return FileBytes(bytes, path: name)
        }
    }

    @Test(arguments: ["little", "big"]) func factorsAndUnitsAreApplied(endianness: String) throws {
        let read = try ReadRecording(Self.open(Self.files(endianness: endianness)))
        #expect(read.acceleration == [[0.5, 50, 16383.5], [-0.5, -50, -8192], [6, 600, 0]])
        let inG = try ReadRecording(Self.open(Self.files(unit: "g", endianness: endianness)))
        #expect(agree(inG.acceleration[0], [0.5 * Self.g, 50 * Self.g, 16383.5 * Self.g], 1e-9))
    }

    @Test func timesAreDifferencesOrSinceTheStart() throws {
        #expect(try ReadRecording(Self.open(Self.files())).stamps.map(\.timeS) == [0, 0.01, 0.04])
        #expect(try ReadRecording(Self.open(Self.files(time: "difference_s"))).stamps.map(\.timeS) == [0, 10, 40])
        #expect(
            try ReadRecording(Self.open(Self.files(time: "relative_time_ms"))).stamps.map(\.timeS) == [0, 0.01, 0.03])
        #expect(try ReadRecording(Self.open(Self.files(time: "relative_s"))).stamps.map(\.timeS) == [0, 10, 30])
        let absolute = try Self.open(Self.files(time: "absolute_unix_ms"))
        #expect(absolute.header.isUTC && absolute.header.startEpochS == 0)
        // 2021-06-27 14:52:20 UTC, Python's datetime.
        let header = try Self.open(Self.files()).header
        #expect(header.startEpochS == 1_624_805_540 && header.isUTC)
    }

    /// The rate that the description states, then the one that is given.
    @Test func withoutTimesTheRateIsUsed() throws {
        let plain = Self.files(time: "none")
        #expect(throws: RecordingError.self) { try Self.open(plain) }
        let given = try ReadRecording(Self.open(plain, RecordingOptions(sampleRateHz: 50)))
        #expect(given.stamps.map(\.timeS) == [0, 0.02, 0.04])
        var stated = plain
        stated["meta"] = Array("{\"sampling_rate\": 4,".utf8) + plain["meta"]!.dropFirst()
        let source = try Self.open(stated, RecordingOptions(sampleRateHz: 50))
        #expect(source.header.nominalRateHz == 4)
        #expect(try ReadRecording(source).stamps.map(\.timeS) == [0, 0.25, 0.5])
    }

    @Test func compressedNumbersAreRefused() {
        var files = Self.files()
        files["meta"] = Array("{\"compression\": \"gzip\",".utf8) + files["meta"]!.dropFirst()
        #expect(throws: RecordingError.unsupported("time.bin is compressed, which is not read")) {
            try Self.open(files)
        }
    }

    @Test func timesInSinglePrecisionAreKnownToTheirLastBit() throws {
        var files = Self.files(time: "relative_time_ms")
        // A week in ms: neighbours are 64 ms apart.
        files["time.bin"] = ([0, 10, 604_800_000] as [Float]).flatMap { Self.bytes($0.bitPattern.littleEndian) }
        #expect(abs(try Self.open(files).header.stampPrecisionS - 0.032) < 1e-12)
        #expect(try Self.open(Self.files()).header.stampPrecisionS == 0.001)
    }

    @Test func missingRowsAreSaid() throws {
        let read = try ReadRecording(Self.open(Self.files(rows: 5)))
        #expect(read.count == 3 && read.flags == ["the description promises 5 rows; the files hold 3"])
        var files = Self.files()
        files["values.bin"]!.removeLast()
        #expect(try ReadRecording(Self.open(files)).count == 2)
        files["values.bin"] = []
        #expect(throws: RecordingError.empty) { try Self.open(files) }
    }

    @Test func whatCannotBeReadIsRefused() {
        #expect(throws: RecordingError.self) { try Self.open(Self.files(unit: "counts")) }
        #expect(throws: RecordingError.self) { try Self.open(Self.files(endianness: "middle")) }
        #expect(throws: RecordingError.self) { try Self.open(Self.files(factors: "[1, 2]")) }
        #expect(throws: RecordingError.self) { try Self.open(Self.files(factors: "[1, 0, 2]")) }
        #expect(throws: RecordingError.self) {
            try Self.open(Self.files(channels: "[\"acc_x\", \"acc_x\", \"acc_y\"]"))
        }
        #expect(throws: RecordingError.self) { try Self.open(Self.files(channels: "[\"ppg\", \"max\", \"x\"]")) }
        for path in ["../values.bin", "/etc/passwd", "..", ""] {
            #expect(throws: RecordingError.self) { try Self.open(Self.files(fileName: path)) }
        }
        #expect(throws: FileProblem(("other.bin"), .noInput, "there is no such file")) {
            try Self.open(Self.files(fileName: "other.bin"))
        }
        #expect(throws: RecordingError.damaged("the description is no JSON object")) {
            try Self.open(["meta": [0x5B, 0x5D]])
        }
    }

    @Test func aUnitThatIsGivenOverrulesTheFile() throws {
        let read = try ReadRecording(Self.open(Self.files(unit: "counts"), RecordingOptions(unit: .mg)))
        #expect(agree(read.acceleration[0], [0.5, 50, 16383.5].map { $0 * Self.g / 1000 }, 1e-9))
    }

    @Test func noDamagedFileTraps() throws {
        let files = Self.files()
        for name in ["meta", "time.bin", "values.bin"] {
            for bytes in damaged(files[name]!, seed: 8, flips: 120) {
                var turned = files
                turned[name] = bytes
                do { _ = try ReadRecording(Self.open(turned)) } catch let error as RecordingError {
                    #expect(!error.description.contains("\n"))
                } catch is FileProblem {}
            }
        }
    }
}

/// A Verily Study Watch, raw and as ParaDigMa 1.1.2 prepared it, read by numpy 2.4.6 (`fromfile`).
@Suite(.enabled(if: ReferenceData.isPresent, "the reference recordings are absent"))
struct TSDFReferenceTests {
    @Test func theRawRecordingIsWhatParadigmaPrepared() throws {
        let raw = try ReadRecording(reference("paradigma/raw_tsdf/imu_meta.json"))
        let prepared = try ReadRecording(reference("paradigma/prepared/imu_meta.json"))
        #expect(raw.count == 72947 && prepared.count == 72947)
        #expect(raw.flags == ["channels that were not read: quality"] && prepared.flags.isEmpty)
        // They turn x of the acceleration, and y and z of the gyroscope, and take g as 9.81 m/s².
        for (axis, sign) in [-1.0, 1, 1].enumerated() {
            let worst = zip(raw.acceleration[axis], prepared.acceleration[axis]).lazy
                .map { abs($0 * sign / 9.81 - $1 / AccelerationUnit.standardGravity) }.max()!
            #expect(worst < 1e-12)
        }
        for (axis, sign) in [1.0, -1, -1].enumerated() {
            #expect(zip(raw.angularRate[axis], prepared.angularRate[axis]).allSatisfy { abs($0 * sign - $1) < 1e-9 })
        }
        #expect(zip(raw.stamps, prepared.stamps).allSatisfy { abs($0.timeS - $1.timeS) < 1e-9 && $0.place == $1.place })
        #expect(abs(raw.rateHz - 99.8187) < 5e-4)
    }

    @Test func sumsAreNumpys() throws {
        let source = try reference("paradigma/raw_tsdf/imu_meta.json")
        let raw = try ReadRecording(source)
        let sums = raw.acceleration.map { $0.reduce(0, +) }
        #expect(agree(sums, [-6186.406733766664, 287742.17106726096, -353269.21737926005], 1e-6))
        let turns = raw.angularRate.map { $0.reduce(0, +) * 180 / Double.pi }
        #expect(agree(turns, [69301.82954549944, -102252.56138461608, -19042.19519811968], 1e-6))
        #expect(source.header.isUTC && source.header.startEpochS == 1_624_812_740 && source.header.hasAngularRate)
    }

    @Test func aFileOfTheGyroscopeAloneIsRefused() {
        #expect(throws: FileProblem.self) { try reference("paradigma/preprocessed/gyroscope_meta.json") }
    }
}
