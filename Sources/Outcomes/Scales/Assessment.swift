import Records

/// The medication state of an examination.
public enum MedicationState: String, Sendable, Hashable { case off, on, none = "na" }

/// The items of one scale, of one subject at one visit in one medication state.
public struct Assessment: Sendable {
    /// The study's code; empty where the table has one patient.
    public var code: String
    /// Months from day 0.
    public var visit: Double
    /// The medication state.
    public var state: MedicationState
    /// When it was done; `nil` where not said.
    public var date: CalendarDate?
    /// Minutes since the last levodopa; `nil` where not said.
    public var minutesSinceLevodopa: Double?
    /// The scale's version, as the table has it.
    public var version: String
    /// The line it begins in.
    public var line: Int
    /// Values by the scale's order: NaN where missing, infinite where unable.
    var values: [Double]
    /// Whether each item has a row.
    var isSeen: [Bool]
    /// Why items are missing, where the table says: "refused" is not "not_done".
    var reasons: [Int: String] = [:]

    /// An item's value; `nil` where missing.
    func value(_ scale: ItemScale, _ code: String) -> Double? {
        scale.place(code).flatMap { values[$0].isNaN ? nil : values[$0] }
    }

    /// Those of some items that are missing, each with its reason where the table says one.
    func missing(_ scale: ItemScale, _ codes: [String]) -> [String] {
        codes.filter { value(scale, $0) == nil }.map { code in
            scale.place(code).flatMap { reasons[$0] }.map { "\(code) \($0)" } ?? code
        }
    }

    /// Words that say why a value is missing.
    static let missingReasons: Set<String> = ["not_done", "refused", "invalid", "not_applicable", "died"]
}

/// What a table of items is read with.
public struct ItemTableOptions: Sendable {
    /// A rating called OFF needs so many hours since levodopa; from memory, so that it is an option.
    public var offHours = 12.0
    /// Dates behind this day are refused.
    public var today = CalendarDate.today

    /// The usual options.
    public init() {}
}
