import Outcomes
import Records
import Testing

@Suite struct StudyTests {
    @Test(arguments: BuiltInStudy.names)
    func everyBuiltInStudyIsValid(name: String) throws {
        let study = try Study.read(name)
        #expect(study.id.count > 3 && study.phase != nil)
    }

    @Test func whatTheProtocolHasNotSaidIsAssumedAndSaysSo() throws {
        let study = try Study.read("xs411-phase2")
        #expect(study.visitMonths.value == nil && study.visitMonths.used?.count == 9 && study.visitMonths.isAssumed)
        #expect(study.arms.map(\.id) == ["XS411", "SOC"] && study.arms[0].size == Stated(assumed: 15))
        #expect(study.durationFrom.isAssumed)
        let phase1 = try Study.read("xs411-phase1")
        #expect(phase1.escalation?.windowDays == Stated(28))
    }

    /// Every fault at once, each with its line.
    @Test func aWrongStudyIsRefusedWithTheLineOfEveryFault() {
        let text = """
            schema: engraft-study/1
            study: {id: X, colour: red}
            fields:
              mmse: {type: nummer}
              cfs: {type: number, range: [9, 1]}
            criteria:
              inclusion:
                - {id: I1, kind: data, rule: "ages >= 60"}
                - {id: I1, kind: data, rule: "age_years >= 60"}
                - {id: I2, kind: judgement}
              exclusion:
                - {kind: data}
            visits:
              months: [0, 6, 3]
            design: {type: 2+2, cohort_size: 4, levels: []}
            """
        #expect { try Study(yaml: text) } throws: { error in
            let found = (error as? TableProblems)?.entries.map(\.line) ?? []
            return Set(found) == [2, 4, 5, 8, 9, 10, 12, 14, 15] && "\(error)".contains("no key \"colour\"")
        }
    }

    @Test(arguments: [
        ("", "empty"), ("- a\n- b", "mapping"), ("a: [", "line"), ("study: {id: a, id: b}", "twice"),
        ("a: &x [*x]", "line"), (String(repeating: "[", count: 100_000), "nested"),
        (String(repeating: "- ", count: 100_000), "nested"),
        ("schema: engraft-study/2", "engraft-study/1 was expected"),
    ])
    func whatIsNoStudyIsRefusedInASentence(text: String, says: String) {
        #expect { try Study(yaml: text) } throws: { "\($0)".contains(says) }
    }
}
