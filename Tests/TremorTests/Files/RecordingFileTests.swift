import Records
import TestSupport
import Testing
import Tremor

@Suite struct RecordingFileTests {
    /// Every writer of this suite's files, opened at the door that users take.
    @Test func eachKindIsToldByItsContentAndName() throws {
        let activity: GT3XFile = {
            var file = GT3XFile()
            file.add(0, 1000, GT3XFile.packed([1, 2, 3]))
            return file
        }()
        let files: [(name: String, bytes: [UInt8], format: String)] = [
            ("a.bin", CWAFile.recording(sectors: 1).bytes, "Axivity CWA (AX3)"),
            ("b.dat", GENEActivFile([.init("2024-01-01 00:00:00:000", [[1, 2, 3]])]).bytes, "GENEActiv"),
            ("c.GT3X", activity.bytes, "ActiGraph GT3X"),
        ]
        try withTemporaryFolder { folder in
            for file in files {
                try OutputFile.write(file.bytes, to: "\(folder)/\(file.name)")
                #expect(try RecordingFile.open("\(folder)/\(file.name)").header.format == file.format)
            }
        }
    }

    @Test func anArchiveWithoutARecordingSaysSo() throws {
        try withTemporaryFolder { folder in
            let path = "\(folder)/a.gt3x"
            try OutputFile.write(ZipFile.bytes([("info.txt", [])]), to: path)
            #expect {
                try RecordingFile.open(path)
            } throws: { "\($0)".hasSuffix("neither log.bin nor activity.bin: it is no recording of an ActiGraph") }
        }
    }

    /// Parmay Matrix, Genea, and a file of numbers without its description.
    @Test(
        .enabled(if: ReferenceData.isPresent, "the reference recordings are absent"),
        arguments: [
            "GGIRread/mtx_12.5Hz_acc_gyro.BIN", "GGIRread/mtx_corrupted.bin", "GGIRread/genea_testfile.bin",
            "paradigma/raw_tsdf/imu_values.bin",
        ])
    func kindsThatAreNotReadAreRefusedWithTheListOfThoseThatAre(path: String) {
        #expect {
            _ = try reference(path)
        } throws: { "\($0)".contains("this kind of file is not known; read are Axivity AX3 and AX6 (.cwa); GENEActiv") }
    }
}
