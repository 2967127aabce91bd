import CDICOM
import Records

/// Files that belong to one DICOM series and one frame of reference, not yet read as a volume.
public struct DICOMSeries: Sendable {
    /// The Series Instance UID.
    public let uid: String
    /// The modality, such as "PT" or "CT"; empty where the file does not say.
    public let modality: String
    /// The Frame of Reference UID: series that share it lie in one space.
    public let frameOfReference: String?
    /// The series description. May identify a person: show it only on request.
    public let description: String?
    /// The files, sorted by name.
    public var files: [String] {
        headers.map(\.path).reduce(into: []) { files, path in if files.last != path { files.append(path) } }
    }
    /// How many images they hold: slices of all frames.
    public var images: Int { headers.count }
    /// What was doubtful while looking for files, one sentence each.
    public let warnings: [String]

    let headers: [DICOMHeader]

    init(headers: [DICOMHeader], warnings: [String] = []) {
        self.headers = headers
        self.warnings = warnings
        let first = headers.first
        uid = first?.string(.seriesInstance) ?? ""
        modality = first?.string(.modality) ?? ""
        frameOfReference = first?.string(.frameOfReference)
        description = first?.string(.seriesDescription)
    }
}

extension DICOMSeries {
    /// The series in a file, in the files a DICOMDIR lists or, with all below it, in a folder; ordered by series number,
    /// then UID.
    ///
    /// In a folder, files that are not DICOM are passed over and those that cannot be read become a warning of every
    /// series found; a single file that cannot be read is an error.
    static func find(in path: String) throws -> [DICOMSeries] {
        if InputFile.isFolder(path) { return try find(among: InputFile.files(below: path), of: path) }
        let headers = try naming(path) { try DICOMSeries.headers(ofFile: path) }
        guard headers.first?.isDirectory == true else { return [DICOMSeries(headers: headers)] }
        let listed = try naming(path) { try DICOMDirectory(path) }
        guard !listed.files.isEmpty else {
            throw FileProblem(path, .noInput, "none of the \(listed.missing.count) files this DICOMDIR lists is there")
        }
        return try find(among: listed.files, of: path, warnings: listed.warnings)
    }

    private static func find(
        among files: [String], of path: String, warnings: [String] = []
    ) throws -> [DICOMSeries] {
        let found = headers(of: files)
        var groups: [String: [DICOMHeader]] = [:]
        for case .success(let headers)? in found {
            for header in headers where !header.isDirectory {
                let key = "\(header.string(.seriesInstance) ?? "")/\(header.string(.frameOfReference) ?? "")"
                groups[key, default: []].append(header)
            }
        }
        var warnings = warnings
        for (file, result) in zip(files, found) {
            if case .failure(let problem)? = result { warnings.append("\(file) was left out: \(problem)") }
            if result == nil && file.lowercased().hasSuffix(".dcm") {
                warnings.append("\(file) was left out: it is empty or no DICOM file")
            }
        }
        if groups.isEmpty {
            let reason = warnings.first ?? DICOMProblem.noFiles.description
            throw FileProblem(path, warnings.isEmpty ? .noInput : .badData, reason)
        }
        return groups.values.map { DICOMSeries(headers: $0, warnings: warnings) }.sorted { a, b in
            let (m, n) = (a.number ?? .max, b.number ?? .max)
            return m != n ? m < n : (a.uid, a.frameOfReference ?? "") < (b.uid, b.frameOfReference ?? "")
        }
    }

    /// Whether it holds images or labels, not structures, reports or pictures.
    public var isImage: Bool { ["PT", "CT", "MR", "SEG"].contains(modality) }

    /// The value of an element in the first image; `nil` where absent or empty.
    public func string(_ tag: DICOMTag) -> String? { headers.first?.string(tag) }

    /// The series number (0020,0011).
    public var number: Int? { headers.first?.integer(.seriesNumber) }

    /// Headers of files, on all cores; `nil` for a file that is not DICOM.
    private static func headers(of files: [String]) -> [Result<[DICOMHeader], DICOMProblem>?] {
        [Result<[DICOMHeader], DICOMProblem>?](unsafeUninitializedCapacity: files.count) { buffer, count in
            nonisolated(unsafe) let places = buffer.baseAddress
            parallelFor(files.count) { i in
                (places! + i).initialize(to: headersIfDICOM(files[i]))
            }
            count = files.count
        }
    }

    private static func headersIfDICOM(_ file: String) -> Result<[DICOMHeader], DICOMProblem>? {
        do {
            return try InputFile.withMapped(file) { bytes in
                guard beginsAsDICOM(bytes) else { return nil }
                return Result { () throws(DICOMProblem) in try DICOMHeader.images(parsing: bytes, path: file) }
            }
        } catch { return nil }
    }

    private static func headers(ofFile path: String) throws -> [DICOMHeader] {
        try InputFile.withMapped(path) { try DICOMHeader.images(parsing: $0, path: path) }
    }

    /// Whether a file begins as DICOM does: with the letters DICM at byte 128, or with a data set and no preamble.
    static func isDICOMFile(_ path: String) -> Bool {
        (try? InputFile.withMapped(path, beginsAsDICOM)) ?? false
    }

    private static func beginsAsDICOM(_ bytes: UnsafeRawBufferPointer) -> Bool {
        cdicom_is_dicom(bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count) != 0
    }
}

extension DICOMHeader {
    /// Whether this is a DICOMDIR, an index of other files.
    var isDirectory: Bool { string(.mediaStorageClass) == "1.2.840.10008.1.3.10" }
}
