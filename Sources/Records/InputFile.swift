import Glibc

/// Reading whole files.
public enum InputFile {
    /// All bytes of a file. Throws where it is missing, a folder, or cannot be read.
    public static func read(_ path: String) throws(FileProblem) -> [UInt8] {
        let descriptor = try open(path)
        defer { close(descriptor) }
        let size = try self.size(path, descriptor)
        var failure: FileProblem?
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while count < size {
                let got = Glibc.read(descriptor, buffer.baseAddress! + count, size - count)
                if got < 0 { failure = FileProblem(path, .inputOutput, String(cString: strerror(errno))) }
                if got <= 0 { break }
                count += got
            }
        }
        if let failure { throw failure }
        return bytes
    }

    /// All bytes of a text file. Throws as `read` does, and where a NUL byte near the start says that it is no text,
    /// before the rest is read.
    public static func readText(_ path: String) throws(FileProblem) -> [UInt8] {
        let descriptor = try open(path)
        defer { close(descriptor) }
        var start = [UInt8](repeating: 1, count: 4096)
        if pread(descriptor, &start, start.count, 0) > 0 && start.contains(0) {
            throw FileProblem(path, .badData, "this is not a text file in UTF-8")
        }
        return try read(path)
    }

    /// Lends the bytes of a file, mapped into memory and not copied. Throws as `read` does, and what `body` throws.
    public static func withMapped<R>(_ path: String, _ body: (UnsafeRawBufferPointer) throws -> R) throws -> R {
        let descriptor = try open(path)
        defer { close(descriptor) }
        let size = try self.size(path, descriptor)
        guard size > 0 else { return try body(UnsafeRawBufferPointer(start: nil, count: 0)) }
        guard let base = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), base != MAP_FAILED else {
            throw FileProblem(path, .inputOutput, String(cString: strerror(errno)))
        }
        defer { munmap(base, size) }
        return try body(UnsafeRawBufferPointer(start: base, count: size))
    }

    /// Lends the bytes of a file one piece after the other, from one buffer of a megabyte. Throws as `read` does, and what
    /// `body` throws.
    public static func forEachPiece(of path: String, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        let descriptor = try open(path)
        defer { close(descriptor) }
        _ = try size(path, descriptor)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
        defer { buffer.deallocate() }
        while true {
            let got = Glibc.read(descriptor, buffer.baseAddress!, buffer.count)
            if got < 0 && errno == EINTR { continue }
            guard got >= 0 else { throw FileProblem(path, .inputOutput, String(cString: strerror(errno))) }
            guard got > 0 else { return }
            try body(UnsafeRawBufferPointer(rebasing: buffer[..<got]))
        }
    }

    /// Whether there is a file or folder at a path.
    public static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Whether there is a folder at a path.
    public static func isFolder(_ path: String) -> Bool {
        var info = stat()
        return stat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFDIR
    }

    /// The names in a folder, sorted, without "." and "..". Throws where it is missing or no folder.
    public static func list(_ folder: String) throws(FileProblem) -> [String] {
        guard let handle = opendir(folder) else {
            throw FileProblem(folder, .noInput, String(cString: strerror(errno)))
        }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// The folders in a folder, by name, sorted.
    public static func folders(in folder: String) throws(FileProblem) -> [String] {
        try list(folder).filter { isFolder("\(folder)/\($0)") }
    }

    /// How many bytes a file has.
    public static func byteCount(_ path: String) throws(FileProblem) -> Int {
        var info = stat()
        guard stat(path, &info) == 0 else { throw FileProblem(path, .noInput, String(cString: strerror(errno))) }
        return Int(info.st_size)
    }

    /// All files in a folder and below it, folder by folder in name order; at most 32 folders deep, so that a link to a
    /// folder above ends.
    public static func files(below folder: String, depth: Int = 0) throws(FileProblem) -> [String] {
        guard depth < 32 else { return [] }
        let prefix = folder.hasSuffix("/") ? folder : folder + "/"
        var files: [String] = []
        for name in try list(folder) {
            let path = prefix + name
            if isFolder(path) { files += try self.files(below: path, depth: depth + 1) } else { files.append(path) }
        }
        return files
    }

    private static func open(_ path: String) throws(FileProblem) -> Int32 {
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw FileProblem(
                path, .noInput, errno == ENOENT ? "there is no such file" : String(cString: strerror(errno)))
        }
        return descriptor
    }

    private static func size(_ path: String, _ descriptor: Int32) throws(FileProblem) -> Int {
        var info = stat()
        guard fstat(descriptor, &info) == 0 else {
            throw FileProblem(path, .inputOutput, String(cString: strerror(errno)))
        }
        guard info.st_mode & S_IFMT != S_IFDIR else {
            throw FileProblem(path, .noInput, "this is a folder; a file was expected")
        }
        guard info.st_mode & S_IFMT == S_IFREG else {
            throw FileProblem(path, .noInput, "this is no regular file (a pipe or a device); write it to a file first")
        }
        return Int(info.st_size)
    }
}
