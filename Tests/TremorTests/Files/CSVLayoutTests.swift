import TestSupport
import Testing
import Tremor

/// Tables in the many ways that programs write them.
@Suite struct CSVLayoutTests {
    static let gravity = 9.80665

    /// 30 lines, made from a place.
    static func rows(_ line: (Int) -> String, end: String = "\n") -> String {
        (0..<30).map(line).joined(separator: end)
    }

    // MARK: - Separators, ends of lines, borders

    static let small: [(name: String, text: String)] = {
        let plain: (Int) -> String = { "\(Double($0) / 50),0.\($0),-0.25,0.9\($0)" }
        return [
            ("comma", "t,x,y,z\n" + rows(plain)), ("line end at the end", "t,x,y,z\n" + rows(plain) + "\n"),
            ("Windows", "t,x,y,z\r\n" + rows(plain, end: "\r\n") + "\r\n"),
            ("old Macintosh", "t,x,y,z\r" + rows(plain, end: "\r") + "\r"),
            ("byte order mark", "\u{FEFF}t,x,y,z\n" + rows(plain)),
            ("blank lines and comments", "# a\n\nt,x,y,z\n# b\n" + rows({ plain($0) + "\n\n# c, d" }) + "\n \n"),
            ("separator at the end", "t,x,y,z,\n" + rows({ plain($0) + "," })),
            ("separator at the end of lines only", "t,x,y,z\n" + rows({ plain($0) + "," })),
            (
                "quotes",
                "\"t\",\"x\",\"y\",\"z\",\"who, where\"\n"
                    + rows({ "\"\(Double($0) / 50)\",\"0.\($0)\",-0.25,0.9\($0),\"a, b\"" })
            ),
            ("tabs", "t\tx\ty\tz\n" + rows({ plain($0).split(separator: ",").joined(separator: "\t") })),
            ("blanks", "t x  y z\n" + rows({ plain($0).split(separator: ",").joined(separator: "   ") + " " })),
            (
                "semicolons and decimal commas",
                "t;x;y;z\n"
                    + rows({
                        plain($0).split(separator: ",").joined(separator: ";").split(separator: ".").joined(
                            separator: ",")
                    })
            ),
            ("a line for Excel", "sep=,\nt,x,y,z\n" + rows(plain)),
            ("a preamble", "Device,Watch 3\nFirmware,1.2\nt,x,y,z\n" + rows(plain)),
            ("a line of units", "t,x,y,z\ns,g,g,g\n" + rows(plain)),
            (
                "other order and more columns",
                "label,z,x,steps,y,t\n" + rows({ "rest,0.9\($0),0.\($0),7,-0.25,\(Double($0) / 50)" })
            ),
        ]
    }()

