import Records

/// ECAT 7 volumes of CTI and Siemens scanners (.v), plain or gzipped [ECAT7].
///
/// Voxels are stored · the frame's scale factor · the scanner's calibration factor, the last only where the header does
/// not say that values are calibrated already. Voxels are in nibabel's order, its matrix puts the centre at the origin.
public enum ECAT7 {
    private static let blockBytes = 512

    /// Reads an image.
    public static func read(_ path: String) throws -> StoredImage {
        try InputFile.withMapped(path) { bytes in try naming(path) { try read(bytes: bytes) } }
    }

    /// Reads an image from the bytes of its file, plain or gzipped.
    public static func read(bytes: UnsafeRawBufferPointer) throws(ImageProblem) -> StoredImage {
        let (main, matrices) = try directory(ByteStream(bytes))
        var header = main
        let first = try Subheader(of: ByteStream(bytes), at: matrices.map(\.block).min() ?? 0)
        let count = try voxelCount([first.shape.x, first.shape.y, first.shape.z], "dimensions")
        _ = try voxelCount([count, matrices.count], "number of frames")
        let last = matrices.map(\.block).max() ?? 0
        let end = last * blockBytes + count * first.type.bytes
        let stream = try ByteStream(bytes)
        // Frames that share their bytes would take more memory than the file has.
        try stream.require(max(end, matrices.count * count * first.type.bytes))
        let grid = try imageGrid(first.shape, first.worldFromVoxel)
        let factor = try calibration(header)
        var frames = [ECAT7Header.Frame?](repeating: nil, count: matrices.count)
        let volume = try Volume(grid: grid, frames: matrices.count) { (target) throws(ImageProblem) in
            // In the order of the file, which a compressed one can be read in; each to its place in time.
            for (place, matrix) in matrices.enumerated().sorted(by: { $0.element.block < $1.element.block }) {
                let subheader = try Subheader(of: stream, at: matrix.block)
                guard subheader.shape == first.shape, subheader.type == first.type,
                    subheader.worldFromVoxel == first.worldFromVoxel
                else { throw .unsupported("frame \(place + 1) has another size or type than the first") }
                frames[place] = subheader.frame
                let one = UnsafeMutableBufferPointer(rebasing: target[(place * count)..<((place + 1) * count)])
                let coding = VoxelCoding(
                    type: first.type, swapped: true, slope: factor * subheader.frame.scaleFactor)
                try stream.decode(coding, into: one, end: end)
                reorder(one, rowLength: first.shape.x, header.patientOrientation)
            }
            try stream.finish()
        }
        header.frames = frames.compactMap { $0 }
        return StoredImage(
            volume: volume, format: "ECAT 7", datatype: first.type.name, units: units(header), ecat: header,
            warnings: warnings(header, first))
    }

    /// Turns a frame into nibabel's order: head first patients on all axes, feet first on rows and slices.
    private static func reorder(_ frame: UnsafeMutableBufferPointer<Float>, rowLength: Int, _ orientation: Int) {
        guard (0...7).contains(orientation) else { return }
        var voxels = frame
        voxels.reverse()
        guard orientation % 2 == 0 else { return }
        for start in stride(from: 0, to: voxels.count, by: rowLength) {
            voxels[start..<(start + rowLength)].reverse()
        }
    }

    // MARK: - Directory

    private struct Matrix {
        var frame: Int
        /// The 1-based block of its subheader.
        var block: Int
    }

    /// The main header, and where the frames are, in order of time.
    private static func directory(_ stream: ByteStream) throws(ImageProblem) -> (ECAT7Header, [Matrix]) {
        let main = try stream.next(blockBytes)
        let header = try main.withUnsafeBytes { raw -> Result<ECAT7Header, ImageProblem> in
            do throws(ImageProblem) { return .success(try ECAT7Header(parsing: raw)) } catch { return .failure(error) }
        }.get()
        guard header.fileType == 7 || header.fileType == 6 else {
            throw .unsupported(
                "this ECAT file is of type \(header.fileType), not a volume (6 or 7): sinograms, attenuation and "
                    + "single planes are not images of the body yet")
        }
        var matrices: [Matrix] = []
        var others: Set<Int> = []
        var block = 2
        while true {
            try stream.skip(to: (block - 1) * blockBytes)
            let numbers = try stream.next(blockBytes).withUnsafeBytes { raw in
                (0..<128).map { Int(FieldReader(bytes: raw, swapped: true).int32(4 * $0)) }
            }
            guard (0...31).contains(numbers[3]) else {
                throw .badField("directory", "said to have \(numbers[3]) entries", "0 to 31 in a block")
            }
            for entry in 0..<numbers[3] {
                let (id, start, status) = (numbers[4 + 4 * entry], numbers[5 + 4 * entry], numbers[7 + 4 * entry])
                // 3: deleted.
                guard id > 0, start > 0, status != 3 else { continue }
                guard start > 2 else { throw .badField("directory", "pointing to block \(start)", "after block 2") }
                matrices.append(Matrix(frame: id & 0x1FF, block: start))
                others.insert(id & ~0x1FF)
            }
            let next = numbers[1]
            if next <= 2 { break }
            guard next > block else {
                throw .badField("directory", "continued at block \(next) after block \(block)", "going forward")
            }
            block = next
        }
        guard !matrices.isEmpty else { throw .missing("frame in its directory") }
        guard others.count == 1 else {
            throw .unsupported("the file has several gates, beds or planes; only frames of one bed are read")
        }
        matrices.sort { ($0.frame, $0.block) < ($1.frame, $1.block) }
        guard zip(matrices, matrices.dropFirst()).allSatisfy({ $0.frame != $1.frame }) else {
            throw .badField("directory", "naming a frame twice", "each frame once")
        }
        return (header, matrices)
    }

