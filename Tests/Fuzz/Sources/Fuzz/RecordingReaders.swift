import Tremor

extension Reader {
    static let cwa = recording(
        name: "CWA", words: ["MD\u{FC}\u{3}", "AX\u{FC}\u{1}"],
        seeds: {
            var six = CWAFile.recording(sectors: 2)
            for number in six.sectors.indices {
                (six.sectors[number].form, six.sectors[number].scales) = (0x62, 4 << 3 | 3)
                six.sectors[number].samples = (0..<40).map { [$0, -$0, 3, 4096, 0, $0] }
            }
            six.filling = 0
            return [CWAFile.recording(sectors: 3).bytes, six.bytes]
        },
        open: { bytes in
            // Where the header's last byte is odd, damage gets past the sectors' checksums.
            try CWARecording(FileBytes(bytes.count > 1023 && bytes[1023] & 1 == 1 ? mendedSectors(bytes) : bytes))
        })

    static let geneActiv = recording(
        name: "GENEActiv",
        words: [
            "Recorded Data\n", "Page Time:2024-01-01 00:00:00:000\n", "Sequence Number:",
            "Measurement Frequency:100.0\n",
            "x gain:", "z offset:", "Number of Pages:", "nan", "1e308", "9223372036854775807",
        ],
        seeds: {
            let samples = (0..<20).map { [$0, -$0, 256] }
            return [
                GENEActivFile([.init("2024-01-01 00:00:00:000", samples), .init(nil, samples)]).bytes,
                GENEActivFile([.init("2024-01-01 00:00:00:500", samples), .init("2024-01-01 00:00:06:498", [])]).bytes,
            ]
        }, open: { try GENEActivRecording(FileBytes($0)) })

    static let gt3x = recording(
        name: "GT3X",
        words: ["PK\u{3}\u{4}", "PK\u{1}\u{2}", "PK\u{5}\u{6}", "log.bin", "info.txt", "calibration.json"],
        seeds: { [gt3xFile(activityLog).bytes] }, open: { try GT3XRecording(FileBytes($0)) })

    /// The records within a sound archive.
    static let gt3xLog = recording(
        name: "GT3XLog",
        words: ["\u{1E}\0", "\u{1E}\u{15}", "\u{1E}\u{1A}", "\u{1E}\u{1B}", "\u{1E}\u{3}", "\0\0\u{37}\0"],
        seeds: { [activityLog, activityLog + [1]] },
        open: { log in try GT3XRecording(FileBytes(gt3xFile(log.last == 1 ? mendedRecords(log) : log).bytes)) })

    static let gt3xOld = recording(
        name: "GT3XOld", words: ["Sample Rate: ", "Serial Number: NEO", "Start Date: ", "Acceleration Scale: "],
        seeds: { [Array("Serial Number: NEO1\nSample Rate: 30\nStart Date: 634556532600000000\0abcdefghi".utf8)] },
        open: { bytes in
            let parts = split(bytes)
            return try GT3XOldRecording(
                FileBytes(ZipFile.bytes([("info.txt", parts.text), ("activity.bin", parts.rest)])))
        })

    /// A description, a zero byte, and what all files that it names hold.
    static let tsdf = recording(
        name: "TSDF",
        words: [
            "\"sensors\": [", "\"file_name\": \"a\"", "\"channels\": [\"time\"]", "\"units\": [\"relative_s\"]",
            "time_delta_ms",
            "absolute_unix_ms", "\"bits\": 64", "\"data_type\": \"float\"", "\"endianness\": \"big\"", "\"rows\": ",
            "\"scale_factors\": []", "gyro_x", "deg/s", "1e308", "9223372036854775807",
        ],
        seeds: {
            let text = """
                {"study_id": "s", "rows": 3, "start_iso8601": "2021-06-27T16:52:20Z", "endianness": "little", "sensors": [
                {"file_name": "t", "channels": ["time"], "units": ["time_delta_ms"], "data_type": "float", "bits": 32},
                {"file_name": "v", "channels": ["acc_x", "acc_y", "acc_z", "gyro_x", "gyro_y", "gyro_z"], "units":
                ["g", "g", "g", "deg/s", "deg/s", "deg/s"], "scale_factors": [1, 2, 3, 4, 5, 6], "data_type": "int", "bits": 16}]}
                """
            return [Array(text.utf8) + [0] + [UInt8](repeating: 64, count: 40)]
        },
        open: { bytes in
            let parts = split(bytes)
            return try TSDFRecording(FileBytes(parts.text)) { _ in FileBytes(parts.rest) }
        })

