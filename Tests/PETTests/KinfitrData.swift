import PET
import Records
import TestSupport

/// A table of the reference data, read by columns.
struct ReferenceTable {
    let table: DelimitedTable

    init(_ path: String) throws { table = try DelimitedTable(parsing: InputFile.read(ReferenceData.path(path))) }

    /// The fields of a column.
    func texts(_ column: String) throws -> [String] {
        guard let place = table.column(column) else {
            throw FileProblem("reference data", .badData, "no column \(column)")
        }
        return table.rows.map { $0[place] }
    }

    /// The numbers of a column; in the rows of one scan where a scan is named.
    func numbers(_ column: String, scan: String? = nil) throws -> [Double] {
        let values = try texts(column).map { Double($0) ?? .nan }
        guard let scan else { return values }
        return zip(try texts("PET"), values).filter { $0.0 == scan }.map(\.1)
    }
}

/// What kinfitr found: R 4.2.2, kinfitr's sources at f4527ba; `relativeError` is SE over the estimate.
struct KinfitrExpectation: CustomStringConvertible {
    var scan, region, model, variant: String
    var values: [String: (value: Double, relativeError: Double)]
    var description: String { "\(scan) \(region) \(model) \(variant)" }

    /// The rows of a model, one a scan, region and variant.
    static func all(_ file: String, model: String) throws -> [KinfitrExpectation] {
        let table = try ReferenceTable("pet/kinfitr/\(file)")
        var found: [KinfitrExpectation] = []
        var places: [String: Int] = [:]
        for row in table.table.rows where row[2] == model {
            let key = row[0...3].joined(separator: " ")
            let place = places[key] ?? found.count
            if place == found.count {
                found.append(
                    KinfitrExpectation(scan: row[0], region: row[1], model: row[2], variant: row[3], values: [:]))
                places[key] = place
            }
            found[place].values[row[4]] = (Double(row[5]) ?? .nan, Double(row[6]) ?? .nan)
        }
        return found
    }
}

/// A scan of kinfitr's simulated data: minutes, a frame without length at time 0, weights.
struct SimulatedScan {
    let frames: FrameTimes
    let weights: [Double]
    let reference: ReferenceCurve
    private let table: ReferenceTable
    private let scan: String

    init(_ scan: String, from table: ReferenceTable) throws {
        (self.table, self.scan) = (table, scan)
        let starts = try table.numbers("StartTime", scan: scan)
        let ends = zip(starts, try table.numbers("Duration", scan: scan)).map { $0 + $1 }
        frames = FrameTimes(starts: starts, ends: ends)
        weights = try table.numbers("Weights", scan: scan)
        reference = try ReferenceCurve(frames: frames, means: table.numbers("Reference", scan: scan))
    }

    func curve(_ region: String) throws -> [Double] { try table.numbers(region, scan: scan) }

    /// The options that a variant of kinfitr's rows means.
    func options(_ variant: String) -> KineticOptions {
        KineticOptions(
            convention: .kinfitr, integralRule: variant.contains("framecumsum") ? .frameSum : .midTrapezoid,
            frames: variant.contains("last10") ? .last(10) : .all, k2Prime: variant.contains("k2prime=0.1") ? 0.1 : nil,
            weights: variant.contains("w=Weights") ? weights : nil)
    }
}
