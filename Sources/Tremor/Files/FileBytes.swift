import Glibc
import Records

/// A file that is read piece by piece.
public final class FileBytes {
    /// The file's path.
    public let path: String
    /// Its size, bytes.
    public let size: Int
    private let descriptor: Int32
    private let memory: [UInt8]
    /// Whether there is no file, only bytes.
    var isInMemory: Bool { descriptor < 0 }

    /// Opens a file. Throws where it is missing, a folder, or no regular file.
    public init(_ path: String) throws(FileProblem) {
        self.path = path
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw FileProblem(
                path, .noInput, errno == ENOENT ? "there is no such file" : String(cString: strerror(errno)))
        }
        var info = stat()
        guard fstat(descriptor, &info) == 0, info.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw FileProblem(
                path, .noInput,
                info.st_mode & S_IFMT == S_IFDIR
                    ? "this is a folder; a file was expected" : "this is no regular file (a pipe or a device)")
        }
        (self.descriptor, size, memory) = (descriptor, Int(info.st_size), [])
    }

    /// Bytes that were read before, as if they were a file.
    public init(_ bytes: [UInt8], path: String = "") {
        (self.path, size, descriptor, memory) = (path, bytes.count, -1, bytes)
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Reads up to `count` bytes from `offset` into `target`; returns how many there were.
    public func read(at offset: Int, into target: UnsafeMutableRawPointer, count: Int) throws(RecordingError) -> Int {
        if descriptor < 0 {
            let there = max(0, min(count, size - offset))
            if there > 0 {
                memory.withUnsafeBytes { target.copyMemory(from: $0.baseAddress! + offset, byteCount: there) }
            }
            return there
        }
        var done = 0
        while done < count {
            let got = pread(descriptor, target + done, count - done, offset + done)
            if got < 0 && errno == EINTR { continue }
            if got < 0 { throw .unreadable(String(cString: strerror(errno))) }
            if got == 0 { break }
            done += got
        }
        return done
    }

    /// Up to `count` bytes from `offset`.
    public func bytes(at offset: Int, count: Int) throws(RecordingError) -> [UInt8] {
        let wanted = max(0, min(count, size - offset))
        var failure: RecordingError?
        let bytes = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, filled in
            guard wanted > 0 else { return }
            do throws(RecordingError) {
                filled = try read(at: offset, into: buffer.baseAddress!, count: wanted)
            } catch { failure = error }
        }
        if let failure { throw failure }
        return bytes
    }
}
