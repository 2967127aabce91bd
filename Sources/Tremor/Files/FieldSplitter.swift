/// Lines and fields of a text table, found in one pass over its bytes; buffers are made once.
struct FieldSplitter {
    /// Where in the bytes the next line begins.
    private(set) var place: Int
    /// The number of the line read last, from 1.
    private(set) var line = 0
    /// Fields of that line: `fields[i]` for i below `count`. Those beyond `most` are counted but not kept.
    private(set) var count = 0
    private var starts: [Int] = []
    private var ends: [Int] = []
    private var separator = UInt8(ascii: ",")

    /// A line with more fields than this is no sample of a recording.
    static let most = 4096

    init(_ bytes: UnsafePointer<UInt8>, _ size: Int) {
        // A byte order mark belongs to no field.
        place = size >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF ? 3 : 0
        (starts, ends) = ([Int](repeating: 0, count: Self.most), [Int](repeating: 0, count: Self.most))
    }

    func field(_ index: Int) -> (start: Int, end: Int) { (starts[index], ends[index]) }

    /// Goes to the next line that is neither blank nor a comment; `false` at the end of the bytes.
    mutating func next(_ bytes: UnsafePointer<UInt8>, _ size: Int) -> Bool {
        while place < size {
            line += 1
            if bytes[place] <= 0x23, isBlank(bytes, size) {
                while place < size && bytes[place] != 0x0A && bytes[place] != 0x0D { place &+= 1 }
                endLine(bytes, size)
                continue
            }
            if count == 0 { separator = Self.separator(bytes, place, size) }
            split(bytes, size)
            endLine(bytes, size)
            return true
        }
        return false
    }

    private mutating func split(_ bytes: UnsafePointer<UInt8>, _ size: Int) {
        // A field may be empty between commas; blanks in a row are one separator.
        let (separator, mayBeEmpty) = (separator, separator != 0x20)
        var (found, first, i) = (0, place, place)
        starts.withUnsafeMutableBufferPointer { starts in
            ends.withUnsafeMutableBufferPointer { ends in
                while true {
                    let isEnd = i == size || bytes[i] == 0x0A || bytes[i] == 0x0D
                    if isEnd || bytes[i] == separator {
                        if mayBeEmpty || i > first {
                            if found < Self.most { (starts[found], ends[found]) = (first, i) }
                            found &+= 1
                        }
                        if isEnd { break }
                        first = i &+ 1
                    }
                    i &+= 1
                }
            }
        }
        (count, place) = (found, i)
    }

    private mutating func endLine(_ bytes: UnsafePointer<UInt8>, _ size: Int) {
        place += place + 1 < size && bytes[place] == 0x0D && bytes[place + 1] == 0x0A ? 2 : 1
    }

    private func isBlank(_ bytes: UnsafePointer<UInt8>, _ size: Int) -> Bool {
        var i = place
        while i < size && (bytes[i] == 0x20 || bytes[i] == 0x09) { i += 1 }
        return i == size || bytes[i] == 0x0A || bytes[i] == 0x0D || bytes[i] == UInt8(ascii: "#")
    }

    private static func separator(_ bytes: UnsafePointer<UInt8>, _ start: Int, _ size: Int) -> UInt8 {
        var seen: Set<UInt8> = []
        var i = start
        while i < size && bytes[i] != 0x0A && bytes[i] != 0x0D {
            seen.insert(bytes[i])
            i += 1
        }
        return [UInt8(ascii: "\t"), UInt8(ascii: ";"), UInt8(ascii: ",")].first(where: seen.contains) ?? 0x20
    }
}
