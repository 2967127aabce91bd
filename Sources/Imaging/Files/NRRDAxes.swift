/// Which axes of an NRRD are space and which is the frames, and where the voxels are.
struct NRRDAxes {
    var shape: SIMD3<Int> = .one
    var frames = 1
    var framesFirst = false
    var worldFromVoxel = Affine.identity
    var warnings: [String] = []

    init(fields: [String: String], sizes: [Int]) throws(ImageProblem) {
        let kinds = fields["kinds"]?.split(whereSeparator: \.isWhitespace).map { $0.lowercased() } ?? []
        guard kinds.isEmpty || kinds.count == sizes.count else {
            throw .badField("kinds", "\(kinds)", "one for each of \(sizes.count) axes")
        }
        let directions = try Self.directions(fields["space directions"], sizes.count)
        let spatial = Self.spatialAxes(directions, kinds, sizes)
        let others = sizes.indices.filter { !spatial.contains($0) && sizes[$0] > 1 }
        for axis in others where !kinds.isEmpty {
            guard ["list", "time", "none", "???", "domain", "space"].contains(kinds[axis]) else {
                throw .unsupported(
                    "each voxel holds \(sizes[axis]) values of kind \"\(kinds[axis])\"; images of one value a voxel are read"
                )
            }
        }
        guard others.count <= 1 else {
            throw .unsupported("the image has \(others.count) axes beside space; one, the frames, is read")
        }
        if let axis = others.first {
            frames = sizes[axis]
            framesFirst = axis < (spatial.first ?? 0)
            guard framesFirst || axis > (spatial.last ?? 0) else {
                throw .unsupported("the frames stand between the axes of space; reorder the axes first (unu permute)")
            }
        }
        guard (1...3).contains(spatial.count) else {
            throw .unsupported("the image has \(spatial.count) axes of space; up to three are read")
        }
        for (place, axis) in spatial.enumerated() { shape[place] = sizes[axis] }
        try place(fields, spatial, directions, sizes.count)
    }

    /// Axes with a direction, or of kind domain or space, or the first three.
    private static func spatialAxes(_ directions: [SIMD3<Double>?]?, _ kinds: [String], _ sizes: [Int]) -> [Int] {
        if let directions { return sizes.indices.filter { directions[$0] != nil } }
        if kinds.contains(where: { $0 == "domain" || $0 == "space" }) {
            return sizes.indices.filter { kinds[$0] == "domain" || kinds[$0] == "space" }
        }
        return Array(sizes.indices.prefix(3))
    }

    private static func directions(_ text: String?, _ count: Int) throws(ImageProblem) -> [SIMD3<Double>?]? {
        guard let text else { return nil }
        var directions: [SIMD3<Double>?] = []
        var rest = text[...]
        while let start = rest.firstIndex(where: { !$0.isWhitespace }) {
            rest = rest[start...]
            if rest.hasPrefix("none") {
                directions.append(nil)
                rest = rest.dropFirst(4)
                continue
            }
            guard rest.hasPrefix("("), let end = rest.firstIndex(of: ")"), let vector = vector(rest[...end]) else {
                throw .badField("space directions", text, "none or a vector of three numbers for each axis")
            }
            directions.append(vector)
            rest = rest[rest.index(after: end)...]
        }
        guard directions.count == count else {
            throw .badField("space directions", text, "none or a vector for each of \(count) axes")
        }
        return directions
    }

    private static func vector(_ text: Substring) -> SIMD3<Double>? {
        guard let numbers = TextHeader.numbers(String(text)), numbers.count == 3 else { return nil }
        return [numbers[0], numbers[1], numbers[2]]
    }

    private mutating func place(
        _ fields: [String: String], _ spatial: [Int], _ directions: [SIMD3<Double>?]?, _ count: Int
    ) throws(ImageProblem) {
        var steps: [SIMD3<Double>] = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
        if let directions {
            for (place, axis) in spatial.enumerated() { steps[place] = directions[axis] ?? steps[place] }
            if spatial.count == 2 {
                let normal = cross(steps[0], steps[1])
                steps[2] = normal / norm(normal)
            }
            guard spatial.count >= 2 else { throw .unsupported("the image has a direction for one axis only") }
        } else {
            let spacings = fields["spacings"].map {
                $0.split(whereSeparator: \.isWhitespace).map { Double($0) ?? .nan }
            }
            for (place, axis) in spatial.enumerated() {
                if let spacings, spacings.count == count, spacings[axis].isFinite { steps[place] *= spacings[axis] }
            }
            if spacings == nil { warnings.append("the file gives no voxel size: 1 mm is used") }
        }
        var origin: SIMD3<Double> = .zero
        if let text = fields["space origin"] {
            guard let vector = Self.vector(text[...]) else {
                throw .badField("space origin", text, "a vector of three numbers")
            }
            origin = vector
        } else {
            warnings.append("the file has no space origin: the first voxel is put at the origin")
        }
        let scale = try Self.millimetres(fields["space units"])
        let flip = try sign(fields["space"] ?? fields["space dimension"].map { _ in "" })
        worldFromVoxel =
            Affine(scale: flip * scale)
            * Affine(x: steps[0], y: steps[1], z: steps[2], translation: origin)
    }

    /// What turns the file's space into RAS: the sign of each axis.
    private mutating func sign(_ space: String?) throws(ImageProblem) -> SIMD3<Double> {
        switch space?.lowercased() {
        case "left-posterior-superior", "lps": return [-1, -1, 1]
        case "right-anterior-superior", "ras": return [1, 1, 1]
        case "left-anterior-superior", "las": return [-1, 1, 1]
        case nil, "", "scanner-xyz", "3d-right-handed":
            warnings.append("the file does not say which side is left: its axes are taken as left, posterior, superior")
            return [-1, -1, 1]
        default: throw .unsupported("the NRRD space \"\(space ?? "")\" is not read; LPS, RAS and LAS are")
        }
    }

    private static func millimetres(_ units: String?) throws(ImageProblem) -> Double {
        let names = Set(units?.split { $0 == "\"" || $0.isWhitespace }.map { $0.lowercased() } ?? [])
        guard names.count <= 1 else { throw .badField("space units", units ?? "", "one unit for all axes") }
        switch names.first {
        case nil, "mm", "millimeter", "millimeters", "???": return 1
        case "cm": return 10
        case "m": return 1000
        case "um", "µm", "micron", "microns": return 0.001
        default: throw .badField("space units", units ?? "", "mm, cm, m or um")
        }
    }
}
