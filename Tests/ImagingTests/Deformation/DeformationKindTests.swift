import Foundation
import Imaging
import Testing

/// A deformation is for two images of one kind, and says so where they are not.
@Suite struct DeformationKindTests {
    /// A head of formulas with folds all over it, 0...1, through a scale of greys.
    private static func head(_ scale: @Sendable (Double) -> Double) throws -> Volume {
        let grid = try VoxelGrid(
            shape: [40, 48, 38], worldFromVoxel: Affine(scale: [4, 4, 4], translation: [-78, -94, -74]))
        let voxels = (0..<grid.count).map { place -> Float in
            let (row, i) = place.quotientAndRemainder(dividingBy: grid.shape.x)
            let p = grid.worldFromVoxel([Double(i), Double(row % grid.shape.y), Double(row / grid.shape.y)])
            let d = p / SIMD3<Double>(60, 76, 58)
            let inside = 1 / (1 + exp((dot(d, d).squareRoot() - 1) * 24))
            let folds = sin(p.x / 9) * sin(p.y / 10) * cos(p.z / 9.5)
            return Float(scale(inside * (0.55 + 0.4 * folds)))
        }
        return Volume(grid: grid, voxels: voxels)
    }

    /// Another contrast, brighter where the first is brighter, is of one kind.
    @Test func anotherContrastIsStillOneKind() throws {
        let found = try Deformation.refine(
            fixed: try Self.head { $0 }, moving: try Self.head { $0.squareRoot() }, linear: .identity)
        #expect(found.quality.agreement > 0.95)
        #expect(found.quality.verdict < .fail, "\(found.quality)")
    }

    /// What is brightest in the middle of the other's greys brightens and darkens with it: correlated, yet of two kinds.
    @Test func twoKindsFail() throws {
        let found = try Deformation.refine(
            fixed: try Self.head { $0 }, moving: try Self.head { 4 * $0 * (1 - $0) }, linear: .identity)
        #expect(found.quality.before > DeformationQuality.leastCorrelation)
        #expect(found.quality.agreement < DeformationQuality.leastAgreement)
        #expect(found.quality.verdict == .fail, "\(found.quality)")
    }
}
