import Glibc
import Records

/// One run at a time in an output folder: a lock that the system lets go when its process ends, however it ends.
struct RunLock {
    private let descriptor: Int32

    init(_ path: String) throws {
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw FileProblem(path, .cannotWrite, String(cString: strerror(errno))) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw FileProblem(path, .tryAgain, "another run works in this folder; wait for its end")
        }
    }

    func release() { close(descriptor) }
}

/// Folders as a whole.
enum FolderTree {
    /// Removes a folder with everything in it; nothing where there is none.
    static func remove(_ path: String) throws {
        guard InputFile.isFolder(path) else { return }
        for name in try InputFile.list(path) {
            let inner = "\(path)/\(name)"
            var status = stat()
            if lstat(inner, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
                try remove(inner)
            } else if unlink(inner) != 0 {
                throw FileProblem(inner, .cannotWrite, String(cString: strerror(errno)))
            }
        }
        guard rmdir(path) == 0 else { throw FileProblem(path, .cannotWrite, String(cString: strerror(errno))) }
    }

    /// Puts a whole folder where another may stand: at every moment there is the old one, the new one, or the old one aside.
    static func replace(_ place: String, with part: String) throws {
        let slash = place.lastIndex(of: "/") ?? place.startIndex
        let aside = "\(place[..<slash])/.\(place[place.index(after: slash)...]).old"
        try remove(aside)
        if InputFile.exists(place), rename(place, aside) != 0 {
            throw FileProblem(place, .cannotWrite, String(cString: strerror(errno)))
        }
        guard rename(part, place) == 0 else {
            throw FileProblem(place, .cannotWrite, String(cString: strerror(errno)))
        }
        let folder = open(String(place[..<slash]), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if folder >= 0 {
            fsync(folder)
            close(folder)
        }
        try remove(aside)
    }
}
