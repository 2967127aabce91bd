import Testing
import Tremor

/// Tables as particular programs write them: gyroscopes, CoreMotion, SensorLog, ActiLife, several sensors.
@Suite struct WatchAndPhoneTests {
    static let gravity = 9.80665

    static func rows(_ line: (Int) -> String) -> String { (0..<30).map(line).joined(separator: "\n") }

    // MARK: - Angular rate

    static let gyroscopes: [(names: String, scale: Double)] = [
        ("gyro_x_rad_s,gyro_y_rad_s,gyro_z_rad_s", 1),
        ("gyroscope_x (deg/s),gyroscope_y (deg/s),gyroscope_z (deg/s)", .pi / 180),
        ("gx_dps,gy_dps,gz_dps", .pi / 180), ("rotationRate.x,rotationRate.y,rotationRate.z", 1),
        ("angular_velocity_x_rad_s,angular_velocity_y_rad_s,angular_velocity_z_rad_s", 1),
        ("Gyro X [deg/s],Gyro Y [deg/s],Gyro Z [deg/s]", .pi / 180), ("gyrX(°/s),gyrY(°/s),gyrZ(°/s)", .pi / 180),
    ]

    @Test(arguments: gyroscopes)
    func angularRateIsRadiansPerSecond(names: String, scale: Double) throws {
        let source = try csv("t,ax_g,ay_g,az_g,\(names)\n" + Self.rows { "\(Double($0) / 50),0,0,1,10,-20,\($0)" })
        let samples = try Samples(source)
        #expect(source.header.hasAngularRate)
        #expect(samples.angularRate.map { $0[7] } == [10 * scale, -20 * scale, 7 * scale])
    }

    @Test func angularRateWithoutAUnitIsLeftOutAndSaid() throws {
        let text = "t,ax_g,ay_g,az_g,gx,gy,gz\n" + Self.rows { "\(Double($0) / 50),0,0,1,10,-20,\($0)" }
        let source = try csv(text)
        #expect(!source.header.hasAngularRate && source.flags.contains { $0.contains("--angular-rate-unit") })
        #expect(try Samples(source).angularRate == [[], [], []])
        var options = RecordingOptions()
        options.angularRateUnit = .degreesPerSecond
        #expect(try Samples(csv(text, options)).angularRate[0][0] == 10 * (Double.pi / 180))
    }

    // MARK: - Phones

    @Test func coreMotionsUserAccelerationAndGravityAreAdded() throws {
        let text =
            "timestamp,rotationRate.x,rotationRate.y,rotationRate.z,userAcceleration.x,userAcceleration.y,userAcceleration.z,"
            + "gravity.x,gravity.y,gravity.z,attitude.x\n"
            + Self.rows { "\(Double($0) / 50),3,2,1,0.5,0,-0.25,0,0.6,-0.8,7" }
        let samples = try Samples(csv(text))
        #expect(samples.acceleration.map { $0[2] } == [0.5, 0.6, -1.05].map { $0 * Self.gravity })
        #expect(samples.angularRate.map { $0[2] } == [3, 2, 1])
    }

    @Test func coreMotionsUserAccelerationAloneIsInG() throws {
        let text =
            "timestamp,userAcceleration.x,userAcceleration.y,userAcceleration.z\n"
            + Self.rows { "\(Double($0) / 50),0.5,0,0.01" }
        let source = try csv(text)
        #expect(try Samples(source).acceleration[0][0] == 0.5 * Self.gravity)
        #expect(source.flags.contains { $0.contains("as CoreMotion has it") })
    }

    /// Android's linear acceleration is m/s², which its name does not say.
    @Test func linearAccelerationNeedsItsUnit() {
        let text =
            "t,linear_acceleration_x,linear_acceleration_y,linear_acceleration_z\n"
            + Self.rows { "\(Double($0) / 50),0.5,0,0.01" }
        #expect(sentence { _ = try csv(text) }.contains("give --unit"))
    }

    static let sensorLog =
        "loggingTime(txt),loggingSample(N),locationTimestamp_since1970(s),locationLatitude(WGS84),accelerometerTimestamp_sinceReboot(s),"
        + "accelerometerAccelerationX(G),accelerometerAccelerationY(G),accelerometerAccelerationZ(G),gyroTimestamp_sinceReboot(s),"
        + "gyroRotationX(rad/s),gyroRotationY(rad/s),gyroRotationZ(rad/s)"

