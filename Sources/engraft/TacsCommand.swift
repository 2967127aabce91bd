import ArgumentParser
import Imaging
import PET
import Records
import Review

struct Tacs: Subcommand {
    static let configuration = CommandConfiguration(
        abstract: "Time-activity curves of a dynamic PET image: mean, SD and SEM per region and frame.",
        discussion: """
            Prints, or writes with --out, a BIDS `_tacs.tsv`: frame_start and frame_end in s, one column a region, in Bq/mL \
            where the image's declared unit is an activity per volume, else in the image's unit. The JSON beside it, or \
            --json, has SD, SEM, voxels and volumes too; --statistics writes them as a table.

            Example: engraft tacs pet.nii.gz --labels labels.nii.gz --out sub-01_tacs.tsv --plot sub-01_tacs.png
            """)

    /// What to do about decay.
    enum DecayAction: String, ExpressibleByArgument, CaseIterable { case correct, uncorrect }

    @OptionGroup var source: RegionSource
    @Option(help: "The unit of activity to give values in, such as kBq/mL (Bq/mL where not given).") var units: String?
    @Option(help: "Correct for decay an image that is not, or undo the correction: correct or uncorrect.")
    var decay: DecayAction?
    @Option(help: ArgumentHelp("The moment to correct to, s after time zero (0 where not given).", valueName: "s"))
    var decayReference: Double?
    @Option(help: ArgumentHelp("The half-life, s, where the image does not say it.", valueName: "s")) var halfLife:
        Double?
    @Option(help: ArgumentHelp("The nuclide instead of its half-life: F18, C-11 …", valueName: "name"))
    var nuclide: String?
    @Option(name: .shortAndLong, help: ArgumentHelp("Write the table here, with its JSON.", valueName: "tsv")) var out:
        String?
    @Option(
        help: ArgumentHelp("Write mean, SD, SEM, voxels and volume here, a row a region and frame.", valueName: "tsv"))
    var statistics: String?
    @Option(help: ArgumentHelp("Draw the curves here; of many regions, those of the striatum.", valueName: "png"))
    var plot: String?
    @OptionGroup var result: ResultOptions
    @OptionGroup var write: WriteOptions

    func validate() throws {
        if let units, ActivityUnit(named: units) == nil {
            throw ValidationError("--units \(units) is no unit of activity per volume, such as kBq/mL.")
        }
        if let halfLife, !(halfLife > 0 && halfLife.isFinite) {
            throw ValidationError("--half-life is in s, greater than 0.")
        }
        if halfLife != nil && nuclide != nil { throw ValidationError("Give --half-life or --nuclide.") }
        if let nuclide, Radionuclide.halfLifeS(of: nuclide) == nil {
            throw ValidationError("--nuclide \(nuclide) is not in the table of nuclides; give --half-life.")
        }
        if decay == nil && (halfLife != nil || nuclide != nil) {
            throw ValidationError("--half-life and --nuclide belong to --decay.")
        }
        if let decayReference {
            guard decayReference.isFinite else { throw ValidationError("--decay-reference is a number of seconds.") }
            guard decay == .correct else { throw ValidationError("--decay-reference belongs to --decay correct.") }
        }
        try outputs.check(inputs: [source.pet, source.labels, source.namesPath].compactMap { $0 })
    }

    private var outputs: PlannedOutputs { PlannedOutputs(out: out, statistics: statistics, plot: plot) }

