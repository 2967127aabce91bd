import Records

extension TimeActivityCurves {
    /// Reads curves from a BIDS or PETPrep `_tacs.tsv`, a PMOD `.tac`, a Turku `.dft`, or a CSV.
    ///
    /// Activity is converted to Bq/mL by the unit that is declared; where none is, values stay as they are and `units`
    /// is `nil`. Times need a unit. Throws `FileProblem`.
    /// - Parameters:
    ///   - sidecar: the JSON; the one beside the file, or that BIDS inherits to it, where not given.
    ///   - times: a file with the frames' times, acqtimes or the PET's JSON.
    ///   - units: the unit of the activity, where the file does not say it.
    ///   - timeUnit: the unit of the times, where the file does not say it.
    ///   - scan: of several scans in the table, which.
    public static func read(
        _ path: String, sidecar: String? = nil, times: String? = nil, units: String? = nil,
        timeUnit: TimeUnit? = nil, scan: String? = nil
    ) throws -> TimeActivityCurves {
        let bytes = try InputFile.readText(path)
        let json: JSONValue? =
            if let sidecar {
                try naming(sidecar) { try JSONValue(parsing: InputFile.read(sidecar)) }
            } else {
                try InheritedSidecar.read(for: path)?.json
            }
        let frames = try times.map { try AcquisitionTimes.read($0, timeUnit: timeUnit) }
        return try naming(path) {
            try TimeActivityCurves(
                parsing: bytes,
                CurveDeclarations(sidecar: json, frames: frames, units: units, timeUnit: timeUnit, scan: scan))
        }
    }

    /// Reads curves from the bytes of a file of any of these formats.
    public init(parsing bytes: [UInt8], _ declared: CurveDeclarations = CurveDeclarations()) throws(CurveProblem) {
        if bytes.starts(with: Array("DFT".utf8)) {
            self = try TurkuDFT.curves(bytes, declared)
            decay = CurveTable.decay(declared.sidecar)
        } else {
            self = try CurveTable.curves(bytes, declared)
        }
    }

    /// Curves with their times and units settled: frames without length left out, the order checked, doubts added.
    init(
        settling frames: [Frame], curves: [Curve], units: String?, weights: [Double]?, warnings: [String]
    ) throws(CurveProblem) {
        var (frames, curves, weights, warnings) = (frames, curves, weights, warnings)
        guard !frames.isEmpty else { throw .empty }
        // kinfitr puts a row of zeros at time 0 before the first frame.
        let lasting = frames.indices.filter { frames[$0].duration > 0 }
        let negative = frames.count { $0.duration < 0 }
        let filled = frames.indices.filter { place in
            frames[place].duration == 0 && curves.contains { $0.mean[place] != 0 && !$0.mean[place].isNaN }
        }
        guard negative + filled.count == 0, !lasting.isEmpty else {
            throw .noLength(frames: Swift.max(negative + filled.count, 1))
        }
        if lasting.count < frames.count {
            warnings.append("left out \(counted(frames.count - lasting.count, "row")) without length and activity")
            func kept<T>(_ values: [T]) -> [T] { lasting.map { values[$0] } }
            frames = kept(frames)
            weights = weights.map(kept)
            for place in curves.indices {
                curves[place].mean = kept(curves[place].mean)
                curves[place].sd = curves[place].sd.map(kept)
                curves[place].nonFinite = curves[place].nonFinite.map(kept)
            }
        }
        if let wrong = frames.indices.dropFirst().first(where: { frames[$0].start < frames[$0 - 1].start }) {
            throw .notAscending(frame: wrong + 1)
        }
        for curve in curves {
            let missing = curve.mean.count(where: \.isNaN)
            if missing > 0 {
                warnings.append("region \(curve.name) has no value in \(missing) of \(frames.count) frames")
            }
        }
        let names = Set(curves.map(\.name))
        if names.count < curves.count {
            warnings.append("\(counted(curves.count - names.count, "region")) with the name of another")
        }
        self = TimeActivityCurves(
            frames: frames, curves: curves, units: nil, weights: weights, warnings: warnings + Self.doubts(of: frames)
        ).converted(fromDeclared: units)
    }
}
