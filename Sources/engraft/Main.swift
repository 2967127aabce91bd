import ArgumentParser
import Records

@main
struct EngraftCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "engraft", abstract: "Do transplanted dopamine neurons survive, and does the patient move better?",
        version: "engraft \(Engraft.version)\n\(Engraft.researchUse)")
}
