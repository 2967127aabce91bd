import PET

/// Uptake after immunosuppression was stopped, beside the last scan on the drug: grafts may be rejected then.
public struct Withdrawal: Sendable {
    /// The last scan on the drug and the later one, by their place among the visits.
    public var from, to: Int
    /// The change of the primary part, both sides; `nil` where it cannot be computed.
    public var change: LogChange?
    /// Whether uptake fell beyond the error of measurement; `nil` without a repeatability.
    public var isDecline: Bool? { change?.flag.map { $0 == .down } }

    /// Every scan after the stop against the last one before; none without both.
    public static func all(
        _ visits: [(months: Double, uptake: VisitUptake)], stopMonths: Double, settings: GraftPanel.Settings
    ) -> [Withdrawal] {
        guard let last = visits.lastIndex(where: { $0.months <= stopMonths }) else { return [] }
        return visits.indices.filter { visits[$0].months > stopMonths }.map { place in
            let panel = GraftPanel(
                before: visits[last].uptake, after: visits[place].uptake,
                years: (visits[place].months - visits[last].months) / 12, settings: settings)
            return Withdrawal(from: last, to: place, change: panel.primary?.change)
        }
    }
}
