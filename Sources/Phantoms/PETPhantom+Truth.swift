import Imaging
import PET
import Records

extension SimulatedScan {
    /// Every parameter, and what an analysis should find in the image.
    ///
    /// `tissue`: what the region's own tissue does. `unblurred`: means over the labelled voxels before the scanner's blurring,
    /// which mix tissues at the region's border and grafts inside. `seen`: the same after blurring; an uncorrected analysis of
    /// an image without noise finds these. `recovery`: the share of a region's signal that stays in its labelled voxels;
    /// `spill_in` says what else is there, so that recovery and spill-in explain `seen`.
    func truth() -> JSONValue {
        let tracer = settings.tracer
        let rates = tracer.referenceRates
        let regions = Region.allCases.map { RegionTruth(of: $0, in: self) }
        let references = regions.filter { $0.region.structure == tracer.reference }
        let still: JSONValue = [
            "tracer": .string(tracer.rawValue), "seed": .string(String(settings.seed)),
            "months": .number(settings.months), "psf_fwhm_mm": .number(settings.psfFWHM),
            "noise_cv": .number(settings.noise), "ct_noise_hu": .number(settings.ctNoise),
            "injected_bq": .number(settings.injectedBq), "mass_kg": .number(settings.massKg),
            "half_life_s": .number(PhantomTracer.halfLifeS),
            "frames": [
                "start_s": JSONValue(settings.frames.map(\.start)),
                "duration_s": JSONValue(settings.frames.map(\.duration)),
            ],
            "window_s": JSONValue([settings.windowS.lowerBound, settings.windowS.upperBound]),
            "reference": [
                "region": .string(tracer.reference), "K1_ml_per_min_ml": .number(rates.K1),
                "k2_per_min": .number(rates.k2),
            ],
            "graft_maturity": .number(patient.maturity),
            "grafts": .array(settings.grafts.indices.map(graftTruth)),
            "regions": .array(regions.map { $0.json(references: references) }),
        ]
        guard !settings.motion.isEmpty, case .object(let members) = still else { return still }
        let moved = settings.motion.map { JSONValue.array($0.rows.map { JSONValue($0) }) }
        return .object(members + [.init("moved_from_rest", .array(moved))])
    }

    private func graftTruth(_ site: Int) -> JSONValue {
        let graft = settings.grafts[site]
        return [
            "center_mm": JSONValue([graft.center.x, graft.center.y, graft.center.z]),
            "entry_mm": JSONValue([graft.entry.x, graft.entry.y, graft.entry.z]),
            "ball_volume_ml": .number(graft.volumeML), "survival": .number(graft.survival), "gain": .number(graft.gain),
            "volume_in_putamen_ml": .number(fractions.volumeML(of: Tissue.graft(site))),
            patient.uptakeKey: .number(patient.graftUptake(site)),
        ]
    }

    /// The mean activity of a place's tissue in the window, Bq/mL, and 0 where it takes nothing up.
    func windowMean(_ place: Int) -> Double {
        closedCurves[place]?.mean(from: settings.windowS.lowerBound / 60, to: settings.windowS.upperBound / 60) ?? 0
    }
}

extension PatientKinetics {
    /// The key under which specific uptake is stated.
    var uptakeKey: String { tracer == .fdopa ? "ki_ref_per_min" : "bpnd" }
}

/// What is true of one region of a scan.
private struct RegionTruth {
    let region: Region
    let kinetics: TissueKinetics
    let voxels: Int
    let volumeML: Double
    /// The share of each tissue in the labelled voxels, before and after blurring.
    let unblurred, seen: [Double]
    let scan: SimulatedScan
    let parts: [Int]

    init(of region: Region, in scan: SimulatedScan) {
        let fractions = scan.fractions
        let labelled = fractions.voxels(of: region)
        let count = fractions.grid.count
        (self.region, self.scan, voxels) = (region, scan, labelled.count)
        kinetics = scan.patient.kinetics(of: .region(region))!
        volumeML = fractions.volumeML(of: region)
        parts = fractions.parts(of: region)
        unblurred = fractions.tissues.indices.map { place in
            let sum = labelled.reduce(0) { $0 + Int(fractions.counts[place * count + $1]) }
            return Double(sum) / Double(TissueFractions.points * max(labelled.count, 1))
        }
        seen = scan.seen.map { share in
            guard let share else { return 0 }
            return labelled.reduce(0.0) { $0 + Double(share.voxels[$1]) } / Double(max(labelled.count, 1))
        }
    }

    /// The window's mean over the region's own volume, host and graft.
    private var tissueMean: Double {
        let volumes = parts.map { scan.fractions.volumeML(of: scan.fractions.tissues[$0]) }
        return zip(parts, volumes).reduce(0) { $0 + scan.windowMean($1.0) * $1.1 } / max(volumes.reduce(0, +), 1e-12)
    }

