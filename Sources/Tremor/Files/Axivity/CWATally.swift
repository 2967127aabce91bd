/// What was left out of an Axivity file, and why.
struct CWATally {
    var damaged = 0
    var foreign = 0
    var empty = 0
    var others = 0
    var overfull = 0
    var untimed = 0
    var untimedLeftOut = 0
    var cutBytes = 0

    /// A sector's layout where it is whole and like the others; otherwise `nil`, and it is counted.
    mutating func layout(_ sector: CWASector, like expected: CWALayout) -> CWALayout? {
        guard sector.isData else {
            foreign += 1
            return nil
        }
        guard sector.isWhole else {
            damaged += 1
            return nil
        }
        guard let found = try? CWALayout(sector), found == expected else {
            others += 1
            return nil
        }
        guard sector.count <= found.capacity else {
            overfull += 1
            return nil
        }
        guard sector.count > 0 else {
            empty += 1
            return nil
        }
        return found
    }

    /// One sentence for each kind.
    var flags: [String] {
        [
            damaged > 0 ? "\(damaged) sectors with a wrong checksum were left out" : nil,
            foreign > 0 ? "\(foreign) sectors hold no samples (logs or erased memory) and were left out" : nil,
            others > 0 ? "\(others) sectors of another rate, range or layout than the first were left out" : nil,
            overfull > 0 ? "\(overfull) sectors that promise more samples than they can hold were left out" : nil,
            empty > 0 ? "\(empty) sectors are empty" : nil,
            untimed > 0 ? "\(untimed) sectors have no time and were read as following the one before" : nil,
            untimedLeftOut > 0
                ? "\(untimedLeftOut) sectors have no time, follow no other and were left out" : nil,
            cutBytes > 0 ? "the file ends within a sector; its last \(cutBytes) bytes were left out" : nil,
        ].compactMap { $0 }
    }
}
