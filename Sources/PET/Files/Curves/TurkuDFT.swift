/// Turku PET Centre's `.dft`: four lines of header, then a line a frame.
///
/// The header has region names after `DFT`; sides ("dx", "sin", "." for none) after the study; planes after the unit of
/// the activity; and volumes in mm³ after `Times (min)` or `Times (sec)`. "." is a missing value.
enum TurkuDFT {
    static func curves(_ bytes: [UInt8], _ declared: CurveDeclarations) throws(CurveProblem) -> TimeActivityCurves {
        let lines = try NumberTable.text(bytes).split(separator: "\n", omittingEmptySubsequences: false).enumerated()
            .map { (number: $0.offset + 1, fields: $0.element.split(whereSeparator: \.isWhitespace)) }
            .filter { !$0.fields.isEmpty && !$0.fields[0].hasPrefix("#") }
        guard lines.count > 4 else { throw .empty }
        let names = lines[0].fields.dropFirst()
        guard !names.isEmpty else { throw .noCurves([]) }
        for line in lines[1...2] where line.fields.count != names.count + 1 {
            throw .header(
                line: line.number,
                "\(names.count + 1) words were expected for \(names.count) regions, "
                    + "but there are \(line.fields.count)")
        }
        let (sides, planes) = (lines[1].fields.dropFirst(), lines[2].fields.dropFirst())
        var warnings: [String] = []
        let (unit, volumes) = try times(lines[3], regions: names.count, declared, &warnings)
        let (spans, values) = try body(lines[4...], regions: Array(names))
        let curves = names.indices.map { place in
            let parts = [names[place], sides[place], planes[place]].filter { $0 != "." }
            return TimeActivityCurves.Curve(
                name: parts.joined(separator: "_"), mean: values.map { $0[place - names.startIndex] },
                volumeML: volumes[place - names.startIndex])
        }
        let frames = spans.map { Frame(start: $0 * unit.seconds, duration: ($1 - $0) * unit.seconds) }
        if let given = declared.frames, given.count != frames.count {
            throw .frameCount(table: frames.count, times: given.count)
        }
        return try TimeActivityCurves(
            settling: declared.frames ?? frames, curves: curves,
            units: try declared.unit(inTable: String(lines[2].fields[0])), weights: nil,
            warnings: warnings)
    }

    /// `Times (min)` and the volumes, mL.
    private static func times(
        _ line: (number: Int, fields: [Substring]), regions: Int, _ declared: CurveDeclarations,
        _ warnings: inout [String]
    ) throws(CurveProblem) -> (TimeUnit, [Double?]) {
        guard line.fields[0].lowercased() == "times" else {
            throw .header(
                line: line.number, "\"\(line.fields[0])\" stands where Times was expected; single times have no frames")
        }
        let bracket = line.fields.count > 1 ? line.fields[1] : ""
        let unit = try declared.time(
            inTable: TimeUnit(named: bracket.filter { $0.isLetter }), column: "Times", warnings: &warnings)
        let volumes = line.fields.dropFirst(2).map { Field.number($0).flatMap { $0 > 0 ? $0 / 1000 : nil } }
        return (unit, volumes.count == regions ? volumes : Array(repeating: nil, count: regions))
    }

    private static func body(
        _ lines: ArraySlice<(number: Int, fields: [Substring])>, regions: [Substring]
    ) throws(CurveProblem) -> (spans: [(Double, Double)], values: [[Double]]) {
        var spans: [(Double, Double)] = []
        var values: [[Double]] = []
        for line in lines {
            guard line.fields.count == regions.count + 2 else {
                throw .table(
                    .unevenRow(line: line.number, fields: line.fields.count, columns: regions.count + 2))
            }
            guard let start = Double(line.fields[0]), let end = Double(line.fields[1]), start.isFinite, end.isFinite
            else { throw .badNumber(line: line.number, column: "Times", line.fields.prefix(2).joined(separator: " ")) }
            spans.append((start, end))
            var row: [Double] = []
            for (name, field) in zip(regions, line.fields.dropFirst(2)) {
                guard let value = Field.number(field) else {
                    throw .badNumber(line: line.number, column: String(name), String(field))
                }
                row.append(value)
            }
            values.append(row)
        }
        return (spans, values)
    }
}
