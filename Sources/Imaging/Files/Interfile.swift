import Records

/// Interfile 3.3 images: a text header (.hv, .h33, .hdr) and a file of voxels, as STIR and scanners write [Interfile33].
///
/// The format does not say where voxels lie; STIR's convention is taken: head first and supine unless the header says
/// otherwise, x to the patient's left, y to the back, z to the feet.
public enum Interfile {
    /// Reads an image by its header.
    public static func read(_ path: String) throws -> StoredImage {
        let header = try InputFile.withMapped(path) { bytes in
            try naming(path) { try InterfileHeader(parsing: bytes) }
        }
        let data = dataPath(header.dataFile, beside: path)
        guard InputFile.exists(data) else {
            throw FileProblem(path, .noInput, ImageProblem.noDataFile(header.dataFile).description)
        }
        return try InputFile.withMapped(data) { bytes in try naming(data) { try decode(header, bytes) } }
    }

    /// Reads an image from the bytes of its header and of its voxels.
    public static func read(
        header: UnsafeRawBufferPointer, data: UnsafeRawBufferPointer
    ) throws(ImageProblem) -> StoredImage {
        try decode(InterfileHeader(parsing: header), data)
    }

    /// Whether bytes begin as an Interfile header does.
    static func isInterfile(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let line = TextHeader.firstLine(bytes.prefix(256)) else { return false }
        return line.lowercased().filter { !$0.isWhitespace && $0 != "!" }.hasPrefix("interfile")
    }

    private static func decode(
        _ header: InterfileHeader, _ data: UnsafeRawBufferPointer
    ) throws(ImageProblem) -> StoredImage {
        let count = try voxelCount([header.shape.x, header.shape.y, header.shape.z], "matrix size")
        _ = try voxelCount([count, header.frames], "number of time frames")
        let size = count * header.type.bytes
        let offsets = try header.offsets(frameBytes: size)
        let end = (offsets.max() ?? 0) + size
        // Frames that share their bytes would take more memory than the file has.
        let needed = max(end, header.frames * size)
        guard data.count >= needed else { throw .truncated(needed: needed, available: data.count) }
        let grid = try imageGrid(header.shape, header.worldFromVoxel)
        let volume = try Volume(grid: grid, frames: header.frames) { (target) throws(ImageProblem) in
            for frame in 0..<header.frames {
                let stream = try ByteStream(data, .none)
                try stream.skip(to: offsets[frame])
                let one = UnsafeMutableBufferPointer(rebasing: target[(frame * count)..<((frame + 1) * count)])
                let coding = VoxelCoding(type: header.type, swapped: header.swapped, slope: header.scale(frame))
                try stream.decode(coding, into: one, end: end)
            }
        }
        var image = StoredImage(
            volume: volume, format: "Interfile", datatype: header.type.name, warnings: header.warnings)
        image.frameTimes = header.frameTimes
        return image
    }
}

/// The header of an Interfile image.
struct InterfileHeader {
    var dataFile: String
    var type: VoxelType
    var swapped: Bool
    var shape: SIMD3<Int>
    var frames: Int
    var worldFromVoxel: Affine
    var frameTimes: [StoredImage.FrameTime] = []
    var warnings: [String] = []
    private let fields: Fields
    private var factors: [Double] = []

    init(parsing bytes: UnsafeRawBufferPointer) throws(ImageProblem) {
        let fields = try Fields(bytes)
        self.fields = fields
        guard let name = fields["name of data file"], !name.isEmpty else { throw .missing("name of data file") }
        dataFile = name
        if let kind = fields["pet data type"]?.lowercased(), kind != "image" {
            throw .unsupported("this Interfile holds \(kind) data, not an image; reconstruct it first")
        }
        if fields["process status"]?.lowercased() == "acquired" {
            throw .unsupported("this Interfile holds acquired projections, not an image; reconstruct it first")
        }
        if let packing = fields["data compression"]?.lowercased(), packing != "none" {
            throw .unsupported("the voxels are compressed (\(packing)); save them uncompressed")
        }
        type = try Self.type(fields)
        switch fields["imagedata byte order"]?.lowercased() {
        case "littleendian": swapped = false
        case "bigendian": swapped = true
        case nil:
            swapped = true
            if type.bytes > 1 { warnings.append("the byte order is not given: the standard's big-endian is taken") }
        case let other?: throw .badField("imagedata byte order", other, "LITTLEENDIAN or BIGENDIAN")
        }
        guard let x = try fields.integer("matrix size[1]"), let y = try fields.integer("matrix size[2]") else {
            throw .missing("matrix size [1] and [2]")
        }
        var z: Int?
        for key in ["matrix size[3]", "number of slices", "total number of images"] where z == nil {
            z = try fields.integer(key)
        }
        shape = [x, y, z ?? 1]
        let given = try fields.integer("number of time frames")
        frames = given ?? 1
        guard (1...10000).contains(frames) else {
            throw .badField("number of time frames", "\(frames)", "from 1 to 10000")
        }
        worldFromVoxel = try Self.place(fields, shape, &warnings)
        for frame in 0..<frames { factors.append(try Self.factor(fields, frame, &warnings)) }
        for frame in 0..<frames {
            let duration = try fields.number("image duration(sec)", frame)
            let start = try fields.number("image relative start time(sec)", frame)
            if let start, let duration, duration > 0 {
                frameTimes.append(StoredImage.FrameTime(startS: start, durationS: duration))
            }
        }
        if frameTimes.count != frames { frameTimes = [] }
    }

    /// What the stored values of a frame are multiplied by.
    func scale(_ frame: Int) -> Double { factors[frame] }

