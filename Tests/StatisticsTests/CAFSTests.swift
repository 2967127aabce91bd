import Records
import Statistics
import Testing

@Suite struct CAFSTests {
    private let patients: [CAFS.Patient] = [
        .init("a", changes: [6: -2, 12: -4]), .init("b", changes: [6: -4, 12: -9]),
        .init("c", changes: [6: -12], death: 10), .init("d", changes: [6: -3]),
        .init("e", changes: [6: -5, 12: -11]), .init("f", changes: [6: -14], death: 7.5),
        .init("g", changes: [6: -3, 12: -6]), .init("h", changes: [:], death: 4),
    ]
    private let arm = Factor("arm", ["T", "T", "T", "T", "C", "C", "C", "C"], reference: "C")!

    /// `05_scores.py` of the reference.
    @Test func theExampleIsReproduced() throws {
        let found = CAFS(patients)
        #expect(found.sums == [7, 1, -3, 4, -1, -5, 4, -7])
        #expect(Summary(Array(found.ranks[..<4])).mean == 5.625 && Summary(Array(found.ranks[4...])).mean == 3.375)
        let test = try PermutationTest(
            found.sums[..<4].map(Double.init), against: found.sums[4...].map(Double.init), seed: 1)
        #expect(test.isExact && test.extreme == 16 && test.total == 70)
        let pairs = CAFS.pairs(patients, arm: arm, level: 1)
        #expect(pairs.wins == 12 && pairs.losses == 3)
    }

    /// Each comparison is that of the other turned over, so that all sums add to nothing; seeded courses with deaths,
    /// dropouts and ties.
    @Test func comparisonsAreAntisymmetric() {
        for seed in 0..<200 {
            var random = RandomSource(seed: UInt64(seed))
            let patients = (0..<9).map { place in
                let last = random.below(4)
                var changes: [Double: Double] = [:]
                for visit in 0..<last { changes[Double(visit * 3 + 3)] = -Double(random.below(4)) }
                let death: Double? = random.below(3) == 0 ? Double(last * 3 + 1 + random.below(3)) : nil
                return CAFS.Patient("\(place)", changes: changes, death: death)
            }
            for a in patients {
                for b in patients { #expect(CAFS.compare(a, b).sign == -CAFS.compare(b, a).sign) }
            }
            #expect(CAFS(patients).sums.reduce(0, +) == 0)
        }
    }

    @Test func whoIsLostBeforeADeathIsComparedByFunction() {
        let lost = CAFS.Patient("lost", changes: [3: -5]), died = CAFS.Patient("died", changes: [3: -2], death: 9)
        #expect(CAFS.compare(lost, died).sign == -1 && CAFS.compare(lost, died).reason == .function)
        let known = CAFS.Patient("known", changes: [3: -5], aliveUntil: 9)
        #expect(CAFS.compare(known, died).sign == 1 && CAFS.compare(known, died).reason == .oneDied)
    }
}

@Suite struct GroupTableTests {
    @Test func cellsAreTheGroupsOfEachArm() {
        let arm = Factor("arm", ["b", "a", "b", "a", "b"], reference: "a")!
        let site = Factor("site", ["x", "x", "y", "x", "x"])!
        let table = GroupTable(outcome: [1, 2, 3, 4, 6], arm: arm, group: site)
        #expect(table.cells.map(\.group) == ["x", "x", "y"] && table.cells.map(\.arm) == ["a", "b", "b"])
        #expect(table.cells.map(\.summary.mean) == [3, 3.5, 3] && table.singleArmGroups == ["y"])
    }
}
