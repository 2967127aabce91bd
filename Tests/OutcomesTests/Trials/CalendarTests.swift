import Records
import Testing

@Suite struct CalendarTests {
    /// Every day from 1890 to 2110 follows the one before, by the rule of leap years.
    @Test func daysFollowEachOther() throws {
        var number = try #require(CalendarDate(year: 1890, month: 1, day: 1)).dayNumber
        for year in 1890...2110 {
            for month in 1...12 {
                for day in 1...CalendarDate.days(inMonth: month, of: year) {
                    let date = CalendarDate(dayNumber: number)
                    #expect(
                        date.parts == (year, month, day) && CalendarDate(year: year, month: month, day: day) == date)
                    number += 1
                }
            }
        }
        #expect(CalendarDate(year: 1970, month: 1, day: 1)?.dayNumber == 0)
        #expect(CalendarDate(year: 2023, month: 2, day: 29) == nil)
    }

    @Test func monthsBeforeKeepTheDayWhereThereIsOne() throws {
        func day(_ text: String) throws -> CalendarDate { try #require(PartialDate(text)?.day) }
        #expect(try day("2025-10-01").earlier(byMonths: 6) == day("2025-04-01"))
        #expect(try day("2025-08-31").earlier(byMonths: 6) == day("2025-02-28"))
        #expect(try day("2024-02-29").earlier(byMonths: 60) == day("2019-02-28"))
    }

    /// Ages change on the birthday; 29 February has one on 1 March.
    @Test func yearsAreCompletedOnTheBirthday() throws {
        func years(_ from: String, _ to: String) throws -> Int {
            try #require(PartialDate(from)?.day).completedYears(to: try #require(PartialDate(to)?.day))
        }
        #expect(try years("1940-10-02", "2025-10-01") == 84)
        #expect(try years("1940-10-01", "2025-10-01") == 85)
        #expect(try years("2000-02-29", "2025-02-28") == 24)
    }

    @Test(arguments: ["2025-13", "25-01-01", "2025-1-1", "2025-02-30", "soon", "", "2025-10-01-01", "20250101"])
    func whatIsNoDateIsNone(text: String) { #expect(PartialDate(text) == nil) }
}
