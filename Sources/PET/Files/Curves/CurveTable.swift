import Records

/// Curves as a table with a row a frame: BIDS `_tacs.tsv`, petprep_km, PMOD `.tac`, kinfitr and plain CSV.
///
/// The times are columns of starts with ends or lengths, or middles with lengths; what is no time, weight or name of a
/// scan is a region.
enum CurveTable {
    static func curves(_ bytes: [UInt8], _ declared: CurveDeclarations) throws(CurveProblem) -> TimeActivityCurves {
        var warnings: [String] = []
        let table = try NumberTable(parsing: bytes).scan(declared.scan)
        let roles = table.columns.map { Role($0) }
        let titles = table.columns.map(ColumnTitle.init)
        let frames = try settledFrames(table, roles, titles, declared, &warnings)
        var curves: [TimeActivityCurves.Curve] = []
        let regions = table.columns.indices.filter { roles[$0] == nil }
        let ownUnit = try unit(of: regions.map { titles[$0] })
        for place in regions {
            let name = ownUnit == nil ? table.columns[place] : titles[place].name
            curves.append(.init(name: name, mean: try table.numbers(place)))
        }
        guard !curves.isEmpty else { throw .noCurves(table.columns) }
        describe(&curves, by: declared.sidecar, frames: frames.count)
        let weights = try column(.weight, table, roles)
        // PMOD has the unit of the activity in the bracket of the end.
        let inTable =
            titles.indices.lazy.filter { roles[$0]?.isTime ?? false }
            .compactMap { titles[$0].unit }.first { TimeUnit(named: $0) == nil } ?? ownUnit
        var result = try TimeActivityCurves(
            settling: frames, curves: curves, units: try declared.unit(inTable: inTable),
            weights: weights, warnings: warnings)
        result.decay = decay(declared.sidecar)
        return result
    }

    /// The unit in the brackets of the regions' names, where all have one of activity. Throws where they differ.
    private static func unit(of regions: [ColumnTitle]) throws(CurveProblem) -> String? {
        let units = regions.compactMap { title in title.unit.flatMap { ActivityUnit(named: $0) == nil ? nil : $0 } }
        guard let first = units.first, units.count == regions.count else { return nil }
        if let other = units.first(where: { ActivityUnit(named: $0) != ActivityUnit(named: first) }) {
            throw .columnUnitsDiffer(first, other)
        }
        return first
    }

    /// What the sidecar says of decay, by PET-BIDS's keys.
    static func decay(_ sidecar: JSONValue?) -> DecayState? {
        switch sidecar?["ImageDecayCorrected"]?.bool {
        case nil: nil
        case false: .uncorrected
        case true: sidecar?["ImageDecayCorrectionTime"]?.double.map { .corrected(toS: $0) }
        }
    }

    /// Whether a name is one of a column of times, weights or scans, so that a region cannot have it.
    static func isReserved(_ name: String) -> Bool { Role(name) != nil }

    /// What a column is, where it is no region.
    private enum Role: Equatable {
        case start, end, duration, middle, weight, scan

        /// The role of a column's name; `nil` for a region.
        init?(_ column: String) {
            switch ColumnTitle(column).key {
            case "start", "framestart", "frametimesstart", "frametimestart", "starttime", "framestarttime":
                self = .start
            case "end", "frameend", "frametimesend", "frametimeend", "endtime", "frameendtime", "stop": self = .end
            case "duration", "frameduration", "dur": self = .duration
            case "time", "times", "mid", "midtime", "framemid", "framemidtime": self = .middle
            case "weight", "weights": self = .weight
            default:
                guard NumberTable.namesScan(column) else { return nil }
                self = .scan
            }
        }

        var isTime: Bool { [.start, .end, .duration, .middle].contains(self) }
    }

    private static func column(_ role: Role, _ table: NumberTable, _ roles: [Role?]) throws(CurveProblem) -> [Double]? {
        guard let place = roles.firstIndex(of: role) else { return nil }
        return try table.numbers(place)
    }

    // MARK: - Times

