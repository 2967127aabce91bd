import ArgumentParser
import Phantoms
import Records

struct Selftest: Subcommand {
    static let configuration = CommandConfiguration(
        abstract: "Measures phantoms with known truth and prints the error of every method.",
        discussion: """
            Needs no file. With --reference it also compares with public images whose values other programs have stated. \
            Exits with 1 where an error is beyond its limit.

            Example: engraft selftest
            """)

    @Option(
        help: ArgumentHelp(
            "A folder of public reference data: images with a truth.json, kinetic data, pvc_phantom.",
            valueName: "folder"))
    var reference: String?
    @Option(help: "How many heads are moved and found again, for each pair of images.") var moves = 10
    @Option(help: "How many synthetic trials each method analyses, with an effect and without.") var trials = 100
    @Flag(help: "Print the page docs/validation.md.") var markdown = false
    @OptionGroup var result: ResultOptions

    func validate() throws {
        guard (1...1000).contains(moves) else { throw ValidationError("--moves is 1 to 1000.") }
        guard (20...100_000).contains(trials) else { throw ValidationError("--trials is 20 to 100000.") }
    }

    func execute() throws {
        let progress = ProgressLine("selftest", of: reference == nil ? 9 : 16)
        var rows = try validateAgainstPhantoms(moves: moves, trials: trials) { progress.step($0) }
        if let reference { rows += try ReferenceValidation.rows(folder: reference) { progress.step($0) } }
        if result.json {
            Terminal.show(Self.document(rows).text)
        } else if markdown {
            Terminal.show(Self.page(rows))
        } else {
            Terminal.show(Self.table(rows).text)
        }
        if !rows.allSatisfy(\.passes) { throw ExitCode(1) }
    }

    private static func table(_ rows: [ValidationRow]) -> TextTable {
        var table = TextTable([
            .text("measure"), .text("against"), .number("cases"), .number("largest error"), .number("limit"),
            .text("unit"), .text(""),
        ])
        for row in rows {
            table.add([
                row.measure, row.against, String(row.cases), significant(row.error, 3), significant(row.limit, 3),
                row.unit,
                row.passes ? "ok" : "FAILS",
            ])
        }
        return table
    }

    private static func page(_ rows: [ValidationRow]) -> String {
        var reasons = TextTable([.text("measure"), .text("why the limit is what it is")])
        for row in rows { reasons.add([row.measure, row.reason]) }
        return """
            # Validation

            Made by `engraft selftest --markdown`, version \(Engraft.version); with `--reference` also against public images. The
            error is the largest of all cases.

            \(table(rows).markdown)
            \(reasons.markdown)
            The tests hold more: see `Tests/`, where each number names the program it is from.

            ## Not validated

            - Real patients with grafts: there is no public data set with known graft survival.
            - Amplitudes in cm against optical motion capture: tremor is validated on simulated motion only.
            - Scanner effects that the phantom leaves out: scatter, randoms, motion, attenuation errors.

            \(Engraft.researchUse)
            """
    }

    private static func document(_ rows: [ValidationRow]) -> JSONValue {
        [
            "version": .string(Engraft.version),
            "rows": .array(
                rows.map { row in
                    [
                        "measure": .string(row.measure), "against": .string(row.against), "cases": .integer(row.cases),
                        "error": .number(row.error), "limit": .number(row.limit), "unit": .string(row.unit),
                        "passes": .bool(row.passes),
                    ]
                }),
        ]
    }
}
