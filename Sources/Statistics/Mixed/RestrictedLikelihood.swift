import Fitting

/// What restricted maximum likelihood [PattersonThompson1971] is computed from: the rows of each patient.
///
/// Patient i has V = Z G Zᵀ, plus σ² I where the model has a residual. Patients with the same Z share its inverse.
struct RestrictedLikelihood: Sendable {
    struct Patient: Sendable {
        /// n × p, and its transpose.
        var x, xt: Matrix
        var y: [Double]
        /// Which of `patterns` its Z is.
        var pattern: Int
    }

    let patients: [Patient]
    /// The different Z there are, n × k.
    let patterns: [Matrix]
    let hasResidual: Bool
    /// Rows and columns of the whole design.
    let rows, columns: Int

    init(design: Design, random: [[Double]], outcome: [Double], subject: Factor, hasResidual: Bool) {
        var members = [[Int]](repeating: [], count: subject.levels.count)
        for (row, code) in subject.codes.enumerated() { members[code].append(row) }
        var patterns: [Matrix] = []
        patients = members.filter { !$0.isEmpty }.map { rows in
            let z = Matrix(columns: random.map { column in rows.map { column[$0] } })
            let x = Matrix(columns: design.values.map { column in rows.map { column[$0] } })
            let pattern = patterns.firstIndex(of: z) ?? patterns.count
            if pattern == patterns.count { patterns.append(z) }
            return Patient(x: x, xt: x.transposed, y: rows.map { outcome[$0] }, pattern: pattern)
        }
        self.patterns = patterns
        self.hasResidual = hasResidual
        (rows, columns) = (outcome.count, design.columns.count)
    }

    /// Everything at one G and σ².
    struct Point: Sendable {
        /// V⁻¹ of each pattern.
        var inverses: [Matrix]
        /// −2 ln of the restricted likelihood.
        var deviance: Double
        /// The fixed effects.
        var coefficients: [Double]
        /// C = (Σ Xᵀ V⁻¹ X)⁻¹.
        var covariance: Matrix
        /// e = V⁻¹ (y − X β) of each patient.
        var weightedResiduals: [[Double]]
        /// Σ V⁻¹ X C Xᵀ V⁻¹ and Σ e eᵀ over the patients of each pattern.
        var leverages, squares: [Matrix]
        /// Σ Zᵀ D Z and Σ tr D, where D = ∂deviance/∂V.
        var slopeG: Matrix
        var slopeResidual: Double
    }

    /// The likelihood at a point; `nil` where a V is not positive definite.
    func evaluate(_ g: Matrix, residual: Double) -> Point? {
        var inverses: [Matrix] = []
        var logs: [Double] = []
        for z in patterns {
            var v = z * g * z.transposed
            if hasResidual { for place in 0..<v.rows { v[place, place] += residual } }
            guard let found = v.positiveDefiniteInverse, found.logDeterminant.isFinite else { return nil }
            inverses.append(found.inverse)
            logs.append(found.logDeterminant)
        }
        var (information, right) = (Matrix(rows: columns, columns: columns), [Double](repeating: 0, count: columns))
        var deviance = 0.0
        for patient in patients {
            let inverse = inverses[patient.pattern]
            information += patient.xt * (inverse * patient.x)
            for (place, value) in (patient.xt * (inverse * patient.y)).enumerated() { right[place] += value }
            deviance += logs[patient.pattern]
        }
        guard let solved = information.positiveDefiniteInverse else { return nil }
        let (c, beta) = (solved.inverse, solved.inverse * right)
        // ln 2π.
        deviance += solved.logDeterminant + Double(rows - columns) * 1.8378770664093453
        var spreads = patterns.map { Matrix(rows: $0.rows, columns: $0.rows) }
        var (squares, counts) = (spreads, [Double](repeating: 0, count: patterns.count))
        var weightedResiduals: [[Double]] = []
        weightedResiduals.reserveCapacity(patients.count)
        for patient in patients {
            let residuals = zip(patient.y, patient.x * beta).map { $0 - $1 }
            let e = inverses[patient.pattern] * residuals
            for place in e.indices { deviance += residuals[place] * e[place] }
            for a in e.indices { for b in e.indices { squares[patient.pattern][a, b] += e[a] * e[b] } }
            spreads[patient.pattern] += patient.x * c * patient.xt
            counts[patient.pattern] += 1
            weightedResiduals.append(e)
        }
        var (slopeG, slopeResidual) = (Matrix(rows: g.rows, columns: g.rows), 0.0)
        let leverages = patterns.indices.map { inverses[$0] * spreads[$0] * inverses[$0] }
        for (place, z) in patterns.enumerated() {
            let d = counts[place] * inverses[place] - leverages[place] - squares[place]
            slopeG += z.transposed * d * z
            slopeResidual += d.trace
        }
        return Point(
            inverses: inverses, deviance: deviance, coefficients: beta, covariance: c,
            weightedResiduals: weightedResiduals, leverages: leverages, squares: squares, slopeG: slopeG,
            slopeResidual: slopeResidual)
    }

