import Records
import Statistics
import TestSupport

/// The two-arm data of the reference, with what R and Python make of them (`clinical/README.md`).
enum Clinical {
    static var isPresent: Bool {
        ReferenceData.isPresent && InputFile.exists(ReferenceData.path("clinical/expected.json"))
    }

    static func expected() throws -> JSONValue { try ReferenceData.json("clinical/expected.json") }

    /// A table of the reference by its columns.
    struct Columns {
        let table: DelimitedTable

        init(_ name: String) throws {
            table = try DelimitedTable(parsing: InputFile.read(ReferenceData.path("clinical/data/\(name).csv")))
        }

        func text(_ name: String) -> [String] { table.column(name).map { place in table.rows.map { $0[place] } }! }
        func number(_ name: String) -> [Double] { text(name).map { Double($0)! } }
    }

    /// `ancova.csv`: change of MDS-UPDRS III by arm with its baseline.
    static func ancova(final: Bool = false) throws -> (outcome: [Double], arm: Factor, base: Design.Column) {
        let data = try Columns("ancova")
        let base = data.number("base")
        let outcome = final ? data.number("m12") : zip(data.number("m12"), base).map { $0 - $1 }
        return (outcome, Factor("arm", data.text("arm"), reference: "SOC")!, Design.Column("baseline", base))
    }

    /// `mmrm_complete.csv` or `mmrm_missing.csv`.
    static func visits(_ name: String) throws -> MMRM.Rows {
        let data = try Columns(name)
        let base = data.number("base")
        return MMRM.Rows(
            outcome: zip(data.number("score"), base).map { $0 - $1 }, subject: Factor("id", data.text("id"))!,
            arm: Factor("arm", data.text("arm"), reference: "SOC")!, visit: Factor("month", data.text("month"))!,
            baseline: Design.Column("baseline", base))
    }

    /// `alsfrs.csv`.
    static func als() throws -> SlopeModel.Rows {
        let data = try Columns("alsfrs")
        return SlopeModel.Rows(
            outcome: data.number("alsfrs_r"), time: data.number("month"), subject: Factor("id", data.text("id"))!,
            arm: Factor("arm", data.text("arm"), reference: "SOC")!)
    }
}

/// Whether a value is another one to the digits it was printed with.
func agrees(_ value: Double?, _ printed: Double, decimals: Int) -> Bool {
    var unit = 1.0
    for _ in 0..<decimals { unit /= 10 }
    // Half a unit of the last digit, and the rounding of the printed number itself.
    return abs((value ?? .nan) - printed) <= 0.5000001 * unit
}
