/// Indices that compare parts of the striatum, made of one measure of uptake.
///
/// Left and right are the patient's. A part's value over several regions is their mean, weighted by voxels.
public struct StriatalIndices: Sendable, Equatable {
    /// What the indices are made of.
    public let measure: Uptake.Measure
    /// Values by part and side.
    public let values: [StriatalPart: [RegionName.Side: Double]]

    /// Indices of measured uptake. The whole putamen is made of its two parts where only those are there.
    public init(of uptake: Uptake, measure: Uptake.Measure) {
        self.measure = measure
        var sums: [StriatalPart: [RegionName.Side: (value: Double, voxels: Double)]] = [:]
        func add(_ part: StriatalPart, _ side: RegionName.Side, _ value: Double, _ voxels: Int) {
            let before = sums[part]?[side] ?? (0, 0)
            sums[part, default: [:]][side] = (before.value + value * Double(voxels), before.voxels + Double(voxels))
        }
        let striatal = uptake.regions.compactMap { region -> (StriatalPart, RegionName.Side, Double, Int)? in
            guard let part = RegionName(region.name).part, let side = region.side, let value = region.value(measure)
            else { return nil }
            return (part, side, value, region.voxels)
        }
        let hasWholePutamen = striatal.contains { $0.0 == .putamen }
        for (part, side, value, voxels) in striatal {
            add(part, side, value, voxels)
            if !hasWholePutamen && [.anteriorPutamen, .middlePutamen, .posteriorPutamen].contains(part) {
                add(.putamen, side, value, voxels)
            }
        }
        values = sums.mapValues { $0.mapValues { $0.value / $0.voxels } }
    }

    /// The value of a part on a side.
    public func value(_ part: StriatalPart, _ side: RegionName.Side) -> Double? { values[part]?[side] }

    /// Asymmetry index, %: 200 (L − R) / (L + R); positive where the left takes up more.
    public func asymmetryPercent(_ part: StriatalPart) -> Double? {
        guard let left = value(part, .left), let right = value(part, .right), left + right != 0 else { return nil }
        return 200 * (left - right) / (left + right)
    }

    /// Caudate over putamen on a side.
    public func caudateToPutamen(_ side: RegionName.Side) -> Double? { ratio(.caudate, .putamen, side) }

    /// Posterior over anterior putamen on a side; below 1 in Parkinson's disease.
    public func posteriorToAnterior(_ side: RegionName.Side) -> Double? {
        ratio(.posteriorPutamen, .anteriorPutamen, side)
    }

    private func ratio(_ over: StriatalPart, _ under: StriatalPart, _ side: RegionName.Side) -> Double? {
        guard let a = value(over, side), let b = value(under, side), b != 0 else { return nil }
        return a / b
    }
}
