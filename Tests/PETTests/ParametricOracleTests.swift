import Glibc
import Imaging
import Fitting
import PET
import Testing

/// Maps of noisy voxels against a fit of every voxel by itself in Double.
@Suite struct ParametricOracleTests {
    /// SRTM curves exactly as the model has them, with noise.
    static func scan(noise: Double, count: Int = 1100) -> (scan: SyntheticScan, reference: [Double]) {
        let times = FrameTimes(ninetyMinutes)
        let reference = referenceMeans(times)
        let curve = SampledCurve(frames: times, means: reference)!
        let convolution = FrameConvolution(input: curve, frames: times)
        let shapes = [(1.0, 0.15, 3.0), (0.9, 0.1, 1.2), (1.1, 0.2, 0.3), (0.7, 0.08, 0.0), (1.0, 0.12, 6.0)].map {
            R1, k2, BPND in
            let k2a = k2 / (1 + BPND)
            return zip(reference, convolution.averages(theta: k2a)).map { R1 * $0 + (k2 - R1 * k2a) * $1 }
        }
        let voxels = noisyVoxels(shapes, count: count, noise: noise, seed: 11)
        return (SyntheticScan(frames: ninetyMinutes, names: voxels.indices.map { "\($0)" }, curves: voxels), reference)
    }

    static func maps(
        _ settings: ParametricSettings, noise: Double = 0.03
    ) throws -> (maps: ParametricMaps, scan: SyntheticScan, reference: [Double]) {
        let (scan, reference) = scan(noise: noise)
        var settings = settings
        settings.parameters = settings.model.parameters.map(\.name)
        let maps = try ParametricMaps(
            of: scan.volume(width: 1, rows: 1), frames: scan.frames,
            input: .reference(ReferenceRegion(name: "reference", means: reference)), settings: settings)
        return (maps, scan, reference)
    }

