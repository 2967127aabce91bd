import Foundation
import Records
import TestSupport
import Testing

/// What an interrupted command leaves: nothing.
@Suite struct InterruptTests {
    /// Twenty minutes at 50 Hz: four tables and a picture take some hundredths of a second to write.
    private func wrist(in folder: String) throws {
        var text = "time (s),x (m/s2),y (m/s2),z (m/s2)\n"
        for place in 0..<60000 {
            let t = Double(place) / 50
            text +=
                "\(t),\(fixed(5 * sin(2 * .pi * 5 * t), 4)),9.80665,\(fixed(0.01 * sin(Double(place * place)), 4))\n"
        }
        try OutputFile.write(text, to: "\(folder)/wrist.csv")
    }

    private func unfinished(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.contains("part") }
    }

    /// The signal is sent as soon as a file with a name of its own is seen; where the command is done before, it is run again.
    @Test(arguments: [SIGINT, SIGTERM])
    func noFileWithoutItsNameIsLeft(signal: Int32) throws {
        try withTemporaryFolder { folder in
            try wrist(in: folder)
            for _ in 0..<40 {
                let process = Process()
                process.executableURL = URL(fileURLWithPath: Binary.path)
                process.arguments = [
                    "tremor", "wrist.csv", "--force", "--png", "p.png", "--windows", "w.csv", "--bouts", "b.csv",
                    "--spectrum", "s.csv",
                ]
                process.currentDirectoryURL = URL(fileURLWithPath: folder)
                process.standardOutput = FileHandle.nullDevice
                process.standardError = FileHandle.nullDevice
                try process.run()
                while process.isRunning {
                    if try !unfinished(folder).isEmpty {
                        kill(process.processIdentifier, signal)
                        break
                    }
                    usleep(100)
                }
                process.waitUntilExit()
                #expect(try unfinished(folder).isEmpty)
                if process.terminationReason == .uncaughtSignal {
                    // As without a handler: who started it sees that it was interrupted.
                    #expect(process.terminationStatus == signal)
                    return
                }
            }
            Issue.record("the command was never interrupted while it wrote")
        }
    }
}
