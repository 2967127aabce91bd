import ArgumentParser
import Outcomes
import Records

struct EscalateCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "escalate",
        abstract: "A 3+3 dose escalation: where it stands, what is permitted next, how the design behaves.",
        discussion: """
            EVENTS has one row a subject and adverse event: code, level, infusion_dates (in one field, separated by \
            blanks), ae_term, grade, onset, related, dlt (yes, no or pending), signed_by, signed_at, and withdrawal_date \
            where somebody left. A subject without an event has one row with dlt no. Somebody counts who had a \
            dose-limiting toxicity (DLT), or all infusions and the whole window; nobody decides here what a DLT is. While \
            one is not adjudicated and signed there is no decision, and the exit code is 3.

            Variants: at-once (A) calls a level tolerated as soon as escalation stops; six-at-mtd (B) only with six \
            treated and at most one DLT. --operating-characteristics enumerates every course of the trial in rational \
            numbers for given true rates of toxicity; without --variant, for both.

            Example: engraft escalate trial/study.yaml trial/dlt.csv --as-of 2026-06-01
                     engraft escalate hexell-2020-fs-001 --operating-characteristics 0.1,0.2

            Cite: Storer 1989, doi 10.2307/2531693, for the design.
            """)

    @Argument(help: "The study: a YAML file, or a built-in one's name.") var study: String
    @Argument(help: "The table of treated subjects and adverse events.") var events: String?
    @Option(help: ArgumentHelp("The true rates of toxicity, level by level: 0.1,0.2 or 1/10,1/5.", valueName: "rates"))
    var operatingCharacteristics: RatesArgument?
    @Option(help: "The variant, or its letter, instead of the study's.") var variant: DoseEscalation.Variant?
    @Option(help: ArgumentHelp("The window for DLT, days, instead of the study's.", valueName: "days"))
    var dltWindow: Int?
    @Option(help: ArgumentHelp("The day whose state is asked for; today without it.", valueName: "date"))
    var asOf: DayArgument?
    @OptionGroup var result: ResultOptions

    func validate() throws {
        if events == nil && operatingCharacteristics == nil {
            throw ValidationError("Give the table of events, or --operating-characteristics, or both.")
        }
        if let dltWindow, !(1...3650).contains(dltWindow) { throw ValidationError("--dlt-window is a count of days.") }
    }

    func execute() throws {
        let plan = try Study.read(study)
        guard let escalation = plan.escalation else {
            throw FileProblem(study, .badData, "the study has no dose escalation under design")
        }
        let day = asOf?.day ?? .today
        var provenance = Provenance(
            command: "escalate",
            parameters: [
                .init("study", .string(study)), .init("as_of", .string(day.description)),
                .init("variant", JSONValue(variant?.rawValue ?? escalation.variant.used?.rawValue)),
                .init("dlt_window_days", JSONValue(dltWindow ?? escalation.windowDays.used)),
                .init("operating_characteristics", JSONValue(operatingCharacteristics?.rates.map(\.description) ?? [])),
            ])
        if InputFile.exists(study) { try provenance.read(study) }
        var state: EscalationState?
        if let events {
            state = try EscalationState.read(
                events, plan: escalation, variant: variant, windowDays: dltWindow, asOf: day)
            try provenance.read(events)
        }
        provenance.warnings = state?.warnings ?? []
        let rates = operatingCharacteristics?.rates ?? []
        if !rates.isEmpty, let levels = escalation.levels.used, levels.count != rates.count {
            provenance.warnings.append("\(rates.count) rates were given, but the study has \(levels.count) levels")
        }
        let variants = rates.isEmpty ? [] : variant.map { [$0] } ?? DoseEscalation.Variant.allCases
        let report = EscalationReport(
            study: plan, state: state,
            characteristics: variants.map { OperatingCharacteristics(variant: $0, toxicity: rates) })
        let document = JSONValue.object(report.members + provenance.members)
        Terminal.show(result.json ? document.text : report.text)
        Terminal.warn(provenance.warnings)
        if let state, state.action == nil { throw ExitCode(3) }
    }
}

/// Probabilities, written `0.1,0.2` or `1/10,1/5`, one to eight.
struct RatesArgument: ExpressibleByArgument {
    var rates: [Rational]

    init?(argument: String) {
        let fields = argument.split(separator: ",", omittingEmptySubsequences: false)
        rates = fields.compactMap { Rational(String($0)) }
        let isInRange = rates.allSatisfy { $0 <= Rational(1) }
        guard rates.count == fields.count, (1...8).contains(rates.count), isInRange else { return nil }
    }
}

extension DoseEscalation.Variant: ExpressibleByArgument {
    /// Reads the name of a variant, or its letter.
    public init?(argument: String) {
        switch argument.lowercased() {
        case "a", "at-once": self = .atOnce
        case "b", "six-at-mtd": self = .sixAtMTD
        default: return nil
        }
    }
}
