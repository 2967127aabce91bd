import PET
import Records

/// The JSON record beside a label image that `striatum` or `follow` wrote: how sure the labels are, and what they were made on.
public struct LabelRecord {
    /// The record's path.
    public let path: String
    /// What it says.
    public let document: JSONValue

    /// The record of a label image; `nil` where there is none, or it is another kind of file.
    public init?(beside labels: String) {
        path = ImageFile.sidecarPath(of: labels)
        guard path != labels, InputFile.exists(path), !InputFile.isFolder(path),
            let document = try? JSONValue(parsing: try InputFile.read(path)), document["quality"] != nil
        else { return nil }
        self.document = document
    }

    /// What was said of the placement; `ok` where nothing was.
    public var verdict: PlacementQuality.Verdict {
        document["quality"]?["verdict"]?.string.flatMap { PlacementQuality.Verdict(rawValue: $0) } ?? .ok
    }

    /// Why it was not `ok`.
    public var reasons: [String] { (document["quality"]?["reasons"]?.elements ?? []).compactMap(\.string) }

    /// Throws where the labels were placed badly.
    public func refuseFailed(_ labels: String) throws(FileProblem) {
        guard verdict == .fail else { return }
        throw FileProblem(
            labels, .badData,
            "these labels are not to be trusted, says \(path): " + reasons.joined(separator: "; ")
                + "; --accept-fail goes on")
    }

    /// A warning where none of the images at hand is one the labels were made on; the record names those by their content.
    public func stranger(among inputs: [Provenance.Input], made labels: String) -> String? {
        let liesOn = document["lies_on"]?.elements?.compactMap(\.string)
        let known = (document["inputs"]?.elements ?? []).filter { input in
            liesOn == nil || liesOn!.contains(input["path"]?.string ?? "")
        }.compactMap { $0["sha256"]?.string }
        guard !known.isEmpty, !inputs.contains(where: { $0.path != labels && known.contains($0.sha256) }) else {
            return nil
        }
        let made = (document["inputs"]?.elements ?? []).first?["path"]?.string ?? "another image"
        return
            "\(labels) was made on \(made), not on this image: make sure that both are of the same patient and visit "
            + "(engraft follow carries labels to another visit)"
    }
}
