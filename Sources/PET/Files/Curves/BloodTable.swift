import Records

extension BloodSamples {
    /// Reads the blood of one scan from its recordings: BIDS `_blood.tsv` with the JSON beside it, PMOD `.bld`, or a text
    /// of times and activities. Several recordings become one, see `merged`. Throws `FileProblem`.
    ///
    /// Activity is converted to Bq/mL by the unit declared for its column, and refused where there is none.
    /// - Parameters:
    ///   - declared: what the files do not say; its sidecar is used for all files in place of their own.
    ///   - signal: what the column of a text with only one is, where its name does not say.
    public static func read(
        _ paths: [String], _ declared: CurveDeclarations = CurveDeclarations(), signal: Signal? = nil
    ) throws -> BloodSamples {
        var all: BloodSamples?
        for path in paths {
            let bytes = try InputFile.readText(path)
            var here = declared
            if here.sidecar == nil { here.sidecar = try InheritedSidecar.read(for: path)?.json }
            var one = try naming(path) { try BloodSamples(parsing: bytes, here, signal: signal) }
            if paths.count > 1 { one.warnings = one.warnings.map { "\(path): \($0)" } }
            all = all?.merged(with: one) ?? one
        }
        return all ?? BloodSamples([:])
    }

    /// Reads blood from the bytes of such a file.
    public init(
        parsing bytes: [UInt8], _ declared: CurveDeclarations = CurveDeclarations(), signal: Signal? = nil
    ) throws(CurveProblem) {
        var warnings: [String] = []
        let table = try NumberTable(parsing: bytes).scan(declared.scan, option: "--blood-scan")
        let titles = table.columns.map(ColumnTitle.init)
        guard let timePlace = Self.timePlace(titles, declared) else { throw .noTimes(table.columns) }
        let signals = try Self.signals(titles, time: timePlace, single: signal, declared)
        guard signals.contains(where: { $0 != nil }) else { throw .noBlood(table.columns) }
        let unit = try declared.time(
            inTable: Self.timeUnit(titles[timePlace], table, declared.sidecar), column: titles[timePlace].name,
            option: "--blood-time-unit", warnings: &warnings)
        let times = try table.numbers(timePlace).map { $0 * unit.seconds }
        var samples: [Signal: Samples] = [:]
        for (place, signal) in signals.enumerated() {
            guard let signal, samples[signal] == nil else { continue }
            let values = try table.numbers(place)
            let scale = try Self.scale(of: titles[place], signal, declared)
            samples[signal] = Samples(
                times: times, values: values.map { $0 * scale }, name: signal.rawValue, warnings: &warnings)
        }
        self.init(samples, warnings: warnings)
        isDecayCorrected = Self.decayKeys.lazy.compactMap { declared.sidecar?[$0]?.bool }.first
        guard !self.samples.isEmpty else { throw .empty }
    }

    /// What sidecars say of decay: PET-BIDS has a key for the image only.
    private static let decayKeys = ["DecayCorrected", "BloodDecayCorrected", "ImageDecayCorrected"]

    // MARK: - Columns

    private static func timePlace(_ titles: [ColumnTitle], _ declared: CurveDeclarations) -> Int? {
        if let place = titles.firstIndex(where: { ["time", "times", "sampletime"].contains($0.key) }) { return place }
        // Two columns without a header.
        return titles.map(\.key) == ["column1", "column2"] && declared.timeUnit != nil ? 0 : nil
    }

    private static func signals(
        _ titles: [ColumnTitle], time: Int, single: Signal?, _ declared: CurveDeclarations
    ) throws(CurveProblem) -> [Signal?] {
        var found: [Signal?] = []
        for (place, title) in titles.enumerated() {
            let signal = place == time ? nil : self.signal(title.key)
            guard signal == .parentFraction, let unit = title.unit ?? declared.units(of: title.name),
                ActivityUnit(named: unit) != nil
            else {
                found.append(signal)
                continue
            }
            // PMOD's "parent" is either; its unit tells.
            guard title.key == "parent" else { throw .fractionUnits(title.name, unit) }
            found.append(.parentPlasma)
        }
        if let single, titles.count == 2, found.allSatisfy({ $0 == nil }) {
            return titles.indices.map { $0 == time ? nil : single }
        }
        return found
    }

    /// What a column is, by BIDS's, PMOD's and kinfitr's names.
    private static func signal(_ key: String) -> Signal? {
        switch key {
        case "plasmaradioactivity", "plasma", "plasmaactivity", "cp", "cpl": .plasma
        case "wholebloodradioactivity", "wholeblood", "blood", "wholebloodactivity", "cb", "cbl", "cbldispcorr":
            .wholeBlood
        case "metaboliteparentfraction", "parentfraction", "parent": .parentFraction
        case "parentplasma", "cplmetabcorr", "metabolitecorrectedplasma": .parentPlasma
        default: nil
        }
    }

    private static func timeUnit(_ title: ColumnTitle, _ table: NumberTable, _ sidecar: JSONValue?) -> TimeUnit? {
        if let unit = title.unit { return TimeUnit(named: unit) }
        if let unit = sidecar?[title.name]?["Units"]?.string { return TimeUnit(named: unit) }
        let bids = ["plasma_radioactivity", "whole_blood_radioactivity", "metabolite_parent_fraction"]
        return table.isTabbed && table.columns.contains(where: bids.contains) ? .seconds : nil
    }

    /// What values are multiplied by to be in Bq/mL, or a share of 1.
    private static func scale(
        of title: ColumnTitle, _ signal: Signal, _ declared: CurveDeclarations
    ) throws(CurveProblem) -> Double {
        let beside = declared.units(of: title.name)
        guard signal.isActivity else {
            let unit = title.unit ?? beside ?? ""
            guard ActivityUnit(named: unit) == nil else { throw .fractionUnits(title.name, unit) }
            return ["%", "percent"].contains(unit.lowercased()) ? 0.01 : 1
        }
        let column = CurveDeclarations(sidecar: beside.map { ["Units": .string($0)] }, units: declared.units)
        guard let units = try column.unit(inTable: title.unit) else {
            throw .columnUnitsMissing(title.name)
        }
        guard let unit = ActivityUnit(named: units) else { throw .notActivity(units) }
        return unit.becquerelsPerML
    }
}
