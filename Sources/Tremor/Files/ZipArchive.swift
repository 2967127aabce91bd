import CZip
import Glibc

/// A zip archive whose entries are read as streams.
final class ZipArchive {
    private let handle: OpaquePointer

    /// Opens an archive. Throws where it is none.
    init(_ file: FileBytes) throws(RecordingError) {
        var code = zip_error_t()
        zip_error_init(&code)
        defer { zip_error_fini(&code) }
        guard let source = try Self.source(file, &code) else { throw Self.problem(&code) }
        guard let opened = zip_open_from_source(source, ZIP_RDONLY, &code) else {
            zip_source_free(source)
            throw Self.problem(&code)
        }
        handle = opened
    }

    deinit { zip_discard(handle) }

    private static func source(_ file: FileBytes, _ code: inout zip_error_t) throws(RecordingError) -> OpaquePointer? {
        guard file.isInMemory else { return zip_source_file_create(file.path, 0, -1, &code) }
        guard file.size > 0 else { throw .empty }
        // The archive frees the copy.
        guard let copy = malloc(file.size) else { throw .unreadable("there is no memory for it") }
        let got = try file.read(at: 0, into: copy, count: file.size)
        guard let source = zip_source_buffer_create(copy, UInt64(got), 1, &code) else {
            free(copy)
            return nil
        }
        return source
    }

    private static func problem(_ code: inout zip_error_t) -> RecordingError {
        .damaged("the zip archive cannot be opened (\(String(cString: zip_error_strerror(&code))))")
    }

    /// Whether there is an entry of this name.
    func has(_ name: String) -> Bool { zip_name_locate(handle, name, 0) >= 0 }

    /// An entry's bytes from its first on. Throws where there is none or it is encrypted or packed in an unknown way.
    func stream(_ name: String) throws(RecordingError) -> Stream {
        guard let opened = zip_fopen(handle, name, 0) else {
            throw .damaged("its entry \(name) cannot be read (\(String(cString: zip_strerror(handle))))")
        }
        return Stream(self, opened)
    }

    /// The first bytes of a small entry, at most 64 KiB.
    func start(of name: String) throws(RecordingError) -> [UInt8] {
        let stream = try stream(name)
        let bytes = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, filled in
            filled = stream.read(into: buffer.baseAddress!, count: 1 << 16)
        }
        if stream.isDamaged { throw .damaged("its entry \(name) ends early or has a wrong checksum") }
        return bytes
    }

    /// An entry being read.
    final class Stream {
        private let archive: ZipArchive
        private let handle: OpaquePointer
        /// Whether the entry ended early or its checksum was found to be wrong.
        private(set) var isDamaged = false

        fileprivate init(_ archive: ZipArchive, _ handle: OpaquePointer) {
            (self.archive, self.handle) = (archive, handle)
        }

        deinit { zip_fclose(handle) }

        /// The next bytes, up to `count`; fewer only at the end or where the entry is damaged.
        func read(into target: UnsafeMutableRawPointer, count: Int) -> Int {
            var done = 0
            while done < count, !isDamaged {
                let got = zip_fread(handle, target + done, UInt64(count - done))
                if got == 0 { break }
                if got > 0 { done += Int(got) } else { isDamaged = true }
            }
            return done
        }
    }
}
