import Glibc
import Imaging
import Testing

/// Six numbers of a head's movement, and the displacements made of them.
@Suite struct RigidMotionTests {
    private static let center: SIMD3<Double> = [3, -17, 8]

    /// Turns about x first, then y, then z, each by its own matrix.
    private static func map(_ t: SIMD3<Double>, _ r: SIMD3<Double>) -> Affine {
        let turn =
            Affine.rotation(vector: [0, 0, r.z]) * Affine.rotation(vector: [0, r.y, 0])
            * Affine.rotation(vector: [r.x, 0, 0])
        var map = turn.about(center)
        map.translation += t
        return map
    }

    /// Any turn short of a right angle about y comes back; 1e-12: a few roundings of sines.
    @Test func shiftsAndTurnsComeBack() {
        for step in 0..<200 {
            let s = Double(step)
            let t = SIMD3<Double>(20 * sin(s), 15 * cos(1.7 * s), 9 * sin(2.3 * s))
            let r = SIMD3<Double>(2 * sin(0.9 * s), 1.4 * sin(1.3 * s + 1), 3 * sin(0.7 * s + 2))
            let found = RigidMotion(Self.map(t, r), center: Self.center)
            #expect(norm(found.translation - t) < 1e-12)
            #expect(norm(found.rotation - r) < 1e-12)
        }
    }

    /// By hand: 1 + 2 + 0.5 mm of shifts, and 0.01 + 0.02 rad on a sphere of 50 mm: 1.5 mm.
    @Test func framewiseDisplacementIsPowersSum() {
        let before = RigidMotion(Self.map([1, 1, 1], [0.01, 0, 0]), center: Self.center)
        let after = RigidMotion(Self.map([2, -1, 1.5], [0, 0, 0.02]), center: Self.center)
        #expect(abs(after.framewiseDisplacement(from: before) - 5) < 1e-12)
    }

    /// A shift moves every point as far; a turn by θ about an axis moves a ball of radius R by 2 sin(θ/2) times the root mean
    /// square distance from the axis, R √(2/5).
    @Test func rmsDeviationIsThatOfTheBallsPoints() {
        let shift = Self.map([3, 4, 12], .zero)
        #expect(abs(shift.rmsDeviation(from: .identity, center: Self.center) - 13) < 1e-12)
        let turn = Self.map(.zero, [0, 0.3, 0])
        let expected = 2 * sin(0.15) * 80 * (2.0 / 5).squareRoot()
        #expect(abs(turn.rmsDeviation(from: .identity, center: Self.center) - expected) < 1e-11)
        #expect(turn.rmsDeviation(from: turn, center: Self.center) == 0)
    }
}
