import Imaging
import Records
import TestSupport
import Testing

/// Series made here: what fits on a grid is read, what does not is refused by name.
@Suite struct DICOMSeriesTests {
    /// Reads files written into a folder of their own, in the order given.
    static func read(_ files: [DICOMFile]) throws -> DICOMImage {
        try withTemporaryFolder { folder in
            for (n, file) in files.enumerated() { try OutputFile.write(file.bytes, to: "\(folder)/\(n).dcm") }
            return try DICOM.read(try #require(try DICOM.series(in: folder).first))
        }
    }

    static func reason(_ files: [DICOMFile]) throws -> String {
        do {
            _ = try read(files)
            return "read"
        } catch let problem as FileProblem { return problem.reason }
    }

    static func slice(_ z: Double, _ change: (inout DICOMFile) -> Void = { _ in }) -> DICOMFile {
        var file = DICOMFile(z: z)
        change(&file)
        return file
    }

    @Test func slicesAreSortedAlongTheNormalAndTurnedToRAS() throws {
        let files = [8.0, 0, 4].map { z in
            DICOMSeriesTests.slice(z) {
                $0.elements[0x0028_1053] = .text("DS", "\(z + 1)")
                $0.elements[0x0028_1052] = .text("DS", "-0.5")
            }
        }
        let image = try DICOMSeriesTests.read(files)
        #expect(image.volume.grid.shape == [4, 3, 3])
        // Row spacing 2 and column spacing 3 in the header: i runs along a row, by the column spacing.
        let rows: [[Double]] = [[-3, 0, 0, 10], [0, -2, 0, 20], [0, 0, 4, 0], [0, 0, 0, 1]]
        #expect(image.volume.grid.worldFromVoxel.rows == rows)
        #expect(image.volume[3, 2, 1] == 11 * 5 - 0.5)
        #expect(image.slices.map(\.slope) == [1, 5, 9])
        #expect(image.storedDatatype == "int16")
        #expect(image.warnings.isEmpty)
        #expect(image.string(.patientSex) == "F")
        #expect(image.number(.patientWeight) == 70)
        #expect(image.distinctStrings(.rescaleSlope) == ["1.0", "5.0", "9.0"])
    }

    @Test func nothingThatNamesAPersonCanBeAskedFor() throws {
        let image = try DICOMSeriesTests.read([DICOMSeriesTests.slice(0)])
        for tag in DICOMTag.allCases {
            let value = image.string(tag) ?? ""
            #expect(!value.contains("Secret") && !value.contains("SECRET") && !value.contains("19500102"), "\(tag)")
        }
    }

    @Test func repeatedPositionsOfPETAreFramesInTime() throws {
        let files = [(4.0, "110500"), (0, "110000"), (0, "110500"), (4, "110000")].map { z, time in
            DICOMSeriesTests.slice(z) {
                $0.elements[0x0008_0032] = .text("TM", time)
                $0.pixels = (0..<12).map { Int16($0) + (time == "110500" ? 100 : 0) + Int16(z) }
            }
        }
        let image = try DICOMSeriesTests.read(files)
        #expect(image.volume.frames == 2)
        #expect([0, 1].map { image.volume[0, 0, 0, frame: $0] } == [0, 200])
        #expect([0, 1].map { image.volume[0, 0, 1, frame: $0] } == [8, 208])
        #expect(
            image.slices.map { ($0.acquisitionTime ?? 0) - (image.slices[0].acquisitionTime ?? 0) } == [0, 0, 300, 300])
    }