    /// How the likelihood bends in the parameters of V.
    struct Curvature: Sendable {
        /// ∂(Xᵀ V⁻¹ X)/∂θᵣ = −Σ Xᵀ V⁻¹ V̇ᵣ V⁻¹ X.
        var p: [Matrix]
        /// The slope of the deviance.
        var gradient: [Double]
        /// Its second derivatives, as observed and as expected of data.
        var observed, expected: Matrix
    }

    /// The curvature, from ∂V/∂θ given as ∂G/∂θ; σ² is the last parameter where there is one.
    func curvature(at point: Point, first: [Matrix], second: [[Matrix]]?) -> Curvature {
        let count = first.count + (hasResidual ? 1 : 0)
        let slopes = slopes(first)
        let products = patterns.indices.map { pattern in slopes[pattern].map { point.inverses[pattern] * $0 } }
        var p = [Matrix](repeating: Matrix(rows: columns, columns: columns), count: count)
        var pulls = [[Double]](repeating: [Double](repeating: 0, count: columns), count: count)
        var counts = [Double](repeating: 0, count: patterns.count)
        for (place, patient) in patients.enumerated() {
            counts[patient.pattern] += 1
            let wx = point.inverses[patient.pattern] * patient.x
            let left = wx.transposed
            for r in 0..<count {
                p[r] = p[r] - left * (slopes[patient.pattern][r] * wx)
                let pull = left * (slopes[patient.pattern][r] * point.weightedResiduals[place])
                for column in pull.indices { pulls[r][column] += pull[column] }
            }
        }
        let c = point.covariance
        let scaled = p.map { c * $0 }, pulled = pulls.map { c * $0 }
        var (expected, observed) = (Matrix(rows: count, columns: count), Matrix(rows: count, columns: count))
        for r in 0..<count {
            for s in 0...r {
                var (own, spread, square) = (0.0, 0.0, 0.0)
                for pattern in patterns.indices {
                    own += counts[pattern] * Matrix.traceOfProduct(products[pattern][r], products[pattern][s])
                    let between = slopes[pattern][r] * products[pattern][s]
                    spread += Matrix.traceOfProduct(between, point.leverages[pattern])
                    square += Matrix.traceOfProduct(between, point.squares[pattern])
                }
                let bend = zip(pulls[r], pulled[s]).reduce(0) { $0 + $1.0 * $1.1 }
                let mean = own - 2 * spread + Matrix.traceOfProduct(scaled[r], scaled[s])
                var seen = 2 * (square - bend) - mean
                if let second, r < first.count {
                    seen += Matrix.traceOfProduct(point.slopeG, second[r][s])
                }
                (expected[r, s], expected[s, r]) = (mean, mean)
                (observed[r, s], observed[s, r]) = (seen, seen)
            }
        }
        let gradient =
            first.map { Matrix.traceOfProduct(point.slopeG, $0) } + (hasResidual ? [point.slopeResidual] : [])
        return Curvature(p: p, gradient: gradient, observed: observed, expected: expected)
    }

    /// Σ Xᵀ V⁻¹ (V̇ᵣ V⁻¹ V̇ₛ − V̈ᵣₛ/4) V⁻¹ X weighed by the covariance of θ: what Kenward and Roger's method adds from.
    func bends(at point: Point, first: [Matrix], second: [[Matrix]]?, weights: Matrix) -> Matrix {
        let slopes = slopes(first)
        let inner = patterns.indices.map { pattern -> Matrix in
            let z = patterns[pattern]
            var sum = Matrix(rows: z.rows, columns: z.rows)
            for r in slopes[pattern].indices {
                for s in slopes[pattern].indices {
                    sum += weights[r, s] * (slopes[pattern][r] * point.inverses[pattern] * slopes[pattern][s])
                    if let second, r < first.count, s < first.count {
                        sum += (-weights[r, s] / 4) * (z * second[r][s] * z.transposed)
                    }
                }
            }
            return point.inverses[pattern] * sum * point.inverses[pattern]
        }
        var result = Matrix(rows: columns, columns: columns)
        for patient in patients { result += patient.xt * (inner[patient.pattern] * patient.x) }
        return result
    }

    /// V̇ of each pattern.
    private func slopes(_ first: [Matrix]) -> [[Matrix]] {
        patterns.map { z in
            first.map { z * $0 * z.transposed } + (hasResidual ? [Matrix.identity(z.rows)] : [])
        }
    }
}
