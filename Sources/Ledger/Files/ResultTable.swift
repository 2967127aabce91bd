import Records

/// A table of results, one row a value, as `engraft patient` and `engraft study export` write it.
public enum ResultTable {
    /// Reads a table as the run that adds it to a store. Throws with every problem of the table, each with its line.
    ///
    /// Without a column of input hashes, the table itself is the input of its values.
    public static func read(_ path: String, command: String) throws -> StudyRun {
        var problems = TableProblems()
        var run = StudyRun(command: command)
        let own = try SHA256.hex(ofFile: path)
        var known = Known()
        try TableFile.read(
            path, needs: ["code", "visit", "months", "measure", "value", "unit"], problems: &problems
        ) { header, _ in
            let columns = Columns(header)
            return { line, problems in
                guard let row = columns.row(line, own, &problems) else { return }
                if known.patients.insert("\(row.measurement.code)\t\(row.arm)").inserted {
                    run.patients.append(
                        StudyPatient(code: row.measurement.code, arm: row.arm.isEmpty ? nil : row.arm))
                }
                if known.visits.insert("\(row.measurement.code)\t\(row.measurement.visit)\t\(row.months)").inserted {
                    run.visits.append(
                        StudyVisit(code: row.measurement.code, name: row.measurement.visit, months: row.months))
                }
                run.measurements.append(row.measurement)
            }
        }
        try problems.throwIfAny(path)
        return run
    }

    private struct Known {
        var patients: Set<String> = []
        var visits: Set<String> = []
    }

    private struct Row {
        var measurement: Measurement
        var arm: String
        var months: Double
    }

    private struct Columns {
        let code, visit, months, measure, value, unit: Int
        let region, site, arm, se, low, high, flag, method, inputs, parameters: Int?

        init(_ header: TableHeader) {
            func needed(_ name: String) -> Int { header[name] ?? 0 }
            (code, visit, months) = (needed("code"), needed("visit"), needed("months"))
            (measure, value, unit) = (needed("measure"), needed("value"), needed("unit"))
            (region, site, arm, se) = (header["region"], header["site"], header["arm"], header["se"])
            (low, high, flag) = (header["ci95_low"], header["ci95_high"], header["flag"])
            (method, inputs) = (header["method"], header["input_sha256"])
            parameters = header["parameters_sha256"]
        }

        func row(_ line: TableLine, _ own: String, _ problems: inout TableProblems) -> Row? {
            let before = problems.count
            func number(_ column: Int?, _ name: String, _ problems: inout TableProblems) -> Double? {
                let text = line[column]
                guard let column, !text.isEmpty else { return nil }
                if let number = line.number(column) { return number }
                problems.add(line.number, name, "\"\(text)\" is no number")
                return nil
            }
            for (column, name) in [(code, "code"), (visit, "visit"), (measure, "measure"), (unit, "unit")]
            where line[column].isEmpty {
                problems.add(line.number, name, "the field is empty")
            }
            let months = number(months, "months", &problems)
            if months == nil, line[self.months].isEmpty { problems.add(line.number, "months", "the field is empty") }
            let value = number(value, "value", &problems)
            let (low, high) = (number(low, "ci95_low", &problems), number(high, "ci95_high", &problems))
            if (low == nil) != (high == nil) {
                problems.add(line.number, "ci95_low", "an interval has both ends or none")
            }
            let se = number(se, "se", &problems)
            guard problems.count == before, let months else { return nil }
            let interval = low.flatMap { low in high.map { Measurement.Interval95(low: low, high: $0) } }
            let inputs = line[inputs].split(separator: " ").map(String.init)
            let flag = line[flag]
            return Row(
                measurement: Measurement(
                    code: line[code], visit: line[visit], measure: line[measure], region: line[region],
                    site: line[site], value: value, unit: line[unit], standardError: se, interval95: interval,
                    flag: value == nil && flag.isEmpty ? "no value" : flag, method: line[method],
                    inputs: inputs.isEmpty ? [own] : inputs, parametersSHA256: line[parameters]),
                arm: line[arm], months: months)
        }
    }
}