    @Test func slicesThatFormNoEvenGridAreRefusedByName() throws {
        let slice = DICOMSeriesTests.slice
        let plain = { (z: Double) in slice(z) { _ in } }
        let reason = DICOMSeriesTests.reason
        #expect(try reason([0, 4, 12, 16].map(plain)).contains("1 slice is missing between"))
        #expect(try reason([0, 4, 9, 13].map(plain)).contains("not evenly spaced"))
        #expect(try reason([0, 4, 4, 8].map(plain)).contains("doubled or missing"))
        #expect(try reason([0, 0, 4, 4].map(plain)).contains("same slice at the same time"))
        let ct = [0, 0, 4, 4].enumerated().map { n, z in
            slice(Double(z)) {
                $0 = DICOMFile(z: Double(z), modality: "CT")
                $0.elements[0x0008_0032] = .text("TM", "11000\(n)")
            }
        }
        #expect(try reason(ct).contains("only PET"))
        let tilted = [0.0, 4, 8].map { z in slice(z) { $0.elements[0x0020_0032] = .text("DS", "-10\\\(z / 3)\\\(z)") } }
        #expect(try reason(tilted).contains("gantry tilt of 18.4°"))
        let drifting = [(0.0, 0.0), (4, 1), (8, 0)].map { z, x in
            slice(z) { $0.elements[0x0020_0032] = .text("DS", "\(x)\\0\\\(z)") }
        }
        #expect(try reason(drifting).contains("from where even spacing"))
    }

    @Test func roundedPositionsAreReadWithAWarning() throws {
        let image = try DICOMSeriesTests.read([0, 3.29, 6.54, 9.81].map { DICOMSeriesTests.slice($0) })
        #expect(image.volume.grid.worldFromVoxel.z == [0, 0, 3.27])
        #expect(image.warnings.contains { $0.contains("rounded") && $0.contains("0.02 mm") })
    }

    @Test func filesThatDoNotFitTogetherAreRefused() throws {
        func reason(_ tag: UInt32, _ value: DICOMFile.Value) throws -> String {
            try DICOMSeriesTests.reason(
                [0, 4].map { z in DICOMSeriesTests.slice(z) { if z == 4 { $0.elements[tag] = value } } })
        }
        #expect(try reason(0x0028_0010, .short(2)).contains("4 × 3 pixels and"))
        #expect(try reason(0x0028_0030, .text("DS", "2\\2")).contains("pixel spacing"))
        #expect(try reason(0x0020_0037, .text("DS", "0\\1\\0\\0\\0\\1")).contains("scout"))
        #expect(try reason(0x0054_1001, .text("CS", "CNTS")).contains("CNTS"))
        #expect(try reason(0x0008_0016, .text("UI", "1.2.840.10008.5.1.4.1.1.2")).contains("different kinds"))
    }

    @Test(arguments: [
        (UInt32(0x0028_0030), "(0028,0030)"), (0x0020_0032, "(0020,0032)"), (0x0020_0037, "(0020,0037)"),
        (0x0028_0010, "(0028,0010)"), (0x0028_0100, "(0028,0100)"), (0x0018_0050, "(0018,0050)"),
        (0x0008_0016, "(0008,0016)"), (0x0028_0103, "(0028,0103)"), (0x0028_1053, "(0028,1053)"),
    ])
    func anElementThatIsNeededIsNamed(tag: UInt32, name: String) throws {
        #expect(try DICOMSeriesTests.reason([DICOMSeriesTests.slice(0) { $0.elements[tag] = nil }]).contains(name))
        guard tag != 0x0008_0016, tag >> 16 != 0x0028 || tag & 0xFFFF == 0x1053 || tag & 0xFFFF == 0x0030 else {
            return
        }
        let junk = DICOMSeriesTests.slice(0) { $0.elements[tag] = .text("DS", "nan") }
        #expect(try DICOMSeriesTests.reason([junk]).contains(name))
    }

