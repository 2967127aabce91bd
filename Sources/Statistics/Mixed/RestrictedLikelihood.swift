import Fitting

/// What restricted maximum likelihood [PattersonThompson1971] is computed from: the rows of each patient.
///
/// Patient i has V = Z G Zᵀ, plus σ² I where the model has a residual. Patients with the same Z share its inverse.
struct RestrictedLikelihood: Sendable {
    struct Patient: Sendable {
        /// n × p and n × k.
        var x, z: Matrix
        var y: [Double]
        /// Which of `patterns` its Z is.
        var pattern: Int
    }

    let patients: [Patient]
    /// The different Z there are.
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
            return Patient(x: x, z: z, y: rows.map { outcome[$0] }, pattern: pattern)
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
        /// (Σ Xᵀ V⁻¹ X)⁻¹.
        var covariance: Matrix
        /// V⁻¹ X and V⁻¹ (y − X β) of each patient.
        var weighted: [Matrix]
        var weightedResiduals: [[Double]]
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
        var weighted: [Matrix] = []
        weighted.reserveCapacity(patients.count)
        for patient in patients {
            let wx = inverses[patient.pattern] * patient.x
            let transposed = wx.transposed
            information += transposed * patient.x
            for (place, value) in (transposed * patient.y).enumerated() { right[place] += value }
            deviance += logs[patient.pattern]
            weighted.append(wx)
        }
        guard let solved = information.positiveDefiniteInverse else { return nil }
        let (c, beta) = (solved.inverse, solved.inverse * right)
        deviance += solved.logDeterminant + Double(rows - columns) * 1.8378770664093453
        var (slopeG, slopeResidual) = (Matrix(rows: g.rows, columns: g.rows), 0.0)
        var weightedResiduals: [[Double]] = []
        weightedResiduals.reserveCapacity(patients.count)
        for (place, patient) in patients.enumerated() {
            let fitted = patient.x * beta
            let residuals = zip(patient.y, fitted).map { $0 - $1 }
            let e = inverses[patient.pattern] * residuals
            deviance += zip(residuals, e).reduce(0) { $0 + $1.0 * $1.1 }
            var d = inverses[patient.pattern] - weighted[place] * c * weighted[place].transposed
            for a in e.indices { for b in e.indices { d[a, b] -= e[a] * e[b] } }
            slopeG += patient.z.transposed * d * patient.z
            slopeResidual += d.trace
            weightedResiduals.append(e)
        }
        return Point(
            inverses: inverses, deviance: deviance, coefficients: beta, covariance: c, weighted: weighted,
            weightedResiduals: weightedResiduals, slopeG: slopeG, slopeResidual: slopeResidual)
    }

    /// How the likelihood bends in the parameters of V.
    struct Curvature: Sendable {
        /// ∂(Xᵀ V⁻¹ X)/∂θᵣ = −Σ Xᵀ V⁻¹ V̇ᵣ V⁻¹ X.
        var p: [Matrix]
        /// Σ Xᵀ V⁻¹ V̇ᵣ V⁻¹ V̇ₛ V⁻¹ X.
        var q: [[Matrix]]
        /// Σ Xᵀ V⁻¹ V̈ᵣₛ V⁻¹ X; `nil` where V is linear in θ.
        var r: [[Matrix]]?
        /// The slope of the deviance.
        var gradient: [Double]
        /// Its second derivatives, as observed and as expected of data.
        var observed, expected: Matrix
    }

    /// The curvature, from ∂V/∂θ given as ∂G/∂θ; σ² is the last parameter where there is one.
    func curvature(at point: Point, first: [Matrix], second: [[Matrix]]?) -> Curvature {
        let (count, k) = (first.count + (hasResidual ? 1 : 0), first.first?.rows ?? 0)
        // V̇ and V⁻¹ V̇ of each pattern.
        let slopes = patterns.map { z in
            first.map { z * $0 * z.transposed } + (hasResidual ? [Matrix.identity(z.rows)] : [])
        }
        let products = slopes.indices.map { pattern in slopes[pattern].map { point.inverses[pattern] * $0 } }
        let zero = Matrix(rows: columns, columns: columns)
        var p = [Matrix](repeating: zero, count: count)
        var q = [[Matrix]](repeating: p, count: count)
        var expected = Matrix(rows: count, columns: count)
        var (quadratic, pulls) = (expected, [[Double]](repeating: [Double](repeating: 0, count: columns), count: count))
        for (place, patient) in patients.enumerated() {
            let (wx, e) = (point.weighted[place], point.weightedResiduals[place])
            let slope = slopes[patient.pattern], product = products[patient.pattern]
            let moved = slope.map { $0 * wx }, u = slope.map { $0 * e }
            let left = wx.transposed
            for r in 0..<count {
                p[r] = p[r] - left * moved[r]
                for (column, value) in (left * u[r]).enumerated() { pulls[r][column] += value }
                let wu = point.inverses[patient.pattern] * u[r], wm = point.inverses[patient.pattern] * moved[r]
                for s in 0..<count {
                    q[s][r] += moved[s].transposed * wm
                    expected[s, r] += Matrix.traceOfProduct(product[s], product[r])
                    quadratic[s, r] += zip(u[s], wu).reduce(0) { $0 + $1.0 * $1.1 }
                }
            }
        }
        let c = point.covariance
        let scaled = p.map { c * $0 }, pulled = pulls.map { c * $0 }
        var observed = expected
        for r in 0..<count {
            for s in 0..<count {
                expected[r, s] +=
                    Matrix.traceOfProduct(scaled[r], scaled[s]) - 2 * Matrix.traceOfProduct(c, q[r][s])
                let bend = zip(pulls[r], pulled[s]).reduce(0) { $0 + $1.0 * $1.1 }
                observed[r, s] = 2 * (quadratic[r, s] - bend) - expected[r, s]
                if let second, r < first.count, s < first.count {
                    observed[r, s] += Matrix.traceOfProduct(point.slopeG, second[r][s])
                }
            }
        }
        let gradient =
            first.map { Matrix.traceOfProduct(point.slopeG, $0) } + (hasResidual ? [point.slopeResidual] : [])
        return Curvature(
            p: p, q: q, r: second.map { bends(point, $0, count, k) }, gradient: gradient, observed: observed,
            expected: expected)
    }

    private func bends(_ point: Point, _ second: [[Matrix]], _ count: Int, _ k: Int) -> [[Matrix]] {
        let zero = Matrix(rows: columns, columns: columns)
        var result = [[Matrix]](repeating: [Matrix](repeating: zero, count: count), count: count)
        for (place, patient) in patients.enumerated() {
            let inner = patient.z.transposed * point.weighted[place]
            for r in second.indices {
                for s in second.indices { result[r][s] += inner.transposed * second[r][s] * inner }
            }
        }
        return result
    }
}
