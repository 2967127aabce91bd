import Imaging
import PET

/// G5 of one tract: uptake along a cannula's path against the shell of putamen around it.
public struct TractUptake: Sendable {
    /// The tract's name: "tract-1-left".
    public var name: String
    /// The side of the putamen it is in; `nil` where it meets none.
    public var side: RegionName.Side?
    /// Voxels of tract and shell.
    public var voxels, shellVoxels: Int
    /// U_tract / U_shell − 1 at each visit; `nil` where either is not positive.
    public var before, after: Contrast?
    /// The tract's own change, on the log scale; `nil` where uptake is not positive.
    public var change: LogChange?
    /// Why it should not be used, or not without thought.
    public var flags: [String]

    /// A contrast and its standard error.
    public struct Contrast: Sendable, Equatable {
        /// U_tract / U_shell − 1.
        public var value: Double
        /// From the spread over voxels; `nil` without a resolution.
        public var standardError: Double?
    }

    /// Every tract's uptake at two visits.
    ///
    /// - Parameters:
    ///   - before: uptake in the tract's regions at the first visit, which is before or after surgery.
    ///   - after: the same at the later visit, with the same regions.
    public static func all(
        _ regions: TractRegions, before: Uptake, after: Uptake, measure: Uptake.Measure,
        repeatability: Repeatability?, fwhm: Double?
    ) -> [TractUptake] {
        regions.tracts.map { tract in
            func values(_ uptake: Uptake) -> (tract: VisitUptake.Value, shell: VisitUptake.Value)? {
                guard let inner = uptake.value(of: tract.label, measure, fwhm: fwhm),
                    let outer = uptake.value(of: tract.shellLabel, measure, fwhm: fwhm)
                else { return nil }
                return (inner, outer)
            }
            let (first, second) = (values(before), values(after))
            var change: LogChange?
            if let a = first?.tract, let b = second?.tract, a.value > 0, b.value > 0 {
                change = LogChange(
                    from: a.value, to: b.value, repeatability: repeatability,
                    standardErrors: (a.scanError, b.scanError))
            }
            return TractUptake(
                name: tract.name, side: tract.side, voxels: tract.voxels, shellVoxels: tract.shellVoxels,
                before: first.flatMap { Contrast($0.tract, $0.shell) },
                after: second.flatMap { Contrast($0.tract, $0.shell) },
                change: change, flags: tract.flags)
        }
    }
}

extension TractUptake.Contrast {
    init?(_ tract: VisitUptake.Value, _ shell: VisitUptake.Value) {
        guard tract.value > 0, let value = TractRegions.contrast(tract: tract.value, shell: shell.value) else {
            return nil
        }
        self.value = value
        if let a = tract.standardError, let b = shell.standardError {
            let (inner, outer) = (a / tract.value, b / shell.value)
            standardError = (value + 1) * (inner * inner + outer * outer).squareRoot()
        }
    }
}

extension Uptake {
    /// The value of a region by its label.
    func value(of label: Int32, _ measure: Measure, fwhm: Double?) -> VisitUptake.Value? {
        guard let region = regions.first(where: { $0.label == label }), let value = region.value(measure) else {
            return nil
        }
        return VisitUptake.Value(
            value, standardError: fwhm.flatMap { standardError(of: region, in: measure, fwhm: $0) },
            volumeML: region.volumeML)
    }
}
