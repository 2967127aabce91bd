import TestSupport
import Testing
import Tremor

/// Stamps in the many ways that programs write them.
@Suite struct CSVTimeTests {
    /// A table whose stamps are made from a place.
    static func table(_ name: String = "time", count: Int = 40, _ stamp: (Int) -> String) -> String {
        "\(name),x_g,y_g,z_g\n" + (0..<count).map { "\(stamp($0)),0,0,1" }.joined(separator: "\n")
    }

    static func padded(_ number: Int, _ digits: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }

    /// hh:mm:ss and a fraction in ms, 20 ms apart, from 13:29:50 on.
    static func clock(_ place: Int, _ mark: String = ".") -> String {
        let ms = (48_590_000 + place * 20) % 86_400_000
        let parts = [ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60].map { padded($0, 2) }
        return parts.joined(separator: ":") + mark + padded(ms % 1000, 3)
    }

    /// Each with the beginning in s since 1970, whether that is UTC, and the precision of stamps.
    /// 1399469390 is 2014-05-07 13:29:50 UTC by GNU date.
    static let kinds:
        [(name: String, stamp: @Sendable (Int) -> String, startEpochS: Double?, isUTC: Bool, precision: Double)] = [
            ("time", { String(Double($0) / 50) }, nil, false, 0.001),
            ("time_ms", { String($0 * 20) }, nil, false, 0.001),
            ("time", { String($0 * 20) }, nil, false, 0.001), ("time", { String($0 * 20_000) }, nil, false, 1e-6),
            ("timestamp", { String($0 * 20_000_000) }, nil, false, 1e-9),
            ("timestamp", { "\(1_399_469_390 + $0 / 50).\(padded($0 % 50 * 2, 2))" }, 1_399_469_390, true, 0.001),
            ("timestamp", { String(1_399_469_390_000 + $0 * 20) }, 1_399_469_390, true, 0.001),
            ("timestamp", { String(1_399_469_390_000_000 + $0 * 20_000) }, 1_399_469_390, true, 1e-6),
            ("timestamp", { String(1_399_469_390_000_000_000 + $0 * 20_000_000) }, 1_399_469_390, true, 1e-9),
            // Uptimes in ns have as many digits as µs since 1970.
            ("timestamp", { String(1_254_101_543_288_250 + $0 * 20_000_000) }, nil, false, 1e-9),
            ("time", { "2014-05-07 \(clock($0))" }, 1_399_469_390, false, 0.001),
            ("time", { "2014-05-07T\(clock($0))Z" }, 1_399_469_390, true, 0.001),
            ("time", { "2014-05-07 \(clock($0, ":"))" }, 1_399_469_390, false, 0.001),
            ("time", { "\"2014-05-07 \(clock($0, ","))\"" }, 1_399_469_390, false, 0.001),
            ("time", { "2014-05-07 \(clock($0))+0100 [Europe/London]" }, 1_399_465_790, true, 0.001),
            ("time", { "2014-05-07T\(clock($0))-05:30" }, 1_399_489_190, true, 0.001),
            ("loggingTime(txt)", { "2014-05-07 \(clock($0)) +0200" }, 1_399_462_190, true, 0.001),
            ("time", { "2014/05/07 \(clock($0))" }, 1_399_469_390, false, 0.001),
            ("time", { "07.05.2014 \(clock($0))" }, 1_399_469_390, false, 0.001),
            ("time", { "5/17/2014 \(clock($0))" }, 1_400_333_390, false, 0.001),
            ("time", { "17/5/2014 \(clock($0))" }, 1_400_333_390, false, 0.001),
            ("time", { "5/17/2014 1\(clock($0).dropFirst(2)) PM" }, 1_400_333_390, false, 0.001),
            ("time", { clock($0) }, nil, false, 0.001),
        ]

