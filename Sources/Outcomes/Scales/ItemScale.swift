import Records

/// A clinical scale as its item codes and what each may be; its wording is copyrighted and is not here.
public struct ItemScale: Sendable {
    /// What an item may be.
    public enum Allowed: Sendable, Equatable {
        /// A whole number.
        case whole(ClosedRange<Int>)
        /// One of some numbers.
        case oneOf([Double])
        /// Any number in a range; with `orUnable` also the word "unable".
        case number(ClosedRange<Double>, orUnable: Bool)
    }

    /// Whether a medication state is asked for.
    public enum StateNeed: Sendable { case needed, kept, ignored }

    /// The name, as commands take it.
    public let id: String
    /// Other names that tables use.
    public let aliases: [String]
    /// Item codes in order.
    public let items: [String]
    /// What each item may be.
    public let allowed: [Allowed]
    /// Whether each item needs a medication state.
    public let states: [StateNeed]
    /// The place of each code.
    let places: [String: Int]

    init(
        _ id: String, _ aliases: [String] = [], _ items: [(String, Allowed)],
        state: (String) -> StateNeed = { _ in .ignored }
    ) {
        (self.id, self.aliases) = (id, aliases)
        (self.items, allowed) = (items.map(\.0), items.map(\.1))
        states = items.map { state($0.0) }
        places = Dictionary(uniqueKeysWithValues: items.enumerated().map { ($1.0.lowercased(), $0) })
    }

    /// The place of an item code; `nil` where the scale has none.
    public func place(_ code: String) -> Int? { places[code] ?? places[code.lowercased()] }

    /// Whether a table's name for a scale is this one.
    func isNamed(_ name: String) -> Bool {
        func plain(_ text: String) -> String { text.lowercased().filter { $0.isLetter || $0.isNumber } }
        return ([id] + aliases).contains { plain($0) == plain(name) }
    }
}

extension ItemScale {
    /// Every scale that is read item by item.
    public static let all: [ItemScale] = [
        mdsUPDRS, udysrs, nmss, pdq39, hoehnYahr, cgi, mmse, alsfrsR, svc, cfs, fried, sppb, gaitSpeed, grip,
    ]

    /// The scale of a name.
    public static func named(_ name: String) -> ItemScale? { all.first { $0.isNamed(name) } }

    /// MDS-UPDRS [Goetz2008]: 13 + 13 + 33 + 6 items from 0 to 4; part III needs the medication state.
    public static let mdsUPDRS: ItemScale = {
        let plain = [(1, 13), (2, 13)].flatMap { part, count in (1...count).map { "\(part).\($0)" } }
        let codes = plain + MotorExam.items + (1...6).map { "4.\($0)" }
        return ItemScale(
            "mds-updrs", ["updrs"], codes.map { ($0, .whole(0...4)) },
            state: { $0.hasPrefix("3.") ? .needed : .ignored })
    }()

    /// Unified Dyskinesia Rating Scale [Goetz2008UDysRS]: 26 items from 0 to 4.
    public static let udysrs = ItemScale("udysrs", [], (1...26).map { ("\($0)", .whole(0...4)) })

    /// Non-Motor Symptoms Scale [Chaudhuri2007]: 30 items, severity "1s" from 0 to 3 and frequency "1f" from 1 to 4.
    public static let nmss = ItemScale(
        "nmss", [], (1...30).flatMap { [("\($0)s", Allowed.whole(0...3)), ("\($0)f", .whole(1...4))] })

    /// Parkinson's Disease Questionnaire [Peto1995]: 39 items from 0 to 4.
    public static let pdq39 = ItemScale("pdq39", ["pdq-39"], (1...39).map { ("\($0)", .whole(0...4)) })

    /// Hoehn and Yahr's stages [Goetz2004]: whole ones, and 1.5 and 2.5 in the modified version.
    public static let hoehnYahr = ItemScale(
        "hy", ["h&y", "hoehn-yahr"], [("hy", .oneOf([0, 1, 1.5, 2, 2.5, 3, 4, 5]))], state: { _ in .kept })

    /// Clinical Global Impression: severity and improvement, 1 to 7 [Guy1976].
    public static let cgi = ItemScale("cgi", [], [("cgi-s", .whole(1...7)), ("cgi-i", .whole(1...7))])

    /// Mini-Mental State Examination: the total.
    public static let mmse = ItemScale("mmse", [], [("total", .whole(0...30))])

    /// Revised ALS Functional Rating Scale [Cedarbaum1999]: 12 items from 0 to 4, 5a or 5b for 5.
    public static let alsfrsR = ItemScale(
        "alsfrs-r", ["alsfrs"], ((1...12).map { "\($0)" } + ["5a", "5b"]).map { ($0, .whole(0...4)) })

    /// Slow vital capacity: efforts in percent of predicted.
    public static let svc = ItemScale("svc", ["fvc"], (1...5).map { ("\($0)", .number(0...250, orUnable: false)) })

    /// Clinical Frailty Scale [Rockwood2005]: 1 to 9.
    public static let cfs = ItemScale("cfs", [], [("cfs", .whole(1...9))])

    /// What the frailty phenotype is made of [Fried2001].
    public static let fried = ItemScale(
        "fried", [],
        [
            ("loss_kg", .number(-50...100, orUnable: false)), ("loss_percent", .number(-50...100, orUnable: false)),
            ("cesd1", .whole(0...3)), ("cesd2", .whole(0...3)), ("kcal_per_week", .number(0...50000, orUnable: false)),
            ("walk_s", .number(0.5...600, orUnable: true)), ("grip_kg", .number(0...120, orUnable: true)),
        ])

    /// Short Physical Performance Battery [Guralnik1994]: times in s, the distance of the walk in m.
    public static let sppb = ItemScale(
        "sppb", [],
        [
            ("balance_side_s", .number(0...60, orUnable: true)), ("balance_semi_s", .number(0...60, orUnable: true)),
            ("balance_tandem_s", .number(0...60, orUnable: true)),
            ("walk_distance_m", .number(1...100, orUnable: false)),
            ("walk_s", .number(0.3...600, orUnable: true)), ("chair_s", .number(1...600, orUnable: true)),
        ])

    /// Walks at usual pace: a distance in m and times in s.
    public static let gaitSpeed = ItemScale(
        "gait-speed", ["gait"],
        [("distance_m", .number(1...100, orUnable: false))]
            + (1...3).map { ("time\($0)_s", .number(0.3...600, orUnable: true)) })

    /// Grip strength: efforts in kg.
    public static let grip = ItemScale("grip", [], (1...6).map { ("\($0)", .number(0...120, orUnable: true)) })
}
