import Glibc

/// A folder of DICOM slices for the time of a benchmark: explicit little endian, 16-bit pixels, a slope for each slice.
struct SliceFiles {
    let folder: String
    let count: Int

    init(modality: String, count: Int, size: Int) {
        folder = "/tmp/engraft-benchmark-\(modality)-\(getpid())"
        self.count = count
        mkdir(folder, 0o700)
        let pixels = (0..<(size * size)).map { UInt16(truncatingIfNeeded: $0 &* 7919) }
        for slice in 0..<count {
            guard let file = fopen(path(slice), "wb") else { continue }
            defer { fclose(file) }
            let header = SliceFiles.header(modality: modality, slice: slice, size: size)
            fwrite(header, 1, header.count, file)
            fwrite(pixels, 2, pixels.count, file)
        }
    }

    func remove() {
        for slice in 0..<count { unlink(path(slice)) }
        rmdir(folder)
    }

    private func path(_ slice: Int) -> String { "\(folder)/\(slice).dcm" }

    /// Everything before the pixels.
    private static func header(modality: String, slice: Int, size: Int) -> [UInt8] {
        let sop = "1.2.840.10008.5.1.4.1.1.\(modality == "PT" ? "128" : "2")"
        let syntax = text(0x0002_0010, "UI", "1.2.840.10008.1.2.1")
        var bytes = [UInt8](repeating: 0, count: 128) + Array("DICM".utf8)
        bytes += tag(0x0002_0000) + Array("UL".utf8) + little(4, 2) + little(syntax.count, 4) + syntax
        for (element, kind, value) in [
            (0x0008_0016, "UI", sop), (0x0008_0018, "UI", "1.2.3.\(slice + 1)"), (0x0008_0022, "DA", "20250101"),
            (0x0008_0032, "TM", "110000"), (0x0008_0060, "CS", modality), (0x0018_0050, "DS", "2"),
            (0x0020_000E, "UI", "1.2.3"), (0x0020_0032, "DS", "-100\\-100\\\(2 * slice)"),
            (0x0020_0037, "DS", "1\\0\\0\\0\\1\\0"), (0x0020_0052, "UI", "1.2.4"),
        ] { bytes += text(element, kind, value) }
        bytes += short(0x0028_0002, 1) + text(0x0028_0004, "CS", "MONOCHROME2")
        bytes += short(0x0028_0010, size) + short(0x0028_0011, size) + text(0x0028_0030, "DS", "2\\2")
        bytes += short(0x0028_0100, 16) + short(0x0028_0101, 16) + short(0x0028_0102, 15) + short(0x0028_0103, 1)
        bytes += text(0x0028_1052, "DS", "0") + text(0x0028_1053, "DS", "\(1 + Double(slice) / 1000)")
        if modality == "PT" { bytes += text(0x0054_1001, "CS", "BQML") }
        return bytes + tag(0x7FE0_0010) + Array("OW".utf8) + [0, 0] + little(2 * size * size, 4)
    }

    private static func tag(_ element: Int) -> [UInt8] { little(element >> 16, 2) + little(element & 0xFFFF, 2) }

    private static func little(_ value: Int, _ bytes: Int) -> [UInt8] {
        (0..<bytes).map { UInt8(value >> (8 * $0) & 0xFF) }
    }

    private static func text(_ element: Int, _ kind: String, _ value: String) -> [UInt8] {
        let body = Array(value.utf8) + (value.utf8.count % 2 == 1 ? [kind == "UI" ? 0 : 0x20] : [])
        return tag(element) + Array(kind.utf8) + little(body.count, 2) + body
    }

    private static func short(_ element: Int, _ value: Int) -> [UInt8] {
        tag(element) + Array("US".utf8) + little(2, 2) + little(value, 2)
    }
}
