/// The lines at the start of a file whose header is text.
struct TextHeader {
    private let bytes: UnsafeRawBufferPointer
    /// Where the next line begins.
    private(set) var position: Int
    /// A header longer than this is none.
    private static let limit = 1 << 20

    init(_ bytes: UnsafeRawBufferPointer, from start: Int = 0) { (self.bytes, position) = (bytes, start) }

    /// The next line without its end; `nil` at the end of the file, or far behind where a header ends.
    mutating func next() -> String? {
        guard position < bytes.count, position < Self.limit else { return nil }
        let rest = bytes[position..<min(bytes.count, position + Self.limit)]
        let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
        var line = rest[rest.startIndex..<end]
        position = min(bytes.count, end + 1)
        if line.last == UInt8(ascii: "\r") { line = line.dropLast() }
        return String(decoding: line, as: UTF8.self)
    }

    /// Numbers parted by white space, commas, braces or brackets; `nil` where one of them is none.
    static func numbers(_ text: String) -> [Double]? {
        let parts = text.split { $0.isWhitespace || "{}[](),".contains($0) }
        let numbers = parts.compactMap { Double($0) }
        return numbers.count == parts.count ? numbers : nil
    }
}

/// The path of a file that a header names, beside the header unless it is absolute.
func dataPath(_ name: String, beside header: String) -> String {
    if name.hasPrefix("/") { return name }
    guard let slash = header.lastIndex(of: "/") else { return name }
    return header[...slash] + name
}

extension TextHeader {
    /// The first line that is not empty.
    static func firstLine(_ bytes: Slice<UnsafeRawBufferPointer>) -> String? {
        var lines = TextHeader(UnsafeRawBufferPointer(rebasing: bytes))
        while let line = lines.next() {
            let text = line.trimmed
            if !text.isEmpty { return text }
        }
        return nil
    }
}