    /// One block before each frame.
    private struct Subheader {
        var type: VoxelType
        var shape: SIMD3<Int>
        var worldFromVoxel: Affine
        var hasOffset: Bool
        var frame: ECAT7Header.Frame

        init(of stream: ByteStream, at block: Int) throws(ImageProblem) {
            let place = (block - 1) * ECAT7.blockBytes
            guard place >= stream.position else { throw .badField("directory", "such that frames overlap", "in order") }
            try stream.skip(to: place)
            self = try stream.next(ECAT7.blockBytes).withUnsafeBytes { raw -> Result<Subheader, ImageProblem> in
                do throws(ImageProblem) { return .success(try Subheader(FieldReader(bytes: raw, swapped: true))) } catch
                { return .failure(error) }
            }.get()
        }

        private init(_ field: FieldReader) throws(ImageProblem) {
            let types: [Int16: VoxelType] = [1: .uint8, 5: .float32, 6: .int16, 7: .int32]
            guard let type = types[field.int16(0)] else {
                throw .unsupported(
                    "voxels of ECAT type \(field.int16(0)) are not read; bytes (1), IEEE float (5) and big-endian "
                        + "16- and 32-bit integers (6, 7) are")
            }
            self.type = type
            func word(_ place: Int) -> Int { Int(UInt16(bitPattern: field.int16(place))) }
            shape = [word(4), word(6), word(8)]
            // Centimetres.
            let size = SIMD3(Double(field.float(34)), Double(field.float(38)), Double(field.float(42))) * 10
            let offset = SIMD3(Double(field.float(10)), Double(field.float(14)), Double(field.float(18))) * 10
            hasOffset = offset != .zero
            let centre = SIMD3(Double(shape.x - 1), Double(shape.y - 1), Double(shape.z - 1)) / 2
            worldFromVoxel = Affine(scale: size, translation: offset - centre * size)
            let scale = Double(field.float(26))
            guard scale.isFinite, scale != 0 else { throw .badField("SCALE_FACTOR", "\(scale)", "a number but 0") }
            func milliseconds(_ place: Int) -> Double { Double(UInt32(bitPattern: field.int32(place))) }
            frame = ECAT7Header.Frame(
                startS: milliseconds(50) / 1000, durationS: milliseconds(46) / 1000, scaleFactor: scale,
                decayFactor: Double(field.float(80)), corrections: UInt32(bitPattern: field.int32(84)))
        }
    }

    // MARK: - Calibration

    private static func calibration(_ header: ECAT7Header) throws(ImageProblem) -> Double {
        if header.isCalibrated || header.calibrationFactor == 0 { return 1 }
        guard header.calibrationFactor.isFinite, header.calibrationFactor > 0 else {
            throw .badField("ECAT_CALIBRATION_FACTOR", "\(header.calibrationFactor)", "positive")
        }
        return header.calibrationFactor
    }

    /// The unit after calibration; `nil` for counts that no factor calibrates.
    private static func units(_ header: ECAT7Header) -> String? {
        if header.calibrationUnits == 0, header.calibrationFactor == 0 || header.calibrationFactor == 1 { return nil }
        let text = header.dataUnits
        switch text.lowercased() {
        case "": return nil
        case "bq/ml", "bq/cc", "bqml": return "Bq/mL"
        case "kbq/ml", "kbq/cc": return "kBq/mL"
        default: return text
        }
    }

    private static func warnings(_ header: ECAT7Header, _ first: Subheader) -> [String] {
        var warnings: [String] = []
        if header.isCalibrated && header.calibrationFactor != 1 && header.calibrationFactor != 0 {
            warnings.append(
                "the header says values are calibrated (CALIBRATION_UNITS 1), so ECAT_CALIBRATION_FACTOR "
                    + "\(header.calibrationFactor) is not applied; programs that apply it give values that much larger")
        }
        if units(header) == nil {
            warnings.append(
                "the unit is not known: \(header.dataUnits.isEmpty ? "DATA_UNITS is empty" : "not calibrated")")
        }
        if header.frameCount != header.frames.count {
            warnings.append(
                "the header says \(header.frameCount) frames, but the file holds \(header.frames.count), which are read"
            )
        }
        switch header.patientOrientation {
        case 2, 3: break
        case 0...7:
            warnings.append(
                "the patient did not lie supine (PATIENT_ORIENTATION \(header.patientOrientation)): check which side is left"
            )
        default: warnings.append("PATIENT_ORIENTATION is not known: voxels are as stored; check which side is left")
        }
        if first.hasOffset {
            warnings.append("the frame's offsets are taken as centimetres from the centre; other programs ignore them")
        }
        return warnings
    }
}
