import Outcomes
import Records
import Testing

@Suite struct TruthTests {
    private let all: [Truth] = [.yes, .no, .unknown]

    /// Kleene's tables: no = 0, unknown = ½, yes = 1; and is the least, or the largest, not is 1 − x.
    @Test func conjunctionIsTheLeastAndDisjunctionTheLargest() {
        let order: [Truth: Int] = [.no: 0, .unknown: 1, .yes: 2]
        for a in all {
            for b in all {
                #expect(order[a && b] == min(order[a]!, order[b]!))
                #expect(order[a || b] == max(order[a]!, order[b]!))
                #expect((!(a && b)) == (!a || !b))
            }
            #expect(!(!a) == a)
        }
    }
}

@Suite struct RuleTests {
    private let fields: [String: StudyField] = Dictionary(
        uniqueKeysWithValues: (StudyField.standard + [
            StudyField("mmse", .number(0...30)), StudyField("hiv", .word(["negative", "positive"])),
            StudyField("dx", .list(["pd", "als"])), StudyField("event", .date), StudyField("on_drug", .truth),
        ]).map { ($0.name, $0) })

    private func holds(_ rule: String, _ values: [String: FieldValue]) throws -> Truth {
        try Rule(parsing: rule, fields: fields).holds { values[$0] ?? .unknown }
    }
    private func date(_ text: String) throws -> FieldValue { .date(try #require(PartialDate(text))) }

    @Test func aMissingFieldIsUnknownUnlessItDoesNotMatter() throws {
        #expect(try holds("mmse <= 24", [:]) == .unknown)
        #expect(try holds("mmse <= 24 or on_drug", ["on_drug": .truth(true)]) == .yes)
        #expect(try holds("mmse <= 24 and on_drug", ["on_drug": .truth(false)]) == .no)
        #expect(try holds("not (mmse <= 24)", ["mmse": .number(24...24)]) == .no)
        #expect(try holds("dx has {pd}", [:]) == .unknown)
        #expect(try holds("dx has {pd}", ["dx": .list([])]) == .no)
        #expect(try holds("hiv in {positive}", ["hiv": .word("positive")]) == .yes)
        #expect(try holds("hiv != positive", ["hiv": .word("positive")]) == .no)
    }

    /// A range that reaches over a limit decides nothing; one that does not, does.
    @Test(arguments: [(59.0, 59.0, Truth.no), (59, 60, .unknown), (60, 61, .yes), (60, 60, .yes)])
    func aRangeOfAgesDecidesWhereAllOfItDoes(low: Double, high: Double, expected: Truth) throws {
        #expect(try holds("age_years >= 60", ["age_years": .number(low...high)]) == expected)
    }

    /// Six months before 1 October 2025 is 1 April; that day itself is outside, and so is "never".
    @Test(arguments: [
        ("2025-04-01", Truth.no), ("2025-04-02", .yes), ("2025-04", .unknown), ("2025-05", .yes), ("2024", .no),
        ("2025", .unknown),
    ])
    func aPartialDateIsAllItsDays(event: String, expected: Truth) throws {
        let screening = try date("2025-10-01")
        #expect(
            try holds("event within 6 months", ["event": try date(event), "screening_date": screening]) == expected)
        #expect(try holds("event within 6 months", ["event": .never, "screening_date": screening]) == .no)
        #expect(try holds("event within 6 months", ["event": try date(event)]) == .unknown)
    }

    @Test(arguments: [
        ("mmse <", "the rule ends"), ("mmse < hiv", "compares a number with a word"), ("mmse", "not yes or no"),
        ("mmsee < 3", "is mmse meant"), ("hiv in {maybe}", "none of the words"), ("dx in {pd}", "does not apply"),
        ("hiv < positive", "no order"), ("event within six months", "whole number"),
        ("(mmse < 3", "\")\" was expected"),
        ("mmse < 3 mmse", "not expected here"), ("mmse ~ 3", "no meaning"), ("", "empty"),
        (String(repeating: "(", count: 60) + "mmse < 3", "nested"), ("event < 3", "compares a date with a number"),
    ])
    func aWrongRuleIsRefusedInASentence(rule: String, says: String) {
        #expect { try Rule(parsing: rule, fields: fields) } throws: { "\($0)".contains(says) }
    }

    /// No rule fails, whatever its fields hold: all kinds of value in all places of all forms.
    @Test func everyRuleEndsForEveryValue() throws {
        let rules = [
            "mmse <= 24", "hiv == positive", "dx has {pd, als}", "event within 3 years of consent_date", "on_drug",
            "event <= screening_date", "hiv in {negative}", "on_drug == false", "mmse == age_years",
        ]
        let values: [FieldValue] = [
            .unknown, .number(3...4), .truth(true), .never, .word("pd"), .list(["pd"]), try date("2020"),
        ]
        for rule in rules {
            let parsed = try Rule(parsing: rule, fields: fields)
            for a in values { for b in values { _ = parsed.holds { $0.hasPrefix("e") ? a : b } } }
        }
    }
}
