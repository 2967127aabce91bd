import Foundation
import Imaging
import Records
import Testing

/// SimpleITK 2.5.7 wrote the files and said where it takes (10, −20, 30) and (−40, 5, 12.5), RAS mm.
@Suite struct TransformFileTests {
    static let points: [SIMD3<Double>] = [[10, -20, 30], [-40, 5, 12.5]]

    struct Case: Sendable, CustomTestStringConvertible {
        var lines: [String]
        var moved: [SIMD3<Double>]
        var testDescription: String { lines[0] }

        init(_ lines: [String], _ first: SIMD3<Double>, _ second: SIMD3<Double>) {
            (self.lines, moved) = (lines, [first, second])
        }
    }

    static let affine = [
        "Transform: AffineTransform_double_3_3", "Parameters: 1.1 0.1 -0.05 0.02 0.95 0.1 -0.1 0.05 1.02 7 -8 9",
        "FixedParameters: 3 2 1",
    ]
    static let versor = [
        "Transform: VersorRigid3DTransform_double_3_3",
        "Parameters: 0 0.2057386844732708 0.2743182459643611 1 2 3", "FixedParameters: 5 6 7",
    ]

    /// Tolerance: the digits that were printed.
    @Test(arguments: [
        Case(
            [
                "Transform: Euler3DTransform_double_3_3", "Parameters: 0.1 -0.2 0.3 4 -5 6", "FixedParameters: 1 2 3 0",
            ], [15.000287094532252, -7.023679260853129, 34.95215540589702],
            [-42.273965806482245, 0.5431180422299953, 25.274679846398726]),
        Case(
            [
                "Transform: Euler3DTransform_double_3_3", "Parameters: 0.1 -0.2 0.3 4 -5 6", "FixedParameters: 1 2 3 1",
            ], [15.235397004880019, -6.6663365483253925, 34.905417305833964],
            [-42.192605706856256, -0.22160824453568484, 25.32731824437385]),
        Case(
            versor, [3.79766682244933, -14.758516003595973, 38.43111299730302],
            [-40.56451057053315, -17.314422869741502, 0.26418284769387235]),
        Case(
            [
                "Transform: Similarity3DTransform_double_3_3",
                "Parameters: 0 0.2057386844732708 0.2743182459643611 1 2 3 1.2", "FixedParameters: 5 6 7",
            ], [5.757200186939194, -16.110219204315168, 44.117335596763624],
            [-47.47741268463978, -19.1773074436898, -1.6829805827673496]),
        Case(affine, [3.95, -13.74, 41.78], [-49.425, 10.76, 17.68]),
        Case(
            ["Transform: TranslationTransform_double_3_3", "Parameters: 1 2 3", "FixedParameters: "], [9, -22, 33],
            [-41, 3, 15.5]),
        Case(
            ["Transform: CompositeTransform_double_3_3", "#Transform 1"] + affine + ["#Transform 2"] + versor,
            [-1.9268624458001824, -9.727748166697491, 49.49742773967381],
            [-52.88919477217592, -9.226410222434481, 6.258736591081512]),
    ])
    func aFileOfITKMovesPointsAsITKDoes(_ file: Case) throws {
        let text = (["#Insight Transform File V1.0", "#Transform 0"] + file.lines).joined(separator: "\n") + "\n"
        let map = try TransformFile.parse(Array(text.utf8))
        for (point, moved) in zip(Self.points, file.moved) { #expect(norm(map(point) - moved) < 1e-9) }
    }

    /// The affine transform of above, as ANTs keeps its own: MATLAB's format of level 4.
    static let ants = """
        AAAAAAwAAAABAAAAAAAAABsAAABBZmZpbmVUcmFuc2Zvcm1fZG91YmxlXzNfMwCamZmZmZnxP5qZmZmZmbk/mpmZmZmZqb97FK5H4XqUP2ZmZmZm\
        Zu4/mpmZmZmZuT+amZmZmZm5v5qZmZmZmak/UrgehetR8D8AAAAAAAAcQAAAAAAAACDAAAAAAAAAIkAAAAAAAwAAAAEAAAAAAAAABgAAAGZpeGVk\
        AAAAAAAAAAhAAAAAAAAAAEAAAAAAAADwPw==
        """

    @Test func aMatrixOfANTsMovesPointsAsITKDoes() throws {
        let bytes = [UInt8](try #require(Data(base64Encoded: Self.ants)))
        let map = try TransformFile.parse(bytes)
        #expect(norm(map(Self.points[0]) - [3.95, -13.74, 41.78]) < 1e-9)
        #expect(norm(map(Self.points[1]) - [-49.425, 10.76, 17.68]) < 1e-9)
    }

    @Test func whatIsWrittenIsReadBack() throws {
        let map = Affine(
            x: [1.1, 0.02, -0.1], y: [0.1, 0.95, 0.05], z: [-0.05, 0.1, 1.02], translation: [7.123456789, -8, 9])
        #expect(try TransformFile.parse(Array(ITKTransform.text(of: map).utf8)) == map)
        let rows = JSONValue.array(map.rows.map { JSONValue($0) })
        #expect(try TransformFile.parse(Array(JSONValue.object([.init("moving_from_fixed", rows)]).text.utf8)) == map)
    }

    /// Each says what is wrong, and none traps.
    @Test(arguments: [
        ("", TransformProblem.unknownFormat), ("hello", .unknownFormat),
        ("{}", .damaged("it has no moving_from_fixed")),
        ("#Insight Transform File V1.0\n", .damaged("there is no transform in it")),
        (
            "#Insight Transform File V1.0\nTransform: BSplineTransform_double_3_3\nParameters: 1\nFixedParameters: 1",
            .unknownKind("BSplineTransform_double_3_3")
        ),
        (
            "#Insight Transform File V1.0\nTransform: Euler2DTransform_double_2_2\nParameters: 1 1 1\nFixedParameters: 0",
            .notThreeDimensional("Euler2DTransform_double_2_2")
        ),
        (
            "#Insight Transform File V1.0\nTransform: Euler3DTransform_double_3_3\nParameters: 1 1 1\nFixedParameters: 0 0 0",
            .parameters("Euler3DTransform_double_3_3", 3)
        ),
        (
            "#Insight Transform File V1.0\nTransform: TranslationTransform_double_3_3\nParameters: 1 x 1\nFixedParameters:",
            .damaged("x is no number")
        ),
        (
            "#Insight Transform File V1.0\nTransform: AffineTransform_double_3_3\nParameters: 1 0 0 0 1 0 1 0 0 0 0 0\n"
                + "FixedParameters: 0 0 0", .damaged("its matrix has no inverse")
        ),
        (
            "#Insight Transform File V1.0\nTransform: Affine\u{0}Transform_3_3\nParameters: 1\nFixedParameters: 0 0 0",
            .damaged("its kind is no name")
        ),
        (
            "{\"moving_from_fixed\": [[1, 1.1e307, 0, 5], [-0.1, 0.9, 0, 0], [0, 0.02, 1, 9], [0, 0, 0, 1]]}",
            .damaged("its numbers are beyond what moves one image onto another")
        ),
        (
            "#Insight Transform File V1.0\nTransform: TranslationTransform_double_3_3\nParameters: 1e300 0 0\n"
                + "FixedParameters: ", .damaged("its numbers are beyond what moves one image onto another")
        ),
    ])
    func aFileThatIsNoTransformIsRefused(_ text: String, _ problem: TransformProblem) {
        #expect(throws: problem) { try TransformFile.parse(Array(text.utf8)) }
    }

    @Test func noDamagedMatrixTraps() throws {
        let bytes = [UInt8](try #require(Data(base64Encoded: Self.ants)))
        for length in 0..<bytes.count { _ = try? TransformFile.parse(Array(bytes[..<length])) }
        for place in bytes.indices {
            for bit in 0..<8 {
                var damaged = bytes
                damaged[place] ^= 1 << UInt8(bit)
                _ = try? TransformFile.parse(damaged)
            }
        }
    }
}
