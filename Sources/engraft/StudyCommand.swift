import ArgumentParser
import Outcomes
import Records

struct StudyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "study",
        abstract: "Studies: a whole trial's folder, their files, and the store of their results.",
        discussion: """
            `engraft study FOLDER --out RESULTS` runs a trial's folder.

            A study file is YAML and says what the protocol says: population, arms, visits, criteria, design, tables and \
            limits; null where it has not said, with a proposal under assumed. docs/trials.md has the schema. A store is one \
            SQLite file with every value a study ever had; docs/store.md has its tables.
            """,
        subcommands: [Run.self, Init.self, Check.self, Add.self, Query.self, Export.self], defaultSubcommand: Run.self)

    struct Init: Subcommand {
        static let configuration = CommandConfiguration(
            abstract: "Writes a built-in study and example tables to begin with.",
            discussion: """
                Studies: \(BuiltInStudy.names.joined(separator: ", ")). Writes study.yaml and the tables that fit it, with \
                made-up subjects.

                Example: engraft study init xs411-phase2 --out trial
                """)

        @Argument(help: "The built-in study.") var name: String
        @Option(name: .shortAndLong, help: "The folder to write.") var out: String
        @OptionGroup var write: WriteOptions

        func execute() throws {
            guard let text = BuiltInStudy.text(named: name) else {
                throw FileProblem(
                    name, .noInput,
                    "there is no such built-in study; there are \(BuiltInStudy.names.joined(separator: ", "))")
            }
            let files = [("study.yaml", text)] + BuiltInStudy.examples(of: name)
            try OutputFile.makeFolder(out)
            for (file, _) in files { try OutputFile.refuseExisting("\(out)/\(file)", force: write.force) }
            for (file, text) in files { try OutputFile.write(text, to: "\(out)/\(file)", force: write.force) }
            Terminal.show("wrote \(files.map { "\(out)/\($0.0)" }.joined(separator: ", "))")
        }
    }

    struct Check: Subcommand {
        static let configuration = CommandConfiguration(
            abstract: "Checks a study file and says what it holds and what it only assumes.",
            discussion: """
                Example: engraft study check study.yaml
                """)

        @Argument(help: "The study: a YAML file, or a built-in one's name.") var study: String
        @OptionGroup var result: ResultOptions

        func execute() throws {
            let plan = try Study.read(study)
            var provenance = Provenance(command: "study check", parameters: [.init("study", .string(study))])
            if InputFile.exists(study) { try provenance.read(study) }
            let report = StudyReport(study: plan)
            Terminal.show(
                result.json ? JSONValue.object(report.members + provenance.members).text : report.text)
        }
    }
}
