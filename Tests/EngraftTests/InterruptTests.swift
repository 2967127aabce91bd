import Foundation
import Records
import TestSupport
import Testing

/// What an interrupted command leaves: nothing.
@Suite struct InterruptTests {
    /// Twenty minutes at 50 Hz: looked at, drawn and written in some tenths of a second.
    private func wrist(in folder: String) throws {
        var text = "time (s),x (m/s2),y (m/s2),z (m/s2)\n"
        for place in 0..<60000 {
            let t = Double(place) / 50
            text +=
                "\(t),\(fixed(5 * sin(2 * .pi * 5 * t), 4)),9.80665,\(fixed(0.01 * sin(Double(place * place)), 4))\n"
        }
        try OutputFile.write(text, to: "\(folder)/wrist.csv")
    }

    /// Starts a process that hears the signal: threads of a pool keep signals out, and what they start inherits that.
    private static func startOpen(to signal: Int32, _ process: Process) throws {
        var (wanted, before) = (sigset_t(), sigset_t())
        sigemptyset(&wanted)
        sigaddset(&wanted, signal)
        pthread_sigmask(SIG_UNBLOCK, &wanted, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        try process.run()
    }

    /// The signal is sent after some milliseconds: early ones find the command at its work, late ones while it writes or done.
    @Test(arguments: [SIGINT, SIGTERM])
    func noFileWithoutItsNameIsLeft(signal: Int32) throws {
        try withTemporaryFolder { folder in
            try wrist(in: folder)
            var interrupted = 0
            for milliseconds in [10, 20, 40, 80, 120, 160, 200, 300] {
                let process = Process()
                process.executableURL = URL(fileURLWithPath: Binary.path)
                process.arguments = [
                    "tremor", "wrist.csv", "--force", "--png", "p.png", "--windows", "w.csv", "--bouts", "b.csv",
                    "--spectrum", "s.csv",
                ]
                process.currentDirectoryURL = URL(fileURLWithPath: folder)
                process.standardOutput = FileHandle.nullDevice
                process.standardError = FileHandle.nullDevice
                try Self.startOpen(to: signal, process)
                usleep(UInt32(milliseconds) * 1000)
                kill(process.processIdentifier, signal)
                process.waitUntilExit()
                let left = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.contains("part") }
                #expect(left.isEmpty, "after \(milliseconds) ms")
                if process.terminationReason == .uncaughtSignal {
                    // As without a handler: who started it sees that it was interrupted.
                    #expect(process.terminationStatus == signal)
                    interrupted += 1
                }
            }
            #expect(interrupted > 0)
        }
    }
}
