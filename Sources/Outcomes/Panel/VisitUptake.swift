import Glibc
import PET

/// One visit's uptake by part of the striatum and site: G1 of the panel, of any kind.
public struct VisitUptake: Sendable {
    /// A value with its standard error.
    public struct Value: Sendable, Equatable {
        /// Uptake, in the kind's unit.
        public var value: Double
        /// From the spread over voxels or from the fit; `nil` where neither is known.
        public var standardError: Double?
        /// Volume, mL: the weight where sides or parts are joined.
        public var volumeML: Double
        /// Whether the error is that of a fit. The spread over an image's voxels is not what the next scan would differ by:
        /// a region is uneven, and the more so the better a graft shows.
        public var isFitted: Bool
        /// What another scan would differ by, as far as this one says; `nil` where only the spread over voxels is known.
        public var scanError: Double? { isFitted ? standardError : nil }

        /// A value.
        public init(_ value: Double, standardError: Double? = nil, volumeML: Double = 1, isFitted: Bool = false) {
            (self.value, self.standardError, self.volumeML) = (value, standardError, volumeML)
            self.isFitted = isFitted
        }

        /// The mean of some values, weighted by volume; their errors are taken as independent.
        static func pooled(_ values: [Value]) -> Value? {
            let total = values.reduce(0) { $0 + $1.volumeML }
            guard total > 0 else { return nil }
            let mean = values.reduce(0) { $0 + $1.value * $1.volumeML } / total
            let errors = values.compactMap(\.standardError)
            let isFitted = values.allSatisfy(\.isFitted)
            guard errors.count == values.count else { return Value(mean, volumeML: total, isFitted: isFitted) }
            let variance = zip(errors, values).reduce(0.0) { sum, next in
                let part = next.0 * next.1.volumeML / total
                return sum + part * part
            }
            return Value(mean, standardError: variance.squareRoot(), volumeML: total, isFitted: isFitted)
        }
    }

    /// What the values are.
    public let kind: UptakeKind
    private var values: [StriatalPart: [GraftPanel.Site: Value]] = [:]

    /// Values of regions by their names: "putamen-posterior-left" and the like; others are passed over.
    ///
    /// Both sides together are their mean, weighted by volume, and so is a whole putamen of which only parts are there.
    public init(kind: UptakeKind, regions: [(name: String, value: Value)]) {
        self.kind = kind
        let named = regions.compactMap { region -> (part: StriatalPart, side: RegionName.Side, value: Value)? in
            let name = RegionName(region.name)
            guard let part = name.part, let side = name.side else { return nil }
            return (part, side, region.value)
        }
        let hasWholePutamen = named.contains { $0.part == .putamen }
        let divisions: [StriatalPart] = [.anteriorPutamen, .middlePutamen, .posteriorPutamen]
        for part in StriatalPart.allCases {
            let members = named.filter {
                $0.part == part || part == .putamen && !hasWholePutamen && divisions.contains($0.part)
            }
            for site in GraftPanel.Site.allCases {
                let chosen = members.filter { site.side == nil || $0.side == site.side }
                let isWhole = site != .bilateral || Set(chosen.map(\.side)).count == 2
                if isWhole, let value = Value.pooled(chosen.map(\.value)) {
                    values[part, default: [:]][site] = value
                }
            }
        }
    }

    /// The value of a part at a site; `nil` where the labels have none.
    public subscript(part: StriatalPart, site: GraftPanel.Site) -> Value? { values[part]?[site] }
}

extension VisitUptake {
    /// Values of one image.
    ///
    /// - Parameter fwhm: the image's resolution, mm: a standard error counts one value per volume over which noise is alike.
    public init(_ uptake: Uptake, measure: Uptake.Measure, fwhm: Double? = nil) {
        let regions = uptake.regions.compactMap { region -> (name: String, value: Value)? in
            region.value(measure).map { value in
                let error = fwhm.flatMap { uptake.standardError(of: region, in: measure, fwhm: $0) }
                return (region.name, Value(value, standardError: error, volumeML: region.volumeML))
            }
        }
        self.init(kind: measure.kind, regions: regions)
    }

    /// Values of a model that was fitted to every region of a scan; regions without an answer are left out.
    public init(_ study: KineticStudy, parameter names: [String], kind: UptakeKind, volumesML: [String: Double]) {
        let regions = study.fits.compactMap { fit -> (name: String, value: Value)? in
            guard let found = names.lazy.compactMap({ fit[$0] }).first, found.value.isFinite else { return nil }
            let error = found.standardError.isFinite ? found.standardError : nil
            return (
                fit.region,
                Value(found.value, standardError: error, volumeML: volumesML[fit.region] ?? 1, isFitted: true)
            )
        }
        self.init(kind: kind, regions: regions)
    }
}

extension Uptake {
    /// The standard error of a region's value: SD over √n, where n counts the volumes over which noise of
    /// this resolution is alike.
    public func standardError(of region: Region, in measure: Measure, fwhm: Double) -> Double? {
        guard fwhm > 0, region.mean != 0 else { return nil }
        let scale: Double? =
            switch measure {
            case .suv: region.suvBW.map { $0 / region.mean }
            case .suvr, .sbr: referenceMean.map { 1 / $0 }
            }
        let independent = max(1, region.volumeML * 1000 / resolutionVolume(fwhm: fwhm))
        return scale.map { region.sd * abs($0) / independent.squareRoot() }
    }
}

/// The volume over which one value counts once, mm³: noise smoothed by a Gaussian is alike over ∫ρ = (4πσ²)^1.5, which is
/// FWHM³ (π / (2 ln 2))^1.5 = 3.41 FWHM³.
func resolutionVolume(fwhm: Double) -> Double { fwhm * fwhm * fwhm * pow(Double.pi / (2 * log(2)), 1.5) }

extension GraftPanel.Site {
    /// The side it is; `nil` for both.
    public var side: RegionName.Side? {
        switch self {
        case .left: .left
        case .right: .right
        case .bilateral: nil
        }
    }
}
