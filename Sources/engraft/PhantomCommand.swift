import ArgumentParser
import Imaging
import PET
import Phantoms
import Records

struct PhantomCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "phantom",
        abstract: "Digital reference objects with known truth: a PET-CT head, tremor, a patient, a trial.",
        discussion: """
            The same seed gives the same bytes on any machine. Each folder gets a truth.json with every parameter and what \
            should be measured.

            Example: engraft phantom pet-ct --tracer dat --noise 0 --out phantom
            """,
        subcommands: [PETCT.self, Tremor.self, Patient.self, Trial.self, ImagedStudy.self])

    struct PETCT: Subcommand {
        static let configuration = CommandConfiguration(
            commandName: "pet-ct",
            abstract:
                "A head with skull, ventricles, striatum, occipital cortex and cerebellum: CT, dynamic PET, labels.",
            discussion: "Example: engraft phantom pet-ct --survival 0.8 --months 12 --out phantom")

        @Option(name: .shortAndLong, help: "The folder to write.") var out: String
        @Option(help: "fdopa or dat.") var tracer: PhantomTracer = .fdopa
        @Option(help: "The seed of the noise.") var seed: UInt64 = 1
        @Option(
            help: ArgumentHelp("Resolution of the PET, full width at half maximum, mm; 0 for none.", valueName: "mm"))
        var fwhm: Double = 5
        @Option(help: "Noise of a voxel, relative, in a 300 s frame at SUV 1 without decay; 0 for none.")
        var noise: Double = 0.03
        @Option(help: "Months since the transplantation.") var months: Double = 0
        @Option(help: "Survival of a graft in each posterior putamen, 0 to 1; without it there is none.") var survival:
            Double?
        @Option(help: ArgumentHelp("Volume of each graft, mL.", valueName: "mL")) var volume: Double = 0.6
        @OptionGroup var write: WriteOptions

        func validate() throws {
            guard (0...50).contains(fwhm), (0...10).contains(noise), (0...1200).contains(months), volume > 0,
                volume <= 20
            else {
                throw ValidationError(
                    "--fwhm is 0 to 50 mm, --noise 0 to 10, --months 0 to 1200, --volume above 0 and at most 20 mL.")
            }
            if let survival, !(0...1).contains(survival) { throw ValidationError("--survival is 0 to 1.") }
        }

        func execute() throws {
            var settings = PETPhantomSettings(tracer: tracer, seed: seed)
            (settings.psfFWHM, settings.noise, settings.months) = (fwhm, noise, months)
            if let survival {
                settings.grafts = GraftSite.posteriorPutamina(volumeML: volume, survival: survival)
            }
            let phantom = petPhantom(settings)
            try PhantomFolder.write(
                [
                    ("pet.nii.gz", .image(phantom.pet)), ("pet.json", .text(phantom.sidecar.text)),
                    ("ct.nii.gz", .image(phantom.ct)), ("labels.nii.gz", .labels(phantom.labels)),
                    ("labels_dseg.tsv", .text(phantom.labels.names.dsegTSV)), ("truth.json", .text(phantom.truth.text)),
                ], to: out, force: write.force)
        }
    }

    struct Tremor: Subcommand {
        static let configuration = CommandConfiguration(
            abstract: "A wrist recording with known frequency, displacement, direction, gaps and noise.",
            discussion: "Example: engraft phantom tremor --frequency 5.2 --peak-to-peak 1.5 --out tremor")

        @Option(name: .shortAndLong, help: "The folder to write.") var out: String
        @Option(help: "The seed of the noise.") var seed: UInt64 = 1
        @Option(help: ArgumentHelp("Frequency.", valueName: "Hz")) var frequency: Double = 5
        @Option(help: ArgumentHelp("Displacement, peak to peak.", valueName: "cm")) var peakToPeak: Double = 2
        @Option(help: ArgumentHelp("Length.", valueName: "s")) var duration: Double = 60
        @Option(help: ArgumentHelp("Samples a second.", valueName: "Hz")) var sampleRate: Double = 100
        @Option(help: ArgumentHelp("Noise of a sample, m/s².", valueName: "m/s2")) var noise: Double = 0.02
        @Option(help: ArgumentHelp("Time with tremor, %.", valueName: "%")) var constancy: Double = 100
        @Option(help: ArgumentHelp("A gap, from and to in s; may be repeated.", valueName: "from,to")) var gap:
            [TimeWindow] = []
        @OptionGroup var write: WriteOptions

        func validate() throws {
            guard frequency > 0, sampleRate > 2 * frequency, sampleRate <= 10000 else {
                throw ValidationError(
                    "--frequency is positive and below half of --sample-rate, which is at most 10000 Hz.")
            }
            guard duration > 0, duration * sampleRate <= 1e8 else {
                throw ValidationError("--duration is positive, and the recording has at most 100 million samples.")
            }
            guard (0...1000).contains(peakToPeak), (0...1000).contains(noise), (0...100).contains(constancy) else {
                throw ValidationError("--peak-to-peak is 0 to 1000 cm, --noise 0 to 1000 m/s², --constancy 0 to 100 %.")
            }
        }

        func execute() throws {
            var settings = TremorPhantomSettings()
            (settings.seed, settings.frequencyHz, settings.peakToPeakCm) = (seed, frequency, peakToPeak)
            (settings.durationS, settings.sampleRateHz, settings.noise) = (duration, sampleRate, noise)
            (settings.constancyPercent, settings.gapsS) = (constancy, gap.map { $0.from..<$0.to })
            let phantom = tremorPhantom(settings)
            try PhantomFolder.write(
                [("tremor.csv", .text(phantom.csv)), ("truth.json", .text(phantom.truth.text))], to: out,
                force: write.force)
        }
    }

    struct Patient: Subcommand {
        static let configuration = CommandConfiguration(
            abstract: "A patient with two visits, as sample-scans has it: PET-CT, labels, recordings, scores, truth.",
            discussion: "Example: engraft phantom patient --out sample-scans")

        @Option(name: .shortAndLong, help: "The folder to write.") var out: String
        @Option(help: "The seed of the noise.") var seed: UInt64 = SamplePatientFolder.seed
        @OptionGroup var write: WriteOptions

        func execute() throws { try SamplePatientFolder.write(to: out, seed: seed, force: write.force) }
    }
}

