import Glibc
import Records

/// Where a command speaks: results on standard output, everything else on standard error.
enum Terminal {
    /// Prints a result.
    static func show(_ text: String) { write(text.hasSuffix("\n") ? text : text + "\n", to: STDOUT_FILENO) }

    /// Says something that is not a result.
    static func say(_ text: String) { write(text + "\n", to: STDERR_FILENO) }

    /// Says warnings, one line each.
    static func warn(_ warnings: [String], about path: String? = nil) {
        for warning in warnings { say("warning: " + (path.map { "\($0): " } ?? "") + warning) }
    }

    /// Whether standard error is a terminal that somebody watches.
    static var isWatched: Bool { isatty(STDERR_FILENO) == 1 }

    /// Writes all of a text; a reader that went away ends the program quietly, as a pipe does, and a full disk
    /// ends it with 74: a result that was not printed is not success.
    static func write(_ text: String, to descriptor: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let put = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard put > 0 else {
                if descriptor != STDOUT_FILENO || errno == EPIPE { exit(errno == EPIPE ? 141 : 74) }
                say("engraft: standard output: \(String(cString: strerror(errno)))")
                exit(FileProblem.Kind.inputOutput.rawValue)
            }
            bytes = bytes.dropFirst(put)
        }
    }
}

/// A line that says how far a long work is: redrawn in place on a terminal, silent elsewhere.
final class ProgressLine {
    private let label: String
    private let total: Int
    private var done = 0
    private let started = ProgressLine.now()

    init(_ label: String, of total: Int) { (self.label, self.total) = (label, total) }

    /// One more piece is done.
    func step(_ what: String = "") {
        done += 1
        guard Terminal.isWatched, Self.now() - started > 1 else { return }
        let filled = 30 * done / max(1, total)
        let bar = String(repeating: "█", count: filled) + String(repeating: "·", count: 30 - filled)
        Terminal.write("\r\u{1B}[K\(label) \(bar) \(done)/\(total) \(what)", to: STDERR_FILENO)
        if done == total { Terminal.write("\r\u{1B}[K", to: STDERR_FILENO) }
    }

    static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}

/// A line that says what share of one long work is done; silent where nobody watches, and for work below a second.
final class ShareLine {
    private let label: String
    private let started = ProgressLine.now()
    private var shown = -1

    init(_ label: String) { self.label = label }

    /// The share, 0 to 1.
    func show(_ share: Double) {
        let percent = Int(share * 100)
        guard percent != shown, Terminal.isWatched, ProgressLine.now() - started > 1 else { return }
        shown = percent
        let filled = 30 * percent / 100
        let bar = String(repeating: "█", count: filled) + String(repeating: "·", count: 30 - filled)
        Terminal.write("\r\u{1B}[K\(label) \(bar) \(percent) %", to: STDERR_FILENO)
    }

    /// Clears the line.
    func finish() { if shown >= 0 { Terminal.write("\r\u{1B}[K", to: STDERR_FILENO) } }
}
