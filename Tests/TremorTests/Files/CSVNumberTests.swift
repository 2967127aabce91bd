import Foundation
import TestSupport
import Testing
import Tremor

/// Every number is the Double nearest to its text, as Swift's and C's own readers have it.
@Suite struct CSVNumberTests {
    /// The first column of rows "number,0,0" that follow a batch from which the unit is checked.
    func read(_ numbers: [String]) throws -> [Double] {
        let before = 16_384
        let text = "x,y,z\n" + String(repeating: "0,0,9.8\n", count: before) + numbers.map { "\($0),0,0\n" }.joined()
        let options = RecordingOptions(unit: .metresPerSecondSquared, sampleRateHz: 100)
        return try Array(Samples(csv(text, options)).acceleration[0].dropFirst(before))
    }

    static let special = [
        "0", "-0", "0.0", "-0.0", "+1.5", "1.", ".5", "-.25", "1e5", "1E+5", "2.5e-3", "1e-22", "1e-23", "1e22", "1e23",
        "00012",
        "9007199254740991", "9007199254740992", "9007199254740993", "9007199254740995", "0.1", "0.30000000000000004",
        "123456789012345678", "1234567890123456789", "12345678901234567890", "0.000000000000000000000001",
        "1.7976931348623157e308", "4.9e-324", "2.2250738585072011e-308", "0.12345678901234567", "1.2345678901234567",
        "18446744073709551615", "18446744073709551616", "9999999999999999999", "0.9999999999999999999",
        "5e-1", "100000000000000000000000000000000", "3.1415926535897932384626433832795028841971693993751",
        "9007199254740993.0", "90071992547409930e-1", "0.0072973525693000000",
    ]

    @Test(arguments: special)
    func aSpecialNumberIsTheNearestDouble(text: String) throws {
        let expected = try #require(Double(text))
        #expect(try read([text])[0].bitPattern == expected.bitPattern)
    }

    @Test func randomNumbersOfAnyLengthAreTheNearestDouble() throws {
        var noise = SeededNoise(seed: 11)
        var texts: [String] = []
        for _ in 0..<200_000 {
            let digits = Int.random(in: 1...21, using: &noise)
            var text = Bool.random(using: &noise) ? "-" : ""
            let point = Int.random(in: 0...digits, using: &noise)
            for place in 0..<digits {
                if place == point { text += "." }
                text += String(Int.random(in: 0...9, using: &noise))
            }
            if Int.random(in: 0..<8, using: &noise) == 0 { text += "e\(Int.random(in: -30...30, using: &noise))" }
            texts.append(text)
        }
        let read = try read(texts)
        #expect(read.count == texts.count)
        #expect(zip(texts, read).filter { strtod($0, nil).bitPattern != $1.bitPattern }.isEmpty)
    }

    /// What programs write so that it reads back: 15 to 17 digits.
    @Test func randomDoublesReadBackAsTheyWere() throws {
        var noise = SeededNoise(seed: 12)
        let values = (0..<100_000).map { _ in noise.gaussian() * pow(10, Double.random(in: -6...6, using: &noise)) }
        let read = try read(values.map(\.description))
        #expect(zip(values, read).filter { $0 != $1 }.isEmpty)
    }

    /// Texts half way between two Doubles, and beside it, where rounding is hardest.
    @Test func numbersNearTheMiddleOfTwoDoublesAreRoundedRight() throws {
        var noise = SeededNoise(seed: 13)
        var texts: [String] = []
        for _ in 0..<50_000 {
            let digits = UInt64.random(in: (1 << 53)..<UInt64(9_999_999_999_999_999_999), using: &noise)
            // The middle of two neighbours at this size, and one more and less.
            let step = UInt64(1) << UInt64(63 - digits.leadingZeroBitCount - 52)
            let middle = digits / step * step + step / 2
            let text = String(middle &+ UInt64.random(in: 0...2, using: &noise) &- 1)
            let point = Int.random(in: 1...text.count, using: &noise)
            texts.append("\(text.prefix(point)).\(text.dropFirst(point))")
        }
        let read = try read(texts)
        #expect(zip(texts, read).filter { strtod($0, nil).bitPattern != $1.bitPattern }.isEmpty)
    }

    @Test(arguments: [
        "", "NA", "n/a", "N/A", "nan", "NaN", "null", "NULL", "None", "\"\"", " ", "\"NA\"", "inf", "1e999",
    ])
    func aMissingNumberIsNaN(text: String) throws {
        let read = try read(["1", text, "2"])
        #expect(read.count == 3 && read[1].isNaN && read[0] == 1 && read[2] == 2)
    }

    @Test(arguments: ["abc", "1.2.3", "1,5", "0x10", "1 2", "--1", "1-", "e5", "-", ".", "1e", "½", "12:30", "nan(1)"])
    func whatIsNoNumberIsRefused(text: String) {
        #expect(throws: RecordingError.self) { try read(["1", "1", text, "2"]) }
    }

    @Test func quotesAndBlanksAroundNumbersAreNoPartOfThem() throws {
        #expect(try read([" 1.5", "2.5 ", "\"3.5\"", " \"-4.5\" ", "\t5.5"]) == [1.5, 2.5, 3.5, -4.5, 5.5])
    }
}
