import Glibc

/// Writing files whole or not at all.
public enum OutputFile {
    /// Writes a file through a temporary one beside it: write, fsync, rename. An existing file is refused unless `force`.
    public static func write(_ bytes: some Collection<UInt8>, to path: String, force: Bool = false) throws(FileProblem)
    {
        try begin(path, force: force).finish { put in
            try Array(bytes).withUnsafeBytes { try put($0) }
        }
    }

    /// Writes a file piece by piece, whole or not at all: `body` calls what it is given with the pieces in order.
    public static func write(
        to path: String, force: Bool = false,
        pieces body: (_ put: @escaping (UnsafeRawBufferPointer) throws -> Void) throws -> Void
    ) throws(FileProblem) {
        try begin(path, force: force).finish(body)
    }

    private static func begin(_ path: String, force: Bool) throws(FileProblem) -> Unfinished {
        try refuseExisting(path, force: force)
        let temporary = "\(path).\(getpid()).part"
        TemporaryFiles.add(temporary)
        // Without a name until it is whole, so that an interrupted run leaves nothing; named where the file system
        // cannot do that.
        let nameless = open(folder(of: path), O_WRONLY | nameLater | O_CLOEXEC, 0o644)
        let descriptor =
            nameless >= 0 ? nameless : open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            let reason = String(cString: strerror(errno))
            TemporaryFiles.remove(temporary)
            throw FileProblem(path, .cannotWrite, reason)
        }
        return Unfinished(path: path, temporary: temporary, descriptor: descriptor, isNameless: nameless >= 0)
    }

    /// A file that is open and not yet in its place.
    private struct Unfinished {
        let path, temporary: String
        let descriptor: Int32
        let isNameless: Bool

        /// Writes what `body` gives, and moves the file to its place.
        func finish(
            _ body: (_ put: @escaping (UnsafeRawBufferPointer) throws -> Void) throws -> Void
        ) throws(FileProblem) {
            defer { TemporaryFiles.remove(temporary) }
            do {
                try body { [path, descriptor] bytes in
                    if let failure = OutputFile.writeAll(bytes, to: descriptor) {
                        throw FileProblem(path, .inputOutput, failure)
                    }
                }
            } catch {
                close(descriptor)
                unlink(temporary)
                throw error as? FileProblem ?? FileProblem(path, .inputOutput, "\(error)")
            }
            if let failure = OutputFile.commit(descriptor, isNameless, temporary, path) {
                unlink(temporary)
                throw FileProblem(path, .inputOutput, failure)
            }
        }
    }

    /// Writes a text file as UTF-8, whole or not at all.
    public static func write(_ text: String, to path: String, force: Bool = false) throws(FileProblem) {
        try write(Array(text.utf8), to: path, force: force)
    }

    /// Throws where something stands at a path already and `force` is not given.
    public static func refuseExisting(_ path: String, force: Bool) throws(FileProblem) {
        if path.isEmpty { throw FileProblem("\"\"", .cannotWrite, "an output needs a name") }
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
            let kind = status.st_mode & S_IFMT == S_IFDIR ? "a folder" : "no file but a device or a pipe"
            throw FileProblem(path, .cannotWrite, "this is \(kind); give the name of a file")
        }
        if !force && InputFile.exists(path) {
            throw FileProblem(path, .cannotWrite, "the file exists already; --force overwrites it")
        }
    }

    /// Throws where an output is a file that is read, `force` or not: through links too, and in a folder that is read.
    public static func refuseInputs(_ outputs: [String], _ inputs: [String]) throws(FileProblem) {
        let read = Set(inputs.compactMap(identity))
        for path in outputs {
            guard let own = identity(path) else { continue }
            let isInFolder = identity(folder(of: path)).map { read.contains($0) } ?? false
            if read.contains(own) || isInFolder {
                throw FileProblem(path, .cannotWrite, "this is an input; it is not overwritten")
            }
        }
    }

    /// Throws where the folder of an output is not there or cannot be written to.
    public static func checkFolders(of outputs: [String]) throws(FileProblem) {
        for path in outputs {
            let folder = folder(of: path)
            guard InputFile.isFolder(folder) else {
                throw FileProblem(path, .cannotWrite, "there is no folder \(folder)")
            }
            guard access(folder, W_OK) == 0 else {
                throw FileProblem(path, .cannotWrite, "the folder \(folder) cannot be written to")
            }
        }
    }

    /// The first output that another one would overwrite: the same name in the same folder; `nil` for none.
    public static func collision(among outputs: [String]) -> String? {
        var places: Set<String> = []
        for path in outputs {
            var folder = folder(of: path)
            if let resolved = realpath(folder, nil) {
                folder = String(cString: resolved)
                free(resolved)
            }
            let name = path.split(separator: "/").last.map(String.init) ?? path
            if !places.insert("\(folder)/\(name)").inserted { return path }
        }
        return nil
    }

    /// Device and number of what stands at a path; `nil` where nothing does.
    private static func identity(_ path: String) -> SIMD2<UInt64>? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return [UInt64(status.st_dev), UInt64(status.st_ino)]
    }

    /// Makes a folder and those above it.
    public static func makeFolder(_ path: String) throws(FileProblem) {
        var partial = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/") {
            partial += (partial.isEmpty || partial.hasSuffix("/") ? "" : "/") + part
            if mkdir(partial, 0o755) != 0 && !InputFile.isFolder(partial) {
                throw FileProblem(partial, .cannotWrite, String(cString: strerror(errno)))
            }
        }
    }

    private static func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> String? {
        var done = 0
        while done < bytes.count {
            let put = Glibc.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
            if put < 0 { return String(cString: strerror(errno)) }
            done += put
        }
        return nil
    }

    /// `O_TMPFILE`, which is not imported; with `O_DIRECTORY`, as the kernel wants it.
    private static let nameLater: Int32 = 0o20000000 | O_DIRECTORY

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func commit(
        _ descriptor: Int32, _ isNameless: Bool, _ temporary: String, _ path: String
    ) -> String? {
        var flushed = fsync(descriptor) == 0
        if flushed && isNameless {
            flushed =
                linkat(AT_FDCWD, "/proc/self/fd/\(descriptor)", AT_FDCWD, temporary, AT_SYMLINK_FOLLOW) == 0
        }
        guard close(descriptor) == 0, flushed, rename(temporary, path) == 0 else {
            return String(cString: strerror(errno))
        }
        return nil
    }
}
