import Glibc

/// Several files written all together or not at all: each goes to a name of its own beside its place, and all are moved
/// there when the last is whole.
public struct OutputBatch: ~Copyable {
    private var files: [(temporary: String, path: String)] = []
    private let force: Bool

    /// Begins; existing files are refused unless `force`.
    public init(force: Bool) { self.force = force }

    deinit {
        for file in files {
            unlink(file.temporary)
            TemporaryFiles.remove(file.temporary)
        }
    }

    /// Writes a file by a writer that takes a path; the ending of the name stays, since writers go by it.
    public mutating func write(_ path: String, _ writer: (_ temporary: String) throws -> Void) throws {
        try OutputFile.refuseExisting(path, force: force)
        let slash = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
        let temporary = "\(path[..<slash]).part-\(getpid())-\(path[slash...])"
        files.append((temporary, path))
        TemporaryFiles.add(temporary)
        do { try writer(temporary) } catch let problem as FileProblem {
            throw problem.path == temporary ? FileProblem(path, problem.kind, problem.reason) : problem
        }
    }

    /// Moves all files to their places.
    public consuming func commit() throws(FileProblem) {
        while let file = files.first {
            guard rename(file.temporary, file.path) == 0 else {
                throw FileProblem(file.path, .inputOutput, String(cString: strerror(errno)))
            }
            TemporaryFiles.remove(file.temporary)
            files.removeFirst()
        }
    }
}
