import Statistics

/// The kinetics of every tissue of one patient at one visit.
///
/// The patient has had Parkinson's disease for some years, worse on the left. FDOPA: means of patients [Nurmi2001] and their
/// decline, 6.3 % a year in putamen and 4.4 % in caudate [Hilker2005]. Transporter binding: losses as found with a tracer of
/// the vesicular transporter, about half in caudate and 80 % in the posterior putamen [Okamura2010], from a healthy 3.2 and
/// 3.6, falling by 6 and 8 % a year; these last four numbers are chosen, not measured.
public struct PatientKinetics: Sendable {
    /// The tracer.
    public let tracer: PhantomTracer
    /// Time since the first visit, months.
    public let months: Double
    /// The deposits of cells, months after which they count.
    public let grafts: [GraftSite]
    /// What a scan multiplies specific uptake by, 1 for none: how scans of one patient differ.
    public var scanFactor = 1.0

    /// A patient at a visit.
    public init(tracer: PhantomTracer, months: Double, grafts: [GraftSite] = []) {
        precondition(months >= 0, "a visit is not before the first")
        (self.tracer, self.months, self.grafts) = (tracer, months, grafts)
    }

    /// Specific uptake at the first visit: Ki relative to the occipital cortex, 1/min, or BPND; `nil` outside the striatum.
    private func baseline(_ region: Region) -> Double? {
        switch (region, tracer) {
        case (.caudateLeft, .fdopa): 0.0070
        case (.caudateRight, .fdopa): 0.0078
        case (.putamenAnteriorLeft, .fdopa): 0.0051
        case (.putamenAnteriorRight, .fdopa): 0.0060
        case (.putamenPosteriorLeft, .fdopa): 0.0040
        case (.putamenPosteriorRight, .fdopa): 0.0049
        case (.ventralStriatumLeft, .fdopa): 0.0078
        case (.ventralStriatumRight, .fdopa): 0.0082
        case (.caudateLeft, .dat): 1.55
        case (.caudateRight, .dat): 1.75
        case (.putamenAnteriorLeft, .dat): 0.95
        case (.putamenAnteriorRight, .dat): 1.20
        case (.putamenPosteriorLeft, .dat): 0.58
        case (.putamenPosteriorRight, .dat): 0.75
        case (.ventralStriatumLeft, .dat): 1.50
        case (.ventralStriatumRight, .dat): 1.60
        default: nil
        }
    }

    /// Decline a year, as a fraction of the value at its start.
    private func decline(_ region: Region) -> Double {
        let isPutamen = region.structure.hasPrefix("putamen")
        return tracer == .fdopa ? (isPutamen ? 0.063 : 0.044) : (isPutamen ? 0.08 : 0.06)
    }

    /// Specific uptake of a region's own tissue at the visit.
    public func hostUptake(_ region: Region) -> Double? {
        baseline(region).map { $0 * PortableMath.pow(1 - decline(region), months / 12) }
    }

    /// The share of its full effect a graft has reached: in proportion to time for a year, then all of it. An assumption.
    public var maturity: Double { min(months / 12, 1) }

    /// Specific uptake of a graft at the visit: the host's and what the surviving cells add.
    public func graftUptake(_ site: Int) -> Double {
        let graft = grafts[site]
        let host = hostUptake(graft.center.x < 0 ? .putamenPosteriorLeft : .putamenPosteriorRight)!
        return host + graft.gain * graft.survival * maturity * tracer.healthyPutamen
    }

    /// The kinetics of a tissue; `nil` for air, which takes nothing up.
    public func kinetics(of tissue: Tissue) -> TissueKinetics? {
        if case .graft(let site) = tissue { return specific(graftUptake(site)) }
        if case .region(let region) = tissue, let uptake = hostUptake(region) { return specific(uptake) }
        let (K1, k2) = tracer.referenceRates
        // Delivery relative to the reference, and distribution volume relative to it.
        let (delivery, volume): (Double, Double) =
            switch tissue {
            case .air: (0, 1)
            case .region, .cortex, .graft: (1, 1)
            case .thalamus: (1.03, 1.02)
            case .pallidum: (0.92, 1.0)
            case .brainstem: (0.9, 0.98)
            case .whiteMatter: (0.68, 0.86)
            case .needleTract: (0.3, 0.6)
            case .cerebrospinalFluid: (0.08, 0.3)
            case .eye, .fat: (0.12, 0.3)
            case .bone: (0.15, 0.35)
            case .burrHole, .scalp: (0.4, 0.7)
            }
        return delivery == 0 ? nil : .exchange(K1: K1 * delivery, k2: k2 * delivery / volume)
    }

    private func specific(_ found: Double) -> TissueKinetics {
        let uptake = found * scanFactor
        return switch tracer {
        case .fdopa: .trapping(KiRef: uptake, K1: 0.036, k2: 0.052, reference: tracer.referenceRates)
        case .dat: .binding(R1: 0.95, k2: 0.95 * tracer.referenceRates.k2, BPND: uptake)
        }
    }
}
