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

    /// An item's value; `nil` where missing.
    func value(_ scale: ItemScale, _ code: String) -> Double? {
        scale.place(code).flatMap { values[$0].isNaN ? nil : values[$0] }
    }

    /// The values of some items, `nil` where missing.
    func values(_ scale: ItemScale, _ codes: [String]) -> [Double?] { codes.map { value(scale, $0) } }
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
