import CDeflate
import CISAL

/// gzip: inflated piece by piece through ISA-L, deflated whole through libdeflate; several members read as one stream.
public enum Gzip {
    /// Why bytes cannot be inflated.
    public enum Problem: Error, Equatable, CustomStringConvertible {
        case notGzip
        case damaged(at: Int)
        case truncated
        case outOfMemory

        /// One sentence for the person holding the file.
        public var description: String {
            switch self {
            case .notGzip: "the file name says gzip, but the content is not gzip (a web page saved under this name?)"
            case .damaged(let place): "the gzip data is damaged near byte \(place)"
            case .truncated: "the gzip data ends before it is complete"
            case .outOfMemory: "there is not enough memory to inflate this file"
            }
        }
    }

    /// No deflate stream expands further than this [RFC1951].
    public static let largestRatio = 1032

    /// Whether bytes begin as gzip does.
    public static func isGzip(_ bytes: UnsafeRawBufferPointer) -> Bool {
        bytes.count >= 18 && bytes[0] == 0x1F && bytes[1] == 0x8B
    }

    /// Whether bytes begin as zlib data do: method 8 and a header divisible by 31 [RFC1950].
    static func isZlib(_ bytes: UnsafeRawBufferPointer) -> Bool {
        bytes.count >= 6 && bytes[0] & 0x0F == 8 && (Int(bytes[0]) << 8 | Int(bytes[1])) % 31 == 0
    }

    /// All bytes of a gzip file, inflated.
    public static func inflate(_ source: UnsafeRawBufferPointer) throws(Problem) -> [UInt8] {
        let stream = try GzipStream(source)
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            var failure: Problem?
            let count = piece.withUnsafeMutableBytes { buffer in
                do throws(Problem) { return try stream.read(into: buffer) } catch {
                    failure = error
                    return 0
                }
            }
            if let failure { throw failure }
            bytes += piece[..<count]
            if count < piece.count { return bytes }
        }
    }

    /// Bytes as one gzip member. `level` is libdeflate's, 1 (fast) to 12 (small).
    public static func deflate(_ bytes: UnsafeRawBufferPointer, level: Int = 4) throws(Problem) -> [UInt8] {
        guard let compressor = libdeflate_alloc_compressor(Int32(level)) else { throw .outOfMemory }
        defer { libdeflate_free_compressor(compressor) }
        let bound = libdeflate_gzip_compress_bound(compressor, bytes.count)
        return [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
            count = libdeflate_gzip_compress(compressor, bytes.baseAddress, bytes.count, buffer.baseAddress, bound)
        }
    }
}

/// The inflated bytes of gzip or zlib data, one piece after another, so that memory holds a piece and not the whole.
final class GzipStream {
    private let stream: OpaquePointer
    /// What stands around the deflate data.
    let compression: Compression
    /// Inflated bytes read so far.
    private(set) var position = 0

    /// A stream over bytes that outlive it.
    init(_ source: UnsafeRawBufferPointer, _ compression: Compression = .gzip) throws(Gzip.Problem) {
        guard compression == .zlib ? Gzip.isZlib(source) : Gzip.isGzip(source) else { throw .notGzip }
        self.compression = compression
        let wrapper = compression == .zlib ? CI_ZLIB : CI_GZIP
        guard let stream = ci_open(source.baseAddress, source.count, Int32(wrapper)) else {
            throw .outOfMemory
        }
        self.stream = stream
    }

    deinit { ci_close(stream) }

    /// Fills a buffer with the next bytes; returns how many, fewer than it holds only at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(Gzip.Problem) -> Int {
        let count = ci_read(stream, buffer.baseAddress, buffer.count)
        if count == CI_TRUNCATED { throw .truncated }
        guard count >= 0 else { throw .damaged(at: ci_position(stream)) }
        position += count
        return count
    }
}
