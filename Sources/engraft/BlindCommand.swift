import ArgumentParser
import Imaging
import Ledger
import Outcomes
import PET
import Records
import Statistics

struct BlindCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "blind",
        abstract: "Scans for a blinded read: made, checked, opened.",
        discussion: """
            docs/blind.md says what is left out, and how a read goes.
            """,
        subcommands: [Make.self, Check.self, Open.self], defaultSubcommand: Make.self)

    struct Make: Subcommand {
        static let configuration = CommandConfiguration(
            abstract: "Writes scans under random codes, and the key to them.",
            discussion: """
                FOLDER is a patient's folder, or a trial's. Each scan goes to a folder of its own, named by a random code, \
                in random order, without dates, visits or arm; the images are written anew. The key goes elsewhere, to \
                somebody who does not read; the export holds its hash.

                Example: engraft blind study/ --out reading --key vault/key.json
                """)

        @Argument(help: "A patient's folder, or a trial's.") var folder: String
        @Option(name: .shortAndLong, help: "The folder to write; a new one.") var out: String
        @Option(help: "The key file to write, outside of --out.") var key: String
        @ArgumentParser.Flag(help: "With the CT images. A CT of the head shows the face.") var ct = false
        @ArgumentParser.Flag(help: "With the label images.") var labels = false
        @Option(help: "Make the same codes again; as secret as the key.") var seed: UInt64?
        @OptionGroup var audit: AuditOptions

        func execute() throws {
            if BlindScans.isBelow(key, out) {
                throw ValidationError("The key does not belong into the folder that readers get; give --key elsewhere.")
            }
            let plans = try BlindScans.plans(in: folder)
            guard !InputFile.exists(out) else {
                throw FileProblem(out, .cannotWrite, "this exists already; an export for readers is a new folder")
            }
            try OutputFile.checkFolders(of: [key])
            try OutputFile.refuseExisting(key, force: false)
            let note = try audit.note()
            let scans = try BlindScans(plans)
            let made: BlindKey
            if let seed {
                var source = RandomSource(seed: seed)
                made = BlindKey(of: scans.entries, using: &source)
            } else {
                var source = SystemRandomNumberGenerator()
                made = BlindKey(of: scans.entries, using: &source)
            }
            let progress = ProgressLine("scans", of: made.entries.count)
            try OutputFile.makeFolder(out)
            var files: [String] = []
            for entry in made.entries {
                files += try scans.write(entry, to: out, ct: ct, labels: labels)
                progress.step()
            }
            try OutputFile.write(BlindScans.form(made), to: "\(out)/readings.csv")
            try OutputFile.write(made.text, to: key)
            BlindScans.keepPrivate(key)
            // The readers fill in their table: it is not sealed.
            let sealed = try files.sorted().map {
                AuditEntry.File(path: $0, sha256: try SHA256.hex(ofFile: "\(out)/\($0)"))
            }
            let seal = BlindSeal(keySHA256: SHA256.hex(Array(made.text.utf8)), files: sealed)
            try OutputFile.write(seal.text, to: "\(out)/\(BlindSeal.name)")
            try note?.write("blind", inputs: [], outputs: [key, "\(out)/\(BlindSeal.name)"])
            Terminal.show("wrote \(out): \(made.entries.count) scans\nwrote \(key): keep it from the readers")
            if ct { Terminal.warn(["a CT of the head shows the face; deface it where readers must not know"]) }
        }
    }

    struct Check: Subcommand {
        static let configuration = CommandConfiguration(
            abstract: "Checks that an export and its key are as they were made.",
            discussion: """
                Example: engraft blind check reading --key vault/key.json
                """)

        @Argument(help: "The export.") var export: String
        @Option(help: "Its key.") var key: String

        func execute() throws {
            let seal = try BlindSeal.read(in: export)
            try seal.check(export, key: key)
            Terminal.show("\(export): \(seal.files.count) files and the key are as they were sealed")
        }
    }

    struct Open: Subcommand {
        static let configuration = CommandConfiguration(
            abstract: "Joins the readers' tables with the key, and reports how far they agree.",
            discussion: """
                Tables have the columns code, reader, and value, class or both. Prints ICC(2,1) of the values over the scans \
                that all readers read, and the weighted kappa of the classes for each pair of readers.

                Example: engraft blind open reading --key vault/key.json a.csv b.csv --out readings.csv
                """)

        @Argument(help: "The export.") var export: String
        @Argument(help: "The readers' tables.") var tables: [String]
        @Option(help: "Its key.") var key: String
        @Option(name: .shortAndLong, help: "A table of the readings with patients and visits.") var out: String?
        @OptionGroup var audit: AuditOptions
        @OptionGroup var result: ResultOptions
        @OptionGroup var write: WriteOptions

        func execute() throws {
            let planned = PlannedOutputs(out: out)
            try planned.check(inputs: tables + [key])
            try planned.refuseExisting(force: write.force)
            let note = try audit.note()
            try BlindSeal.read(in: export).check(export, key: key)
            let opened = try naming(key) { try BlindKey(parsing: InputFile.read(key)) }
            var readings = ReadingTable()
            for table in tables { try readings.add(table, known: Set(opened.entries.map(\.read))) }
            var provenance = Provenance(command: "blind open")
            for table in tables + [key] { try provenance.read(table) }
            let report = BlindReport(opened, readings)
            provenance.warnings = report.warnings
            let document = JSONValue.object(report.members + provenance.members)
            if let out {
                var batch = OutputBatch(force: write.force)
                try batch.write(out) {
                    try OutputFile.write(
                        out.lowercased().hasSuffix(".tsv") ? report.table.tsv : report.table.csv, to: $0)
                }
                try batch.write(ImageFile.sidecarPath(of: out)) { try OutputFile.write(document.text, to: $0) }
                try batch.commit()
            }
            try note?.write("blind open", inputs: tables + [key], outputs: out.map { [$0] } ?? [])
            Terminal.show(result.json ? document.text : report.text)
            Terminal.warn(report.warnings)
        }
    }
}
