import Glibc
import Imaging

extension Reader {
    static let dicom = Reader(
        name: "DICOM",
        words: [
            "DICM", "1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2", "1.2.840.10008.1.2.5",
            "1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.57", "1.2.840.10008.1.2.4.70",
            "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.81", "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91",
            "1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.5.1.4.1.1.4", "1.2.840.10008.5.1.4.1.1.128",
            "\u{28}\0\u{08}\0", "\u{28}\0\u{10}\0", "\u{28}\0\u{11}\0", "\u{20}\0\u{32}\0", "\u{20}\0\u{37}\0",
            "SQ\0\0", "OW\0\0", "OB\0\0", "UN\0\0", "DS", "IS", "US", "UI", "CS", "GATED", "DYNAMIC", "MONOCHROME2",
            "1e308", "-1e308", "1e-300", "nan", "65535",
        ],
        seeds: {
            let slices = [0.0, 4, 8].map { DICOMFile(z: $0).bytes }
            let frames = [0.0, 4].map { DICOMFile.Frame(z: $0, segment: 1) }
            let labels: [[UInt8]] = [[1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0], [0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0]]
            // The other byte order and the header without types; and run lengths: the high bytes, then the low ones.
            var others = [DICOMFile(z: 0), DICOMFile(z: 0), DICOMFile(z: 0)]
            others[0].syntax = .explicitBig
            others[1].syntax = .implicitLittle
            let offsets: [UInt8] = [2, 0, 0, 0, 64, 0, 0, 0, 66, 0, 0, 0] + [UInt8](repeating: 0, count: 52)
            others[2].transferSyntax = "1.2.840.10008.1.2.5"
            others[2].code = [offsets + [0xF5, 0, 11] + Array(0...11)]
            return others.map(\.bytes) + [
                slices[0], DICOMFile(z: 1, modality: "CT").bytes, slices[0] + slices[1] + slices[2],
                DICOMFile(enhancedPET: [.init(z: 0), .init(z: 4, slope: 2)]).bytes,
                DICOMFile(segmentation: frames, values: labels).bytes,
                DICOMFile(segmentation: frames, values: labels, isFractional: true).bytes,
            ]
        },
        read: { bytes, scratch in
            let parts = parts(of: bytes)
            if parts.count == 1 {
                write(bytes, to: "\(scratch)/file.dcm")
                return try volume(in: "\(scratch)/file.dcm")
            }
            let folder = "\(scratch)/series"
            mkdir(folder, 0o755)
            defer { for number in parts.indices { unlink("\(folder)/\(number)") } }
            for (number, part) in parts.enumerated() { write(part, to: "\(folder)/\(number)") }
            return try volume(in: folder)
        })

    /// The first series of a file or folder; the others are read too.
    private static func volume(in path: String) throws -> Volume? {
        var volume: Volume?
        for series in try DICOM.series(in: path) {
            volume = try volume ?? DICOM.read(series, allowGaps: series.images % 2 == 1).volume
        }
        return volume
    }

    /// An input of several files, one behind the other, is a series: each begins 128 bytes before its letters DICM.
    private static func parts(of bytes: UnsafeRawBufferPointer) -> [UnsafeRawBufferPointer] {
        let letters = Array("DICM".utf8)
        var starts = [0]
        var at = 132
        while at + 132 <= bytes.count, starts.count < 8 {
            if bytes[at + 128] == letters[0], bytes[(at + 128)..<(at + 132)].elementsEqual(letters) {
                starts.append(at)
                at += 132
            }
            at += 1
        }
        return zip(starts, starts.dropFirst() + [bytes.count]).map { UnsafeRawBufferPointer(rebasing: bytes[$0..<$1]) }
    }
}
