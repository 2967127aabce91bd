import Glibc
import Imaging

/// Runs one workload on given files and prints what the work alone took, as JSON on standard output.
///
///     peer-run WORKLOAD [--repeat N] [--out FILE] INPUT…
///
/// Reading the inputs is not part of the time, except in `load`, `series`, `decode` and `tremor`. `--out` keeps the result as raw
/// little-endian numbers (`Workload` says which), so that it can be held against another program's.
@main struct PeerRun {
    static func main() throws {
        var arguments = Array(CommandLine.arguments.dropFirst())
        func option(_ name: String) -> String? {
            guard let at = arguments.firstIndex(of: name), at + 1 < arguments.count else { return nil }
            defer { arguments.removeSubrange(at...(at + 1)) }
            return arguments[at + 1]
        }
        let repeats = option("--repeat").flatMap { Int($0) } ?? 1
        let out = option("--out")
        guard let name = arguments.first, let workload = Workload(rawValue: name), repeats > 0,
            arguments.count == 1 + workload.inputs
        else {
            let names = Workload.allCases.map { "  \($0.rawValue)  \($0.inputs) inputs\n" }.joined()
            let usage = "usage: peer-run WORKLOAD [--repeat N] [--out FILE] INPUT…\n" + names
            _ = usage.withCString { Glibc.write(2, $0, strlen($0)) }
            exit(64)
        }
        var work = try workload.prepare(Array(arguments.dropFirst()))
        var seconds: [Double] = []
        let before = processorSeconds()
        for _ in 0..<repeats {
            let clock = ContinuousClock()
            let elapsed = try clock.measure { try work.run() }
            seconds.append(Double(elapsed.components.attoseconds) / 1e18 + Double(elapsed.components.seconds))
        }
        let processor = (processorSeconds() - before) / Double(repeats)
        let peak = peakMemoryMB()
        if let out { try work.write(to: out) }
        seconds.sort()
        print(
            """
            {"workload": "\(name)", "best_s": \(seconds[0]), "median_s": \(seconds[seconds.count / 2]), \
            "cpu_s": \(processor), "repeats": \(repeats), "peak_mb": \(peak), "simd": "\(SIMDLevel.current)"}
            """)
    }

    /// Processor time of all threads, s.
    static func processorSeconds() -> Double { Double(clock()) / Double(CLOCKS_PER_SEC) }

    /// The most memory the process has had resident, MB. Not getrusage's figure, which an exec inherits.
    static func peakMemoryMB() -> Double {
        guard let file = fopen("/proc/self/status", "r") else { return .nan }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 256)
        while fgets(&line, Int32(line.count), file) != nil {
            let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            if text.hasPrefix("VmHWM:") {
                return (text.split(separator: " ").compactMap { Double($0) }.first ?? .nan) / 1024
            }
        }
        return .nan
    }
}
