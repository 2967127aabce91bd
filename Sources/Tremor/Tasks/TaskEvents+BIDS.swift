import Records

extension TaskEvents {
    /// The table of events that a BIDS dataset has for a Motion-BIDS recording, in its folder or above it; `nil` where there is none, and
    /// for every other kind of file.
    ///
    /// Its onsets count from the first sample of the data file. Where several tracking systems share the table, whose first samples may
    /// be at different times, `isShared` says so: it cannot be used without knowing which one is meant.
    public static func table(beside recording: String) -> (path: String, isShared: Bool)? {
        guard MotionBIDS.recognizes([], path: recording),
            let path = (try? MotionSidecars.paths(of: recording, ending: "events.tsv"))?.first
        else { return nil }
        let parts = recording.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let folder = parts.count > 1 ? parts.dropLast().joined(separator: "/") : "."
        let own = withoutSystem(parts[parts.count - 1])
        let names = (try? InputFile.list(folder.isEmpty ? "/" : folder)) ?? []
        let systems = names.filter { MotionBIDS.recognizes([], path: $0) && withoutSystem($0) == own }
        return (path, systems.count > 1)
    }

    private static func withoutSystem(_ name: String) -> [Substring] {
        name.split(separator: "_").filter { !$0.hasPrefix("tracksys-") }
    }
}
