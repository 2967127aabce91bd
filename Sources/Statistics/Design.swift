import Fitting

/// A category in every row, such as the arm, with its reference first.
public struct Factor: Sendable, Equatable {
    /// The name of the column.
    public let name: String
    /// The levels there are: the reference first, the others in order.
    public let levels: [String]
    /// The level of each row, as a place in `levels`.
    public let codes: [Int]

    /// A factor of texts; where no reference is named it is the first in order. `nil` where the reference is not there.
    public init?(_ name: String, _ values: [String], reference: String? = nil) {
        var levels = Set(values).sorted(by: Self.precedes)
        if let reference {
            guard let place = levels.firstIndex(of: reference) else { return nil }
            levels.insert(levels.remove(at: place), at: 0)
        }
        let places = Dictionary(uniqueKeysWithValues: levels.enumerated().map { ($1, $0) })
        (self.name, self.levels, codes) = (name, levels, values.map { places[$0]! })
    }

    /// Numbers by their value, before all other texts in the order of their characters.
    static func precedes(_ a: String, _ b: String) -> Bool {
        switch (Double(a), Double(b)) {
        case (let x?, let y?): x == y ? a < b : x < y
        case (_?, nil): true
        case (nil, _?): false
        case (nil, nil): a < b
        }
    }

    /// For each level but the reference a column of 0 and 1.
    public var indicators: [Design.Column] {
        levels.indices.dropFirst().map { level in
            Design.Column("\(name) \(levels[level])", codes.map { $0 == level ? 1 : 0 })
        }
    }

    /// How many rows a level has.
    public func count(of level: Int) -> Int { codes.count { $0 == level } }

    /// The factor of chosen rows, all levels kept.
    public func rows(_ chosen: [Int]) -> Factor { Factor(name, levels, chosen.map { codes[$0] }) }

    private init(_ name: String, _ levels: [String], _ codes: [Int]) {
        (self.name, self.levels, self.codes) = (name, levels, codes)
    }
}

/// What a linear model explains an outcome by: columns with names.
public struct Design: Sendable, Equatable {
    /// One column.
    public struct Column: Sendable, Equatable {
        /// What it is, for people.
        public var name: String
        /// A value a row.
        public var values: [Double]

        /// A column.
        public init(_ name: String, _ values: [Double]) { (self.name, self.values) = (name, values) }

        /// The product of two columns, row by row.
        public static func * (a: Column, b: Column) -> Column {
            Column("\(a.name) × \(b.name)", zip(a.values, b.values).map { $0 * $1 })
        }
    }

    /// The columns, in order.
    public var columns: [Column]

    /// A design of these columns, and before them one of ones unless `intercept` is false.
    public init(_ columns: [Column], rows: Int, intercept: Bool = true) {
        let ones = intercept ? [Column("intercept", [Double](repeating: 1, count: rows))] : []
        self.columns = ones + columns
    }

    /// Rows.
    public var rows: Int { columns.first?.values.count ?? 0 }
    /// The values, for a fit.
    public var values: [[Double]] { columns.map(\.values) }
    /// One row.
    public func row(_ place: Int) -> [Double] { columns.map { $0.values[place] } }

    /// The place of a column.
    public func place(_ name: String) -> Int? { columns.firstIndex { $0.name == name } }

    /// Throws where a column is a sum of those before it, and names both.
    public func requireIndependentColumns() throws(StatisticsProblem) {
        guard rows >= columns.count else {
            throw .tooFew("rows for \(columns.count) effects", needed: columns.count, found: rows)
        }
        for place in columns.indices {
            let column = columns[place].values
            let length = column.reduce(0) { $0 + $1 * $1 }
            guard length > 0 else { throw .dependent(column: columns[place].name, on: []) }
            guard place > 0 else { continue }
            guard let fit = LinearFit(column, columns: columns[..<place].map(\.values)) else { continue }
            // Rounding of the fit leaves about 1e-16 of each part; a column that adds a 1e-9th of itself adds nothing.
            guard fit.weightedRSS > 1e-18 * length else {
                let others = columns[..<place].indices.filter {
                    let part = fit.coefficients[$0] * fit.coefficients[$0]
                    return columns[$0].name != "intercept"
                        && part * columns[$0].values.reduce(0) { $0 + $1 * $1 } > 1e-12 * length
                }
                throw .dependent(column: columns[place].name, on: others.map { columns[$0].name })
            }
        }
    }
}
