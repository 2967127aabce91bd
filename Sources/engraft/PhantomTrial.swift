import ArgumentParser
import Phantoms
import Records

extension PhantomCommand {
    struct ImagedStudy: Subcommand {
        static let configuration = CommandConfiguration(
            commandName: "trial",
            abstract: "A trial's folder with images: PET-CT, labels, a recording and items for each patient and visit.",
            discussion: """
                Half the patients are grafted, with a survival of their own; each patient's truth.json says what was put in. \
                A patient with four visits takes about 20 MB.

                Example: engraft phantom trial --patients 4 --out trial
                         engraft study run trial --out results
                """)

        @Option(name: .shortAndLong, help: "The folder to write.") var out: String
        @Option(help: "Patients, half of them grafted.") var patients = 30
        @Option(
            help: ArgumentHelp("Months of the visits, the first 0.", valueName: "months"),
            transform: { text in
                try text.split(separator: ",").map { part in
                    guard let months = Double(part) else { throw ValidationError("\(part) is no number of months.") }
                    return months
                }
            }) var visits: [Double] = [0, 6, 12, 24]
        @Option(help: "How far two scans of an unchanged patient differ: the coefficient of variation of one.")
        var wcv = 0.05
        @Option(help: "The seed of the patients.") var seed: UInt64 = 1
        @OptionGroup var write: WriteOptions

        func validate() throws {
            guard (1...10_000).contains(patients), (0..<0.5).contains(wcv) else {
                throw ValidationError("--patients is 1 to 10000, --wcv 0 to 0.5.")
            }
            guard visits.first == 0, zip(visits, visits.dropFirst()).allSatisfy({ $0 < $1 }), visits.count < 32,
                visits.allSatisfy({ $0 <= 1200 && $0 == $0.rounded() })
            else { throw ValidationError("--visits are whole months in order, the first 0: 0,6,12,24.") }
        }

        func execute() throws {
            var settings = ImagedTrialSettings(seed: seed)
            (settings.patients, settings.months, settings.wCV) = (patients, visits, wcv)
            let trial = ImagedTrial(settings)
            try OutputFile.refuseExisting("\(out)/study.json", force: write.force)
            let progress = ProgressLine("patients", of: patients)
            var count = 0
            for place in 0..<patients {
                let files = trial.patient(place)
                try PhantomFolder.put(files, to: out, force: write.force)
                count += files.count
                progress.step(trial.code(place))
            }
            // The study's own file last: its presence says that the patients are all there.
            try PhantomFolder.put(trial.files, to: out, force: write.force)
            Terminal.show("wrote \(count + trial.files.count) files to \(out)")
        }
    }
}