    /// A value of a map equals one computed in Double, to the rounding of the map and of what is lost in differences.
    static func expectClose(_ found: Float, _ expected: Double, _ tolerance: Double, _ what: String) {
        let error = abs(Double(found) - expected)
        #expect(
            error <= tolerance * max(1, abs(expected)) || error <= tolerance * abs(expected),
            "\(what): \(found) \(expected)")
    }

    static let weights: [[Double]?] = [nil, ninetyMinutes.map(\.duration)]

    @Test(arguments: weights, [IntegralRule.frameSum, .midTrapezoid])
    func referencePatlakIsALineFittedInEveryVoxel(weights: [Double]?, rule: IntegralRule) throws {
        var settings = ParametricSettings(.refPatlak)
        (settings.fromS, settings.weights, settings.integral) = (20 * 60, weights, rule)
        let (maps, scan, reference) = try Self.maps(settings)
        let integral = RunningIntegral(rule, frames: scan.times).of(reference)
        let used = scan.frames.indices.filter { scan.frames[$0].start >= 20 * 60 }
        #expect(maps.framesUsed == used)
        for (voxel, curve) in scan.curves.enumerated() {
            let fit = LinearFit(
                used.map { curve[$0] / reference[$0] },
                columns: [used.map { integral[$0] / reference[$0] }, used.map { _ in 1 }],
                weights: weights.map { w in used.map { w[$0] * reference[$0] * reference[$0] } })!
            // 2e-7: a map is Float32.
            Self.expectClose(maps.maps[0].volume.voxels[voxel], fit.coefficients[0], 2e-7, "slope")
            Self.expectClose(maps.maps[1].volume.voxels[voxel], fit.coefficients[1], 2e-7, "intercept")
        }
    }

    @Test(arguments: weights, [ParametricModel.mrtm, .mrtm2])
    func multilinearModelsAreSolvedAsByQR(weights: [Double]?, model: ParametricModel) throws {
        var settings = ParametricSettings(model)
        settings.weights = weights
        if model == .mrtm2 { settings.k2Prime = 0.12 }
        let (maps, scan, reference) = try Self.maps(settings)
        let integral = RunningIntegral(.frameSum, frames: scan.times)
        let referenceIntegral = integral.of(reference)
        let fixed =
            model == .mrtm
            ? [referenceIntegral, reference] : [zip(referenceIntegral, reference).map { $0 + $1 / 0.12 }]
        var solved = 0
        for (voxel, curve) in scan.curves.enumerated() {
            let fit = LinearFit(curve, columns: [integral.of(curve)] + fixed, weights: weights)!
            let (gamma2, gamma1) = (fit.coefficients[0], fit.coefficients[1])
            guard gamma2 < 0 else {
                #expect(maps.codes[voxel] == FitCode.noWashout.rawValue && maps.maps[0].volume.voxels[voxel].isNaN)
                continue
            }
            solved += 1
            let R1 = model == .mrtm ? fit.coefficients[2] : gamma1 / 0.12
            let expected = [-gamma1 / gamma2 - 1, R1, gamma1, -gamma2, gamma1 / R1]
            for (map, value) in zip(maps.maps, expected) {
                Self.expectClose(map.volume.voxels[voxel], value, 3e-7, "\(model) \(map.parameter.name)")
            }
        }
        #expect(solved > 1000 && maps.counts[.solved] == solved)
    }

    @Test(arguments: [nil, 0.12])
    func referenceLoganIsALineFittedInEveryVoxel(k2Prime: Double?) throws {
        var settings = ParametricSettings(.refLogan)
        (settings.fromS, settings.k2Prime) = (39 * 60, k2Prime)
        let (maps, scan, reference) = try Self.maps(settings)
        let integral = RunningIntegral(.frameSum, frames: scan.times)
        let inverse = k2Prime.map { 1 / $0 } ?? 0
        let x = zip(integral.of(reference), reference).map { $0 + $1 * inverse }
        for (voxel, curve) in scan.curves.enumerated() {
            let used = scan.frames.indices.filter { scan.frames[$0].start >= 39 * 60 }
            let own = integral.of(curve)
            let fit = LinearFit(
                used.map { own[$0] / curve[$0] }, columns: [used.map { x[$0] / curve[$0] }, used.map { _ in 1 }])!
            Self.expectClose(maps.maps[0].volume.voxels[voxel], fit.coefficients[0] - 1, 3e-7, "BP")
            Self.expectClose(maps.maps[2].volume.voxels[voxel], fit.coefficients[1], 3e-7, "intercept")
        }
    }

    /// The sum of squares that a rate leaves, by QR; its smallest value by golden section around the best rate of a grid.
    static func srtm(_ curve: [Double], _ reference: [Double], _ convolution: FrameConvolution, _ weights: [Double]?)
        -> (k2a: Double, fit: LinearFit)
    {
        func fit(_ logRate: Double) -> LinearFit {
            LinearFit(curve, columns: [reference, convolution.averages(theta: exp2(logRate))], weights: weights)!
        }
        let grid = (0...100).map { -10.7 + 13.2 * Double($0) / 100 }
        let best = grid.min { fit($0).weightedRSS < fit($1).weightedRSS }!
        var (low, high) = (best - 0.132, best + 0.132)
        let share = 0.618_033_988_749_895
        for _ in 0..<45 {
            let (a, b) = (high - share * (high - low), low + share * (high - low))
            if fit(a).weightedRSS < fit(b).weightedRSS { high = b } else { low = a }
        }
        return (exp2((low + high) / 2), fit((low + high) / 2))
    }

    /// A golden section finds a minimum to the root of the rounding of its values: 1e-7 of the rate or so, ten times that
    /// where the minimum is flat.
    @Test(arguments: weights) func basisFunctionsFindWhatAContinuousSearchFinds(weights: [Double]?) throws {
        var settings = ParametricSettings(.srtm)
        settings.weights = weights
        let (maps, scan, reference) = try Self.maps(settings)
        let curve = SampledCurve(frames: scan.times, means: reference)!
        let convolution = FrameConvolution(input: curve, frames: scan.times)
        for voxel in stride(from: 0, to: 1100, by: 17) where maps.codes[voxel] == 0 {
            let (k2a, fit) = Self.srtm(scan.curves[voxel], reference, convolution, weights)
            let (R1, theta2) = (fit.coefficients[0], fit.coefficients[1])
            let k2 = theta2 + R1 * k2a
            for (map, value) in zip(maps.maps, [k2 / k2a - 1, R1, k2, k2a, k2 / R1]) {
                Self.expectClose(map.volume.voxels[voxel], value, 3e-6, "\(voxel) \(map.parameter.name)")
            }
        }
    }

    /// The model's own curves without noise: Float32 voxels leave 1e-5 of BP_ND at most, and interpolation between rates
    /// of which each is a fifth above the last 3e-5.
    @Test(arguments: [(32, 5e-5), (128, 2e-5)])
    func noiseFreeBindingIsRecoveredBetweenTheRates(count: Int, tolerance: Double) throws {
        var settings = ParametricSettings(.srtm)
        settings.rates = RateGrid(lowest: 3e-3, highest: 1, count: count)
        let (maps, scan, _) = try Self.maps(settings, noise: 0)
        let truth = [3.0, 1.2, 0.3, 0.0, 6.0]
        for voxel in scan.curves.indices {
            Self.expectClose(maps.maps[0].volume.voxels[voxel], truth[voxel % 5], tolerance, "\(voxel)")
        }
    }

    /// A voxel's values are what a regional fit says of its curve: 2e-6 for the searches, which end in different ways, and
    /// the rounding of a map for the others.
    @Test(arguments: [
        (ParametricModel.refPatlak, KineticModel.refPatlak, 3e-7), (.refLogan, .refLogan, 3e-7),
        (.mrtm, .mrtm, 3e-7), (.mrtm2, .mrtm2, 3e-7), (.srtm, .srtm, 5e-6), (.srtm2, .srtm2, 5e-6),
    ])
    func aVoxelIsWhatTheRegionalFitSays(model: ParametricModel, regional: KineticModel, tolerance: Double) throws {
        var settings = ParametricSettings(model)
        if model != .mrtm && model != .srtm && model != .refPatlak { settings.k2Prime = 0.12 }
        if model == .refPatlak || model == .refLogan { settings.fromS = 30 * 60 }
        let (maps, scan, reference) = try Self.maps(settings)
        let input = try KineticInput.reference(ReferenceCurve(frames: scan.times, means: reference))
        let options = KineticOptions(frames: .from(settings.fromS / 60), k2Prime: settings.k2Prime)
        var compared = 0
        for voxel in 0..<40 where maps.codes[voxel] == FitCode.solved.rawValue {
            let fit = try KineticModels.fit(
                regional, target: scan.curves[voxel], input: input, frames: scan.times, options: options)
            for map in maps.maps {
                guard let expected = fit[map.parameter.name] else { continue }
                compared += 1
                Self.expectClose(map.volume.voxels[voxel], expected.value, tolerance, "\(voxel) \(map.parameter.name)")
            }
        }
        #expect(compared > 30)
    }

    @Test func k2PrimeIsTheMedianOfTheFirstPass() throws {
        for model in [ParametricModel.mrtm2, .srtm2] {
            let (free, _, _) = try Self.maps(ParametricSettings(model == .mrtm2 ? .mrtm : .srtm))
            let (maps, _, _) = try Self.maps(ParametricSettings(model))
            let BPND = free.maps[0].volume.voxels
            var chosen = free.maps[4].volume.voxels.indices
                .filter { free.codes[$0] == 0 && BPND[$0] > 0.5 && free.maps[4].volume.voxels[$0] > 0 }
                .map { Double(free.maps[4].volume.voxels[$0]) }
            chosen.sort()
            let median = (chosen[(chosen.count - 1) / 2] + chosen[chosen.count / 2]) / 2
            #expect(maps.settings.k2Prime == median && maps.k2PrimeVoxels == chosen.count)
            #expect(maps.maps[0].volume.voxels[0] > 2.5)
        }
    }
}
