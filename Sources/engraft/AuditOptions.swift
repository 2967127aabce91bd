import ArgumentParser
import Ledger
import Records

/// What every command understands that may note itself in an audit log.
struct AuditOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Note what was done in this audit log.", valueName: "log")) var audit: String?
    @Option(help: ArgumentHelp("Who does it; else ENGRAFT_USER, else the account's name.", valueName: "name"))
    var user: String?

    /// The note to be made; throws before any work where it could not be.
    func note() throws -> AuditNote? {
        guard let audit else {
            if user != nil { throw ValidationError("--user is for the audit log; give --audit too.") }
            return nil
        }
        let log = AuditLog(audit)
        let user = try AuditLog.user(user)
        try log.checkIsReady()
        return AuditNote(log: log, user: user)
    }
}

/// An entry that a command will write when its work is done.
struct AuditNote {
    let log: AuditLog
    let user: String

    /// Writes it.
    func write(_ command: String, inputs: [String], outputs: [String]) throws {
        try log.append(.init(command, inputs: inputs, outputs: outputs), by: user)
    }
}
