import Glibc
import Fitting

extension CompartmentModel {
    /// Exponents with the amplitudes and the blood volume that belong to them.
    struct Solution {
        var rates: CompartmentRates
        var bloodVolume: Double
        var weightedRSS: Double
        /// Parameters that the data left on a bound.
        var atBound: [String]
    }

    /// One region and everything that does not change while exponents are searched for.
    struct Problem {
        let model: CompartmentModel
        let means: [Double]
        /// Means per frame, less the blood's part where it is fixed.
        let tissue: [Double]
        let weights: [Double]
        /// Whole blood per frame; zeros where there is none.
        let blood: [Double]
        private let plasma: InputResponse

        init(
            _ model: CompartmentModel, _ means: [Double], _ input: ArterialInput, _ frames: FrameTimes,
            _ weights: [Double]
        ) throws(KineticError) {
            (self.model, self.means) = (model, means)
            self.weights = frames.starts.indices.map {
                means[$0].isFinite && frames.ends[$0] > frames.starts[$0] ? weights[$0] : 0
            }
            plasma = InputResponse(blood: input.parentPlasma, frames: frames, convention: model.convention)
            if let curve = input.wholeBlood {
                blood = InputResponse(blood: curve, frames: frames, convention: model.convention).input
            } else {
                guard model.bloodVolume == .fixed(0) else { throw .noBlood }
                blood = [Double](repeating: 0, count: frames.count)
            }
            if case .fixed(let volume) = model.bloodVolume {
                tissue = zip(means, blood).map { $0 - volume * $1 }
            } else {
                tissue = means
            }
        }

        var parameterCount: Int {
            let rates =
                switch model.kind {
                case .oneTissue: 2
                case .twoTissueIrreversible: 3
                default: 4
                }
            return rates + (model.bloodVolume == .fitted ? 1 : 0)
        }

        /// How much of the volume tissue responses fill when v_B is fixed; 1 while it is fitted.
        private var tissueShare: Double {
            if case .fixed(let volume) = model.bloodVolume, model.scalesTissue { 1 - volume } else { 1 }
        }

        private func column(_ exponent: Double) -> [Double] { plasma(theta: exponent).map { $0 * tissueShare } }

        /// The columns of the linear part for given exponents: responses by exponent, then blood where it is fitted.
        private func columns(_ exponents: [Double]) -> [[Double]] {
            exponents.map(column) + (model.bloodVolume == .fitted ? [blood] : [])
        }

        // MARK: The search

        /// The best exponents of all; `nil` where no positive amplitude fits with less blood than volume.
        func solve() -> Solution? {
            var best: (exponents: [Double], fit: NonNegativeFit)?
            for start in valleys() {
                let exponents = refined(start)
                // Tissue has to take up something, and blood to leave it room.
                guard let fit = NonNegativeFit(tissue, columns: columns(exponents), weights: weights),
                    fit.weightedRSS < best?.fit.weightedRSS ?? .infinity,
                    fit.coefficients.prefix(exponents.count).contains(where: { $0 > 0 }),
                    model.bloodVolume != .fitted || fit.coefficients[exponents.count] < 1
                else { continue }
                best = (exponents, fit)
            }
            return best.map { solution($0.exponents, $0.fit) }
        }

        /// Valleys of the grid, deepest first; each the free exponents.
        private func valleys() -> [[Double]] {
            let grid = CompartmentModel.grid()
            let irreversible = model.kind == .twoTissueIrreversible
            var list = grid.map(column)
            if irreversible { list.append(column(0)) }
            if model.bloodVolume == .fitted { list.append(blood) }
            let search = GramSearch(tissue, columns: list, weights: weights)
            let shared = Array(grid.count..<list.count)
            if model.kind == .twoTissue {
                let depths = grid.indices.map { slow in
                    grid.indices.map { fast in
                        fast < slow
                            ? .infinity : search.leastRSS(fast == slow ? [slow] + shared : [slow, fast] + shared)
                    }
                }
                return Self.lowest(
                    grid.indices.flatMap { slow in
                        grid.indices.compactMap { fast in
                            Self.isValley(depths, slow, fast) ? (depths[slow][fast], [grid[slow], grid[fast]]) : nil
                        }
                    })
            }
            let depths = [grid.indices.map { search.leastRSS([$0] + shared) }]
            return Self.lowest(
                grid.indices.compactMap { Self.isValley(depths, 0, $0) ? (depths[0][$0], [grid[$0]]) : nil })
        }

