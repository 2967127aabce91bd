import Glibc

/// Writing files whole or not at all.
public enum OutputFile {
    /// Writes a file through a temporary one beside it: write, fsync, rename. An existing file is refused unless `force`.
    public static func write(_ bytes: some Collection<UInt8>, to path: String, force: Bool = false) throws(FileProblem)
    {
        try refuseExisting(path, force: force)
        let temporary = "\(path).\(getpid()).part"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw FileProblem(path, .cannotWrite, String(cString: strerror(errno))) }
        if let failure = writeAll(Array(bytes), to: descriptor) ?? commit(descriptor, temporary, path) {
            unlink(temporary)
            throw FileProblem(path, .inputOutput, failure)
        }
    }

    /// Writes a text file as UTF-8, whole or not at all.
    public static func write(_ text: String, to path: String, force: Bool = false) throws(FileProblem) {
        try write(Array(text.utf8), to: path, force: force)
    }

    /// Throws where something stands at a path already and `force` is not given.
    public static func refuseExisting(_ path: String, force: Bool) throws(FileProblem) {
        if !force && InputFile.exists(path) {
            throw FileProblem(path, .cannotWrite, "the file exists already; --force overwrites it")
        }
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

    private static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> String? {
        bytes.withUnsafeBytes { buffer in
            var done = 0
            while done < buffer.count {
                let put = Glibc.write(descriptor, buffer.baseAddress! + done, buffer.count - done)
                if put < 0 {
                    close(descriptor)
                    return String(cString: strerror(errno))
                }
                done += put
            }
            return nil
        }
    }

    private static func commit(_ descriptor: Int32, _ temporary: String, _ path: String) -> String? {
        let flushed = fsync(descriptor) == 0
        guard close(descriptor) == 0, flushed, rename(temporary, path) == 0 else {
            return String(cString: strerror(errno))
        }
        return nil
    }
}
