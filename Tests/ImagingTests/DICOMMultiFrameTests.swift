import Imaging
import Records
import TestSupport
import Testing

/// Multi-frame images, segmentations, DICOMDIRs and files without a preamble, made here.
@Suite struct DICOMMultiFrameTests {
    static func read(_ file: DICOMFile) throws -> DICOMImage { try DICOMSeriesTests.read([file]) }

    /// Two slices at two times, stored in a wild order: slices by position, frames by their acquisition.
    @Test func framesAreSortedByPlaceAndTimeWithTheirOwnSlope() throws {
        let (early, late) = ("20250101110000", "20250101110500")
        let file = DICOMFile(enhancedPET: [
            .init(z: 4, acquired: late, slope: 2), .init(z: 0, acquired: early, slope: 3),
            .init(z: 4, acquired: early, slope: 5), .init(z: 0, acquired: late, slope: 7),
        ])
        let image = try Self.read(file)
        #expect(image.volume.grid.shape == [4, 3, 2] && image.volume.frames == 2)
        #expect(image.volume.grid.worldFromVoxel.z == [0, 0, 4] && image.volume.grid.worldFromVoxel.x == [-3, 0, 0])
        #expect(image.slices.map(\.frame) == [1, 2, 3, 0] && image.slices.map(\.slope) == [3, 5, 7, 2])
        #expect(image.slices.map(\.durationS) == [300, 300, 300, 300])
        #expect(image.slices[2].acquisitionTime! - image.slices[0].acquisitionTime! == 300)
        // Pixel n of the file is n: the first of each frame is 12 times the frame's number.
        #expect(image.volume[0, 0, 0] == 12 * 3 && image.volume[0, 0, 1] == 24 * 5)
        #expect(image.volume[0, 0, 0, frame: 1] == 36 * 7 && image.volume[0, 0, 1, frame: 1] == 0)
        #expect(image.string(.rescaleType) == "BQML")
    }

    @Test func aFrameMoreThanPixelsIsRefusedByItsNumber() throws {
        var file = DICOMFile(enhancedPET: [.init(z: 0), .init(z: 4)])
        file.pixels = Array((0..<20).map { Int16($0) })
        let reason = try DICOMSeriesTests.reason([file])
        #expect(reason.contains("need 48 bytes and 40 are there"), "\(reason)")
    }

    @Test func aMultiFrameImageWithoutFunctionalGroupsIsRefused() throws {
        var file = DICOMFile(enhancedPET: [.init(z: 0), .init(z: 4)])
        file.elements[0x5200_9230] = nil
        #expect(try DICOMSeriesTests.reason([file]).contains("(5200,9230)"))
    }

    static let left: [UInt8] = [1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0]
    static let right: [UInt8] = [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1]

    /// Twelve pixels a frame: the second frame's bits start inside a byte. No frame for segment 2 at the bottom, none at
    /// all at the third height.
    @Test func segmentsBecomeLabelsOnAnEvenGrid() throws {
        let file = DICOMFile(
            segmentation: [
                .init(z: 12, segment: 2), .init(z: 0, segment: 1), .init(z: 4, segment: 1), .init(z: 4, segment: 2),
            ],
            values: [Self.right, Self.left, Self.left, Self.right])
        let image = try Self.read(file)
        #expect(image.volume.grid.shape == [4, 3, 4] && image.storedDatatype == "binary")
        func slice(_ k: Int) -> [Float] { Array(image.volume.voxels[(12 * k)..<(12 * k + 12)]) }
        #expect(slice(0) == Self.left.map(Float.init))
        #expect(slice(1) == zip(Self.left, Self.right).map { Float($0) + 2 * Float($1) })
        #expect(slice(2).allSatisfy { $0 == 0 } && slice(3) == Self.right.map { 2 * Float($0) })
        #expect(image.segments.name(of: 1) == "Part 1" && image.segments.name(of: 2) == "Part 2")
    }

    @Test func segmentsThatOverlapAreRefused() throws {
        let file = DICOMFile(
            segmentation: [.init(z: 0, segment: 1), .init(z: 0, segment: 2)], values: [Self.left, Self.left])
        #expect(try DICOMSeriesTests.reason([file]).contains("overlap in 4 voxels"))
    }

    @Test func aFractionalSegmentKeepsItsFractions() throws {
        let file = DICOMFile(
            segmentation: [.init(z: 0, segment: 1)], values: [Self.left.map { $0 * 30 }], isFractional: true)
        #expect(try Self.read(file).volume.voxels == Self.left.map { Float(Double($0 * 30) * 0.01) })
    }

    /// 30 and 60 of 100 at the same place: the larger, where it is at least one half.
    @Test func amongFractionsTheLargestCounts() throws {
        let file = DICOMFile(
            segmentation: [.init(z: 0, segment: 1), .init(z: 0, segment: 2)],
            values: [Self.left.map { $0 * 60 }, Self.left.map { $0 * 30 + 10 }], isFractional: true)
        let image = try Self.read(file)
        #expect(image.volume.voxels == Self.left.map(Float.init))
        #expect(image.warnings.contains { $0.contains("fractional") })
    }

    @Test func aDICOMDIRLeadsToItsFiles() throws {
        try withTemporaryFolder { folder in
            try OutputFile.makeFolder("\(folder)/scan")
            for (n, z) in [0.0, 4].enumerated() {
                try OutputFile.write(DICOMFile(z: z).bytes, to: "\(folder)/scan/slice\(n)")
            }
            var index = DICOMFile(z: 0)
            index.mediaClass = "1.2.840.10008.1.3.10"
            index.pixels = nil
            let names = [nil, "SCAN\\SLICE0", "scan\\slice1", "SCAN\\GONE"]
            index.elements = [
                0x0004_1220: .items(
                    names.map { name in
                        var record: [UInt32: DICOMFile.Value] = [
                            0x0004_1430: .text("CS", name == nil ? "PATIENT" : "IMAGE")
                        ]
                        record[0x0004_1500] = name.map { .text("CS", $0) }
                        return record
                    })
            ]
            try OutputFile.write(index.bytes, to: "\(folder)/DICOMDIR")
            let series = try DICOM.series(in: "\(folder)/DICOMDIR")
            #expect(series.count == 1 && series[0].files.count == 2)
            let image = try DICOM.read(series[0])
            #expect(image.volume.grid.shape == [4, 3, 2])
            #expect(image.warnings.contains { $0.contains("lists 1 files that are not there") })
            // The folder itself is the same series: the index is passed over.
            #expect(try DICOM.read(DICOM.series(in: folder)[0]).volume.voxels == image.volume.voxels)
        }
    }

    @Test func aFileWithoutPreambleIsRead() throws {
        var file = DICOMFile(z: 0)
        let whole = try Self.read(file).volume.voxels
        file.hasPreamble = false
        #expect(try Self.read(file).volume.voxels == whole)
    }
}
