import ArgumentParser
import Outcomes
import Records

struct ScreenCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "screen",
        abstract: "Who may take part in a trial: every criterion with its reason.",
        discussion: """
            STUDY is a study file (YAML) or the name of a built-in one; SUBJECTS a table with one row a subject: code, \
            screening_date and the fields the study's rules read, such as age_years or mmse. An empty field is unknown, \
            and never counts for or against. A date may be a year or a month; "never" says that nothing happened.

            Verdicts: ineligible, incomplete (data are missing), pending-judgement (statements are not signed), eligible. \
            Nobody is eligible while a statement of an investigator is missing: ATTESTATIONS has code, criterion, answer \
            (yes or no: is the statement true?), signed_by and signed_at.

            Example: engraft study init hexell-2020-fs-001 --out trial
                     engraft screen trial/study.yaml trial/subjects.csv --attestations trial/attestations.csv

            The rules' language and the schema: docs/trials.md.
            """)

    @Argument(help: "The study: a YAML file, or a built-in one's name.") var study: String
    @Argument(help: "The table of subjects.") var subjects: String
    @Option(help: "The table of signed statements.") var attestations: String?
    @Flag(help: "Show the reason of every criterion, not only of those that fail or are unknown.") var all = false
    @Option(help: ArgumentHelp("Refuse dates behind this day.", valueName: "date")) var today: DayArgument?
    @OptionGroup var result: ResultOptions

    func execute() throws {
        let plan = try Study.read(study)
        let today = today?.day ?? .today
        let (people, tableWarnings) = try Subject.read(subjects, study: plan, today: today)
        var provenance = Provenance(
            command: "screen",
            parameters: [.init("study", .string(study)), .init("today", .string(today.description))])
        if InputFile.exists(study) { try provenance.read(study) }
        try provenance.read(subjects)
        var signed: [String: [String: Attestation]] = [:]
        provenance.warnings = tableWarnings
        if let attestations {
            let read = try Attestation.read(attestations, study: plan, subjects: people, today: today)
            signed = read.signed
            provenance.warnings += read.warnings
            try provenance.read(attestations)
        }
        let report = ScreeningReport(
            study: plan, screenings: people.map { Screening(of: $0, for: plan, attested: signed[$0.code] ?? [:]) })
        provenance.warnings += report.warnings
        let document = JSONValue.object(report.members + provenance.members)
        Terminal.show(result.json ? document.text : report.text(all: all))
        Terminal.warn(provenance.warnings)
    }
}

/// A day, written `2025-10-01`.
struct DayArgument: ExpressibleByArgument {
    var day: CalendarDate

    init?(argument: String) {
        guard let day = PartialDate(argument)?.day else { return nil }
        self.day = day
    }
}