        private static func isValley(_ depths: [[Double]], _ row: Int, _ column: Int) -> Bool {
            guard depths[row][column].isFinite else { return false }
            for r in max(row - 1, 0)...min(row + 1, depths.count - 1) {
                for c in max(column - 1, 0)...min(column + 1, depths[r].count - 1)
                where depths[r][c] < depths[row][column] { return false }
            }
            return true
        }

        private static func lowest(_ valleys: [(Double, [Double])]) -> [[Double]] {
            valleys.sorted { $0.0 < $1.0 }.prefix(8).map(\.1)
        }

        /// The bottom of a valley, by Levenberg and Marquardt in the exponents' logarithms.
        private func refined(_ start: [Double]) -> [Double] {
            let roots = weights.map { $0.squareRoot() }
            let (low, high) = (log(CompartmentModel.exponents.lowerBound), log(CompartmentModel.exponents.upperBound))
            let search = NonlinearFit(
                count: tissue.count, start: start.map { log($0) }, lower: start.map { _ in low },
                upper: start.map { _ in high }
            ) { logarithms, residuals in
                let columns = columns(withTrapping(logarithms.map { exp($0) }))
                guard let fit = NonNegativeFit(tissue, columns: columns, weights: weights) else {
                    for place in residuals.indices {
                        residuals[place] = roots[place] > 0 ? roots[place] * tissue[place] : 0
                    }
                    return
                }
                for place in residuals.indices where roots[place] > 0 {
                    let fitted = columns.indices.reduce(0) { $0 + fit.coefficients[$1] * columns[$1][place] }
                    residuals[place] = roots[place] * (tissue[place] - fitted)
                }
            }
            return withTrapping(search.parameters.map { exp($0) }.sorted())
        }

        private func withTrapping(_ exponents: [Double]) -> [Double] {
            model.kind == .twoTissueIrreversible ? [0] + exponents : exponents
        }

        private func solution(_ exponents: [Double], _ fit: NonNegativeFit) -> Solution {
            var amplitudes = Array(fit.coefficients.prefix(exponents.count))
            var volume = 0.0
            switch model.bloodVolume {
            case .fixed(let value): volume = value
            case .fitted:
                volume = fit.coefficients[exponents.count]
                if model.scalesTissue { amplitudes = amplitudes.map { $0 / (1 - volume) } }
            }
            let rates =
                exponents.count == 1
                ? CompartmentRates(amplitude: amplitudes[0], exponent: exponents[0])
                : CompartmentRates(amplitudes: amplitudes, exponents: exponents)
            var bounds: [String] = []
            let (lower, upper) = (CompartmentModel.exponents.lowerBound, CompartmentModel.exponents.upperBound)
            if exponents.last! > upper * 0.999 || exponents.last! < lower * 1.001 { bounds.append("k2") }
            if model.kind == .twoTissue, exponents[0] < lower * 1.001 { bounds.append("k4") }
            if exponents.count > 1, rates.k3 == 0 { bounds.append("k3") }
            if model.bloodVolume == .fitted, volume == 0 { bounds.append("v_B") }
            return Solution(rates: rates, bloodVolume: volume, weightedRSS: fit.weightedRSS, atBound: bounds)
        }

        // MARK: What the solution says

        /// The model's activity per frame, blood included.
        func predicted(_ rates: CompartmentRates, _ bloodVolume: Double) -> [Double] {
            var sum = blood.map { $0 * bloodVolume }
            let share = model.scalesTissue ? 1 - bloodVolume : 1
            for (amplitude, exponent) in rates.response {
                for (place, value) in plasma(theta: exponent).enumerated() { sum[place] += share * amplitude * value }
            }
            return sum
        }
    }
}
