import Glibc
import Records

/// The metadata of an image: its own sidecar and, in a BIDS dataset, those of the folders above, by BIDS's principle of
/// inheritance [BIDS].
///
/// A sidecar applies to images in its folder and below whose name has its suffix and all its entities. They are read
/// from the dataset's top, the nearest folder above with a dataset_description.json, down to the image; a key that is
/// given again replaces the one from above. Without a dataset only the file beside the image is read.
public struct InheritedSidecar: Sendable, Equatable {
    /// The keys of all of them.
    public let json: JSONValue
    /// The files that were read, the one closest to the image last.
    public let paths: [String]

    /// The metadata of the image at a path; `nil` where there is none. Throws where a sidecar is no JSON object, and
    /// where two of one folder apply, because then BIDS gives no order.
    public static func read(for path: String) throws(FileProblem) -> InheritedSidecar? {
        let own = ImageFile.sidecarPath(of: path)
        var paths: [String] = []
        if let folders = try dataset(around: folder(of: path)) {
            let image = BIDSName(fileName(own).dropLast(".json".count))
            for folder in folders {
                let found = try InputFile.list(folder)
                    .filter { $0.hasSuffix(".json") && BIDSName($0.dropLast(".json".count)).applies(to: image) }
                if found.count > 1 {
                    throw FileProblem(
                        path, .badData,
                        "\(found.joined(separator: " and ")) in \(folder) both apply to this image; BIDS allows one in "
                            + "a folder")
                }
                paths += found.map { join(folder, $0) }
            }
        }
        // Names that are not BIDS's have no suffix, but the file beside the image is its own whatever it is called.
        if !paths.contains(own) && InputFile.exists(own) { paths.append(own) }
        guard !paths.isEmpty else { return nil }
        var json = JSONValue.object([])
        for path in paths {
            let one = try naming(path) { try JSONValue(parsing: InputFile.read(path)) }
            guard let members = one.members else {
                throw FileProblem(path, .badData, AcquisitionProblem.notObject.description)
            }
            for member in members { json = json.setting(member.key, member.value) }
        }
        return InheritedSidecar(json: json, paths: paths)
    }

    // MARK: - Folders

    /// The folders from the dataset's top down to one; `nil` where that is in no dataset.
    private static func dataset(around folder: String) throws(FileProblem) -> [String]? {
        var folders = [folder]
        while folders.count < 64 {
            let here = folders[folders.count - 1]
            if InputFile.exists(join(here, "dataset_description.json")) { return folders.reversed() }
            guard !isRoot(here) else { return nil }
            folders.append(parent(of: here))
        }
        return nil
    }

    private static func isRoot(_ folder: String) -> Bool {
        guard let resolved = realpath(folder, nil) else { return true }
        defer { free(resolved) }
        return String(cString: resolved) == "/"
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func fileName(_ path: String) -> String {
        path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
    }

    private static func parent(of folder: String) -> String {
        let name = fileName(folder)
        if folder == "." { return ".." }
        return ["", ".", ".."].contains(name) ? folder + "/.." : self.folder(of: folder)
    }

    private static func join(_ folder: String, _ name: String) -> String {
        folder == "." ? name : folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
    }
}

/// The parts of a name in a BIDS dataset: `sub-01_ses-02_pet` has two entities and a suffix.
private struct BIDSName {
    let entities: Set<Substring>
    let suffix: Substring?

    init(_ stem: some StringProtocol) {
        let parts = Substring(stem).split(separator: "_", omittingEmptySubsequences: false)
        entities = Set(parts.filter { $0.contains("-") })
        suffix = parts.last.flatMap { $0.contains("-") ? nil : $0 }
    }

    func applies(to image: BIDSName) -> Bool {
        suffix != nil && suffix == image.suffix && entities.isSubset(of: image.entities)
    }
}