extension PhantomCommand {
    struct Trial: Subcommand {
        static let configuration = CommandConfiguration(
            commandName: "study",
            abstract: "A two-arm trial of 30 patients with known effects, as tables that score and analyze read.",
            discussion: """
                Parkinson: MDS-UPDRS III in OFF at four visits, uptake, sites, lots, dropouts. ALS: ALSFRS-R over six months.

                Example: engraft phantom study --out trial
                         engraft analyze mmrm trial/visits.csv --outcome score --visit month --reference SOC --change
                """)

        @Option(name: .shortAndLong, help: "The folder to write.") var out: String
        @Option(help: "Which trial.") var disease: TrialDisease = .parkinson
        @Option(help: "The seed of the patients.") var seed: UInt64 = 1
        @Option(help: "Patients in each arm.") var perArm = 15
        @Option(help: "Scales the true effect of the arm; 0 for none.") var effect = 1.0
        @OptionGroup var write: WriteOptions

        func validate() throws {
            guard (2...100_000).contains(perArm), (-10...10).contains(effect) else {
                throw ValidationError("--per-arm is 2 to 100000, --effect -10 to 10.")
            }
        }

        func execute() throws {
            let files: [(name: String, text: String)]
            switch disease {
            case .parkinson:
                var settings = TrialPhantomSettings(seed: seed)
                settings.patientsPerArm = perArm
                settings.effects = settings.effects.map { $0 * effect }
                files = TrialPhantom(settings).files
            case .als:
                var settings = SlopePhantomSettings(seed: seed)
                settings.patientsPerArm = perArm
                settings.effect *= effect
                files = SlopePhantom(settings).files
            }
            try PhantomFolder.write(files.map { ($0.name, .text($0.text)) }, to: out, force: write.force)
        }
    }
}

extension TrialDisease: ExpressibleByArgument {}

extension PhantomTracer: ExpressibleByArgument {}

/// Writes a phantom's files into a folder.
enum PhantomFolder {
    enum Content { case text(String), image(Volume), labels(LabelMap) }

    static func write(_ files: [(name: String, content: Content)], to folder: String, force: Bool) throws {
        for file in files { try OutputFile.refuseExisting("\(folder)/\(file.name)", force: force) }
        try OutputFile.makeFolder(folder)
        for (name, content) in files {
            let path = "\(folder)/\(name)"
            if let slash = name.lastIndex(of: "/") { try OutputFile.makeFolder("\(folder)/\(name[..<slash])") }
            switch content {
            case .text(let text): try OutputFile.write(text, to: path, force: force)
            case .image(let volume): try NIfTI.write(volume, to: path, storage: .int16, force: force)
            case .labels(let labels): try NIfTI.write(labels, to: path, force: force)
            }
        }
        Terminal.show("wrote \(files.count) files to \(folder)")
    }

    /// Writes files of a sample without a word.
    static func put(_ files: [SampleFile], to folder: String, force: Bool) throws {
        for file in files {
            let path = "\(folder)/\(file.path)"
            if let slash = path.lastIndex(of: "/") { try OutputFile.makeFolder(String(path[..<slash])) }
            switch file.content {
            case .text(let text): try OutputFile.write(text, to: path, force: force)
            case .json(let json): try OutputFile.write(json.text, to: path, force: force)
            case .image(let volume, _): try NIfTI.write(volume, to: path, storage: .int16, force: force)
            case .labels(let labels): try NIfTI.write(labels, to: path, force: force)
            }
        }
    }
}

/// The sample patient as a folder.
enum SamplePatientFolder {
    /// The seed of the patient in `sample-scans`.
    static let seed: UInt64 = 411

    static func write(to folder: String, seed: UInt64, force: Bool) throws {
        let files = samplePatient(seed: seed).files.map { file -> (name: String, content: PhantomFolder.Content) in
            switch file.content {
            case .text(let text): (file.path, .text(text))
            case .json(let json): (file.path, .text(json.text))
            case .image(let volume, _): (file.path, .image(volume))
            case .labels(let labels): (file.path, .labels(labels))
            }
        }
        try PhantomFolder.write(files, to: folder, force: force)
    }
}
