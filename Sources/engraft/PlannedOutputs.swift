import ArgumentParser
import PET
import Records

/// The files a command is asked to write, checked before its work: a table, which has a JSON beside it, and others.
struct PlannedOutputs {
    private var files: [(option: String, path: String)] = []
    private let table, picture: String?

    /// A table with its sidecar, a second table without, and a picture; `nil` for what is not asked for.
    init(out: String?, statistics: String? = nil, plot: String? = nil) {
        (table, picture) = (out, plot)
        if let out { files += [("--out", out), ("the JSON of --out", ImageFile.sidecarPath(of: out))] }
        if let statistics { files.append(("--statistics", statistics)) }
        if let plot { files.append(("--plot", plot)) }
    }

    /// Throws a usage error where a name has the wrong ending, and where two files, or one and an input, are the same.
    func check(inputs: [String]) throws {
        if let table, table.lowercased().hasSuffix(".json") {
            throw ValidationError(
                "--out \(table) is a table; its JSON is written beside it. Give a name ending in .tsv.")
        }
        if let picture, !picture.lowercased().hasSuffix(".png") {
            throw ValidationError("--plot \(picture) is a PNG; give a name ending in .png.")
        }
        for (place, file) in files.enumerated() {
            if let other = files[..<place].first(where: { Self.plain($0.path) == Self.plain(file.path) }) {
                throw ValidationError("\(other.option) and \(file.option) are the same file, \(file.path).")
            }
            if inputs.contains(where: { Self.plain($0) == Self.plain(file.path) }) {
                throw ValidationError("\(file.option) is \(file.path), which is an input.")
            }
        }
    }

    /// Throws where one of them exists already, unless `force`.
    func refuseExisting(force: Bool) throws {
        for file in files { try OutputFile.refuseExisting(file.path, force: force) }
    }

    /// A path without its "." and doubled slashes.
    private static func plain(_ path: String) -> String {
        (path.hasPrefix("/") ? "/" : "") + path.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
    }
}