    private func mix(_ shares: [Double], _ value: (Int) -> Double) -> Double {
        shares.indices.reduce(0) { $0 + (shares[$1] != 0 ? shares[$1] * value($1) : 0) }
    }

    private func level(_ shares: [Double]) -> Double { mix(shares, scan.windowMean) }

    private static func mean(_ truths: [RegionTruth], _ value: (RegionTruth) -> Double) -> Double {
        truths.reduce(0) { $0 + value($1) * Double($1.voxels) } / Double(max(truths.reduce(0) { $0 + $1.voxels }, 1))
    }

    /// Levels in the window, Bq/mL, and ratios to the reference, all means over voxels.
    private func levels(_ own: Double, _ reference: Double) -> JSONValue {
        let ratio = reference > 0 ? own / reference : nil
        return ["mean_bq_per_ml": .number(own), "suvr": JSONValue(ratio), "sbr": JSONValue(ratio.map { $0 - 1 })]
    }

    func json(references: [RegionTruth]) -> JSONValue {
        let (fractions, frames) = (scan.fractions, scan.settings.frames.indices)
        let recovery = parts.reduce(0) { $0 + seen[$1] }
        let spillIn = seen.indices.filter { !parts.contains($0) && abs(seen[$0]) > 1e-6 }
        let own = kinetics.specificUptake(reference: scan.settings.tracer.referenceRates)
        let graftShare = parts.reduce(0.0) { sum, place in
            if case .graft = fractions.tissues[place] { return sum + fractions.volumeML(of: fractions.tissues[place]) }
            return sum
        }
        let mean = meanUptake()
        return [
            "name": .string(region.name), "index": .integer(Int(region.label)),
            "side": .string(region.isLeft ? "left" : "right"), "voxels": .integer(voxels),
            "volume_ml": .number(volumeML),
            "labelled_volume_ml": .number(Double(voxels) * fractions.grid.voxelVolumeML),
            "graft_volume_ml": .number(graftShare),
            "kinetics": kinetics.json,
            "host_\(scan.patient.uptakeKey)": JSONValue(own), "mean_\(scan.patient.uptakeKey)": JSONValue(mean),
            "tissue": levels(tissueMean, Self.mean(references) { $0.tissueMean }),
            "unblurred": levels(level(unblurred), Self.mean(references) { $0.level($0.unblurred) }),
            "seen": levels(level(seen), Self.mean(references) { $0.level($0.seen) }),
            "recovery": .number(recovery),
            "spill_in": .object(
                spillIn.map { .init(fractions.tissues[$0].name, .number(seen[$0])) }),
            "tac_unblurred_bq_per_ml": JSONValue(frames.map { f in mix(unblurred) { scan.curve($0, f) } }),
            "tac_seen_bq_per_ml": JSONValue(frames.map { f in mix(seen) { scan.curve($0, f) } }),
        ]
    }

    /// Specific uptake of host and grafts, weighted by volume; `nil` outside the striatum.
    private func meanUptake() -> Double? {
        let patient = scan.patient
        guard let host = patient.hostUptake(region) else { return nil }
        var (sum, volume) = (0.0, 0.0)
        for place in parts {
            let tissue = scan.fractions.tissues[place]
            let size = scan.fractions.volumeML(of: tissue)
            if case .graft(let site) = tissue { sum += size * patient.graftUptake(site) } else { sum += size * host }
            volume += size
        }
        return volume > 0 ? sum / volume : nil
    }
}

extension SimulatedScan {
    fileprivate func curve(_ place: Int, _ frame: Int) -> Double { curves[place].isEmpty ? 0 : curves[place][frame] }
}

extension TissueKinetics {
    fileprivate var json: JSONValue {
        switch self {
        case .exchange(let K1, let k2):
            ["model": "one tissue", "K1_ml_per_min_ml": .number(K1), "k2_per_min": .number(k2)]
        case .trapping(let K1, let k2, let k3):
            [
                "model": "two tissues, irreversible", "K1_ml_per_min_ml": .number(K1), "k2_per_min": .number(k2),
                "k3_per_min": .number(k3),
            ]
        case .binding(let R1, let k2, let BPND):
            [
                "model": "simplified reference tissue", "R1": .number(R1), "k2_per_min": .number(k2),
                "bpnd": .number(BPND),
            ]
        }
    }
}

extension Tissue {
    /// A name for the truth.
    fileprivate var name: String {
        switch self {
        case .region(let region): region.name
        case .graft(let site): "graft-\(site + 1)"
        case .cerebrospinalFluid: "cerebrospinal-fluid"
        case .whiteMatter: "white-matter"
        case .needleTract: "needle-tract"
        case .burrHole: "burr-hole"
        case .air, .scalp, .fat, .eye, .bone, .cortex, .thalamus, .pallidum, .brainstem: "\(self)"
        }
    }
}
