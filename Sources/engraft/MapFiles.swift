import Imaging
import PET
import Records
import Review

/// The files that maps are written to: all of them or none.
struct MapFiles {
    let maps: ParametricMaps
    let prefix: String
    /// The unit of the image that the maps are of.
    let imageUnit: String?
    let provenance: Provenance

    /// Throws where one of the files stands already.
    static func refuseExisting(_ settings: ParametricSettings, _ prefix: String, force: Bool) throws {
        for path in try settings.fileNames().map({ prefix + $0 }) {
            try OutputFile.refuseExisting(path, force: force)
            try OutputFile.refuseExisting(ImageFile.sidecarPath(of: path), force: force)
        }
    }

    /// Writes maps, failure map, sidecars and, where asked for, the picture.
    func write(overlay: String?, force: Bool) throws {
        var batch = OutputBatch(force: force)
        for map in maps.maps {
            let path = prefix + maps.settings.fileName(of: map.parameter)
            try batch.write(path) { try NIfTI.write(map.volume, to: $0) }
            try batch.write(ImageFile.sidecarPath(of: path)) {
                let record = JSONValue.object(
                    maps.sidecarMembers(of: map, imageUnit: imageUnit) + provenance.members)
                try OutputFile.write(record.text, to: $0)
            }
        }
        let path = prefix + maps.settings.failureFileName
        try batch.write(path) { try NIfTI.write(maps.failureMap, to: $0) }
        try batch.write(ImageFile.sidecarPath(of: path)) {
            try OutputFile.write(JSONValue.object(maps.failureMembers + provenance.members).text, to: $0)
        }
        if let overlay {
            let picture = try picture()
            try batch.write(overlay) { try OutputFile.write(picture, to: $0) }
        }
        try batch.commit()
    }

    /// Slices of the first map as a PNG. Throws where it has no value above 0.
    func picture() throws -> [UInt8] {
        let map = maps.maps[0]
        let unit = [map.parameter.name, map.parameter.unit ?? imageUnit ?? ""].filter { !$0.isEmpty }
        let (model, name) = (maps.settings.model.label, map.parameter.name)
        let title = model.lowercased() == name.lowercased() ? name : "\(model) \(name)"
        return try PNG.encode(
            try Overlay.draw(
                pet: map.volume, options: OverlayOptions(title: title, unit: unit.joined(separator: ", "))))
    }

    /// The members of the command's document.
    var members: [JSONValue.Member] {
        let files: [JSONValue] = maps.maps.map { map in
            let found = maps.summary(of: map)
            return [
                "name": .string(map.parameter.name), "unit": JSONValue(map.parameter.unit ?? imageUnit),
                "path": .string(prefix + maps.settings.fileName(of: map.parameter)), "min": JSONValue(found?.min),
                "median": JSONValue(found?.median), "mean": JSONValue(found?.mean), "max": JSONValue(found?.max),
            ]
        }
        return [.init("maps", .array(files)), .init("failure_map", .string(prefix + maps.settings.failureFileName))]
            + maps.members
    }

    /// The result for people.
    var text: String {
        let frames = maps.framesUsed
        var lines = [
            "\(maps.settings.model.label) over \(maps.mask.count) voxels, "
                + "frames \((frames.first ?? 0) + 1) to \((frames.last ?? 0) + 1) (\(frames.count))"
                + (maps.reference.map { ", reference \($0.name)" } ?? "")
        ]
        if let k2Prime = maps.settings.k2Prime, maps.settings.model.takesK2Prime {
            let source = maps.k2PrimeVoxels.map { ", median of \($0) voxels" } ?? ""
            lines.append("k2' = \(significant(k2Prime, 4)) /min\(source)")
        }
        var table = TextTable([
            .text("map"), .text("unit"), .number("min"), .number("median"), .number("max"), .text("file"),
        ])
        for map in maps.maps {
            let found = maps.summary(of: map)
            table.add([
                map.parameter.name, map.parameter.unit ?? imageUnit ?? "", significant(found?.min, 4),
                significant(found?.median, 4), significant(found?.max, 4),
                prefix + maps.settings.fileName(of: map.parameter),
            ])
        }
        return lines.joined(separator: "\n") + "\n" + table.text
            + "  what became of each voxel: \(prefix + maps.settings.failureFileName)\n"
    }
}
