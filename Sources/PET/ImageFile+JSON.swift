import Imaging
import Records

extension ImageFile {
    /// What `engraft info` says of the image, as JSON members.
    public func members(path: String) -> [JSONValue.Member] {
        let grid = volume.grid
        let (shape, size) = (grid.shape, grid.voxelSize)
        return [
            .init("path", .string(path)), .init("format", .string(format)),
            .init("shape", JSONValue([shape.x, shape.y, shape.z, volume.frames])),
            .init("voxel_size_mm", JSONValue([size.x, size.y, size.z])),
            .init("affine", .array(grid.worldFromVoxel.rows.map { JSONValue($0) })),
            .init("orientation", .string(grid.orientation)), .init("datatype", .string(datatype)),
            .init("units", JSONValue(units)),
            .init(
                "frames",
                frames.isEmpty
                    ? .null
                    : ["start_s": JSONValue(frames.map(\.start)), "duration_s": JSONValue(frames.map(\.duration))]),
            .init("pet", acquisition.map(Self.json) ?? .null),
        ]
    }

    private static func json(_ a: Acquisition) -> JSONValue {
        var factors: [JSONValue.Member] = []
        var reasons: [String] = []
        var rule: String?
        for kind in SUVKind.allCases {
            do throws(SUVProblem) {
                let factor = try a.suvFactor(kind)
                if kind == .bw { rule = factor.rule }
                factors.append(.init(kind.rawValue, factor.single.map { .number($0) } ?? JSONValue(factor.factors)))
            } catch {
                factors.append(.init(kind.rawValue, .null))
                if kind == .bw || reasons.isEmpty { reasons.append(error.description) }
            }
        }
        return [
            "tracer": JSONValue(a.tracer), "radionuclide": JSONValue(a.radionuclide),
            "half_life_s": JSONValue(a.halfLifeS),
            "injected_mbq": JSONValue(a.injectedBq.map { $0 / 1e6 }), "weight_kg": JSONValue(a.massKg),
            "height_cm": JSONValue(a.heightCm), "sex": JSONValue(a.sex?.rawValue),
            "decay_correction": JSONValue(a.decayReference?.rawValue), "decay_reference": JSONValue(a.decayReferenceS),
            "decay_rule": JSONValue(a.decayRule),
            "decay_alternatives": .array(
                a.decayAlternatives.map { ["rule": .string($0.rule), "seconds": .number($0.seconds)] }),
            "time_zero": JSONValue(a.timeZero), "scan_start_s": JSONValue(a.scanStartS),
            "injection_start_s": a.injectionKnown ? .number(a.injectionStartS) : .null,
            "suv_factor": .object(factors), "suv_rule": JSONValue(rule), "warnings": JSONValue(a.warnings + reasons),
        ]
    }
}
