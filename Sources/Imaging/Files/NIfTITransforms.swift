import Records

/// Both transforms of a NIfTI header, and the one that is used: the sform where there is one, else the qform, else spacing
/// with x to the left and the centre at the origin, as nibabel has it.
struct NIfTITransforms {
    var chosen: Affine
    /// "sform", "qform" or "none".
    var rule: String
    var warnings: [String] = []

    /// Transforms further apart than this at a corner of the image, mm, are named in a warning.
    ///
    /// Both are stored in Float32, which moves a corner 300 mm away by less than 0.01 mm.
    static let tolerance = 0.1

    init(_ field: FieldReader, _ version: Int, _ dim: [Int], _ spacing: [Double], millimetres scale: Double) {
        let toMillimetres = Affine(scale: SIMD3(repeating: scale))
        let qformCode = version == 1 ? Int(field.int16(252)) : Int(field.int32(344))
        let sformCode = version == 1 ? Int(field.int16(254)) : Int(field.int32(348))
        let sform = sformCode > 0 ? toMillimetres * Self.sform(field, version) : nil
        let qform = qformCode > 0 ? toMillimetres * Self.qform(field, version, spacing) : nil
        if let sform, let qform {
            let apart = Self.distance(sform, qform, dim)
            if !(apart <= Self.tolerance) {
                warnings.append(
                    "sform (code \(sformCode)) and qform (code \(qformCode)) disagree by \(fixed(apart, 2)) mm "
                        + "at a corner of the image; the sform is used")
            }
        }
        if let sform {
            (chosen, rule) = (sform, "sform")
        } else if let qform {
            (chosen, rule) = (qform, "qform")
        } else {
            (chosen, rule) = (toMillimetres * Self.centred(dim, spacing), "none")
            warnings.append(
                "the file has neither sform nor qform: voxel spacing is used and the centre is put at the origin")
        }
    }

    private static func distance(_ a: Affine, _ b: Affine, _ dim: [Int]) -> Double {
        let far = SIMD3(Double(dim[0] - 1), Double(dim[1] - 1), Double(dim[2] - 1))
        let apart = (0..<8).map { corner -> Double in
            let point = far * SIMD3(Double(corner & 1), Double(corner >> 1 & 1), Double(corner >> 2 & 1))
            return norm(a(point) - b(point))
        }
        return apart.reduce(0) { $1.isFinite ? max($0, $1) : .infinity }
    }

    private static func sform(_ field: FieldReader, _ version: Int) -> Affine {
        Affine(
            rows: (0..<3).map { row in
                (0..<4).map {
                    version == 1 ? Double(field.float(280 + 16 * row + 4 * $0)) : field.double(400 + 32 * row + 8 * $0)
                }
            })
    }

    private static func qform(_ field: FieldReader, _ version: Int, _ spacing: [Double]) -> Affine {
        let q = (0..<6).map { version == 1 ? Double(field.float(256 + 4 * $0)) : field.double(352 + 8 * $0) }
        let handedness = version == 1 ? Double(field.float(76)) : field.double(104)
        return rotation(
            b: q[0], c: q[1], d: q[2], spacing: spacing, handedness: handedness, offset: [q[3], q[4], q[5]])
    }

    private static func centred(_ dim: [Int], _ spacing: [Double]) -> Affine {
        let size = SIMD3(spacing[0], spacing[1], spacing[2]).replacing(
            with: 1, where: SIMD3(spacing[0], spacing[1], spacing[2]) .== 0)
        let scale = SIMD3(-abs(size.x), abs(size.y), abs(size.z))
        let centre = SIMD3(Double(dim[0] - 1), Double(dim[1] - 1), Double(dim[2] - 1)) / 2
        return Affine(scale: scale, translation: -(scale * centre))
    }

    /// The qform's quaternion as a matrix [NIfTI1, nifti1.h "METHOD 2"].
    private static func rotation(
        b: Double, c: Double, d: Double, spacing: [Double], handedness: Double, offset: SIMD3<Double>
    ) -> Affine {
        var (b, c, d) = (b, c, d)
        let rest = 1 - (b * b + c * c + d * d)
        let a: Double
        if rest < 1e-7 {
            let length = (b * b + c * c + d * d).squareRoot()
            (a, b, c, d) = (0, b / length, c / length, d / length)
        } else {
            a = rest.squareRoot()
        }
        let sign: Double = handedness < 0 ? -1 : 1
        return Affine(
            x: SIMD3(a * a + b * b - c * c - d * d, 2 * (b * c + a * d), 2 * (b * d - a * c)) * spacing[0],
            y: SIMD3(2 * (b * c - a * d), a * a + c * c - b * b - d * d, 2 * (c * d + a * b)) * spacing[1],
            z: SIMD3(2 * (b * d + a * c), 2 * (c * d - a * b), a * a + d * d - b * b - c * c) * spacing[2] * sign,
            translation: offset)
    }
}
