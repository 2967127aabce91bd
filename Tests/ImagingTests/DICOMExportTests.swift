import Imaging
import Records
import TestSupport
import Testing

/// What we write as DICOM, read back by our reader; pydicom 3.0.2 and highdicom 0.28.2 read it once by hand.
@Suite struct DICOMExportTests {
    /// Five slices, 2 mm apart, of images that name a patient.
    private func series(in folder: String) throws -> DICOMSeries {
        try OutputFile.makeFolder("\(folder)/pet")
        for slice in 0..<5 {
            var file = DICOMFile(z: Double(2 * slice))
            file.elements[0x0010_0010] = .text("PN", "Doe^Jane")
            file.elements[0x0010_0020] = .text("LO", "12345678")
            file.elements[0x0010_0030] = .text("DA", "19501231")
            file.elements[0x0008_0020] = .text("DA", "20240501")
            file.elements[0x0020_000D] = .text("UI", "1.2.3.4.5")
            file.elements[0x0020_0052] = .text("UI", "1.2.3.9")
            file.elements[0x0008_0018] = .text("UI", "1.2.3.\(100 + slice)")
            try OutputFile.write(file.bytes, to: "\(folder)/pet/\(slice).dcm")
        }
        return try #require(try DICOM.series(in: "\(folder)/pet").first)
    }

    private func segment(_ label: Int32, _ name: String) -> DICOMSegmentationFile.Segment {
        DICOMSegmentationFile.Segment(
            label: label, name: name, category: DICOMCode("91723000", "SCT", "Anatomical Structure"),
            type: DICOMCode("89278009", "SCT", "Putamen"), side: DICOMCode("7771000", "SCT", "Left"))
    }

    /// Every voxel of a label stands at the same place with the segment's number, whatever way the axes run.
    @Test(arguments: [
        Affine(x: [-1, 0, 0], y: [0, -1, 0], z: [0, 0, 2], translation: [1, 2, 0]),
        Affine(x: [1, 0, 0], y: [0, 1, 0], z: [0, 0, -2], translation: [-6, -5, 8]),
        Affine(x: [0, 0.8, 0.6], y: [0, -0.6, 0.8], z: [1.5, 0, 0], translation: [-6, -1, 1]),
    ])
    func labelsComeBackWhereTheyWere(affine: Affine) throws {
        try withTemporaryFolder { folder in
            let series = try series(in: folder)
            let grid = try VoxelGrid(shape: [5, 4, 3], worldFromVoxel: affine)
            var noise = SeededNoise(seed: 5)
            let voxels = (0..<60).map { _ in [Int32(0), 7, 30122].randomElement(using: &noise)! }
            let map = LabelMap(grid: grid, voxels: voxels)
            // The images' grid is asked for the space alone.
            let wide = try VoxelGrid(
                shape: [100, 100, 100], worldFromVoxel: Affine(scale: [1, 1, 1], translation: [-50, -50, -50]))
            let source = try DICOMSource(series, identity: .code("P07"))
            let segments = [segment(7, "caudate-left"), segment(30122, "putamen-posterior-left")]
            let bytes = try DICOMSegmentationFile(map, segments, of: source, grid: wide).file()
            try OutputFile.write(bytes, to: "\(folder)/seg.dcm")
            let back = try LabelImage.read("\(folder)/seg.dcm")
            #expect(back.names.name(of: 1) == "caudate-left" && back.names.name(of: 2) == "putamen-posterior-left")
            for k in 0..<3 {
                for j in 0..<4 {
                    for i in 0..<5 {
                        let world = affine([Double(i), Double(j), Double(k)])
                        let place = back.grid.voxelFromWorld(world).rounded(.toNearestOrEven)
                        // Ten digits of millimetres.
                        #expect(norm(back.grid.worldFromVoxel(place) - world) < 1e-7)
                        let found = back.voxels[back.grid.offset(Int(place.x), Int(place.y), Int(place.z))]
                        #expect(found == [0: 0, 7: 1, 30122: 2][voxels[grid.offset(i, j, k)]])
                    }
                }
            }
        }
    }

    @Test func nothingOfThePatientComesOverUnlessAskedFor() throws {
        try withTemporaryFolder { folder in
            let series = try series(in: folder)
            func capture(_ identity: DICOMSource.Identity) throws -> [UInt8] {
                try DICOMSecondaryCapture.file(
                    rgb: [UInt8](repeating: 9, count: 27), width: 3, height: 3, title: "t",
                    of: DICOMSource(series, identity: identity))
            }
            func holds(_ bytes: [UInt8], _ text: String) -> Bool {
                String(decoding: bytes, as: Unicode.ASCII.self).contains(text)
            }
            let coded = try capture(.code("P07"))
            for text in ["Doe", "12345678", "19501231", "20240501"] { #expect(!holds(coded, text), "\(text)") }
            #expect(holds(coded, "P07") && holds(coded, "1.2.3.4.5") && holds(coded, "2.25."))
            let kept = try capture(.kept)
            for text in ["Doe^Jane", "12345678", "19501231", "20240501"] { #expect(holds(kept, text), "\(text)") }
            #expect(try capture(.code("P07")) == coded, "the same picture gives the same file")
            // Preamble, and the pixels at the end with a zero to an even count.
            #expect(coded.count % 2 == 0 && coded.suffix(28) == [UInt8](repeating: 9, count: 27) + [0])
        }
    }

    @Test func labelsOfAnotherSpaceAreRefused() throws {
        try withTemporaryFolder { folder in
            let series = try series(in: folder)
            let source = try DICOMSource(series, identity: .code("P07"))
            let images = try DICOM.read(series).volume.grid
            func problem(_ grid: VoxelGrid, _ label: Int32 = 7) -> DICOMSegmentationFile.Problem? {
                let map = LabelMap(grid: grid, voxels: [Int32](repeating: label, count: grid.count))
                do throws(DICOMSegmentationFile.Problem) {
                    _ = try DICOMSegmentationFile(map, [segment(7, "a")], of: source, grid: images)
                } catch { return error }
                return nil
            }
            #expect(problem(images) == nil && problem(images, 0) == .empty)
            let away = Affine(scale: [1, 1, 1], translation: [500, 0, 0])
            #expect(problem(try VoxelGrid(shape: [2, 2, 2], worldFromVoxel: away)) == .elsewhere)
            let sheared = Affine(x: [1, 0, 0], y: [0.3, 1, 0], z: [0, 0, 1], translation: [0, 0, 0])
            #expect(problem(try VoxelGrid(shape: [2, 2, 2], worldFromVoxel: sheared)) == .sheared)
        }
    }
}
