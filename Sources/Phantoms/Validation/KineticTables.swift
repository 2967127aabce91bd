import PET
import Records

/// A table of the kinetic reference data, read by columns.
struct KineticTable {
    let table: DelimitedTable
    private let path: String

    init(_ path: String) throws {
        self.path = path
        table = try naming(path) { try DelimitedTable(parsing: InputFile.read(path)) }
    }

    /// The fields of a column.
    func texts(_ column: String) throws -> [String] {
        guard let place = table.column(column) else {
            throw FileProblem(path, .badData, "there is no column \(column)")
        }
        return table.rows.map { $0[place] }
    }

    /// The numbers of a column, times a factor; in the rows of one scan where a scan is named.
    func numbers(_ column: String, scan: String? = nil, times factor: Double = 1) throws -> [Double] {
        let values = try texts(column).map { (Double($0) ?? .nan) * factor }
        guard let scan else { return values }
        return zip(try texts("PET"), values).filter { $0.0 == scan }.map(\.1)
    }

    /// Frames whose starts and lengths the rows of one scan give.
    func frames(scan: String, minutes: Double = 1) throws -> FrameTimes {
        let starts = try numbers("StartTime", scan: scan, times: minutes)
        let lengths = try numbers("Duration", scan: scan, times: minutes)
        return FrameTimes(starts: starts, ends: zip(starts, lengths).map { $0 + $1 })
    }
}

/// One row of kinfitr's results.
struct KinfitrRow {
    let scan, region, model, variant, parameter: String
    let value, relativeError: Double

    static func all(_ path: String) throws -> [KinfitrRow] {
        try KineticTable(path).table.rows.map { row in
            KinfitrRow(
                scan: row[0], region: row[1], model: row[2], variant: row[3], parameter: row[4],
                value: Double(row[5]) ?? .nan, relativeError: Double(row[6]) ?? .nan)
        }
    }

    /// Our model and our name for the parameter; `nil` for what is not compared. kinfitr prints k2a of MRTM and MRTM2 as k2
    /// and BP + 1 of MRTM2 as R1.
    var ours: (model: KineticModel, name: String)? {
        switch (model, parameter) {
        case ("MRTM1", "bp"): (.mrtm, "BP_ND")
        case ("MRTM1", "k2prime"): (.mrtm, "k2_prime")
        case ("MRTM1", "R1"): (.mrtm, "R1")
        case ("MRTM1", "k2"): (.mrtm, "k2a")
        case ("MRTM2", "bp"): (.mrtm2, "BP_ND")
        case ("MRTM2", "k2"): (.mrtm2, "k2a")
        case ("refLogan", "bp"): (.refLogan, "BP_ND")
        case ("refPatlak", "Kiref"): (.refPatlak, "Ki_ref")
        case ("SRTM", "bp"): (.srtm, "BP_ND")
        case ("SRTM2", "bp"): (.srtm2, "BP_ND")
        case ("Logan", "Vt"): (.logan, "V_T")
        case ("MA1", "Vt"): (.ma1, "V_T")
        case ("Patlak", "Ki"): (.patlak, "Ki")
        default: nil
        }
    }

    /// The options its variant means, in kinfitr's convention.
    func options(weights: [Double]) -> KineticOptions {
        KineticOptions(
            convention: .kinfitr, integralRule: variant.contains("framecumsum") ? .frameSum : .midTrapezoid,
            frames: variant.contains("last10") ? .last(10) : .all, k2Prime: variant.contains("k2prime=0.1") ? 0.1 : nil,
            weights: variant.contains("w=Weights") ? weights : nil,
            bloodFraction: variant.contains("vB0.05") ? 0.05 : nil)
    }
}

/// The largest error of a set of comparisons, and how many there were.
struct WorstError {
    private(set) var cases = 0
    private(set) var error = 0.0
    private(set) var all: [Double] = []

    mutating func compare(_ found: Double?, with expected: Double, relative: Bool = true) {
        let difference = found.map { abs(relative ? $0 / expected - 1 : $0 - expected) } ?? .infinity
        cases += 1
        all.append(difference)
        error = difference.isNaN ? .infinity : max(error, difference)
    }

    var median: Double { all.isEmpty ? .nan : all.sorted()[all.count / 2] }
}