    /// The frames of the table; those given with the call instead, and those of the sidecar where the table has none.
    private static func settledFrames(
        _ table: NumberTable, _ roles: [Role?], _ titles: [ColumnTitle], _ declared: CurveDeclarations,
        _ warnings: inout [String]
    ) throws(CurveProblem) -> [Frame] {
        let beside: [Frame]? =
            if let sidecar = declared.sidecar { try AcquisitionTimes.frames(sidecar: sidecar) } else { nil }
        let hasTimes =
            (roles.contains(.start) && (roles.contains(.end) || roles.contains(.duration)))
            || (roles.contains(.middle) && roles.contains(.duration))
        if let given = declared.frames {
            guard given.count == table.rows.count else {
                throw .frameCount(table: table.rows.count, times: given.count)
            }
            if hasTimes { warnings.append("the frame times given are used instead of those in the table") }
            return given
        }
        guard hasTimes else {
            guard let beside else { throw .noTimes(table.columns) }
            guard beside.count == table.rows.count else {
                throw .frameCount(table: table.rows.count, times: beside.count)
            }
            return beside
        }
        let frames = try framesOfColumns(table, roles, titles, declared, &warnings)
        if let beside {
            guard beside.count == frames.count else { throw .frameCount(table: frames.count, times: beside.count) }
            // Either may be rounded to whole seconds.
            for place in frames.indices where abs(frames[place].start - beside[place].start) > 1 {
                throw .timesDiffer(frame: place + 1, frames[place].start, beside[place].start)
            }
            for place in frames.indices where abs(frames[place].end - beside[place].end) > 1 {
                throw .endsDiffer(frame: place + 1, frames[place].end, beside[place].end)
            }
        }
        return frames
    }

    private static func framesOfColumns(
        _ table: NumberTable, _ roles: [Role?], _ titles: [ColumnTitle], _ declared: CurveDeclarations,
        _ warnings: inout [String]
    ) throws(CurveProblem) -> [Frame] {
        let timed = roles.indices.filter { roles[$0]?.isTime ?? false }
        let said = timed.compactMap { timeUnit(of: titles[$0], table, declared.sidecar) }
        // Each column has its own unit; one without takes that of the others, where they agree.
        let shared = said.allSatisfy { $0 == said[0] } ? said.first : nil
        if let given = declared.timeUnit, let other = said.first(where: { $0 != given }) {
            warnings.append("the file says times in \(other.rawValue); \(given.rawValue) was given and used")
        }
        func seconds(_ role: Role) throws(CurveProblem) -> [Double]? {
            guard let place = roles.firstIndex(of: role) else { return nil }
            let own = declared.timeUnit ?? timeUnit(of: titles[place], table, declared.sidecar) ?? shared
            guard let own else { throw .noTimeUnit(titles[place].name) }
            return try table.numbers(place).map { $0 * own.seconds }
        }
        let (starts, ends) = (try seconds(.start), try seconds(.end))
        let (lengths, middles) = (try seconds(.duration), try seconds(.middle))
        var frames: [Frame] = []
        for row in table.rows.indices {
            let length = lengths?[row] ?? ((ends?[row] ?? .nan) - (starts?[row] ?? .nan))
            let start = starts?[row] ?? ((middles?[row] ?? .nan) - length / 2)
            guard start.isFinite, length.isFinite else {
                throw .badNumber(line: table.lines[row], column: titles[timed[0]].name, "n/a")
            }
            frames.append(Frame(start: start, duration: length))
        }
        return frames
    }

    /// The unit of a column of times: in its name, in the sidecar's description of it, or s by BIDS.
    private static func timeUnit(of title: ColumnTitle, _ table: NumberTable, _ sidecar: JSONValue?) -> TimeUnit? {
        if let unit = title.unit { return TimeUnit(named: unit) }
        if let unit = sidecar?[title.name]?["Units"]?.string { return TimeUnit(named: unit) }
        // BIDS counts in s; these names are PET-BIDS's, and PETPrep's in a `.tsv`.
        let isBIDS = ["frametimesstart", "frametimesend", "frameduration"].contains(title.key)
        return isBIDS || (table.isTabbed && ["framestart", "frameend"].contains(title.key)) ? .seconds : nil
    }

    // MARK: - What the sidecar adds

    /// Labels, voxels, volumes and SD of our own sidecars.
    private static func describe(
        _ curves: inout [TimeActivityCurves.Curve], by sidecar: JSONValue?, frames: Int
    ) {
        let described = sidecar?["regions"]?.elements ?? []
        for place in curves.indices {
            guard let region = described.first(where: { $0["name"]?.string == curves[place].name }) else { continue }
            curves[place].label = region["index"]?.int.flatMap { Int32(exactly: $0) }
            curves[place].voxels = region["voxels"]?.int
            curves[place].volumeML = region["volume_ml"]?.double
            if let sd = region["sd"]?.elements, sd.count == frames { curves[place].sd = sd.map { $0.double ?? .nan } }
            if let counts = region["non_finite"]?.elements?.compactMap(\.int), counts.count == frames {
                curves[place].nonFinite = counts
            }
        }
    }
}
