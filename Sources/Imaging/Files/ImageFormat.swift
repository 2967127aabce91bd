import Records

/// A format that images are read from, told apart by content first and by name second.
public enum ImageFormat: Sendable {
    case nifti, ecat7, mgh, nrrd, metaImage, interfile
    /// A DICOM file; a folder of them has no content of its own.
    case dicom

    /// What a file is that is none of the formats read.
    static let unknown =
        "this is no image of a format that is read: NIfTI (.nii, .hdr/.img), DICOM, ECAT 7 (.v), MGH (.mgh, .mgz), "
        + "NRRD (.nrrd, .nhdr), MetaImage (.mha, .mhd) or Interfile (.hv)"

    /// The format of a file; `nil` where neither content nor name says. Throws where the content is a format that is
    /// known and not read, with what to do.
    public static func of(_ path: String) throws -> ImageFormat? {
        guard InputFile.exists(path) else { throw FileProblem(path, .noInput, "there is no such file") }
        let byContent = try InputFile.withMapped(path) { bytes in try naming(path) { try of(bytes: bytes) } }
        let byName = try ofName(path)
        // The voxels of a NIfTI pair are bare numbers, which may look like anything that has no long signature.
        if byContent == .mgh, NIfTI.isHalfOfPair(path) { return .nifti }
        return byContent ?? byName
    }

    /// The format of bytes; `nil` where they have no signature of one.
    public static func of(bytes: UnsafeRawBufferPointer) throws(ImageProblem) -> ImageFormat? {
        guard Gzip.isGzip(bytes) else { return try signature(bytes) }
        guard let beginning = try? ByteStream(bytes).upTo(1024) else { return nil }
        let inner = beginning.withUnsafeBytes { raw -> Result<ImageFormat?, ImageProblem> in
            do throws(ImageProblem) { return .success(try signature(raw)) } catch { return .failure(error) }
        }
        switch try inner.get() {
        case .nrrd, .metaImage, .interfile, .dicom:
            throw .unsupported("the file is gzipped as a whole; unpack it first (gunzip)")
        case let format: return format
        }
    }

    private static func signature(_ bytes: UnsafeRawBufferPointer) throws(ImageProblem) -> ImageFormat? {
        if isNIfTI(bytes) { return .nifti }
        if ECAT7Header.isECAT7(bytes) { return .ecat7 }
        if NRRDHeader.isNRRD(bytes) { return .nrrd }
        if bytes.count >= 132, bytes[128..<132].elementsEqual("DICM".utf8) { return .dicom }
        for (beginning, sentence) in refused where bytes.starts(with: beginning) { throw .unsupported(sentence) }
        if Interfile.isInterfile(bytes) { return .interfile }
        if MetaImageHeader.isMetaImage(bytes) { return .metaImage }
        if MGH.isMGH(bytes) { return .mgh }
        let text = String(decoding: bytes.prefix(512), as: UTF8.self)
        if text.contains("<GIFTI") {
            throw .unsupported(
                "this is a GIfTI surface, not a volume; map it onto a volume first (wb_command, FreeSurfer)")
        }
        if text.contains("DATA DESCRIPTION FILE") {
            throw .unsupported("this is a Philips PAR file; convert it with dcm2niix or nibabel's parrec2nii")
        }
        if text.contains("-attribute") && text.contains("type") { throw .unsupported(afni) }
        return nil
    }

    /// A NIfTI or Analyze header, by its size; the reader tells them apart.
    private static func isNIfTI(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count >= 4 else { return false }
        let size = bytes.loadUnaligned(as: Int32.self)
        return [348, 540].contains(size) || [348, 540].contains(size.byteSwapped)
    }

    /// Formats that are known and not read, by their first bytes.
    private static let refused: [([UInt8], String)] = [
        (
            Array("CDF".utf8),
            "this is a MINC 1 file; convert it with mnc2nii, or with nibabel: "
                + "nibabel.save(nibabel.load('in.mnc'), 'out.nii.gz')"
        ),
        (
            [0x89] + Array("HDF\r\n\u{1A}\n".utf8),
            "this is an HDF5 file, such as MINC 2; convert MINC with mnc2nii, or with nibabel (and h5py): "
                + "nibabel.save(nibabel.load('in.mnc'), 'out.nii.gz')"
        ),
        (Array("BZh".utf8), "the file is packed with bzip2; unpack it first (bunzip2)"),
        ([0xFD] + Array("7zXZ".utf8), "the file is packed with xz; unpack it first (unxz)"),
        ([0x28, 0xB5, 0x2F, 0xFD], "the file is packed with zstd; unpack it first (unzstd)"),
        (Array("PK\u{3}\u{4}".utf8), "this is a zip archive; unpack it first (unzip)"),
    ]

    private static let afni = "this is an AFNI dataset; convert it with 3dAFNItoNIFTI"

    private static func ofName(_ path: String) throws -> ImageFormat? {
        let name = path.lowercased()
        func ends(_ suffixes: String...) -> Bool { suffixes.contains { name.hasSuffix($0) } }
        if NIfTI.isNamed(path) { return .nifti }
        if ends(".mgh", ".mgz", ".mgh.gz") { return .mgh }
        if ends(".nrrd", ".nhdr") { return .nrrd }
        if ends(".mha", ".mhd") { return .metaImage }
        if ends(".hv", ".h33") { return .interfile }
        // The voxels of a pair: bare numbers, whose header has to be named.
        for header in [".hv", ".mhd", ".nhdr", ".h33"] {
            guard let dot = path.lastIndex(of: "."), ends(".v", ".raw", ".zraw", ".i33") else { break }
            let partner = path[..<dot] + header
            if InputFile.exists(String(partner)) {
                throw FileProblem(
                    path, .badData, "these are the bare voxels of a pair; name the header, \(partner), instead")
            }
        }
        if ends(".v", ".v.gz") { return .ecat7 }
        if ends(".brik", ".brik.gz") { throw FileProblem(path, .badData, afni) }
        if ends(".rec") {
            throw FileProblem(path, .badData, "this is a Philips REC file; convert it and its PAR with dcm2niix")
        }
        return nil
    }
}
