import Glibc

/// A linear transform in ITK's text format, as ANTs, 3D Slicer and SimpleITK read and write it (`.tfm`, `.txt`).
///
/// ITK's world is LPS+; here it is turned to RAS+ at once. As everywhere there, a transform takes points of the fixed image to
/// the moving one. Several transforms in one file are a composite, of which the last acts first.
public enum ITKTransform {
    /// The first line of a file.
    static let signature = "#Insight Transform File"

    /// The map, RAS mm, of a file's text.
    public static func parse(_ text: String) throws(TransformProblem) -> Affine {
        var maps: [Affine] = []
        var name: String?
        var parameters: [Double]?
        for line in text.split(whereSeparator: \.isNewline) {
            guard let colon = line.firstIndex(of: ":"), !line.hasPrefix("#") else { continue }
            let rest = line[line.index(after: colon)...].split(whereSeparator: \.isWhitespace)
            switch line[..<colon] {
            case "Transform":
                if let open = name, !open.hasPrefix("CompositeTransform") {
                    maps.append(try map(open, parameters ?? [], []))
                }
                (name, parameters) = (rest.joined(), nil)
            case "Parameters": parameters = try numbers(rest)
            case "FixedParameters":
                guard let open = name else { throw .damaged("parameters stand before the name of a transform") }
                if !open.hasPrefix("CompositeTransform") {
                    maps.append(try map(open, parameters ?? [], try numbers(rest)))
                }
                name = nil
            default: continue
            }
        }
        if let open = name, !open.hasPrefix("CompositeTransform") { maps.append(try map(open, parameters ?? [], [])) }
        guard !maps.isEmpty else { throw .damaged("there is no transform in it") }
        return try TransformFile.checked(maps.dropFirst().reduce(maps[0], *))
    }

    /// The text of a file with an affine transform.
    public static func text(of map: Affine) -> String {
        let lps = turned(map)
        let matrix = (0..<3).flatMap { [lps.x[$0], lps.y[$0], lps.z[$0]] }
        let shift = (0..<3).map { lps.translation[$0] }
        return """
            \(signature) V1.0
            #Transform 0
            Transform: AffineTransform_double_3_3
            Parameters: \((matrix + shift).map(\.description).joined(separator: " "))
            FixedParameters: 0 0 0

            """
    }

    private static func numbers(_ fields: [Substring]) throws(TransformProblem) -> [Double] {
        var values: [Double] = []
        for field in fields {
            guard let value = Double(field), value.isFinite else { throw .damaged("\(field) is no number") }
            values.append(value)
        }
        return values
    }

    // MARK: Kinds

    /// The RAS map of one transform; `fixed` is its centre where it has one.
    static func map(_ name: String, _ p: [Double], _ fixed: [Double]) throws(TransformProblem) -> Affine {
        // The name is part of sentences: no line may end in it.
        guard name.utf8.allSatisfy({ (33...126).contains($0) }) else { throw .damaged("its kind is no name") }
        let kind = name.split(separator: "_").first.map(String.init) ?? name
        guard name.hasSuffix("_3_3") || kind == "IdentityTransform" else { throw .notThreeDimensional(name) }
        func need(_ counts: Int...) throws(TransformProblem) {
            guard counts.contains(p.count) else { throw .parameters(name, p.count) }
        }
        guard fixed.count <= 4 else { throw .damaged("a linear transform has at most four fixed parameters") }
        let center = fixed.count >= 3 ? SIMD3(fixed[0], fixed[1], fixed[2]) : .zero
        var linear = Affine.identity
        let shift: SIMD3<Double>
        switch kind {
        case "IdentityTransform": shift = .zero
        case "TranslationTransform":
            try need(3)
            shift = SIMD3(p[0], p[1], p[2])
        case "AffineTransform", "MatrixOffsetTransformBase":
            try need(12)
            linear = Affine(
                x: SIMD3(p[0], p[3], p[6]), y: SIMD3(p[1], p[4], p[7]), z: SIMD3(p[2], p[5], p[8]), translation: .zero)
            shift = SIMD3(p[9], p[10], p[11])
        case "Euler3DTransform":
            try need(6)
            let about = (0..<3).map { axis in
                var v = SIMD3<Double>.zero
                v[axis] = p[axis]
                return Affine.rotation(vector: v)
            }
            let isZYX = fixed.count == 4 && fixed[3] != 0
            linear = isZYX ? about[2] * about[1] * about[0] : about[2] * about[0] * about[1]
            shift = SIMD3(p[3], p[4], p[5])
        case "VersorRigid3DTransform", "Similarity3DTransform":
            try need(kind == "VersorRigid3DTransform" ? 6 : 7)
            let part = SIMD3(p[0], p[1], p[2])
            let sine = norm(part)
            guard sine <= 1 else { throw .damaged("the versor of \(name) is longer than 1") }
            linear = Affine.rotation(vector: sine > 0 ? part / sine * (2 * asin(sine)) : .zero)
            shift = SIMD3(p[3], p[4], p[5])
            if p.count == 7 { linear = linear * Affine(scale: SIMD3(repeating: p[6])) }
        default: throw .unknownKind(name)
        }
        var map = linear
        map.translation = center + shift - linear.linear(center)
        return try TransformFile.checked(turned(map))
    }

    /// RAS to LPS and back: the first two axes the other way round.
    static func turned(_ map: Affine) -> Affine {
        let flip = Affine(scale: [-1, -1, 1])
        return flip * map * flip
    }
}

/// Why a file is no transform that can be used.
public enum TransformProblem: Error, Equatable, CustomStringConvertible {
    case unknownFormat
    case unknownKind(String)
    case notThreeDimensional(String)
    case parameters(String, Int)
    case damaged(String)

    /// One sentence for the person holding the file.
    public var description: String {
        switch self {
        case .unknownFormat:
            "this is no transform: ITK's text (.tfm, .txt), ANTs' .mat, and JSON with moving_from_fixed are read"
        case .unknownKind(let name): "a transform of the kind \(name) is not linear, or not known; it cannot be read"
        case .notThreeDimensional(let name): "the transform \(name) is not of three dimensions"
        case .parameters(let name, let count): "\(name) has \(count) parameters, which is not how many it needs"
        case .damaged(let what): "the transform cannot be read: \(what)"
        }
    }
}