    @Test(arguments: 0..<23)
    func everyKindOfStampIsTheSameTime(kind: Int) throws {
        let (name, stamp, start, isUTC, precision) = Self.kinds[kind]
        let source = try csv(Self.table(name, stamp))
        let samples = try Samples(source)
        // A ns for stamps that are shares of a second: the decimal fraction of each is the nearest Double.
        for place in 0..<40 { #expect(abs(samples.times[place] - Double(place) / 50) < 1e-15) }
        #expect(source.header.startEpochS == start && source.header.isUTC == isUTC)
        #expect(abs(source.header.stampPrecisionS / precision - 1) < 1e-12)
    }

    @Test func aDateInAColumnOfItsOwnIsAddedToTheTime() throws {
        func text(_ mark: String, _ name: String) -> String {
            let lines = (0..<40).map { ["2014-05-07", Self.clock($0), "0", "0", "1"].joined(separator: mark) }
            return name + "\n" + lines.joined(separator: "\n")
        }
        for table in [
            text(",", "Date,Time,x_g,y_g,z_g"), text(" ", "date time x_g y_g z_g"), text(" ", "time x_g y_g z_g"),
            text(" ", "# none"),
        ] {
            let source = try csv(table)
            #expect(source.header.startEpochS == 1_399_469_390)
            let samples = try Samples(source)
            #expect(abs(samples.times[39] - 0.78) < 1e-12 && samples.acceleration[2][0] == 9.80665)
        }
    }

    /// A Double near 1.7·10^18 has steps of 256.
    @Test func nanosecondsSince1970LoseNothing() throws {
        let steps = (0..<40).map { $0 * 10_000_000 + $0 * $0 }
        let samples = try Samples(csv(Self.table { String(1_700_000_000_000_000_000 + steps[$0]) }))
        let expected = steps.map { Double($0) / 1e9 }
        #expect(samples.times == expected)
    }

    @Test func secondsSince1970KeepTheirDecimals() throws {
        let steps = (0..<40).map { $0 * 10_000_001 }
        let samples = try Samples(csv(Self.table { "1700000000." + Self.padded(steps[$0], 9) }))
        let expected = steps.map { Double($0) / 1e9 }
        #expect(samples.times == expected)
    }

    /// Summer time ends: with an offset time goes on; without one it runs back an hour, which is for others to judge.
    @Test func theEndOfSummerTimeIsAStepOnlyWithoutAnOffset() throws {
        func local(_ place: Int) -> String {
            let share = Self.padded((place * 20 + 600) % 1000, 3)
            return "2024-10-27 02:" + (place < 20 ? "59:59." : "00:00.") + share
        }
        let even = try Samples(csv(Self.table { local($0) + ($0 < 20 ? "+02:00" : "+01:00") }))
        #expect(even.times.indices.allSatisfy { abs(even.times[$0] - Double($0) / 50) < 1e-9 })
        let back = try Samples(csv(Self.table { local($0) }))
        #expect(abs(back.times[20] - back.times[19] + 3599.98) < 1e-9)
    }

    @Test func aTimeOfDayThatPassesMidnightGoesOn() throws {
        // 37,810 s after 13:29:50 is midnight.
        let source = try csv(Self.table { Self.clock(37_810 * 50 - 20 + $0) })
        let samples = try Samples(source)
        #expect(samples.times.indices.allSatisfy { abs(samples.times[$0] - Double($0) / 50) < 1e-9 })
        #expect(source.flags.contains { $0.contains("midnight 1 times") })
    }

    @Test func reversedAndRepeatedStampsAreNeitherSortedNorDropped() throws {
        let order = [0, 1, 2, 3, 3, 5, 4, 6, 7, 7, 7, 8, 9, 10]
        let samples = try Samples(csv(Self.table("time_s", count: order.count) { String(Double(order[$0]) / 50) }))
        #expect(samples.times == order.map { Double($0) / 50 })
    }

    /// Fifty samples share each second: a step of one is neither a ms nor a count.
    @Test func wholeSecondsThatRepeatAreSeconds() throws {
        let source = try csv(Self.table("time", count: 400) { String(1_399_469_390 + $0 / 50) })
        let samples = try Samples(source)
        #expect(samples.times[399] == 7 && source.header.stampPrecisionS == 1)
        #expect(source.flags.contains { $0.contains("share each") })
    }

    /// Python writes no fraction where it is zero.
    @Test func aFirstStampOfAWholeSecondIsNoLessPrecise() throws {
        let source = try csv(Self.table { "2014-05-07 " + ($0 == 0 ? "13:29:50" : Self.clock($0 + $0 % 2)) })
        #expect(source.header.stampPrecisionS == 0.001 && source.header.startEpochS == 1_399_469_390)
    }

    /// Daphnet's clock: whole ms of 64 Hz.
    @Test func stepsOfFifteenAndSixteenAreMilliseconds() throws {
        let source = try csv(Self.table("time", count: 640) { String($0 * 1000 / 64) })
        let samples = try Samples(source)
        #expect(abs(samples.rateHz - 64) < 0.01 && source.header.stampPrecisionS == 0.001)
    }

    @Test func datesThatCouldBeEitherAreRefused() {
        #expect(
            sentence { _ = try csv(Self.table { "5/7/2014 \(Self.clock($0))" }) }.contains("day first or month first"))
    }

    @Test(arguments: [
        "2014-13-07 10:00:00", "2014-02-30 10:00:00", "2014-05-07 25:00:00", "2014-05-07 10:61:00", "2014-05-07",
        "yesterday",
        "2014-05-07 10:00:00 o'clock",
    ])
    func whatIsNoTimeIsRefused(stamp: String) {
        #expect(throws: RecordingError.self) {
            try Samples(csv(Self.table { $0 == 7 ? stamp : "2014-05-07 \(Self.clock($0))" }))
        }
        #expect(throws: RecordingError.self) { try Samples(csv(Self.table { _ in stamp })) }
    }

    @Test func withoutStampsTheRateMakesTime() throws {
        let text = "x_g,y_g,z_g\n" + (0..<20_000).map { _ in "0,0,1" }.joined(separator: "\n")
        #expect(throws: RecordingError.noSampleRate) { try csv(text) }
        for wrong in [0, -1, Double.nan, .infinity] {
            #expect(throws: RecordingError.noSampleRate) { try csv(text, .init(sampleRateHz: wrong)) }
        }
        let source = try csv(text, .init(sampleRateHz: 31.25))
        let samples = try Samples(source)
        #expect(samples.times[19_999] == 19_999 / 31.25 && source.header.nominalRateHz == 31.25)
        let stamped = try csv(Self.table { String(Double($0) / 50) }, .init(sampleRateHz: 31.25))
        #expect(try Samples(stamped).times[1] == 0.02 && stamped.flags.contains { $0.contains("was not used") })
    }
}