    @Test func sensorLogsAccelerometerHasItsOwnClock() throws {
        let text =
            Self.sensorLog + "\n"
            + Self.rows { place in
                "2017-06-23 15:42:42.\(144 + place * 20) +0200,\(place),1498225362.1,0,\(62608 + Double(place) / 50),0.1,-0.2,0.97,"
                    + "\(62608.007 + Double(place) / 50),1,2,3"
            }
        let source = try csv(text)
        let samples = try Samples(source)
        // 1498225362 is 2017-06-23 13:42:42 UTC by GNU date.
        #expect(source.header.startEpochS == 1_498_225_362.144 && source.header.isUTC)
        #expect(abs(samples.times[20] - 0.4) < 1e-11)
        #expect(samples.acceleration.map { $0[0] } == [0.1, -0.2, 0.97].map { $0 * Self.gravity })
        #expect(samples.angularRate.map { $0[0] } == [1, 2, 3])
    }

    @Test func sensorLogsMotionGoesBeforeItsAccelerometer() throws {
        let names =
            Self.sensorLog + ",motionTimestamp_sinceReboot(s),motionRotationRateX(rad/s),motionRotationRateY(rad/s),"
            + "motionRotationRateZ(rad/s),motionUserAccelerationX(G),motionUserAccelerationY(G),motionUserAccelerationZ(G),"
            + "motionGravityX(G),motionGravityY(G),motionGravityZ(G)"
        let text =
            names + "\n"
            + Self.rows { place in
                "2017-06-23 15:42:42.144 +0200,\(place),1498225362.1,0,99,9,9,9,98,9,9,9,\(62608 + Double(place) / 50),4,5,6,0.25,0,0,0,0,1"
            }
        let samples = try Samples(csv(text))
        #expect(abs(samples.times[20] - 0.4) < 1e-11)
        #expect(samples.acceleration.map { $0[0] } == [0.25, 0, 1].map { $0 * Self.gravity })
        #expect(samples.angularRate.map { $0[0] } == [4, 5, 6])
    }

    // MARK: - Several sensors

