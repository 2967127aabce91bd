import PET

/// Whether the body side that a putamen serves moved with it: each putamen beside the opposite side of the body, and beside
/// its own side, which should not follow and so is the negative control.
public struct Laterality: Sendable {
    /// The putamen.
    public var putamen: RegionName.Side
    /// Its log change.
    public var uptake: LogChange
    /// Change of the lateralised part III items of the opposite side of the body, points; negative is better.
    public var contralateral: Double?
    /// The same of its own side.
    public var ipsilateral: Double?

    /// The sides whose uptake changed.
    ///
    /// - Parameter motorChange: the change of the body's sides since the first visit, points.
    public static func sides(_ panel: GraftPanel, motorChange: [RegionName.Side: Double]) -> [Laterality] {
        RegionName.Side.allCases.compactMap { side in
            let site: GraftPanel.Site = side == .left ? .left : .right
            guard let change = panel[panel.settings.primary, site]?.change else { return nil }
            let opposite: RegionName.Side = side == .left ? .right : .left
            return Laterality(
                putamen: side, uptake: change, contralateral: motorChange[opposite], ipsilateral: motorChange[side])
        }
    }
}