    /// A header, a zero byte, and what all files that it names hold.
    static let wfdb = recording(
        name: "WFDB",
        words: [
            "212", "16x1:0+4", "24", "32", "61", "80", "(1)/g", "/deg/s", "1e-308", "12:30:05 31/12/2023", "gyro x",
        ],
        seeds: {
            ["16", "24", "32", "80", "212"].map { format in
                let signals = ["x", "y", "z"].map { "r.dat \(format) 2(1)/g 16 0 0 0 0 \($0)\n" }.joined()
                return Array(("r 3 100/360(2) 2 12:30:05 31/12/2023\n" + signals).utf8) + [0]
                    + [UInt8](repeating: 5, count: 48)
            }
        },
        open: { bytes in
            let parts = split(bytes)
            return try WFDBRecording(FileBytes(parts.text)) { _ in FileBytes(parts.rest) }
        })

    /// A reader of recordings: opens, reads to the end, and stops the process where a batch breaks a promise.
    private static func recording(
        name: String, words: [String], seeds: @escaping @Sendable () throws -> [[UInt8]],
        open: @escaping @Sendable ([UInt8]) throws -> any RecordingSource
    ) -> Reader {
        Reader(name: name, words: words, seeds: seeds) { bytes, _ in
            let source = try open(Array(bytes))
            var batch = SampleBatch()
            var isFirst = true
            while try source.read(into: &batch) {
                precondition(batch.count > 0, "a batch has samples")
                precondition(batch.acceleration.allSatisfy { $0.count == batch.count }, "columns are equally long")
                let expected = source.header.hasAngularRate ? batch.count : 0
                precondition(batch.angularRate.allSatisfy { $0.count == expected }, "so are the gyroscope's")
                precondition(!isFirst || batch.stamps.first?.place == 0, "the first sample has a stamp")
                let places = batch.stamps.map(\.place)
                precondition(zip(places, places.dropFirst()).allSatisfy { $0 < $1 }, "stamps by increasing place")
                precondition(
                    batch.stamps.allSatisfy { $0.place < batch.count && $0.timeS.isFinite }, "within the batch")
                isFirst = false
            }
            precondition(source.flags.allSatisfy { !$0.isEmpty && !$0.contains("\n") }, "a flag is one line")
            return nil
        }
    }

    // MARK: - Files

    private static var activityLog: [UInt8] {
        var file = GT3XFile()
        file.add(21, 999, [0, 0, 55, 0, 0, 0, 0x40, 9])
        file.add(0, 1000, GT3XFile.packed((0..<90).map { $0 }))
        file.add(3, 1001, [8])
        file.add(26, 1010, GT3XFile.shorts((0..<90).map { $0 }))
        return file.log
    }

    private static func gt3xFile(_ log: [UInt8]) -> GT3XFile {
        var file = GT3XFile()
        file.log = log
        return file
    }

    private static func split(_ bytes: [UInt8]) -> (text: [UInt8], rest: [UInt8]) {
        let end = bytes.firstIndex(of: 0) ?? bytes.count
        return (Array(bytes[..<end]), Array(bytes[min(end + 1, bytes.count)...]))
    }

    private static func mendedSectors(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for start in stride(from: 1024, through: bytes.count - 512, by: 512) {
            var sum: UInt16 = 0
            for place in stride(from: start, to: start + 510, by: 2) {
                sum &+= UInt16(bytes[place]) | UInt16(bytes[place + 1]) << 8
            }
            (bytes[start + 510], bytes[start + 511]) = (UInt8(truncatingIfNeeded: 0 &- sum), UInt8((0 &- sum) >> 8))
        }
        return bytes
    }

    private static func mendedRecords(_ log: [UInt8]) -> [UInt8] {
        var (log, start) = (log, 0)
        while start + 9 <= log.count {
            let end = start + 8 + Int(log[start + 6]) + Int(log[start + 7]) << 8
            guard end < log.count else { break }
            log[end] = log[start..<end].reduce(0xFF, ^)
            start = end + 1
        }
        return log
    }
}
