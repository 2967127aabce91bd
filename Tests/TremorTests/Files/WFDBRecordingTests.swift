import Records
import TestSupport
import Testing
import Tremor

@Suite struct WFDBRecordingTests {
    static let g = AccelerationUnit.standardGravity

    static func open(
        _ header: String, _ files: [String: [UInt8]], _ options: RecordingOptions = .init()
    ) throws -> WFDBRecording {
        try WFDBRecording(FileBytes(Array(header.utf8)), options: options) { name in
            guard let bytes = files[name] else { throw FileProblem(name, .noInput, "there is no such file") }
            return FileBytes(bytes, path: name)
        }
    }

    static func header(_ format: String, record: String = "r 3 100", scale: String = "2(1)/g") -> String {
        "# made for a test\r\n\(record)\r\n"
            + ["x", "y", "z"].map { "r.dat \(format) \(scale) 16 0 0 0 0 \($0)" }.joined(separator: "\r\n")
    }

    /// signal(5) of the WFDB Applications Guide: 3, -2 and 5, then 0, 1 and the value that stands for none.
    @Test(
        arguments: [
            ("16", [3, 0, 0xFE, 0xFF, 5, 0, 0, 0, 1, 0, 0, 0x80]),
            ("61", [0, 3, 0xFF, 0xFE, 0, 5, 0, 0, 0, 1, 0x80, 0]),
            ("24", [3, 0, 0, 0xFE, 0xFF, 0xFF, 5, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0x80]),
            ("32", [3, 0, 0, 0, 0xFE, 0xFF, 0xFF, 0xFF, 5, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0x80]),
            ("80", [131, 126, 133, 128, 129, 0]), ("212", [3, 0xF0, 0xFE, 5, 0, 0, 1, 0x80, 0]),
        ] as [(String, [UInt8])])
    func everyFormatIsReadByItsBits(format: String, bytes: [UInt8]) throws {
        for (text, data) in [(format, bytes), ("\(format)x1:0+4", [9, 9, 9, 9] + bytes)] {
            let read = try ReadRecording(Self.open(Self.header(text), ["r.dat": data]))
            #expect(agree(read.sampleG(0), [1, -1.5, 2], 1e-12))
            #expect(agree(Array(read.sampleG(1).prefix(2)), [-0.5, 0], 1e-12) && read.acceleration[2][1].isNaN)
            #expect(read.stamps == [.init(place: 0, timeS: 0), .init(place: 1, timeS: 0.01)])
        }
    }

    @Test func aRecordWithADateHasAStart() throws {
        let text = Self.header("80", record: "r 3 99.5/360(7) 2 14:30:05.25 31/12/2023")
        let header = try Self.open(text, ["r.dat": [1, 2, 3, 4, 5, 6]]).header
        // Python's datetime.
        #expect(header.startEpochS == 1_704_033_005.25 && header.nominalRateHz == 99.5 && !header.isUTC)
    }