    func execute() throws {
        try outputs.refuseExisting(force: write.force)
        let (image, labels) = try source.read()
        let curves = try naming(source.pet) { try measured(image, labels) }
        var provenance = Provenance(command: "tacs", parameters: parameters(image))
        for path in [source.pet, source.labels, source.namesPath].compactMap({ $0 }) + image.sidecarPaths {
            try provenance.read(path)
        }
        provenance.warnings = image.warnings + curves.warnings
        if curves.units == nil {
            provenance.warnings.append("the image declares no unit; values are as they are in it")
        }
        if curves.decay == .uncorrected {
            provenance.warnings.append(
                decay == nil
                    ? "the image is declared as not corrected for decay, and so the curves are not; models need "
                        + "--decay correct"
                    : "the curves are not corrected for decay, which no model takes")
        }
        let document = JSONValue.object(curves.members + provenance.members)
        if let out {
            try OutputFile.write(curves.table.tsv, to: out, force: write.force)
            try OutputFile.write(document.text, to: ImageFile.sidecarPath(of: out), force: write.force)
            Terminal.say("wrote \(out) and \(ImageFile.sidecarPath(of: out))")
        }
        if let statistics {
            try OutputFile.write(curves.statisticsTable.tsv, to: statistics, force: write.force)
            Terminal.say("wrote \(statistics)")
        }
        if let plot { try draw(curves, to: plot) }
        if result.json {
            Terminal.show(document.text)
        } else if out == nil {
            Terminal.show(curves.table.tsv)
        }
        Terminal.warn(provenance.warnings)
    }

    /// The curves in the unit and the state of decay that are wanted.
    private func measured(_ image: ImageFile, _ labels: LabelMap) throws -> TimeActivityCurves {
        var curves = try TimeActivityCurves(
            of: image.volume, frames: image.frames, labels: labels, units: image.units,
            decay: image.acquisition?.decayState)
        if let decay {
            guard let halfLife = halfLifeS(image) else { throw CurveProblem.halfLife }
            if let declared = image.acquisition?.halfLifeS, abs(halfLife / declared - 1) > 0.01 {
                throw CurveProblem.halfLivesDiffer(given: halfLife, declared: declared)
            }
            switch decay {
            case .correct: curves = try curves.decayCorrected(toS: decayReference ?? 0, halfLifeS: halfLife)
            case .uncorrect: curves = try curves.decayUncorrected(halfLifeS: halfLife)
            }
        }
        return try curves.inUnits(units)
    }

    private func halfLifeS(_ image: ImageFile) -> Double? {
        halfLife ?? nuclide.flatMap { Radionuclide.halfLifeS(of: $0) } ?? image.acquisition?.halfLifeS
    }

    private func parameters(_ image: ImageFile) -> [JSONValue.Member] {
        [
            .init("units", JSONValue(units)), .init("decay", JSONValue(decay?.rawValue)),
            .init("decay_reference_s", .number(decayReference ?? 0)),
            .init("half_life_s", decay == nil ? .null : JSONValue(halfLifeS(image))),
        ] + source.reading.parameters
    }

    private func draw(_ curves: TimeActivityCurves, to path: String) throws {
        let striatal = curves.curves.filter { RegionName($0.name).part != nil }
        let all = curves.curves.count <= 12 || striatal.isEmpty ? curves.curves : striatal
        let shown = all.prefix(12)
        let scale = curves.units == "Bq/mL" ? 1000.0 : 1
        // A colour a structure; the right side is dashed. Structures beyond the colours have points too.
        var structures: [String] = []
        let colours = Theme.light.series.count
        let shapes = Picture.Shape.allCases
        let series = shown.map { curve in
            let region = RegionName(curve.name)
            if !structures.contains(region.structure) { structures.append(region.structure) }
            let place = structures.firstIndex(of: region.structure) ?? 0
            let isRepeated = place >= colours
            return LineChart.Series(
                curve.name, x: curves.times.mids, y: curve.mean.map { $0 / scale },
                style: isRepeated ? .linesAndPoints : region.side == .right ? .dashed : .line, ink: .series(place),
                shape: isRepeated ? shapes[(place - colours + (region.side == .right ? 1 : 0)) % shapes.count] : nil)
        }
        let chart = LineChart.timeActivity(
            unit: scale == 1 ? curves.units ?? "" : "kBq/mL", regions: series, size: ChartSize(width: 900, height: 520))
        try OutputFile.write(try PNG.encode(chart.draw()), to: path, force: write.force)
        Terminal.say("wrote \(path) with \(shown.count) of \(curves.curves.count) regions")
    }
}
