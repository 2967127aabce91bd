/// How far several readers of the same scans agree, as a blinded central read reports it.
public enum ReaderAgreement {
    /// ICC(2,1): any reader for any other, single readings, differences of level count [ShroutFleiss1979].
    public struct ICC: Sendable, Equatable {
        /// Scans that every reader read, and readers.
        public let scans, readers: Int
        /// The share of the variance that is between scans; below 0 where readers differ more than scans.
        public let value: Double
        /// Its 95 % interval by the F distribution with approximated degrees of freedom; `nil` where readers agree fully.
        public let interval95: Interval?
    }

    /// ICC(2,1) of a table with a row a scan and a column a reader.
    public static func icc(_ table: [[Double]]) throws(StatisticsProblem) -> ICC {
        let n = Double(table.count)
        guard table.count > 1 else { throw .tooFew("scans that all readers read", needed: 2, found: table.count) }
        let readers = table[0].count
        precondition(table.allSatisfy { $0.count == readers }, "every scan has a value of every reader")
        guard readers > 1 else { throw .tooFew("readers", needed: 2, found: readers) }
        let k = Double(readers)
        let grand = table.joined().reduce(0, +) / (n * k)
        let scanMeans = table.map { $0.reduce(0, +) / k }
        let readerMeans = (0..<readers).map { reader in table.reduce(0) { $0 + $1[reader] } / n }
        let between = k * scanMeans.reduce(0) { $0 + ($1 - grand) * ($1 - grand) } / (n - 1)
        let columns = n * readerMeans.reduce(0) { $0 + ($1 - grand) * ($1 - grand) } / (k - 1)
        var residual = 0.0
        for (scan, row) in table.enumerated() {
            for (reader, value) in row.enumerated() {
                let rest = value - scanMeans[scan] - readerMeans[reader] + grand
                residual += rest * rest
            }
        }
        let error = residual / ((n - 1) * (k - 1))
        let denominator = between + (k - 1) * error + k * (columns - error) / n
        guard between + columns + error > 0, denominator > 0 else { throw .constant("the reading") }
        let value = (between - error) / denominator
        return ICC(
            scans: table.count, readers: readers, value: value,
            interval95: interval(value, n, k, between, columns, error))
    }

    private static func interval(
        _ icc: Double, _ n: Double, _ k: Double, _ between: Double, _ columns: Double, _ error: Double
    ) -> Interval? {
        guard error > 0 else { return nil }
        let ratio = columns / error
        let spread = n * (1 + (k - 1) * icc) - k * icc
        let (above, below) = (k * icc * ratio + spread, (n - 1) * k * k * icc * icc * ratio * ratio + spread * spread)
        let df = (k - 1) * (n - 1) * above * above / below
        func quantile(_ a: Double, _ b: Double) -> Double? {
            root(of: { FisherF(a, b).above($0) - 0.025 }, between: 1e-9, and: 1e9)
        }
        guard df > 0, let upper = quantile(n - 1, df), let lower = quantile(df, n - 1) else { return nil }
        let rest = k * columns + (k * n - k - n) * error
        return Interval(
            n * (between - upper * error) / (upper * rest + n * between),
            n * (lower * between - error) / (rest + n * lower * between))
    }

    /// Cohen's kappa of two readers' classes, disagreement weighted by its square [FleissCohen1973]; `nil` where both give
    /// all scans one class.
    public static func weightedKappa(_ first: [Int], _ second: [Int]) -> Double? {
        precondition(first.count == second.count, "both readers read the same scans")
        let n = Double(first.count)
        func mean(_ values: [Double]) -> Double { values.reduce(0, +) / n }
        let (a, b) = (first.map(Double.init), second.map(Double.init))
        let observed = mean(zip(a, b).map { ($0 - $1) * ($0 - $1) })
        // The mean over all pairs of a scan of one and a scan of the other.
        let (ma, mb) = (mean(a), mean(b))
        let expected =
            mean(a.map { ($0 - ma) * ($0 - ma) }) + mean(b.map { ($0 - mb) * ($0 - mb) }) + (ma - mb) * (ma - mb)
        return expected > 0 ? 1 - observed / expected : nil
    }
}
