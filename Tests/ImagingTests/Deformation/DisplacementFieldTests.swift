import Imaging
import Records
import Testing

/// Maps given at voxels: points, volumes, files.
@Suite struct DisplacementFieldTests {
    private static let grid = grid(
        shape: [9, 8, 7],
        worldFromVoxel: Affine(x: [-2, 0.1, 0], y: [0.2, 2.5, 0.3], z: [0, -0.4, 3], translation: [8, -9, -10]))
    private static func grid(shape: SIMD3<Int>, worldFromVoxel: Affine) -> VoxelGrid {
        guard let grid = try? VoxelGrid(shape: shape, worldFromVoxel: worldFromVoxel) else {
            preconditionFailure("a turned grid is a grid")
        }
        return grid
    }
    private static let map = Affine(
        x: [1.1, 0.05, -0.1], y: [0.02, 0.9, 0.04], z: [0.1, -0.06, 1.05], translation: [3, -2, 5])

    /// Tolerance: displacements of up to 10 mm in Float32.
    @Test func betweenVoxelsAPointMovesAsTheMapSays() throws {
        let field = DisplacementField(on: Self.grid) { Self.map($0) }
        for voxel: SIMD3<Double> in [[0, 0, 0], [3.3, 4.7, 2.1], [8, 7, 6], [0.01, 6.99, 5.5]] {
            let point = Self.grid.worldFromVoxel(voxel)
            let moved = try #require(field(point))
            #expect(norm(moved - Self.map(point)) < 1e-5)
        }
        #expect(field(Self.grid.worldFromVoxel([-0.6, 0, 0])) == nil)
        #expect(field(Self.grid.worldFromVoxel([0, 7.6, 0])) == nil)
    }

    /// A linear map has one determinant; x + a x² along one axis has 1 + 2 a x, which central differences find exactly.
    /// Tolerance: displacements in Float32 of up to 16 mm over steps of 2 mm.
    @Test func theDeterminantOfAKnownMapIsExact() throws {
        let field = DisplacementField(on: Self.grid) { Self.map($0) }
        let flat = field.jacobianDeterminant()
        #expect(flat.voxels.allSatisfy { abs(Double($0) - Self.map.determinant) < 5e-6 })
        let even = try VoxelGrid(
            shape: [21, 5, 5], worldFromVoxel: Affine(scale: [2, 2, 2], translation: [-20, 0, 0]))
        let square = DisplacementField(on: even) { p in [p.x + 0.04 * p.x * p.x, 1.5 * p.y, p.z - 0.5 * p.x] }
        let determinants = square.jacobianDeterminant()
        for i in 1..<20 {
            let x = -20 + 2 * Double(i)
            #expect(abs(Double(determinants[i, 2, 2]) - 1.5 * (1 + 0.08 * x)) < 1e-5)
        }
        // Left of x = −12.5 the map turns back.
        let inside = (0..<even.count).map { (1..<20).contains($0 % 21) }
        let summary = try #require(square.jacobianSummary(of: determinants, inside: inside))
        #expect(abs(summary.minimum - 1.5 * (1 - 0.08 * 18)) < 1e-5)
        #expect(abs(summary.maximum - 1.5 * (1 + 0.08 * 18)) < 1e-5)
        // Voxels at −18, −16, −14; at −12 the step to −14 has 1 − 0.08 · 13 < 0, the step from it does not.
        #expect(abs(summary.percentNotPositive - 100 * 4 / 19) < 1e-9)
        #expect(square.jacobianSummary(of: determinants, inside: Array(repeating: false, count: even.count)) == nil)
    }

    /// A field of an affine map resamples as the map does. Tolerance: Float32 displacements against slopes of 1 a voxel.
    @Test(arguments: [Interpolation.linear, .cubic, .nearest])
    func aFieldResamplesAsItsMapDoes(_ interpolation: Interpolation) throws {
        let image = Volume(
            grid: Self.grid, voxels: (0..<Self.grid.count).map { Float(($0 * 37) % 11) + Float($0 % 9) })
        let small = Affine(x: [1, 0.01, 0], y: [0.02, 0.97, 0], z: [0, 0, 1.03], translation: [0.31, -0.42, 0.53])
        let field = DisplacementField(on: Self.grid) { small($0) }
        let direct = image.resampled(onto: Self.grid, sourceFromTarget: small, interpolation: interpolation)
        let through = image.resampled(onto: Self.grid, through: .field(field), interpolation: interpolation)
        #expect(zip(direct.voxels, through.voxels).allSatisfy { abs($0 - $1) < 1e-3 })
        let labels = LabelMap(grid: Self.grid, voxels: (0..<Self.grid.count).map { Int32($0 % 5) })
        #expect(
            labels.resampled(onto: Self.grid, through: .field(field)).voxels
                == labels.resampled(onto: Self.grid, sourceFromTarget: small).voxels)
    }

    @Test func noDisplacementChangesNothing() throws {
        let image = Volume(grid: Self.grid, voxels: (0..<Self.grid.count).map { Float($0) * 0.7 })
        let field = DisplacementField(on: Self.grid) { $0 }
        for interpolation in Interpolation.allCases {
            let same = image.resampled(onto: Self.grid, through: .field(field), interpolation: interpolation)
            #expect(same.voxels == image.voxels)
        }
    }

    // MARK: Files

    @Test func aFieldIsReadAsItWasWritten() throws {
        let field = DisplacementField(on: Self.grid) { Self.map($0) }
        let file = field.encoded()
        let back = try file.withUnsafeBytes { try DisplacementField.read(bytes: $0) }
        #expect(back.vectors.voxels == field.vectors.voxels)
        #expect(back.grid.matches(field.grid))
        // Five axes, the fourth of one, the fifth of three; vectors; LPS.
        func int16(_ place: Int) -> Int { Int(Int16(truncatingIfNeeded: Int(file[place]) | Int(file[place + 1]) << 8)) }
        #expect((0..<6).map { int16(40 + 2 * $0) } == [5, 9, 8, 7, 1, 3])
        #expect(int16(68) == 1007)
        let first = Float(bitPattern: (0..<4).reduce(UInt32(0)) { $0 | UInt32(file[352 + $1]) << UInt32(8 * $1) })
        #expect(first == -field.vectors.voxels[0])
    }

    @Test func whatIsNoFieldIsRefused() throws {
        let image = Volume(grid: Self.grid, frames: 3, repeating: 1)
        #expect(throws: FieldProblem.notVectors) {
            try NIfTI.encode(image).withUnsafeBytes { try DisplacementField.read(bytes: $0) }
        }
        var file = DisplacementField(vectors: image).encoded()
        for (place, byte) in [(352, 0), (353, 0), (354, 0xC0), (355, 0x7F)] { file[place] = UInt8(byte) }
        #expect(throws: FieldProblem.notFinite) { try file.withUnsafeBytes { try DisplacementField.read(bytes: $0) } }
        // Displacements of another kind (intent 1006) have other axes in some programs.
        file = DisplacementField(vectors: image).encoded()
        file[68] = 0xEE
        #expect(throws: FieldProblem.notVectors) { try file.withUnsafeBytes { try DisplacementField.read(bytes: $0) } }
        let short = Array(DisplacementField(vectors: image).encoded().dropLast(8))
        #expect(throws: ImageProblem.self) { try short.withUnsafeBytes { try DisplacementField.read(bytes: $0) } }
    }
}