    @Test func oneOfSeveralSensorsIsRead() throws {
        let text =
            "time_ms,left_wrist_acc_x_g,left_wrist_acc_y_g,left_wrist_acc_z_g,trunk_acc_x_g,trunk_acc_y_g,trunk_acc_z_g,"
            + "trunk_gyro_x_dps,trunk_gyro_y_dps,trunk_gyro_z_dps\n"
            + Self.rows { "\($0 * 20),0.1,0,1,0.2,0,1,180,0,0" }
        let source = try csv(text)
        #expect(source.header.sensors == ["leftwrist", "trunk"] && !source.header.hasAngularRate)
        #expect(source.flags.contains { $0.contains("the first, leftwrist, was read") })
        #expect(try Samples(source).acceleration[0][0] == 0.1 * Self.gravity)
        var options = RecordingOptions()
        options.sensor = "trunk"
        let trunk = try Samples(csv(text, options))
        #expect(trunk.acceleration[0][0] == 0.2 * Self.gravity && trunk.angularRate[0][0] == 180 * (Double.pi / 180))
        options.sensor = "head"
        #expect(
            sentence { _ = try csv(text, options) }.contains("no sensor \"head\" in this file; it has leftwrist, trunk")
        )
    }

    /// Sensors that are named by their place alone: the unit says that it is an acceleration.
    @Test func sensorsWithoutAWordOfAccelerationAreKnownByTheirUnit() throws {
        let text =
            "time,hand_x_g,hand_y_g,hand_z_g,leg_x_m/s^2,leg_y_m/s^2,leg_z_m/s^2,hand_gyro_x_dps,hand_gyro_y_dps,hand_gyro_z_dps\n"
            + Self.rows { "\(Double($0) / 50),0.1,0,1,0.2,0,9.8,180,0,0" }
        let source = try csv(text)
        #expect(source.header.sensors == ["hand", "leg"])
        let hand = try Samples(source)
        #expect(hand.acceleration[0][0] == 0.1 * Self.gravity && hand.angularRate[0][0] == 180 * (Double.pi / 180))
        var options = RecordingOptions()
        options.sensor = "leg"
        #expect(try Samples(csv(text, options)).acceleration[0][0] == 0.2)
        // Without a unit nothing says what "hand_x" is of.
        #expect(throws: RecordingError.self) { try csv("t,hand_x,hand_y,hand_z\n0,0,0,1\n") }
    }

    @Test func aSensorOfAFileThatNamesNoneIsRefused() {
        var options = RecordingOptions()
        options.sensor = "wrist"
        #expect(sentence { _ = try csv("t,x,y,z\n0,0,0,1\n", options) }.contains("it names none"))
    }

    @Test func daphnetHasThreeSensorsInMilliG() throws {
        let text = (0..<40).map { "\(($0 + 1) * 1000 / 64) 40 29 -960 218 55 -959 77 57 -980 \($0 / 20)" }.joined(
            separator: "\n")
        var options = RecordingOptions()
        for (sensor, z) in [("ankle", -960.0), ("thigh", -959), ("trunk", -980)] {
            options.sensor = sensor
            let source = try csv(text, options)
            #expect(source.header.sensors == ["ankle", "thigh", "trunk"] && source.header.format == "Daphnet")
            #expect(try Samples(source).acceleration[2][39] == z * (Self.gravity / 1000))
        }
    }

    // MARK: - ActiLife

    /// The ten lines of ActiLife.
    static func actiLife(
        _ format: String, rate: String = " at 30 Hz ", period: String = "00:00:00", start: String = "8/26/2013",
        end: String = "9/3/2013"
    ) -> String {
        """
        ------------ Data File Created By ActiGraph GT3X+ ActiLife v6.13.3 Firmware v2.5.0 date format \(format)\(rate) Filter Normal -----------
        Serial Number: NEO1F0000000
        Start Time 09:00:00
        Start Date \(start)
        Epoch Period (hh:mm:ss) \(period)
        Download Time 12:54:04
        Download Date \(end)
        Current Memory Address: 0
        Current Battery Voltage: 4.03     Mode = 12
        --------------------------------------------------

        """
    }

    /// 1377507600 is 2013-08-26 09:00:00 UTC by GNU date.
    @Test(arguments: ["", "Accelerometer X,Accelerometer Y,Accelerometer Z\n"])
    func actiLifeWithoutStampsHasItsRate(header: String) throws {
        let source = try csv(Self.actiLife("M/d/yyyy") + header + Self.rows { "0.1,-0.\($0),0.95" })
        let samples = try Samples(source)
        #expect(source.header.format == "ActiLife CSV" && source.header.nominalRateHz == 30)
        #expect(source.header.startEpochS == 1_377_507_600 && !source.header.isUTC)
        #expect(
            samples.count == 30 && samples.times[29] == 29.0 / 30 && samples.acceleration[1][5] == -0.5 * Self.gravity)
    }

    @Test func actiLifeNamesTheOrderOfItsDates() throws {
        for (format, first) in [("M/d/yyyy", "8/6/2013"), ("dd/MM/yyyy", "06/08/2013"), ("yyyy-MM-dd", "2013-08-06")] {
            let text =
                Self.actiLife(format, start: first, end: first)
                + "Timestamp,Accelerometer X,Accelerometer Y,Accelerometer Z\n"
                + Self.rows { "\(first) 09:00:00.\(500 + $0 * 10),0.1,0.2,0.95" }
            let source = try csv(text)
            // 1375779600 is 2013-08-06 09:00:00 UTC by GNU date.
            #expect(source.header.startEpochS == 1_375_779_600.5)
            #expect(abs(try Samples(source).times[29] - 0.29) < 1e-9)
        }
    }

    @Test func actiLifesDatesThatBreakTheirOwnOrderAreSaid() throws {
        let source = try csv(
            Self.actiLife("dd/MM/yyyy", start: "08-06-2013", end: "08-19-2013") + Self.rows { _ in "0.1,0.2,0.95" })
        #expect(source.header.startEpochS == 1_375_779_600 && source.flags.contains { $0.contains("not in the order") })
    }

    @Test func actiLifeInsideSemicolonsAndDecimalCommas() throws {
        let source = try csv(
            Self.actiLife("dd/MM/yyyy", start: "06/08/2013") + "Accelerometer X;Accelerometer Y;Accelerometer Z\n"
                + Self.rows { _ in "0,1;-0,25;0,95" })
        #expect(try Samples(source).acceleration.map { $0[3] } == [0.1, -0.25, 0.95].map { $0 * Self.gravity })
    }

    @Test func actiLifesCountsAreNoAcceleration() {
        let text = Self.actiLife("M/d/yyyy", rate: "", period: "00:00:15") + Self.rows { "\($0),20,30,2" }
        #expect(sentence { _ = try csv(text) }.contains("activity counts of 15 s"))
    }

    @Test func actiLifeWithoutRateOrStampsNeedsARate() throws {
        let text = Self.actiLife("M/d/yyyy", rate: " ") + Self.rows { _ in "0.1,0.2,0.95" }
        #expect(throws: RecordingError.noSampleRate) { try csv(text) }
        #expect(try Samples(csv(text, .init(sampleRateHz: 80))).times[1] == 1 / 80.0)
    }
}
