import ArgumentParser
import Imaging
import PET
import Records

struct Info: Subcommand {
    static let configuration = CommandConfiguration(
        abstract: "Format, geometry, units, frames, dose and SUV factor of images.",
        discussion: """
            Reads NIfTI, DICOM, ECAT 7, MGH, NRRD, MetaImage and Interfile; what a file is, is told from its content. A PET \
            image's JSON sidecar is read where it stands beside it. A DICOM folder with several series is listed.

            Example: engraft info pet-folder/ --json --checksum
            """)

    @Argument(help: ArgumentHelp("Image files, DICOM folders or DICOMDIRs.", valueName: "image"))
    var images: [String]

    @Option(help: ArgumentHelp("Print the value of a voxel; may be repeated.", valueName: "i,j,k[,t]"))
    var probe: [VoxelArgument] = []

    @Flag(help: "Add the SHA-256 of the voxels as little-endian float32, i fastest.")
    var checksum = false

    @OptionGroup var reading: ReadingOptions

    @OptionGroup var result: ResultOptions

    func execute() throws {
        let documents = try images.map { try document(of: $0) }
        if result.json {
            Terminal.show((documents.count == 1 ? documents[0] : .array(documents)).text)
        } else {
            for document in documents { Terminal.show(Self.page(document)) }
        }
    }

    private func document(of path: String) throws -> JSONValue {
        let found = try ImageFile.dicomSeries(in: path)
        if let found, reading.series == nil, ImageFile.onlySeries(among: found) == nil {
            return try list(found, of: path)
        }
        let image =
            try found.map { found in
                try ImageFile.read(path, among: found, series: reading.series, allowGaps: reading.allowGaps)
            } ?? ImageFile.read(path)
        let volume = image.volume
        let values = try probe.map { try Self.probed(volume, $0.index, path) }
        let statistics = VolumeStatistics(of: volume)
        var provenance = Provenance(command: "info")
        try provenance.read(path)
        for sidecar in image.sidecarPaths { try provenance.read(sidecar) }
        provenance.warnings = image.warnings + [image.suvAbsence].compactMap { $0 }
        var document = JSONValue.object(
            image.members(path: path) + [
                .init(
                    "statistics",
                    [
                        "count": JSONValue(statistics.count), "finite": JSONValue(statistics.finite),
                        "min": JSONValue(statistics.min), "max": JSONValue(statistics.max),
                        "mean": JSONValue(statistics.mean), "sum": JSONValue(statistics.sum),
                    ]),
                .init("probe", .array(values)),
            ])
        if checksum { document = document.setting("sha256_float32_le", .string(SHA256.hex(volume.voxels))) }
        return .object((document.members ?? []) + provenance.members)
    }

    /// The series of a folder, for choosing one with --series.
    private func list(_ found: [DICOMSeries], of path: String) throws -> JSONValue {
        let series = found.enumerated().map { place, one -> JSONValue in
            [
                "number": JSONValue(place + 1), "uid": .string(one.uid), "modality": .string(one.modality),
                "images": JSONValue(one.images), "files": JSONValue(one.files.count),
                "series_number": JSONValue(one.number), "account": .string(ImageFile.account(of: one)),
                "folder": JSONValue(Self.folder(of: one, below: path)),
            ]
        }
        var provenance = Provenance(command: "info")
        try provenance.read(path)
        provenance.warnings = found.first?.warnings ?? []
        return .object(
            [.init("path", .string(path)), .init("format", "DICOM"), .init("series", .array(series))]
                + provenance.members)
    }

    /// Where the first file of a series lies below the folder that was given; `nil` where that is the folder itself.
    private static func folder(of series: DICOMSeries, below path: String) -> String? {
        let root = path.hasSuffix("/") ? path : path + "/"
        guard let file = series.files.first, file.hasPrefix(root), let end = file.lastIndex(of: "/") else { return nil }
        let inside = file[..<end].dropFirst(root.count)
        return inside.isEmpty ? nil : String(inside)
    }

    private static func probed(_ volume: Volume, _ index: [Int], _ path: String) throws -> JSONValue {
        let shape = volume.grid.shape
        let sizes = [shape.x, shape.y, shape.z, volume.frames]
        guard zip(index, sizes).allSatisfy({ $0 >= 0 && $0 < $1 }) else {
            throw FileProblem(path, .badData, "voxel \(index) is outside the image of \(sizes) voxels and frames")
        }
        let value = volume[index[0], index[1], index[2], frame: index.count > 3 ? index[3] : 0]
        return ["voxel": JSONValue(index), "value": JSONValue(value)]
    }

    /// The document as lines for people.
    private static func page(_ document: JSONValue) -> String {
        func list(_ key: String, _ decimals: Int) -> String {
            (document[key]?.doubles ?? []).map { fixed($0, decimals) }.joined(separator: " × ")
        }
        var lines = [document["path"]?.string ?? ""]
        func line(_ name: String, _ value: String?) {
            guard let value else { return }
            lines.append("  " + name + String(repeating: " ", count: max(1, 18 - name.count)) + value)
        }
        for series in document["series"]?.elements ?? [] {
            let place = series["folder"]?.string.map { ", in \($0)" } ?? ""
            line("series \(fixed(series["number"]?.double, 0))", (series["account"]?.string ?? "") + place)
        }
        if document["series"] != nil {
            line("choose", "--series with a number or a UID; --json prints the UIDs")
            for warning in document["warnings"]?.elements ?? [] { line("warning", warning.string) }
            return lines.joined(separator: "\n")
        }
        line("format", "\(document["format"]?.string ?? ""), \(document["datatype"]?.string ?? "")")
        line("voxels", list("shape", 0))
        line("voxel size", list("voxel_size_mm", 4) + " mm")
        line("orientation", document["orientation"]?.string)
        line("units", document["units"]?.string ?? "not given")
        if let frames = document["frames"], let starts = frames["start_s"]?.doubles, !starts.isEmpty {
            let last = (starts.last ?? 0) + (frames["duration_s"]?.doubles?.last ?? 0)
            line("frames", "\(starts.count), from \(fixed(starts[0], 0)) to \(fixed(last, 0)) s")
        }
        if let pet = document["pet"], pet != .null {
            line("nuclide", pet["radionuclide"]?.string)
            line("injected", (pet["injected_mbq"]?.double).map { fixed($0, 2) + " MBq" } ?? "not given")
            line("body mass", (pet["weight_kg"]?.double).map { fixed($0, 1) + " kg" } ?? "not given")
            line("decay correction", pet["decay_correction"]?.string)
            line("decay rule", pet["decay_rule"]?.string)
            line("SUV factor (bw)", significant(pet["suv_factor"]?["bw"]?.double, 10))
        }
        let statistics = document["statistics"]
        line(
            "values",
            "min \(significant(statistics?["min"]?.double, 6)), mean \(significant(statistics?["mean"]?.double, 6)), "
                + "max \(significant(statistics?["max"]?.double, 6))")
        for probe in document["probe"]?.elements ?? [] {
            let voxel = (probe["voxel"]?.doubles ?? []).map { fixed($0, 0) }.joined(separator: ",")
            line("voxel \(voxel)", significant(probe["value"]?.double, 9))
        }
        line("sha256", document["sha256_float32_le"]?.string)
        for warning in document["warnings"]?.elements ?? [] { line("warning", warning.string) }
        return lines.joined(separator: "\n")
    }
}
