import Imaging

extension Reader {
    /// ITK's text, ANTs' matrices and our JSON, told apart by content as `register --start` and `resample --transform` do.
    static let transform = Reader(
        name: "Transform",
        words: [
            "#Insight Transform File V1.0\n", "#Transform 0\n", "Transform: ", "Parameters: ", "FixedParameters: ",
            "AffineTransform_double_3_3", "Euler3DTransform_double_3_3", "VersorRigid3DTransform_double_3_3",
            "Similarity3DTransform_double_3_3", "TranslationTransform_double_3_3", "IdentityTransform_double_3_3",
            "CompositeTransform_double_3_3", "MatrixOffsetTransformBase_double_3_3", "moving_from_fixed", "fixed\0",
            "nan", "inf", "1e308", "1e-320", "-0",
        ],
        seeds: {
            let map = Affine(rows: [[1.1, 0.1, 0, 5], [-0.1, 0.9, 0.05, -7], [0, 0.02, 1, 9]])
            let head = "#Insight Transform File V1.0\n"
            let kinds = [
                ("Euler3DTransform_double_3_3", "0.1 -0.2 0.3 4 -5 6", "1 2 3 1"),
                ("VersorRigid3DTransform_double_3_3", "0 0.2 0.3 1 2 3", "5 6 7"),
                ("Similarity3DTransform_double_3_3", "0 0.2 0.3 1 2 3 1.2", "5 6 7"),
                ("TranslationTransform_double_3_3", "1 2 3", ""), ("IdentityTransform_double_3_3", "", ""),
            ].map { "Transform: \($0.0)\nParameters: \($0.1)\nFixedParameters: \($0.2)\n" }
            let composite = head + "Transform: CompositeTransform_double_3_3\n" + kinds.joined()
            let rows = map.rows.map { "[" + $0.map(\.description).joined(separator: ", ") + "]" }
            let json = "{\"moving_from_fixed\": [" + rows.joined(separator: ", ") + "]}"
            let texts = [ITKTransform.text(of: map), composite, json] + kinds.map { head + $0 }
            return texts.map { Array($0.utf8) } + [ants(map)]
        },
        read: { bytes, _ in
            let map = try TransformFile.parse(Array(bytes))
            let moved = map([10, -20, 30])
            precondition(map.inverse != nil && (moved.x + moved.y + moved.z).isFinite, "a map that leads nowhere")
            // What was read is written so that it is read again. A map of extreme numbers may not come back from a product.
            _ = try? TransformFile.parse(Array(ITKTransform.text(of: map).utf8))
            return nil
        })

    /// Images of vectors; the same bytes as an image are another reader's.
    static let displacementField = Reader(
        name: "DisplacementField", words: ["n+1\0", "\u{5C}\u{1}\0\0", "\u{5}\0", "\u{3}\0", "\u{3}\u{3}"],
        seeds: {
            let field = DisplacementField(vectors: try ramp(frames: 3)).encoded()
            return [field, try field.withUnsafeBytes { try Gzip.deflate($0) }]
        },
        read: { bytes, _ in
            let field = try DisplacementField.read(bytes: bytes)
            let shape = field.grid.shape
            let corner = field.grid.worldFromVoxel(SIMD3<Double>(shape &- 1))
            if let moved = field(corner) {
                precondition((moved.x + moved.y + moved.z).isFinite, "a point went nowhere")
            }
            if field.grid.count < 4096 {
                let image = Volume(grid: field.grid, repeating: 1)
                _ = image.resampled(onto: field.grid, through: .field(field))
                _ = field.jacobianDeterminant()
            }
            return field.vectors
        })

    /// A map as ANTs keeps it: MATLAB's format of level 4.
    private static func ants(_ map: Affine) -> [UInt8] {
        func number<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
            withUnsafeBytes(of: value.littleEndian) { Array($0) }
        }
        func variable(_ name: String, _ values: [Double]) -> [UInt8] {
            let text = Array(name.utf8) + [0]
            let head = [0, values.count, 1, 0, text.count].flatMap { number(Int32($0)) }
            return head + text + values.flatMap { number($0.bitPattern) }
        }
        let rows = map.rows.dropLast()
        return variable(
            "AffineTransform_double_3_3", rows.flatMap { Array($0.dropLast()) } + rows.map { $0[3] })
            + variable("fixed", [1, 2, 3])
    }
}
