import CPNG
import Records

/// Writing and reading PNG files in memory [PNG3].
///
/// Written: 8 bits a channel, without interlace; grey or RGB where the picture has no more, else RGBA. Read: any PNG.
public enum PNG {
    /// What every picture of ours says of itself.
    public static let standardTexts = [("Software", "engraft \(Engraft.version)"), ("Comment", Engraft.researchUse)]

    /// The file of a picture. `level` is zlib's, 0...9 (4 takes half the time of 6 for a picture 5 % larger); `texts` are tEXt chunks, keys of 1-79 Latin-1 characters.
    public static func encode(
        _ image: RGBAImage, level: Int = 4, texts: [(String, String)] = standardTexts
    ) throws(PNGError) -> [UInt8] {
        let (channels, packed) = smallest(image)
        var bytes: UnsafeMutablePointer<UInt8>?
        var count = 0
        var message = [CChar](repeating: 0, count: Int(ENGRAFT_PNG_MESSAGE))
        let result = withCStrings(texts.flatMap { [$0.0, $0.1] }) { pointers in
            let keys = stride(from: 0, to: pointers.count, by: 2).map { pointers[$0] }
            let values = stride(from: 1, to: pointers.count, by: 2).map { pointers[$0] }
            return engraft_png_write(
                packed, UInt32(image.width), UInt32(image.height), Int32(channels), Int32(level),
                keys, values, Int32(texts.count), &bytes, &count, &message)
        }
        guard result == 0, let bytes else { throw .refused(text(message)) }
        defer { engraft_png_free(bytes) }
        return Array(UnsafeBufferPointer(start: bytes, count: count))
    }

    /// The picture in a file. Throws where it is damaged, too short for the size it promises, or larger than 2²⁸ pixels.
    public static func decode(_ bytes: [UInt8]) throws(PNGError) -> RGBAImage {
        var header = engraft_png_header()
        var message = [CChar](repeating: 0, count: Int(ENGRAFT_PNG_MESSAGE))
        guard engraft_png_read_header(bytes, bytes.count, &header, &message) == 0 else {
            throw .refused(text(message))
        }
        let pixels = Int(header.width) * Int(header.height)
        let promisedBits = pixels * Int(header.bits) * Int(header.channels)
        guard pixels <= 1 << 28, promisedBits / 8 <= bytes.count * greatestDeflateRatio else {
            throw .tooShort(width: Int(header.width), height: Int(header.height), bytes: bytes.count)
        }
        var result: Int32 = -1
        let rgba = [UInt8](unsafeUninitializedCapacity: pixels * 4) { buffer, initialized in
            buffer.initialize(repeating: 0)
            result = engraft_png_read(bytes, bytes.count, buffer.baseAddress!, pixels * 4, &message)
            initialized = pixels * 4
        }
        guard result == 0 else { throw .refused(text(message)) }
        return RGBAImage(width: Int(header.width), height: Int(header.height), pixels: rgba)
    }

    /// Bytes that one byte of a deflate stream can stand for, at most [RFC1951].
    private static let greatestDeflateRatio = 1032

    /// The pixels in as few channels as show the same picture.
    private static func smallest(_ image: RGBAImage) -> (channels: Int, bytes: [UInt8]) {
        let source = image.pixels
        var (opaque, grey) = (true, true)
        for at in stride(from: 0, to: source.count, by: 4) {
            if source[at + 3] != 255 { opaque = false }
            if source[at] != source[at + 1] || source[at] != source[at + 2] { grey = false }
        }
        if !opaque { return (4, source) }
        let channels = grey ? 1 : 3
        let count = image.width * image.height
        let packed = [UInt8](unsafeUninitializedCapacity: count * channels) { buffer, initialized in
            for pixel in 0..<count {
                for channel in 0..<channels { buffer[pixel * channels + channel] = source[pixel * 4 + channel] }
            }
            initialized = count * channels
        }
        return (channels, packed)
    }

    private static func text(_ message: [CChar]) -> String {
        String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Lends texts as C strings in Latin-1; a character beyond it becomes "?".
    private static func withCStrings<R>(_ texts: [String], _ body: ([UnsafePointer<CChar>?]) -> R) -> R {
        let buffers = texts.map { text in
            let latin1 = text.unicodeScalars.map { CChar(bitPattern: $0.value < 256 ? UInt8($0.value) : 63) } + [0]
            let buffer = UnsafeMutablePointer<CChar>.allocate(capacity: latin1.count)
            buffer.initialize(from: latin1, count: latin1.count)
            return buffer
        }
        defer { for buffer in buffers { buffer.deallocate() } }
        return body(buffers.map { UnsafePointer($0) })
    }
}

/// Why a PNG file cannot be written or read.
public enum PNGError: Error, Equatable, CustomStringConvertible {
    case refused(String)
    case tooShort(width: Int, height: Int, bytes: Int)

    /// One sentence for the person holding the file.
    public var description: String {
        switch self {
        case .refused(let reason): "the PNG library says: \(reason)"
        case .tooShort(let w, let h, let bytes): "the file promises \(w) × \(h) pixels; \(bytes) bytes cannot hold them"
        }
    }
}
