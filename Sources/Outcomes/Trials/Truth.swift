/// A truth value of Kleene's three-valued logic: what does not follow from what is known stays unknown [Kleene1952].
public enum Truth: String, Sendable, Equatable {
    case yes, no, unknown

    /// A plain truth value.
    public init(_ value: Bool) { self = value ? .yes : .no }

    /// Yes only where both are, no where one is.
    public static func && (a: Truth, b: Truth) -> Truth {
        a == .no || b == .no ? .no : a == .yes && b == .yes ? .yes : .unknown
    }

    /// Yes where one is, no only where both are.
    public static func || (a: Truth, b: Truth) -> Truth {
        a == .yes || b == .yes ? .yes : a == .no && b == .no ? .no : .unknown
    }

    /// The opposite; unknown stays unknown.
    public static prefix func ! (a: Truth) -> Truth { a == .yes ? .no : a == .no ? .yes : .unknown }
}
