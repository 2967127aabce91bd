import Imaging
import Records

/// What a correction for partial volume effects found, region by region, for people and programs.
public struct PartialVolumeReport: Sendable {
    /// How the regions were corrected.
    public let correction: PartialVolumeCorrection
    /// What was found.
    public let result: PartialVolumeCorrection.Result
    /// The unit of the image; `nil` where it is not known.
    public let units: String?

    /// A report.
    public init(_ result: PartialVolumeCorrection.Result, of correction: PartialVolumeCorrection, units: String?) {
        (self.result, self.correction, self.units) = (result, correction, units)
    }

    private var regions: [PartialVolumeRegions.Region] { correction.regions.regions }

    /// The edge of a cube as large as the region over the full width at half maximum, the geometric mean of the axes.
    public func sizeFWHM(of place: Int) -> Double {
        let width = correction.spread.fwhm
        let cube = regions[place].voxels * correction.regions.grid.voxelVolumeML * 1000
        return cubeRoot(cube / (width.x * width.y * width.z))
    }

    /// What is known of the noise of a corrected value; `nil` for methods whose noise the equations do not give.
    private func noise(_ place: Int) -> Double? {
        correction.method.hasClosedFormNoise ? correction.transfer?.noiseAmplification[place] : nil
    }

    /// A table for people; of a dynamic image, means over the frames.
    public var text: String {
        var table = TextTable([
            .text("region"), .number("voxels"), .number("size / FWHM"), .number("uncorrected"), .number("corrected"),
            .number("noise ×"),
        ])
        for (place, region) in regions.enumerated() {
            table.add([
                region.name, significant(region.voxels, 6), fixed(sizeFWHM(of: place), 2),
                significant(mean(result.uncorrected[place]), 6), significant(mean(result.corrected[place]), 6),
                fixed(noise(place), 2),
            ])
        }
        let width = correction.spread.fwhm
        let widths = [width.x, width.y, width.z].map { fixed($0, 2) }.joined(separator: " × ")
        var lines = ["\(correction.method.name), FWHM \(widths) mm"]
        if let transfer = correction.transfer { lines[0] += ", condition number \(significant(transfer.condition, 4))" }
        if let misfit = result.modelMisfit {
            lines[0] += ", misfit around the regions \(significant(100 * misfit, 2)) %"
        }
        if let frames = result.uncorrected.first?.count, frames > 1 { lines.append("means over \(frames) frames") }
        return lines.joined(separator: "; ") + "\n" + table.text
    }

    /// The members of the JSON document: one value a region, or a list over the frames of a dynamic image.
    public var members: [JSONValue.Member] {
        func values(_ list: [Double]) -> JSONValue {
            list.count == 1 ? number(list[0]) : .array(list.map(number))
        }
        let width = correction.spread.fwhm
        return [
            .init("method", .string(correction.method.name)), .init("units", JSONValue(units)),
            .init("fwhm_mm", JSONValue([width.x, width.y, width.z])),
            .init("condition_number", JSONValue(correction.transfer?.condition)),
            .init("model_misfit", JSONValue(result.modelMisfit)),
            .init(
                "regions",
                .array(
                    regions.enumerated().map { place, region in
                        [
                            "name": .string(region.name), "index": .integer(Int(region.label)),
                            "background": .bool(region.isBackground), "voxels": .number(region.voxels),
                            "size_fwhm": .number(sizeFWHM(of: place)), "touches_edge": .bool(region.touchesEdge),
                            "uncorrected": values(result.uncorrected[place]),
                            "corrected": values(result.corrected[place]),
                            "noise_amplification": JSONValue(noise(place)),
                        ]
                    })),
        ]
    }

    /// The corrected curves of the regions that have one, without the background, over the frames of the image.
    public func curves(frames: [Frame]) -> TimeActivityCurves {
        let volume = correction.regions.grid.voxelVolumeML
        let curves = regions.enumerated().compactMap { place, region -> TimeActivityCurves.Curve? in
            guard !region.isBackground, !result.corrected[place].contains(where: \.isNaN) else { return nil }
            return TimeActivityCurves.Curve(
                name: region.name, mean: result.corrected[place], label: region.label,
                voxels: Int(region.voxels.rounded()), volumeML: region.voxels * volume)
        }
        return TimeActivityCurves(frames: frames, curves: curves, units: nil, warnings: result.warnings)
            .converted(fromDeclared: units)
    }
}

private func number(_ value: Double) -> JSONValue { value.isFinite ? .number(value) : .null }

private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

/// The cube root by Newton's method: the same bits everywhere.
private func cubeRoot(_ value: Double) -> Double {
    guard value > 0 else { return 0 }
    var root = value.squareRoot()
    for _ in 0..<200 {
        let next = (2 * root + value / (root * root)) / 3
        if next == root { break }
        root = next
    }
    return root
}