    @Test func aGyroscopeAndSeveralSensorsAreFoundByTheirNames() throws {
        let names = [
            "ankle acc x", "ankle acc y", "ankle acc z", "wrist_accX", "wrist_accY", "wrist_accZ", "wrist_gyroX",
            "wrist_gyroY", "wrist_gyroZ", "ecg",
        ]
        let text =
            "r 10 50\n"
            + names.map { "r.dat 80 1/\($0.contains("gyro") ? "deg/s" : "g") 8 0 0 0 0 \($0)" }.joined(separator: "\n")
        let row: [UInt8] = (0..<10).map { 128 + $0 }
        var options = RecordingOptions()
        let first = try Self.open(text, ["r.dat": row + row], options)
        #expect(first.header.sensors == ["ankle", "wrist"])
        #expect(try ReadRecording(first).sampleG(1) == [0, 1, 2] && !first.header.hasAngularRate)
        options.sensor = "wrist"
        let wrist = try ReadRecording(Self.open(text, ["r.dat": row + row], options))
        #expect(agree(wrist.sampleG(0), [3, 4, 5], 1e-12) && agree(wrist.sampleDegrees(0), [6, 7, 8], 1e-12))
        options.sensor = "hip"
        #expect(throws: RecordingError.unsupported("there is no sensor hip; there are ankle, wrist")) {
            try Self.open(text, ["r.dat": row], options)
        }
    }

    @Test func missingSamplesAndWrongChecksumsAreSaid() throws {
        let text = Self.header("80", record: "r 3 100 5").replacingOccurrence(of: "0 0 0 0 x", with: "0 0 7 0 x")
        let read = try ReadRecording(Self.open(text, ["r.dat": [128, 128, 128, 128, 128, 128, 128]]))
        #expect(read.count == 2)
        #expect(
            read.flags == [
                "the header promises 5 samples; the files hold 2",
                "the checksum of x is wrong: the file is not what was recorded",
            ])
    }

    @Test(arguments: [
        ("r/3 3 100\nr.dat 16", "several segments"), ("r 0 100", "no samples"), ("", "first line"),
        ("r 3 100\nr.dat 16", "1 lines"),
    ])
    func headersThatAreNotReadSaySo(text: String, part: String) {
        #expect {
            try Self.open(text, [:])
        } throws: { "\($0)".contains(part) }
    }

    @Test(arguments: [
        ("310", "2/g", "format 310"), ("8", "2/g", "format 8"), ("16x4", "2/g", "several samples in a frame"),
        ("16:2", "2/g", "skew"), ("16", "2/mV", "give --unit"), ("16", "0/g", "not calibrated"),
        ("16", "q/g", "no gain"),
    ])
    func signalsThatAreNotReadSaySo(format: String, scale: String, part: String) {
        #expect {
            try Self.open(Self.header(format, scale: scale), ["r.dat": [UInt8](repeating: 1, count: 600)])
        } throws: { "\($0)".contains(part) }
    }

    @Test func withoutARateOneIsAskedFor() throws {
        let (text, files) = (Self.header("80", record: "r 3"), ["r.dat": [1, 2, 3] as [UInt8]])
        #expect(throws: RecordingError.noSampleRate) { try Self.open(text, files) }
        #expect(try Self.open(text, files, RecordingOptions(sampleRateHz: 50)).header.nominalRateHz == 50)
    }

    @Test func aSignalFileThatIsMissingIsNamed() throws {
        try withTemporaryFolder { folder in
            let path = "\(folder)/r.hea"
            try OutputFile.write(Self.header("80"), to: path)
            #expect(throws: FileProblem(path, .noInput, "its signal file r.dat: there is no such file")) {
                try RecordingFile.open(path)
            }
        }
    }

    @Test func noDamagedFileTraps() throws {
        let text = Array(Self.header("212x1:0+1", record: "r 3 100/360(2) 40 14:30:05 31/12/2023").utf8)
        for bytes in damaged(text, seed: 12) {
            do {
                let data = [UInt8](repeating: 0x5A, count: 180)
                _ = try ReadRecording(
                    WFDBRecording(FileBytes(bytes)) { _ in FileBytes(data) })
            } catch let error as RecordingError {
                #expect(!error.description.contains("\n"))
            }
        }
    }
}

extension String {
    fileprivate func replacingOccurrence(of old: String, with new: String) -> String {
        guard let range = firstRange(of: old) else { return self }
        return String(self[..<range.lowerBound]) + new + String(self[range.upperBound...])
    }
}

/// A synthetic record in five formats, read by wfdb 4.3.1 (`rdrecord`).
@Suite(.enabled(if: ReferenceData.isPresent, "the reference recordings are absent"))
struct WFDBReferenceTests {
    @Test(arguments: [
        (
            "tr16", [0.20057988159363288, -0.3005835680029949, 0.9359750272150509],
            [0.47220073861333406, -0.16532302430017926, 1.000167659008855],
            [399.5401595475841, -599.6282449095851, 1865.6382572600633]
        ),
        (
            "tr24", [0.20057976882198608, -0.3005871953495781, 0.9359740797114908],
            [0.4722140431463159, -0.16532651195738893, 1.000170110660989],
            [399.54022943631117, -599.6279303290758, 1865.6383314857421]
        ),
        (
            "tr32", [0.20057976920767603, -0.300587201207967, 0.9359740783903557],
            [0.4722140534968299, -0.16532649051336323, 1.0001700985053141],
            [399.54023081126064, -599.6279323754693, 1865.6383309962202]
        ),
        (
            "tr80", [0.16972252143510091, -0.25648321443912747, 0.8021147017777362],
            [0.4061217477197057, -0.14045509362142694, 0.8571617891546398],
            [342.5970325539985, -514.3068590108605, 1599.8869747483952]
        ),
        (
            "tr212", [0.20040294182359722, -0.30059736230951867, 0.9359807608250595],
            [0.47225388899299864, -0.16526253227997698, 1.000115513480306],
            [399.54378077227454, -599.6327626295256, 1865.6410645187646]
        ),
    ])
    func everySampleIsWhatWfdbFinds(name: String, first: [Double], last: [Double], sums: [Double]) throws {
        for path in ["wfdb_synth/\(name).hea", "wfdb_synth/\(name).dat"] {
            let read = try ReadRecording(reference(path))
            #expect(read.count == 2000 && abs(read.rateHz - 100) < 1e-9 && read.flags.isEmpty)
            #expect(agree(read.sampleG(0), first, 1e-12) && agree(read.sampleG(1999), last, 1e-12))
            #expect(agree(read.sumsG, sums, 1e-8))
        }
    }
}
