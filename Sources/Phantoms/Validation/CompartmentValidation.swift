import PET
import Records

/// The [11C]PBR28 scans with arterial input, and what kinfitr found in them.
struct PlasmaScans {
    let golden: [KinfitrRow]
    private let curves, blood: KineticTable

    init(_ folder: String) throws {
        golden = try KinfitrRow.all("\(folder)/pbr28_kinfitr_expected.csv")
        curves = try KineticTable("\(folder)/pbr28_tacs.csv")
        blood = try KineticTable("\(folder)/pbr28_procblood.csv")
    }

    /// A model fitted to the region of one of kinfitr's rows.
    func fit(_ model: KineticModel, _ row: KinfitrRow, _ options: KineticOptions) throws -> KineticFit {
        let times = try blood.numbers("Time", scan: row.scan, times: 1 / 60.0)
        func curve(_ column: String) throws -> SampledCurve? {
            SampledCurve(times: times, values: try blood.numbers(column, scan: row.scan))
        }
        guard let plasma = try curve("Cpl_metabcorr") else {
            return KineticFit(model: model, region: row.region, noSolution: "the plasma curve cannot be read")
        }
        return try KineticModels.fit(
            model, target: curves.numbers(row.region, scan: row.scan),
            input: .plasma(ArterialInput(parentPlasma: plasma, wholeBlood: curve("Cbl_dispcorr"))),
            frames: curves.frames(scan: row.scan, minutes: 1 / 60.0), options: options)
    }

    func weights(of row: KinfitrRow) throws -> [Double] { try curves.numbers("Weights", scan: row.scan) }
}

/// Compartment models against kinfitr's.
enum CompartmentValidation {
    static func rows(folder: String) throws -> [ValidationRow] {
        let data = try PlasmaScans(folder)
        var one = (exact: WorstError(), rectangles: WorstError())
        var two = (exact: WorstError(), rectangles: WorstError(), sums: WorstError())
        for row in data.golden where row.parameter == "Vt" && ["1TCM", "2TCM"].contains(row.model) {
            var options = KineticOptions(
                convention: .exact, weights: try data.weights(of: row),
                bloodFraction: row.variant.contains("vB0.05") ? 0.05 : nil)
            let model: KineticModel = row.model == "1TCM" ? .oneTissue : .twoTissue
            let exact = try data.fit(model, row, options)
            options.convention = .kinfitr
            let theirs = try data.fit(model, row, options)
            if model == .oneTissue {
                one.exact.compare(exact["V_T"]?.value, with: row.value)
                one.rectangles.compare(theirs["V_T"]?.value, with: row.value)
                continue
            }
            two.exact.compare(exact["V_T"]?.value, with: row.value)
            let sum = data.golden.first {
                ($0.scan, $0.region, $0.model, $0.variant) == (row.scan, row.region, row.model, row.variant)
                    && $0.parameter == "wRSS"
            }
            // How much larger ours is; 0 where it is not.
            let excess = max(theirs.weightedRSS / (sum?.value ?? .nan) - 1, 0)
            two.sums.compare(theirs.failure == nil ? excess : nil, with: 0, relative: false)
            // Where kinfitr's one start ended in a worse minimum its V_T is another one.
            if let sum, theirs.weightedRSS > 0.9 * sum.value {
                two.rectangles.compare(theirs["V_T"]?.value, with: row.value)
            }
        }
        let against = "kinfitr (R 4.2.2), [11C]PBR28 of 4 scans"
        return [
            ValidationRow(
                "V_T of 1TCM, exact", against: against, cases: one.exact.cases, error: one.exact.error, limit: 2e-3,
                unit: "relative", reason: "its rectangles and its middles of frames"),
            ValidationRow(
                "V_T of 1TCM, kinfitr's convention", against: against, cases: one.rectangles.cases,
                error: one.rectangles.error, limit: 2e-5, unit: "relative", reason: "where its search stops"),
            ValidationRow(
                "V_T of 2TCM, exact: median", against: against, cases: two.exact.cases, error: two.exact.median,
                limit: 5e-3, unit: "relative", reason: "its rectangles and its middles of frames"),
            ValidationRow(
                "V_T of 2TCM, kinfitr's convention, where it found the minimum", against: against,
                cases: two.rectangles.cases, error: two.rectangles.error, limit: 1e-4, unit: "relative",
                reason: "where its search stops"),
            ValidationRow(
                "sum of squares of 2TCM above kinfitr's", against: against, cases: two.sums.cases,
                error: two.sums.error, limit: 1e-6, unit: "relative", reason: "no region in a worse minimum"),
        ]
    }
}
