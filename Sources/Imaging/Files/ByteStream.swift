/// The bytes of a file read forward, inflated on the way where they are compressed, so that memory holds a piece of
/// them and not the whole.
final class ByteStream {
    /// Bytes that outlive the stream.
    private let source: UnsafeRawBufferPointer
    private let inflater: GzipStream?
    /// Bytes read or skipped so far, after inflating.
    private(set) var position = 0

    /// A stream over bytes as they are, or as what they inflate to where they begin as gzip does.
    convenience init(_ source: UnsafeRawBufferPointer) throws(ImageProblem) {
        try self.init(source, Gzip.isGzip(source) ? .gzip : .none)
    }

    /// A stream over bytes that are known to be compressed in a way.
    init(_ source: UnsafeRawBufferPointer, _ compression: Compression) throws(ImageProblem) {
        self.source = source
        do throws(Gzip.Problem) {
            inflater = compression == .none ? nil : try GzipStream(source, compression)
        } catch { throw .compressed(error) }
    }

    /// Whether bytes are inflated.
    var isCompressed: Bool { inflater != nil }

    /// No more bytes than this can come.
    var limit: Int { isCompressed ? source.count * Gzip.largestRatio : source.count }

    /// Refuses a promise that the file cannot hold, before memory is taken for it.
    ///
    /// A compressed file can hold 1032 times its size. A large promise that is also unlikely is checked by inflating
    /// the file once for its length alone.
    func require(_ needed: Int) throws(ImageProblem) {
        guard needed <= limit else { throw .truncated(needed: needed, available: limit) }
        guard let inflater, needed > 1 << 28, needed / 64 > source.count else { return }
        let length: Int
        do throws(Gzip.Problem) {
            length = try GzipStream(source, inflater.compression).countBytes(upTo: needed)
        } catch { throw .compressed(error) }
        guard length >= needed else { throw .truncated(needed: needed, available: length) }
    }

    /// The next bytes, fewer at the end.
    func upTo(_ count: Int) throws(ImageProblem) -> [UInt8] {
        guard isCompressed else {
            let end = min(source.count, position + count)
            defer { position = max(position, end) }
            return position < end ? Array(source[position..<end]) : []
        }
        var bytes = [UInt8](repeating: 0, count: count)
        let got = try fill(&bytes, 0..<count)
        return Array(bytes[..<got])
    }

    /// The next bytes; throws where there are fewer.
    func next(_ count: Int) throws(ImageProblem) -> [UInt8] {
        let start = position
        let bytes = try upTo(count)
        guard bytes.count == count else { throw .truncated(needed: start + count, available: start + bytes.count) }
        return bytes
    }

    /// Goes forward to a place; throws where it lies behind or after the end.
    func skip(to place: Int) throws(ImageProblem) {
        precondition(place >= position, "a stream goes forward")
        guard isCompressed else {
            guard place <= source.count else { throw .truncated(needed: place, available: source.count) }
            position = place
            return
        }
        var piece = [UInt8](repeating: 0, count: min(place - position, 1 << 16))
        while position < place {
            let got = try fill(&piece, 0..<min(place - position, piece.count))
            if got == 0 { throw .truncated(needed: place, available: position) }
        }
    }

    /// Decodes the next voxels into `target`, all of it. `end` is where the whole data end, for the message.
    func decode(
        _ coding: VoxelCoding, into target: UnsafeMutableBufferPointer<Float>, end: Int
    ) throws(ImageProblem) {
        guard let into = target.baseAddress else { return }
        if isCompressed {
            try forEachPiece(coding.type, target.count, end: end) { source, offset, count in
                coding.decode(source, into + offset, count)
            }
            return
        }
        let size = coding.type.bytes
        guard target.count <= (source.count - position) / size else {
            throw .truncated(needed: end, available: source.count)
        }
        nonisolated(unsafe) let start = source.baseAddress! + position
        let (type, slope, intercept, swap) = (
            coding.type.decoder, coding.slope, coding.intercept, coding.swapped ? Int32(1) : 0
        )
        parallelChunks(target, grain: 1 << 18) { offset, chunk in
            type(start + offset * size, chunk.baseAddress!, chunk.count, slope, intercept, swap)
        }
        position += target.count * size
    }

    /// Lends the next `count` numbers piece by piece: their bytes, how many came before, and how many they are.
    func forEachPiece(
        _ type: VoxelType, _ count: Int, end: Int, _ body: (UnsafeRawPointer, Int, Int) -> Void
    ) throws(ImageProblem) {
        let size = type.bytes
        guard isCompressed else {
            guard count <= (source.count - position) / size else {
                throw .truncated(needed: end, available: source.count)
            }
            guard let base = source.baseAddress else { return }
            for offset in stride(from: 0, to: count, by: Self.pieceBytes / size) {
                body(base + position + offset * size, offset, min(Self.pieceBytes / size, count - offset))
            }
            position += count * size
            return
        }
        var piece = [UInt8](repeating: 0, count: Self.pieceBytes)
        var done = 0
        while done < count {
            // Pieces hold a whole number of voxels of every size.
            let wanted = min(Self.pieceBytes, (count - done) * size)
            let got = try fill(&piece, 0..<wanted)
            guard got == wanted else { throw .truncated(needed: end, available: position) }
            piece.withUnsafeBytes { body($0.baseAddress!, done, got / size) }
            done += got / size
        }
    }

    /// Reads on to the end: a checksum stands there, and only who reads on learns whether the bytes were right.
    func finish() throws(ImageProblem) {
        guard isCompressed else { return }
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while try fill(&piece, 0..<piece.count) == piece.count {}
    }

    /// Bytes inflated at a time: a piece and its voxels fit the second cache. A multiple of every voxel size.
    private static let pieceBytes = 1 << 18

    private func fill(_ buffer: inout [UInt8], _ range: Range<Int>) throws(ImageProblem) -> Int {
        guard let inflater else { return 0 }
        let result = buffer.withUnsafeMutableBytes { raw -> Result<Int, Gzip.Problem> in
            do throws(Gzip.Problem) {
                return .success(try inflater.read(into: UnsafeMutableRawBufferPointer(rebasing: raw[range])))
            } catch { return .failure(error) }
        }
        switch result {
        case .success(let got):
            position += got
            return got
        case .failure(let problem): throw .compressed(problem)
        }
    }
}

/// What stands around deflate data.
enum Compression { case none, gzip, zlib }

extension GzipStream {
    /// Inflates up to `limit` bytes and forgets them; how many there are.
    fileprivate func countBytes(upTo limit: Int) throws(Gzip.Problem) -> Int {
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
        defer { piece.deallocate() }
        while position < limit, try read(into: piece) == piece.count {}
        return position
    }
}
