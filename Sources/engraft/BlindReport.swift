import Ledger
import Records
import Statistics

/// Readings with their patients and visits again, and how far the readers agree.
struct BlindReport {
    private let key: BlindKey
    private let readings: ReadingTable
    private let icc: ReaderAgreement.ICC?
    private let kappas: [(first: String, second: String, scans: Int, value: Double?)]
    /// Why an agreement is not there, and scans that were left out.
    let warnings: [String]

    init(_ key: BlindKey, _ readings: ReadingTable) {
        (self.key, self.readings) = (key, readings)
        let scans = key.entries.map(\.read)
        var warnings: [String] = []
        let values = readings.complete(scans, \.value)
        let hasValues = readings.readings.contains { $0.value != nil }
        if hasValues, values.count < scans.count {
            warnings.append(
                "\(scans.count - values.count) of \(scans.count) scans lack a value of a reader; ICC leaves them out")
        }
        do throws(StatisticsProblem) { icc = hasValues ? try ReaderAgreement.icc(values) : nil } catch {
            icc = nil
            warnings.append("there is no ICC: \(error)")
        }
        var kappas: [(String, String, Int, Double?)] = []
        let readers = readings.readers
        for (place, first) in readers.enumerated() {
            for second in readers[(place + 1)...] {
                func grades(_ reader: String) -> [String: Int] {
                    let own = readings.readings.filter { $0.reader == reader }
                    return Dictionary(own.compactMap { r in r.grade.map { (r.read, $0) } }) { a, _ in a }
                }
                let (a, b) = (grades(first), grades(second))
                let both = scans.filter { a[$0] != nil && b[$0] != nil }
                guard !both.isEmpty else { continue }
                let value = ReaderAgreement.weightedKappa(both.map { a[$0] ?? 0 }, both.map { b[$0] ?? 0 })
                if value == nil {
                    warnings.append("\(first) and \(second) gave all scans one class: there is no kappa")
                }
                kappas.append((first, second, both.count, value))
            }
        }
        (self.kappas, self.warnings) = (kappas, warnings)
    }

    /// A row a reading, as a store takes it but for the unit.
    var table: DelimitedTable {
        let scans = Dictionary(uniqueKeysWithValues: key.entries.map { ($0.read, $0) })
        return DelimitedTable(
            columns: ["code", "visit", "months", "read", "reader", "value", "class"],
            rows: readings.readings.map { reading in
                let scan = scans[reading.read]
                return [
                    scan?.code ?? "", scan?.visit ?? "", scan.map { significant($0.months, 6) } ?? "", reading.read,
                    reading.reader, JSONValue(reading.value).field ?? "n/a", reading.grade.map(String.init) ?? "n/a",
                ]
            })
    }

    /// The members of the JSON document.
    var members: [JSONValue.Member] {
        let rows = table.rows.map { row -> JSONValue in
            [
                "code": .string(row[0]), "visit": .string(row[1]), "months": JSONValue(Double(row[2])),
                "read": .string(row[3]), "reader": .string(row[4]), "value": JSONValue(Double(row[5])),
                "class": JSONValue(Int(row[6])),
            ]
        }
        return [
            .init(
                "icc_2_1",
                icc.map {
                    [
                        "value": .number($0.value),
                        "ci95": $0.interval95.map { JSONValue([$0.low, $0.high]) } ?? .null,
                        "scans": .integer($0.scans), "readers": .integer($0.readers),
                    ]
                } ?? .null),
            .init(
                "weighted_kappa",
                .array(
                    kappas.map {
                        [
                            "readers": JSONValue([$0.first, $0.second]), "scans": .integer($0.scans),
                            "value": JSONValue($0.value),
                        ]
                    })),
            .init("readings", .array(rows)),
        ]
    }

    /// For the terminal.
    var text: String {
        var text =
            "\(readings.readings.count) readings of \(key.entries.count) scans by \(readings.readers.count) readers\n"
        if let icc {
            let interval = icc.interval95.map { " (95 % \(fixed($0.low, 3)) to \(fixed($0.high, 3)))" } ?? ""
            text += "ICC(2,1) of value: \(fixed(icc.value, 3))\(interval), \(icc.scans) scans, \(icc.readers) readers\n"
        }
        for kappa in kappas {
            text +=
                "weighted kappa of class, \(kappa.first) and \(kappa.second): \(fixed(kappa.value, 3)), "
                + "\(kappa.scans) scans\n"
        }
        return text
    }
}
