import CDeflate

/// gzip files, through libdeflate; several members in one file are read as one stream.
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

    /// Whether bytes begin as gzip does.
    public static func isGzip(_ bytes: UnsafeRawBufferPointer) -> Bool {
        bytes.count >= 18 && bytes[0] == 0x1F && bytes[1] == 0x8B
    }

    /// All bytes of a gzip file, inflated.
    ///
    /// Memory follows the size the last member states, but never more than deflate can reach from the bytes there are.
    public static func inflate(_ source: UnsafeRawBufferPointer) throws(Problem) -> [UInt8] {
        guard isGzip(source) else { throw .notGzip }
        guard let decompressor = libdeflate_alloc_decompressor() else { throw .outOfMemory }
        defer { libdeflate_free_decompressor(decompressor) }

        let reachable = source.count * largestRatio + 64
        let stated = Int(source.loadUnaligned(fromByteOffset: source.count - 4, as: UInt32.self).littleEndian)
        var capacity = min(max(stated, 64), reachable)
        while true {
            var failure: Problem?
            var wantsMore = false
            let bytes = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
                adviseHugePages(buffer)
                var input = 0
                while input < source.count {
                    var (consumed, produced) = (0, 0)
                    let result = libdeflate_gzip_decompress_ex(
                        decompressor, source.baseAddress! + input, source.count - input,
                        buffer.baseAddress! + count, buffer.count - count, &consumed, &produced)
                    switch result {
                    case LIBDEFLATE_SUCCESS:
                        input += consumed
                        count += produced
                        if isPadding(source, from: input) { return }
                    case LIBDEFLATE_INSUFFICIENT_SPACE:
                        wantsMore = true
                        return
                    default:
                        failure = .damaged(at: input)
                        return
                    }
                }
            }
            if let failure { throw failure }
            if !wantsMore { return bytes }
            guard capacity < reachable else { throw .truncated }
            capacity = min(capacity * 2, reachable)
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

    /// No deflate stream expands further than this [RFC1951].
    private static let largestRatio = 1032

    /// Some writers fill the last block with zeros.
    private static func isPadding(_ source: UnsafeRawBufferPointer, from start: Int) -> Bool {
        start < source.count && source[start] == 0 && source[start...].allSatisfy { $0 == 0 }
    }
}