    @Test func storedBitsBelowTheHighBitAreTheValue() throws {
        func values(stored: UInt16, high: UInt16, signed: UInt16, _ pixels: [Int16]) throws -> [Float] {
            let file = DICOMSeriesTests.slice(0) {
                $0.elements[0x0028_0101] = .short(stored)
                $0.elements[0x0028_0102] = .short(high)
                $0.elements[0x0028_0103] = .short(signed)
                $0.elements[0x0028_1053] = .text("DS", "1")
                $0.pixels = pixels + [Int16](repeating: 0, count: 12 - pixels.count)
            }
            return Array(try DICOMSeriesTests.read([file]).volume.voxels.prefix(pixels.count))
        }
        #expect(try values(stored: 12, high: 11, signed: 0, [0x0FFF, 0x7001]) == [4095, 1])
        #expect(try values(stored: 12, high: 11, signed: 1, [0x0FFF, 0x07FF]) == [-1, 2047])
        #expect(try values(stored: 12, high: 15, signed: 1, [-16, 0x7FF0]) == [-1, 2047])
        #expect(try values(stored: 16, high: 15, signed: 0, [-1]) == [65535])
        #expect(try values(stored: 16, high: 15, signed: 1, [-1]) == [-1])
    }

    @Test func fewerPixelsThanPromisedAreRefusedBeforeMemoryIsTaken() throws {
        let short = DICOMSeriesTests.slice(0) { $0.pixels = [1, 2, 3] }
        #expect(try DICOMSeriesTests.reason([short]).contains("24 bytes and 6 are there"))
        let huge = DICOMSeriesTests.slice(0) {
            $0.elements[0x0028_0010] = .short(65535)
            $0.elements[0x0028_0011] = .short(65535)
        }
        #expect(try DICOMSeriesTests.reason([huge]) != "read")
        #expect(try DICOMSeriesTests.reason([DICOMSeriesTests.slice(0) { $0.pixels = nil }]) != "read")
    }

    @Test func aFolderIsSplitIntoItsSeries() throws {
        try withTemporaryFolder { folder in
            try OutputFile.makeFolder("\(folder)/deep")
            for (n, uid) in ["1.1", "1.1", "1.2"].enumerated() {
                try OutputFile.write(DICOMFile(z: Double(n * 4), uid: uid).bytes, to: "\(folder)/deep/\(n)")
            }
            try OutputFile.write("not DICOM", to: "\(folder)/readme.txt")
            try OutputFile.write(Array(DICOMFile(z: 0).bytes.prefix(200)), to: "\(folder)/broken")
            let all = try DICOM.series(in: folder)
            #expect(all.map(\.uid) == ["1.1", "1.2"])
            #expect(all.map(\.files.count) == [2, 1])
            #expect(all[0].modality == "PT")
            #expect(all[0].frameOfReference == "1.2.4")
            #expect(all[0].description == nil)
            #expect(all[0].warnings.count == 1 && all[0].warnings[0].contains("broken was left out"))
            #expect(DICOM.isDICOM(folder))
            #expect(DICOM.isDICOM("\(folder)/deep/0"))
            #expect(!DICOM.isDICOM("\(folder)/readme.txt"))
            #expect(!DICOM.isDICOM("\(folder)/nothing"))
        }
        try withTemporaryFolder { folder in
            let problem = #expect(throws: FileProblem.self) { try DICOM.series(in: folder) }
            #expect(problem?.kind == .noInput)
        }
    }

    @Test func datesAndTimesAreSecondsOfOneClock() {
        #expect(DICOMTime.seconds(date: "19700102", time: "000001.5") == 86401.5)
        #expect(DICOMTime.seconds(date: "20000229", time: "12:30:00") == 951_827_400)
        #expect(DICOMTime.seconds(date: "1999.12.31", time: "2359") == 946_684_740)
        #expect(DICOMTime.seconds(dateTime: "19700102000000+0100") == 86400)
        #expect(DICOMTime.seconds(dateTime: "19700102000000+0100", timezone: "+0300") == 93600)
        for time in ["", "2", "250000", "1a0000", "1.2.3", "12345"] {
            #expect(DICOMTime.seconds(date: "20250101", time: time) == nil, "\(time)")
        }
        for date in ["", "2025", "20251301", "20250100", "2025010a"] {
            #expect(DICOMTime.seconds(date: date, time: "12") == nil, "\(date)")
        }
        #expect(DICOMTime.text(951_827_400.25) == "2000-02-29 12:30:00.250")
        #expect(DICOMTime.text(-1) == "1969-12-31 23:59:59")
    }
}