    /// Where each frame begins: as given, else one behind the other.
    func offsets(frameBytes: Int) throws(ImageProblem) -> [Int] {
        var offsets: [Int] = []
        let first = try fields.number("data offset in bytes", 0)
        for frame in 0..<frames {
            let given = try fields.number("data offset in bytes", frame)
            let value = given ?? (first ?? 0) + Double(frame) * Double(frameBytes)
            guard let offset = Int(exactly: value), (0..<(1 << 48)).contains(offset) else {
                throw .badField("data offset in bytes", "\(value)", "a whole number")
            }
            offsets.append(offset)
        }
        return offsets
    }

    private static func factor(
        _ fields: Fields, _ frame: Int, _ warnings: inout [String]
    ) throws(ImageProblem) -> Double {
        let given = try fields.number("image scaling factor", frame)
        let scaling = given ?? 1
        let units = fields["quantification units"].flatMap { Double($0) } ?? 1
        guard scaling.isFinite, scaling != 0 else { throw .badField("image scaling factor", "\(scaling)", "not 0") }
        // Two names of the same factor, as STIR takes them.
        if scaling == 1, units > 0, units.isFinite { return units }
        if units != 1, units != scaling, frame == 0 {
            warnings.append("quantification units \(units) is left out: image scaling factor \(scaling) is used")
        }
        return scaling
    }

    private static func type(_ fields: Fields) throws(ImageProblem) -> VoxelType {
        guard let format = fields["number format"]?.lowercased() else { throw .missing("number format") }
        let bytes = try fields.integer("number of bytes per pixel")
        switch (format, bytes) {
        case ("float", 4), ("float", nil), ("short float", 4), ("short float", nil): return .float32
        case ("float", 8), ("long float", 8), ("long float", nil): return .float64
        case ("signed integer", 1): return .int8
        case ("signed integer", 2): return .int16
        case ("signed integer", 4): return .int32
        case ("signed integer", 8): return .int64
        case ("unsigned integer", 1): return .uint8
        case ("unsigned integer", 2): return .uint16
        case ("unsigned integer", 4): return .uint32
        case ("unsigned integer", 8): return .uint64
        default:
            throw .unsupported(
                "voxels of number format \"\(format)\" and \(bytes.map(String.init) ?? "unknown") bytes are not read")
        }
    }

    private static func place(
        _ fields: Fields, _ shape: SIMD3<Int>, _ warnings: inout [String]
    ) throws(ImageProblem) -> Affine {
        var size: SIMD3<Double> = .one
        for axis in 0..<3 {
            if let value = try fields.number("scaling factor(mm/pixel)", axis), value.isFinite, value > 0 {
                size[axis] = value
            } else if shape[axis] > 1 {
                warnings.append("the voxel size along axis \(axis + 1) is not given: 1 mm is used")
            }
        }
        let isProne = fields["patient rotation"]?.lowercased() == "prone"
        let isFeetFirst = fields["patient orientation"]?.lowercased() == "feet_in"
        if fields["patient orientation"] == nil || fields["patient rotation"] == nil {
            warnings.append("the header does not say how the patient lay: head first and supine is taken")
        }
        // The signs of x, y and z in RAS for the four ways to lie.
        let sign: SIMD3<Double> =
            switch (isFeetFirst, isProne) {
            case (false, false): [-1, -1, -1]
            case (false, true): [1, 1, -1]
            case (true, false): [1, -1, 1]
            case (true, true): [-1, 1, 1]
            }
        var first = -size * SIMD3(Double(shape.x - 1), Double(shape.y - 1), Double(shape.z - 1)) / 2
        var given = 0
        for axis in 0..<3 {
            if let value = try fields.number("first pixel offset(mm)", axis), value.isFinite {
                first[axis] = value
                given += 1
            }
        }
        if given < 3 {
            warnings.append("the header does not say where the image lies: its centre is put at the origin")
        }
        return Affine(scale: size * sign, translation: first * sign)
    }

    /// `key := value` lines, keys in lower case without ! and without spaces before a bracket.
    private struct Fields {
        private var values: [String: String] = [:]

        init(_ bytes: UnsafeRawBufferPointer) throws(ImageProblem) {
            guard Interfile.isInterfile(bytes) else {
                throw .notFormat("Interfile", "it does not begin with !INTERFILE")
            }
            var lines = TextHeader(bytes)
            while let line = lines.next() {
                guard let sign = line.firstRange(of: ":=") else { continue }
                let key = Self.key(line[..<sign.lowerBound])
                if key == "end of interfile" { break }
                values[key] = line[sign.upperBound...].trimmed
            }
        }

        private static func key(_ text: Substring) -> String {
            var key = ""
            for character in text.lowercased() where character != "!" {
                if character.isWhitespace || character == "_" {
                    if !key.isEmpty, key.last != " " { key.append(" ") }
                    continue
                }
                if "[(".contains(character), key.last == " " { key.removeLast() }
                key.append(character)
            }
            return key.trimmed
        }

        subscript(key: String) -> String? { values[key] }

        func integer(_ key: String) throws(ImageProblem) -> Int? {
            guard let text = values[key] else { return nil }
            guard let value = Int(text) else { throw .badField(key, text, "a whole number") }
            return value
        }

        /// The number with an index, from 0: of `key[1]`, or from a list in braces.
        func number(_ key: String, _ index: Int) throws(ImageProblem) -> Double? {
            if let text = values["\(key)[\(index + 1)]"] {
                guard let value = Double(text) else { throw .badField(key, text, "a number") }
                return value
            }
            guard let text = values[key] else { return nil }
            guard let numbers = TextHeader.numbers(text) else { throw .badField(key, text, "numbers") }
            return index < numbers.count ? numbers[index] : nil
        }
    }
}
