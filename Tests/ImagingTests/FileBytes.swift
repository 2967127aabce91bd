import Foundation

/// The bytes of a file that a test writes field by field.
struct FileBytes {
    var bytes: [UInt8] = []
    /// Whether numbers are written most significant byte first.
    var bigEndian: Bool

    init(bigEndian: Bool = false, count: Int = 0) {
        self.bigEndian = bigEndian
        bytes = Array(repeating: 0, count: count)
    }

    private func ordered<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
        withUnsafeBytes(of: bigEndian ? value.bigEndian : value.littleEndian) { Array($0) }
    }

    mutating func append<T: FixedWidthInteger>(_ value: T) { bytes += ordered(value) }
    mutating func append(_ value: Float) { append(value.bitPattern) }
    mutating func append(_ value: Double) { append(value.bitPattern) }
    mutating func append(_ text: String) { bytes += Array(text.utf8) }

    private mutating func put(_ new: [UInt8], _ place: Int) {
        while bytes.count < place + new.count { bytes.append(0) }
        bytes.replaceSubrange(place..<(place + new.count), with: new)
    }

    mutating func put<T: FixedWidthInteger>(_ value: T, at place: Int) { put(ordered(value), place) }
    mutating func put(_ value: Float, at place: Int) { put(ordered(value.bitPattern), place) }
    mutating func put(_ value: Double, at place: Int) { put(ordered(value.bitPattern), place) }
    mutating func put(_ text: String, at place: Int) { put(Array(text.utf8), place) }

    /// Appends whole numbers as a type is stored.
    mutating func append(_ values: [Int], as type: String) {
        for value in values {
            switch type {
            case "uint8": append(UInt8(value))
            case "int8": append(Int8(value))
            case "uint16": append(UInt16(value))
            case "int16": append(Int16(value))
            case "uint32": append(UInt32(value))
            case "int32": append(Int32(value))
            case "uint64": append(UInt64(value))
            case "int64": append(Int64(value))
            case "float32": append(Float(value))
            default: append(Double(value))
            }
        }
    }
}

/// Runs a reader over bytes.
func reading<R>(_ bytes: [UInt8], _ body: (UnsafeRawBufferPointer) throws -> R) throws -> R {
    try bytes.withUnsafeBytes { try body($0) }
}
