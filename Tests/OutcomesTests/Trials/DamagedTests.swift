import Outcomes
import Records
import TestSupport
import Testing

/// Damaged studies and tables end in a value or a sentence; none traps, hangs, or is read beyond its end.
@Suite struct DamagedTests {
    private func damaged(_ text: String, _ noise: inout SeededNoise) -> [UInt8] {
        var bytes = Array(text.utf8)
        let signs = Array("[]{}\",;:-0\n\r\t&*!|>#%\u{0}\u{FF}9e".utf8)
        for _ in 0..<(1 + noise.next() % 6) {
            let place = Int(noise.next() % UInt64(bytes.count))
            switch noise.next() % 4 {
            case 0: bytes[place] = signs[Int(noise.next() % UInt64(signs.count))]
            case 1: bytes.remove(at: place)
            case 2: bytes.insert(signs[Int(noise.next() % UInt64(signs.count))], at: place)
            default: bytes.removeSubrange(place..<min(bytes.count, place + Int(noise.next() % 40)))
            }
            if bytes.isEmpty { return [] }
        }
        return bytes
    }

    @Test(arguments: BuiltInStudy.names)
    func noDamagedStudyTraps(name: String) throws {
        var noise = SeededNoise(seed: 11)
        let text = try #require(BuiltInStudy.text(named: name))
        for _ in 0..<150 { _ = try? Study(yaml: String(decoding: damaged(text, &noise), as: UTF8.self)) }
    }

    @Test func noDamagedTableTraps() throws {
        var noise = SeededNoise(seed: 12)
        let study = try Study.read("hexell-2020-fs-001")
        let plan = try #require(study.escalation)
        let settings = try ScoreSettings()
        let scales = [
            "items.csv": ["mds-updrs", "alsfrs-r"], "diary.csv": ["diary"], "medication.csv": ["ledd"],
            "pet.csv": ["pet"], "cafs.csv": ["cafs"], "frailty.csv": ["fried", "sppb", "grip"],
        ]
        try withTemporaryFolder { folder in
            let path = "\(folder)/t.csv"
            for name in BuiltInStudy.names {
                for (file, text) in BuiltInStudy.examples(of: name) {
                    for _ in 0..<40 {
                        try OutputFile.write(damaged(String(text.prefix(3000)), &noise), to: path, force: true)
                        _ = try? Subject.read(path, study: study).subjects.map { Screening(of: $0, for: study) }
                        _ = try? SubjectFacts.read(path)
                        _ = try? EscalationState.read(path, plan: plan).action
                        for scale in scales[file] ?? [] {
                            _ = try? Scoring(of: path, scale: scale, Scoring.Inputs(settings: settings)).text
                        }
                    }
                }
            }
        }
    }

    /// Fields that a study declares without limits cannot make a derived one fail.
    @Test func aBodyWithoutHeightHasNoIndex() throws {
        let study = try Study(
            yaml:
                "schema: engraft-study/1\nstudy: {id: a}\nfields: {height_cm: {type: number}, weight_kg: {type: number}}\n"
        )
        for (height, mass) in [(0.0, 0.0), (0, 70), (-1, 70), (170, 0)] {
            let subject = Subject(
                code: "a", values: ["height_cm": .number(height...height), "weight_kg": .number(mass...mass)])
            #expect(subject.value("bmi", in: study) == .unknown)
        }
    }
}
