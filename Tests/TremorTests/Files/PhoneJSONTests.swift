import Glibc
import Records
import TestSupport
import Testing
import Tremor

/// Opens a text as a file of a name.
private func open(_ name: String, _ text: String, _ options: RecordingOptions = .init()) throws -> any RecordingSource {
    try withTemporaryFolder { folder in
        try OutputFile.write(Array(text.utf8), to: "\(folder)/\(name)")
        // Sources keep their file open.
        return try RecordingFile.open("\(folder)/\(name)", options: options)
    }
}

/// Recordings of phones as JSON.
@Suite struct PhoneJSONTests {
    static let gravity = 9.80665

    static func array(_ item: (Int) -> String) -> String { "[" + (0..<30).map(item).joined(separator: ",\n ") + "]" }

    @Test func accelerationIsReadItemByItem() throws {
        let source = try open(
            "accel.json", Self.array { #"{"y":0.6,"timestamp":\#(8844.375 + Double($0) / 64),"z":-0.8,"x":0.\#($0)}"# })
        let samples = try Samples(source)
        #expect(source.header.format == "mPower JSON" && !source.header.hasAngularRate)
        #expect(samples.times == (0..<30).map { Double($0) / 64 })
        #expect(samples.acceleration.map { $0[25] } == [0.25, 0.6, -0.8].map { $0 * Self.gravity })
    }

    static func motion(_ place: Int) -> String {
        #"""
        {"timestamp": \#(19298 + Double(place) / 64), "attitude": {"x": 1, "y": 0, "z": 0, "w": 0},
         "rotationRate": {"x": 0.\#(place), "y": 2, "z": 3}, "userAcceleration": {"x": 0.25, "y": 0.5, "z": 0},
         "gravity": {"x": 0, "y": 0, "z": -1}, "magneticField": {"x": 9, "y": 9, "z": 9, "accuracy": -1}}
        """#
    }

    @Test(arguments: ["%", #"{"items": %}"#, #"{"data": %, "version": 1}"#, "\u{FEFF} \n%\n"])
    func deviceMotionIsAccelerationGravityAndRotation(wrapping: String) throws {
        let parts = wrapping.split(separator: "%", omittingEmptySubsequences: false)
        let source = try open("motion.json", parts[0] + Self.array(Self.motion) + parts[1])
        let samples = try Samples(source)
        #expect(source.header.format == "CoreMotion JSON" && source.header.hasAngularRate)
        #expect(samples.acceleration.map { $0[3] } == [0.25, 0.5, -1].map { $0 * Self.gravity })
        #expect(samples.angularRate.map { $0[25] } == [0.25, 2, 3])
    }

    /// One sensor an item: read as {timestamp, x, y, z} they would be three sensors in one signal.
    @Test func itemsOfSeveralSensorsAreToldApart() throws {
        let sensors = ["userAcceleration", "gravity", "rotationRate"]
        let text = Self.array { place in
            let values = [#""x":0.5,"y":0,"z":0"#, #""x":0,"y":0,"z":1"#, #""x":7,"y":8,"z":9"#][place % 3]
            return
                #"{"sensorType":"\#(sensors[place % 3])","timestamp":\#(Double(place / 3) / 64),"uptime":5,\#(values)}"#
        }
        let samples = try Samples(open("motion.json", text))
        #expect(samples.count == 10 && samples.acceleration.map { $0[4] } == [0.5, 0, 1].map { $0 * Self.gravity })
        #expect(samples.angularRate.map { $0[4] } == [7, 8, 9])
        let apart = try open(
            "motion.json",
            Self.array { place in
                let isAcceleration = place % 2 == 0
                let sensor = isAcceleration ? "accelerometer" : "gyro"
                return
                    #"{"sensorType":"\#(sensor)","timestamp":\#(Double(place) / 64),"x":0,"y":0,"z":\#(isAcceleration ? 1 : 9)}"#
            })
        #expect(try Samples(apart).acceleration[2] == [Double](repeating: Self.gravity, count: 15))
        #expect(!apart.header.hasAngularRate && apart.flags.contains { $0.contains("gyro has stamps of its own") })
    }

    @Test func nullIsNaNAndAnItemWithoutATimeIsCounted() throws {
        let source = try open(
            "accel.json",
            Self.array { place in
                #"{\#(place == 9 ? "" : "\"timestamp\":\(Double(place) / 64),")"x":\#(place == 5 ? "null" : "0"),"y":0,"z":1}"#
            })
        let samples = try Samples(source)
        #expect(samples.count == 29 && samples.acceleration[0][5].isNaN && samples.acceleration[0][6] == 0)
        #expect(source.flags.contains("1 items without a time were left out"))
    }

    @Test func millisecondsSince1970AreDates() throws {
        let source = try open(
            "accel.json", Self.array { #"{"timestamp":\#(1_399_469_390_000 + $0 * 20),"x":0,"y":0,"z":1}"# })
        #expect(source.header.startEpochS == 1_399_469_390 && source.header.isUTC)
        let samples = try Samples(source)
        #expect(source.header.stampPrecisionS == 0.001 && abs(samples.times[29] - 0.58) < 1e-12)
    }

    @Test(arguments: [
        ("[]", "no samples"), ("{}", "no samples of acceleration"),
        (#"[{"TapTimeStamp":0,"TapCoordinate":"{1, 2}"}]"#, "TapCoordinate"),
        (#"[{"timestamp":0,"x":"left","y":0,"z":1}]"#, "x of item 1 is no number"),
        ("[1, 2, 3]", "no samples of acceleration"),
        (#"[{"timestamp":0,"x":0.001,"y":0,"z":0},{"timestamp":0.02,"x":0.001,"y":0,"z":0}]"#, "give --unit"),
        (#"[{"timestamp":0,"x":0,"#, "not valid JSON"), (#"[{"x":0,"y":0,"z":1}]"#, "no samples of acceleration"),
        (#"[{"timestamp":0,"sensorType":"gyro","x":0,"y":0,"z":1}]"#, "sensors accelerometer"),
        (#"[{"timestamp":null,"x":0,"y":0,"z":1}]"#, "no samples"),
    ])
    func jsonThatIsNoRecordingIsRefusedInASentence(text: String, part: String) {
        #expect(sentence { _ = try open("a.json", text) }.contains(part))
    }

    @Test func damagedJSONNeverTraps() throws {
        var noise = SeededNoise(seed: 6)
        let whole = Array(Self.array(Self.motion).utf8)
        try withTemporaryFolder { folder in
            for round in 0..<300 {
                var bytes = whole
                for _ in 0..<4 {
                    let place = Int.random(in: 0..<bytes.count, using: &noise)
                    bytes[place] = Array("0123456789.-eE{}[],:\"nu ".utf8).randomElement(using: &noise)!
                }
                let path = "\(folder)/\(round).json"
                try OutputFile.write(bytes, to: path)
                if let source = try? RecordingFile.open(path) { _ = try? Samples(source) }
            }
        }
    }
}

/// Recordings of Motion-BIDS datasets.
@Suite struct MotionBIDSTests {
    static let gravity = 9.80665

    static let channels = """
        name\tcomponent\ttype\ttracked_point\tunits
        t_acc_x\tx\tACCEL\tLeftWrist\tm/s^2
        t_acc_y\ty\tACCEL\tLeftWrist\tm/s^2
        t_acc_z\tz\tACCEL\tLeftWrist\tm/s^2
        w_acc_z\tz\tACCEL\tRightWrist\tg
        w_acc_y\ty\tACCEL\tRightWrist\tg
        w_acc_x\tx\tACCEL\tRightWrist\tg
        w_gyr_x\tx\tGYRO\tRightWrist\tdeg/s
        w_gyr_y\ty\tGYRO\tRightWrist\tdeg/s
        w_gyr_z\tz\tGYRO\tRightWrist\tdeg/s
        w_mag_x\tx\tMAGN\tRightWrist\tn/a

        """
    static let data =
        (0..<30).map { "0.\($0)\t0\t9.8\t1\t0.5\t-0.25\t180\t90\t\($0)\t\(Double($0) / 64)" }.joined(separator: "\n")
        + "\n"
    static let name = "sub-01_ses-02_task-rest_tracksys-imu_run-1"

    /// Writes a dataset and opens its recording.
    static func open(_ files: [String: String], _ options: RecordingOptions = .init()) throws -> any RecordingSource {
        try withTemporaryFolder { folder in
            let place = "\(folder)/sub-01/ses-02/motion"
            for part in ["sub-01", "sub-01/ses-02", "sub-01/ses-02/motion"] { mkdir("\(folder)/\(part)", 0o755) }
            try OutputFile.write(Array(data.utf8), to: "\(place)/\(name)_motion.tsv")
            for (path, text) in files {
                try OutputFile.write(Array(text.utf8), to: path.hasPrefix("/") ? folder + path : "\(place)/\(path)")
            }
            return try RecordingFile.open("\(place)/\(name)_motion.tsv", options: options)
        }
    }

    @Test func aTrackedPointIsReadByItsChannels() throws {
        let files = [
            "\(Self.name)_channels.tsv": Self.channels, "\(Self.name)_motion.json": #"{"SamplingFrequency": 60}"#,
        ]
        let source = try Self.open(files)
        let left = try Samples(source)
        #expect(source.header.format == "Motion-BIDS" && source.header.sensors == ["LeftWrist", "RightWrist"])
        #expect(source.header.nominalRateHz == 60 && !source.header.hasAngularRate)
        #expect(left.times == (0..<30).map { Double($0) / 60 } && left.acceleration.map { $0[25] } == [0.25, 0, 9.8])
        var options = RecordingOptions()
        options.sensor = "RightWrist"
        let right = try Samples(Self.open(files, options))
        #expect(right.acceleration.map { $0[25] } == [-0.25, 0.5, 1].map { $0 * Self.gravity })
        #expect(right.angularRate.map { $0[25] } == [180, 90, 25].map { $0 * (Double.pi / 180) })
        options.sensor = "Head"
        #expect(sentence { _ = try Self.open(files, options) }.contains("it has LeftWrist, RightWrist"))
    }

    /// The rate that was measured goes before the one that was set; both stand in the nearest file that has one.
    @Test func filesAboveApplyAndTheEffectiveRateGoesFirst() throws {
        let source = try Self.open([
            "/task-rest_tracksys-imu_channels.tsv": Self.channels,
            "/task-rest_motion.json": #"{"SamplingFrequency": 100}"#,
            "/sub-01/sub-01_task-rest_motion.json": #"{"SamplingFrequency": 60, "SamplingFrequencyEffective": 59.94}"#,
            "/sub-01/sub-01_task-walk_motion.json": #"{"SamplingFrequency": 10}"#,
            "\(Self.name)_motion.json": #"{"TaskName": "rest"}"#,
        ])
        #expect(source.header.nominalRateHz == 59.94 && source.flags.contains { $0.contains("effective") })
        #expect(try Samples(source).times[1] == 1 / 59.94)
    }

    @Test func aChannelOfLatencyIsTime() throws {
        let latency = Self.channels.split(separator: "\n").map {
            $0.hasPrefix("w_mag") ? "lat\tn/a\tLATENCY\tn/a\ts" : $0
        }
        let source = try Self.open(["\(Self.name)_channels.tsv": latency.joined(separator: "\n")], .init())
        #expect(try Samples(source).times == (0..<30).map { Double($0) / 64 })
    }

    @Test(arguments: [
        ([:], "no _channels.tsv"), (["_channels.tsv": channels], "give --sample-rate"),
        (["_channels.tsv": "name\ttype\na\tPOS\n"], "no tracked point"),
        (["_channels.tsv": "a\tb\n1\t2\n"], "name and type"),
        (
            ["_channels.tsv": channels + "more\tx\tMISC\tn/a\tn/a\n", "_motion.json": #"{"SamplingFrequency": 60}"#],
            "line 1 has 10 fields; 11"
        ),
        (["_channels.tsv": channels, "_motion.json": "{"], "not valid JSON"),
        (["_channels.tsv": channels, "_motion.json": #"{"SamplingFrequency": 0}"#], "give --sample-rate"),
    ])
    func whatIsMissingIsSaid(files: [String: String], part: String) {
        let named = Dictionary(uniqueKeysWithValues: files.map { (Self.name + $0, $1) })
        #expect(sentence { _ = try Samples(Self.open(named)) }.contains(part))
    }
}
