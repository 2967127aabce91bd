import Records

/// Combined assessment of function and survival in ALS [Berry2013]: every patient against every other.
///
/// Who died later is better; who is known alive when the other died is better; else who lost fewer points of the ALSFRS-R
/// at the last visit that both have. Sums of +1, −1 and 0 are ranked, mid-ranks for ties; a higher rank is better.
public struct CAFS: Sendable, Equatable {
    /// A patient's course.
    public struct Course: Sendable, Equatable {
        /// The study's code.
        public var code: String
        /// The group.
        public var arm: String
        /// When the patient died, months; `nil` for alive as far as known.
        public var deathMonth: Double?
        /// Until when the patient is known to have lived, months.
        public var lastSeenMonth: Double
        /// Change of the ALSFRS-R since month 0, by month.
        public var changes: [Double: Double]
        /// A course.
        public init(code: String, arm: String, deathMonth: Double?, lastSeenMonth: Double, changes: [Double: Double]) {
            (self.code, self.arm, self.deathMonth) = (code, arm, deathMonth)
            (self.lastSeenMonth, self.changes) = (lastSeenMonth, changes)
        }
    }

    /// The courses.
    public var courses: [Course]
    /// The sum of each, in their order; all of them add to 0.
    public var sums: [Int]
    /// The rank of each, from 1 for the worst.
    public var ranks: [Double]

    /// Compares all with all.
    public init(of courses: [Course]) {
        self.courses = courses
        let sums = courses.map { one in courses.map { Self.compare(one, $0) }.reduce(0, +) }
        self.sums = sums
        ranks = sums.map { sum in
            Double(sums.count { $0 < sum }) + (Double(sums.count { $0 == sum }) + 1) / 2
        }
    }

    /// 1 where the first is better, −1 where the second is, 0 for a tie.
    public static func compare(_ a: Course, _ b: Course) -> Int {
        func sign(_ difference: Double) -> Int { difference > 0 ? 1 : difference < 0 ? -1 : 0 }
        switch (a.deathMonth, b.deathMonth) {
        case (let first?, let second?): return sign(first - second)
        case (let first?, nil) where b.lastSeenMonth >= first: return -1
        case (nil, let second?) where a.lastSeenMonth >= second: return 1
        default: break
        }
        guard let month = a.changes.keys.filter({ b.changes[$0] != nil }).max(), let first = a.changes[month],
            let second = b.changes[month]
        else { return 0 }
        return sign(first - second)
    }

    /// The arms by name with their mean ranks.
    public var arms: [(arm: String, count: Int, meanRank: Double)] {
        Set(courses.map(\.arm)).sorted().map { arm in
            let own = zip(courses, ranks).filter { $0.0.arm == arm }.map(\.1)
            return (arm, own.count, own.reduce(0, +) / Double(own.count))
        }
    }

    /// Pairs of a patient of one arm and one of another: won, lost and tied for the first.
    public func pairs(_ first: String, _ second: String) -> (won: Int, lost: Int, tied: Int) {
        var results = (won: 0, lost: 0, tied: 0)
        for one in courses where one.arm == first {
            for other in courses where other.arm == second {
                switch Self.compare(one, other) {
                case 1: results.won += 1
                case -1: results.lost += 1
                default: results.tied += 1
                }
            }
        }
        return results
    }

    /// The sums and ranks as scores.
    var scores: [Score] {
        courses.indices.flatMap { place -> [Score] in
            [("cafs_sum", Double(sums[place])), ("cafs_rank", ranks[place])].map { name, value in
                var score = Score(code: courses[place].code, visit: nil, name: name, value: value, rule: "berry2013")
                score.label = courses[place].arm
                return score
            }
        }
    }
}

extension CAFS {
    /// Reads code, arm, visit_month, total (ALSFRS-R), death_month and last_seen_month, one row a visit; every fault at once.
    public static func read(_ path: String) throws -> CAFS {
        var problems = TableProblems()
        struct Raw {
            var line: Int; var arm: String; var death: Double?; var seen: Double?; var totals: [Double: Double]
        }
        var raw: [String: Raw] = [:]
        var order: [String] = []
        try TableFile.read(path, needs: ["code", "arm", "visit_month", "total"], problems: &problems) { header, _ in
            { line, problems in
                func number(_ column: String, _ range: ClosedRange<Double>, _ problems: inout TableProblems) -> Double?
                {
                    let text = line[header[column]]
                    if text.isEmpty { return nil }
                    let number = TableLine.number(text, decimalComma: line.decimalComma)
                    if number.map({ range.contains($0) }) == true { return number }
                    problems.add(
                        line.number, column,
                        "\"\(text)\" is no number from \(Int(range.lowerBound)) to \(Int(range.upperBound))")
                    return nil
                }
                let code = line[header["code"]]
                if code.isEmpty { problems.add(line.number, "code", "the subject has no code") }
                let arm = line[header["arm"]]
                if arm.isEmpty { problems.add(line.number, "arm", "the arm is missing") }
                let month = number("visit_month", 0...1200, &problems)
                if line[header["visit_month"]].isEmpty {
                    problems.add(line.number, "visit_month", "the month is missing")
                }
                let total = number("total", 0...48, &problems)
                let (death, seen) = (
                    number("death_month", 0...1200, &problems), number("last_seen_month", 0...1200, &problems)
                )
                if raw[code] == nil {
                    raw[code] = Raw(line: line.number, arm: arm, death: death, seen: seen, totals: [:])
                    order.append(code)
                }
                if raw[code]?.arm != arm {
                    problems.add(line.number, "arm", "\(code) is in another arm in line \(raw[code]?.line ?? 0)")
                }
                if let death, raw[code]?.death != death {
                    problems.add(
                        line.number, "death_month", "\(code) has another month in line \(raw[code]?.line ?? 0)")
                }
                if let death, let month, total != nil, month > death {
                    problems.add(
                        line.number, "visit_month",
                        "\(code) was rated after the death at month \(significant(death, 4))")
                }
                guard let month, let total else { return }
                if raw[code]?.totals.updateValue(total, forKey: month) != nil {
                    problems.add(line.number, "visit_month", "month \(significant(month, 4)) of \(code) stands twice")
                }
            }
        }
        for code in order {
            if let own = raw[code], own.totals[0] == nil {
                problems.add(own.line, "total", "\(code) has no total at month 0")
            }
        }
        try problems.throwIfAny(path)
        return CAFS(
            of: order.compactMap { code in
                guard let own = raw[code], let base = own.totals[0] else { return nil }
                let changes = own.totals.filter { $0.key > 0 }.mapValues { $0 - base }
                let seen = max(own.seen ?? 0, own.totals.keys.max() ?? 0)
                return Course(
                    code: code, arm: own.arm, deathMonth: own.death, lastSeenMonth: own.death ?? seen, changes: changes)
            })
    }
}