    @Test(arguments: 0..<16)
    func everyLayoutIsTheSameSamples(layout: Int) throws {
        let samples = try Samples(csv(Self.small[layout].text, .init(unit: .g)))
        #expect(samples.count == 30, "\(Self.small[layout].name)")
        for row in 0..<30 {
            #expect(samples.times[row] == Double(row) / 50)
            #expect(
                samples.acceleration.map { $0[row] }
                    == ["0.\(row)", "-0.25", "0.9\(row)"].map { Double($0)! * Self.gravity })
        }
    }

    /// Bytes come in chunks of any size: every border falls on every byte.
    @Test(arguments: 0..<16)
    func whereAChunkEndsChangesNothing(layout: Int) throws {
        let text = Self.small[layout].text
        let whole = try Samples(csv(text, .init(unit: .g)))
        let size = text.utf8.count
        for chunk in Array(1...70) + Array((size - 70)...(size + 1)) {
            #expect(try Samples(csv(text, .init(unit: .g), chunk: chunk)).bits == whole.bits)
        }
    }

    /// More than a chunk of 1 MiB and more than a batch, against Swift's own reader of numbers.
    @Test func aTableLargerThanAChunkIsReadWhole() throws {
        var noise = SeededNoise(seed: 3)
        let lines = (0..<60_000).map { row in
            "\(Double(row) / 100),\(noise.gaussian()),\(Float(noise.gaussian())),\(Double(Int(noise.gaussian() * 1000)) / 1000)"
        }
        let text = "time_s,x_m_s2,y_m_s2,z_m_s2\n" + lines.joined(separator: "\n")
        #expect(text.utf8.count > 2 << 20)
        let source = try csv(text)
        let samples = try Samples(source)
        let expected = lines.map { $0.split(separator: ",").map { Double($0)! } }
        // A stamp is whole seconds and the rest, which rounds once more than the number as such.
        #expect(zip(samples.times, expected).allSatisfy { abs($0 - $1[0]) <= $1[0].ulp })
        for axis in 0..<3 { #expect(samples.acceleration[axis] == expected.map { $0[axis + 1] }) }
        try source.rewind()
        #expect(try Samples(source).bits == samples.bits)
    }

    // MARK: - Units

    static let units: [(header: String, scale: Double)] = [
        ("x_m_s2", 1), ("x (m/s^2)", 1), ("x [m/s2]", 1), ("x_g", gravity), ("X(G)", gravity), ("x [g]", gravity),
        ("x_mg", gravity / 1000), ("x (mg)", gravity / 1000),
    ]

    @Test(arguments: units)
    func theUnitIsTakenFromTheName(header: String, scale: Double) throws {
        let names = ["x", "y", "z"].map { axis in axis + header.dropFirst() }
        let text = "time_s,\(names.joined(separator: ","))\n" + Self.rows { "\(Double($0) / 50),0.5,0.25,0.125" }
        #expect(try Samples(csv(text)).acceleration.map { $0[3] } == [0.5, 0.25, 0.125].map { $0 * scale })
    }

    @Test(arguments: [("0.6,0,0.8", gravity), ("5.9,0,7.8", 1), ("600,0,800", gravity / 1000)])
    func theUnitIsToldByTheSizeOfGravity(values: String, scale: Double) throws {
        // A sensor that is off at first writes zeros, of which nothing can be told.
        let text =
            "t,x,y,z\n"
            + (0..<20_000).map { "\(Double($0) / 50),\($0 < 18_000 ? "0,0,0" : values)" }.joined(separator: "\n")
        let source = try csv(text)
        let first = Double(values.split(separator: ",")[0])!
        #expect(try Samples(source).acceleration[0].last == first * scale)
        #expect(source.flags.contains { $0.contains("from the size of gravity") })
    }

    @Test func aUnitThatNoWearableCanHaveIsRefusedAndADoubtfulOneIsSaid() throws {
        let text = { (name: String) in "t,x\(name),y\(name),z\(name)\n" + Self.rows { "\(Double($0) / 50),0,0,980" } }
        #expect(sentence { _ = try csv(text("_g")) }.contains("980.0 times gravity"))
        let doubtful = try csv("t,x_g,y_g,z_g\n" + Self.rows { "\(Double($0) / 50),0,0,9.8" })
        #expect(doubtful.flags.contains { $0.contains("may not be g") })
    }

    // MARK: - Columns by name

    @Test func columnsAreNamedByTheUser() throws {
        let text = "clock_ms,Left Up,b,c,\"d, e\"\n" + Self.rows { "\($0 * 20),\($0),2,1,7" }
        let samples = try Samples(
            csv(text, columns(["t": "clock_ms", "x": "left up", "y": "3", "z": "c"], unit: .metresPerSecondSquared)))
        #expect(samples.acceleration.map { $0[5] } == [5, 2, 1] && samples.times[5] == 0.1)
        let timeless = columns(["t": "none", "x": "2", "y": "3", "z": "4"], unit: .g)
        #expect(throws: RecordingError.noSampleRate) { try csv(text, timeless) }
    }

    @Test func columnsWithoutNamesHaveNumbers() throws {
        let text = Self.rows { "\(Double($0) / 50),9,0.1,0.2,0.9,0.01,0.02,0.03" }
        var options = columns(["t": "1", "x": "3", "y": "4", "z": "5", "gx": "6", "gy": "7", "gz": "8"], unit: .g)
        options.angularRateUnit = .radiansPerSecond
        let samples = try Samples(csv(text, options))
        #expect(
            samples.acceleration[2][0] == 0.9 * Self.gravity && samples.angularRate.map { $0[0] } == [0.01, 0.02, 0.03])
    }

    @Test(arguments: [
        (["x": "b"], "all of x, y, z"), (["x": "b", "y": "b", "z": "c"], "named twice"),
        (["x": "b", "y": "c", "z": "nowhere"], "no column \"nowhere\" for z; columns are t, b, c, d"),
        (["x": "b", "y": "c", "z": "9"], "no column \"9\""), (["w": "b"], "no role \"w\""),
        (["x": "t", "y": "b", "z": "c"], "two roles"), (["t": "t"], "columns are needed for all of x, y, z"),
    ])
    func columnsThatAreNotThereAreRefused(given: [String: String], part: String) {
        let text = "t,b,c,d\n" + Self.rows { "\(Double($0) / 50),0,0,1" }
        #expect(sentence { _ = try csv(text, columns(given)) }.contains(part))
    }

    // MARK: - What is refused

    @Test(arguments: [
        ("", "no samples"), ("\n\n# nothing\n", "no samples"), ("t,x,y,z\n", "no samples"), ("t,x,y,z", "no samples"),
        ("Dear colleague,\nthank you, and goodbye.\n", "no table of numbers"),
        ("time,heart_rate\n0,60\n1,61\n", "no three axes"),
        ("t,x,y,button\n0,1,2,left\n1,2,3,right\n", "no three axes"),
        ("t,x,y,z\n0,0,0,1\n0.02,0,0\n0.04,0,0,1\n", "line 3 has 3 fields; 4 were expected"),
        ("t,x,y,z\n0,0,0,1\n0.02,0,0,1,5\n0.04,0,0,1\n", "line 3 has 5 fields"),
        ("t,x,y,z\n0,0,0,1\n0.02,0,cat,1\n0.04,0,0,1\n", "line 3: \"cat\" is no number"),
        ("t,x,y,z,x,y,z\n0,0,0,1,5,5,5\n0.02,0,0,1,5,5,5\n", "several columns are called x"),
        ("z y x\n0.1\t0.2\t0.9\t1\n", "has 1 fields for 4 columns"),
        (
            "acceleration (mg) - 2014-12-08 10:00:00 - 2014-12-15 09:59:55 - sampleRate = 5 seconds,imputed\n0.2,0\n0,0\n",
            "mean"
        ),
        (rows { "\($0),0.1,0.2,0.9" }, "counts by one"),
        (rows { "\(43000 + Double($0) / 8_640_000),0.1,0.2,0.9" }, "unit of time"),
        (rows { "\($0 * 120),\($0 % 2),\($0 * 3 % 2),1,5" }, "only ever 0 or 1"),
        (rows { "\($0 % 2),0.1,0.2,0.9" }, "do not increase"),
    ])
    func whatIsNoRecordingIsRefusedInASentence(text: String, part: String) {
        #expect(sentence { _ = try Samples(csv(text)) }.contains(part))
    }

    @Test func aLineOfAMegabyteIsNoSample() {
        let text = "t,x,y,z\n0,0,0,1\n0.01,0,0,1," + String(repeating: " ", count: 3 << 20)
        #expect(sentence { _ = try Samples(csv(text)) }.contains("longer than a megabyte"))
    }

    // MARK: - What is left out is said

    @Test func oneRowIsARecordingOfOneSample() throws {
        let samples = try Samples(csv("t,x,y,z\n5.5,0,0,1\n"))
        #expect(samples.count == 1 && samples.times == [0])
    }

    @Test(arguments: ["0.6,0.1,0.2", "0.6,0.1,0.2,", "0.6,0.1,0.2,-", "0.6"])
    func aLastLineThatBreaksOffIsLeftOutAndSaid(last: String) throws {
        let source = try csv("t,x,y,z,u\n" + Self.rows { "\(Double($0) / 50),0,0,1,8" } + "\n" + last)
        #expect(try Samples(source).count == 30)
        #expect(source.flags.contains { $0.contains("line 32, the last, breaks off") })
        try source.rewind()
        #expect(!source.flags.contains { $0.contains("breaks off") })
    }

    @Test func samplesWithoutATimeAreLeftOutAndCounted() throws {
        let source = try csv("t,x,y,z\n" + Self.rows { "\($0 % 10 == 4 ? "" : "\(Double($0) / 50)"),0,0,1" })
        #expect(try Samples(source).count == 27)
        #expect(source.flags.contains("3 lines without a time were left out"))
    }

    @Test func columnsWithoutNamesThatAreNotReadAreSaid() throws {
        let source = try csv(Self.rows { "\($0 * 20),0,0,1,36.6,4" })
        #expect(source.flags.contains { $0.contains("those after column 4 were not read") })
    }

    @Test func damagedTablesNeverTrap() {
        var noise = SeededNoise(seed: 5)
        let whole = Self.small.map { Array($0.text.utf8) }
        for round in 0..<2000 {
            var bytes = whole[round % whole.count]
            for _ in 0..<Int.random(in: 1...8, using: &noise) {
                let place = Int.random(in: 0..<bytes.count, using: &noise)
                switch Int.random(in: 0..<4, using: &noise) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &noise)
                case 1: bytes.remove(at: place)
                case 2: bytes.insert(Array(",;\t\n\r\"-.e0 #".utf8).randomElement(using: &noise)!, at: place)
                default: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 0..<40, using: &noise)))
                }
                if bytes.isEmpty { bytes = [44] }
            }
            _ = try? Samples(
                CSVSource(FileBytes(bytes), chunk: Int.random(in: 1...300, using: &noise)))
        }
    }
}
