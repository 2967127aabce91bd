import Imaging
import Records
import TestSupport
import Testing

/// Headers of plain files are taken in one pass of our own, big-endian ones by DCMTK 3.6.7: both must say the same.
@Suite struct DICOMHeaderTests {
    static func file(_ syntax: DICOMFile.Syntax, _ more: [UInt32: DICOMFile.Value] = [:]) -> DICOMFile {
        var file = DICOMFile(z: 4)
        file.syntax = syntax
        file.elements.merge(more) { $1 }
        return file
    }

    /// What a file says, element by element.
    static func values(_ file: DICOMFile) throws -> [DICOMTag: String] {
        let image = try DICOMSeriesTests.read([file])
        #expect(image.volume.voxels == (0..<12).map { Float(2 * $0) })
        return DICOMTag.allCases.reduce(into: [:]) { $0[$1] = image.string($1) }
    }

    static let odd: [(String, [UInt32: DICOMFile.Value])] = [
        ("nothing", [:]),
        ("padding", [0x0008_0070: .text("LO", "  GE MEDICAL  "), 0x0028_0051: .text("CS", "DECY \\ ATTN\\ SCAT")]),
        ("an empty value", [0x0008_1090: .text("LO", ""), 0x0018_0015: .text("CS", "  ")]),
        ("a line end", [0x0008_103E: .text("LO", "PET\r\nHEAD")]),
        ("letters of another script", [0x0008_103E: .text("LO", "Schädel ☢")]),
        ("whole numbers", [0x0054_0081: .short(267), 0x0054_0101: .short(0xFFFF), 0x0028_0120: .short(0x8000)]),
        (
            "codes in a sequence in a sequence",
            [
                0x0054_0016: .item([
                    0x0018_1074: .text("DS", "185e6"),
                    0x0054_0300: .item([0x0008_0100: .text("SH", "C-111A1"), 0x0008_0104: .text("LO", "^18^Fluorine")]),
                    0x0054_0304: .item([0x0008_0104: .text("LO", "Fluorodopa")]),
                ])
            ]
        ),
        (
            "private blocks",
            [
                0x0009_0010: .text("LO", "OTHER"), 0x0009_0012: .text("LO", "GEMS_PETD_01"),
                0x0009_100D: .text("DT", "19000101"), 0x0009_120D: .text("DT", "20250101110000.00"),
                0x7053_0010: .text("LO", "Philips PET Private Group"), 0x7053_1000: .text("DS", "0.000123"),
            ]
        ),
        ("a private block without creator", [0x7053_1000: .text("DS", "0.5"), 0x7053_1009: .text("DS", "1.5")]),
        (
            "two blocks of one creator",
            [
                0x0009_0010: .text("LO", "GEMS_PETD_01"), 0x0009_0011: .text("LO", "GEMS_PETD_01"),
                0x0009_110D: .text("DT", "20250101110000.00"),
            ]
        ),
    ]

    @Test(arguments: odd.map(\.0))
    func aPlainHeaderSaysWhatDCMTKSays(_ name: String) throws {
        let more = try #require(DICOMHeaderTests.odd.first { $0.0 == name }).1
        let big = try DICOMHeaderTests.values(DICOMHeaderTests.file(.explicitBig, more))
        #expect(big.count > 25)
        for syntax in [DICOMFile.Syntax.explicitLittle, .implicitLittle] {
            #expect(try DICOMHeaderTests.values(DICOMHeaderTests.file(syntax, more)) == big, "\(syntax)")
        }
    }

    /// The values as they stand in the file, so that a slip common to both ways is seen too.
    @Test(arguments: DICOMFile.Syntax.allCases) func valuesAreTheOnesWritten(_ syntax: DICOMFile.Syntax) throws {
        let blocks = try #require(DICOMHeaderTests.odd.first { $0.0 == "private blocks" }).1
        let values = try DICOMHeaderTests.values(DICOMHeaderTests.file(syntax, blocks))
        #expect(values[.rows] == "3" && values[.columns] == "4")
        #expect(values[.imagePosition] == "-10\\-20\\4.0")
        #expect(values[.radionuclideTotalDose] == "368080000")
        #expect(values[.geDecayReference] == "20250101110000.00")
        #expect(values[.philipsSUVFactor] == "0.000123")
        #expect(values[.seriesInstance] == "1.2.3")
        #expect(values[.gantryTilt] == nil)
    }
}
