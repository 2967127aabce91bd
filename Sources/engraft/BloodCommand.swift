import ArgumentParser
import PET
import Records
import Review

struct BloodCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "blood",
        abstract: "The arterial input of one scan: unchanged tracer in plasma, and whole blood, in Bq/mL.",
        discussion: """
            Reads BIDS `_blood.tsv` with its JSON, PMOD `.bld`, or a text with times and activities. Every activity needs a \
            declared unit. Plasma is multiplied by the parent fraction, which goes straight between its samples or by a \
            model fitted to them.

            Example: engraft blood sub-01_recording-manual_blood.tsv --parent-fraction hill --out sub-01_inputfunction.tsv

            Cite: Tonietto et al. 2016, doi 10.1177/0271678X15610585, for models of the parent fraction.
            """)

    @Argument(help: "The blood of one scan: one or several recordings.") var recordings: [String]
    @OptionGroup var blood: BloodOptions
    @Option(name: .shortAndLong, help: ArgumentHelp("Write the table here, with its JSON.", valueName: "tsv")) var out:
        String?
    @Option(help: ArgumentHelp("Draw the curves here.", valueName: "png")) var plot: String?
    @OptionGroup var result: ResultOptions
    @OptionGroup var write: WriteOptions

    private var outputs: PlannedOutputs { PlannedOutputs(out: out, plot: plot) }

    func validate() throws { try outputs.check(inputs: recordings) }

    func execute() throws {
        try outputs.refuseExisting(force: write.force)
        let input = try blood.input(recordings)
        var provenance = Provenance(command: "blood", parameters: blood.parameters)
        for path in recordings {
            try provenance.read(path)
            for sidecar in try InheritedSidecar.read(for: path)?.paths ?? [] { try provenance.read(sidecar) }
        }
        provenance.warnings = input.warnings
        let table = input.table(delayS: blood.bloodDelay)
        let document = JSONValue.object(input.members(delayS: blood.bloodDelay) + provenance.members)
        if let out {
            try OutputFile.write(table.tsv, to: out, force: write.force)
            try OutputFile.write(document.text, to: ImageFile.sidecarPath(of: out), force: write.force)
            Terminal.say("wrote \(out) and \(ImageFile.sidecarPath(of: out))")
        }
        if let plot { try draw(input.arterial, to: plot) }
        if result.json {
            Terminal.show(document.text)
        } else if out == nil {
            Terminal.show(table.tsv)
        }
        Terminal.warn(provenance.warnings)
    }

    private func draw(_ arterial: ArterialInput, to path: String) throws {
        func series(_ name: String, _ curve: SampledCurve) -> LineChart.Series {
            LineChart.Series(name, x: curve.times, y: curve.values.map { $0 / 1000 })
        }
        let chart = LineChart.timeActivity(
            title: "Arterial input", unit: "kBq/mL",
            regions: [series("parent in plasma", arterial.parentPlasma)]
                + (arterial.wholeBlood.map { [series("whole blood", $0)] } ?? []))
        try OutputFile.write(try PNG.encode(chart.draw()), to: path, force: write.force)
        Terminal.say("wrote \(path)")
    }
}
