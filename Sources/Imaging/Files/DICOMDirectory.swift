import Records

/// A DICOMDIR: the index that an archive or a disc has of its files.
struct DICOMDirectory {
    /// The listed image files that are there.
    private(set) var files: [String] = []
    /// The names of those that are not.
    private(set) var missing: [String] = []

    /// Reads the index at a path. Names are relative to its folder; discs may show them in lower case.
    init(_ path: String) throws {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let names = try InputFile.withMapped(path) { bytes in
            let parsed = try ParsedDICOM(bytes, whole: true)
            return (0..<UInt32(clamping: parsed.items(0x0004, 0x1220))).compactMap { record in
                parsed.string([0x0004, 0x1220, record, 0x0004, 0x1500])
            }
        }
        for name in names {
            let relative = name.split(separator: "\\").map { DICOMHeader.trimmed($0) }.joined(separator: "/")
            let found = [relative, relative.lowercased()].map { "\(folder)/\($0)" }.first(where: InputFile.exists)
            if let found { files.append(found) } else { missing.append(relative) }
        }
    }

    /// What to say of files that are listed and not there.
    var warnings: [String] {
        missing.isEmpty ? [] : ["the DICOMDIR lists \(missing.count) files that are not there"]
    }
}
