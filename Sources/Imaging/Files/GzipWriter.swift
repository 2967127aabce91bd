import CISAL

/// gzip made piece by piece, so that memory holds a piece and not the whole: one member, through ISA-L.
final class GzipWriter {
    private let deflater: OpaquePointer
    private let put: (UnsafeRawBufferPointer) throws -> Void
    private var buffer = [UInt8](repeating: 0, count: 1 << 20)

    /// A writer that hands what is deflated to `put`.
    init(_ put: @escaping (UnsafeRawBufferPointer) throws -> Void) throws(Gzip.Problem) {
        guard let deflater = ci_deflate_open() else { throw .outOfMemory }
        (self.deflater, self.put) = (deflater, put)
    }

    deinit { ci_deflate_close(deflater) }

    /// Takes the next bytes; with `isLast`, they are the end.
    func write(_ bytes: UnsafeRawBufferPointer, isLast: Bool = false) throws {
        var done = 0
        while done < bytes.count || (isLast && ci_deflate_is_done(deflater) == 0) {
            var taken = 0
            let count = buffer.withUnsafeMutableBytes { target in
                ci_deflate(
                    deflater, bytes.baseAddress.map { $0 + done }, bytes.count - done, isLast ? 1 : 0,
                    target.baseAddress, target.count, &taken)
            }
            guard count >= 0 else { throw Gzip.Problem.outOfMemory }
            done += taken
            if count > 0 { try buffer.withUnsafeBytes { try put(UnsafeRawBufferPointer(rebasing: $0[..<count])) } }
        }
    }
}
