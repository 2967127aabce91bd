import Glibc
import Imaging

/// A reader to be given damaged files: how it reads, whole files to start from, and words its format is written in.
struct Reader: Sendable {
    /// How the command line names it.
    let name: String
    /// Bytes that mean something to the format, for the dictionary.
    let words: [String]
    /// Small whole files from our own writers.
    let seeds: @Sendable () throws -> [[UInt8]]
    /// Reads a file; what it throws is its refusal. The second argument is a folder to write into. Readers of recordings
    /// and transforms look at what they read themselves and return `nil`.
    let read: @Sendable (UnsafeRawBufferPointer, _ scratch: String) throws -> Volume?

    /// All of them.
    static let all: [Reader] = [
        .dicom, .nifti, .ecat7, .nrrd, .metaImage, .mgh, .interfile, .cwa, .geneActiv, .gt3x, .gt3xLog, .gt3xOld, .tsdf,
        .wfdb, .transform, .displacementField,
    ]

    /// Reads once, and stops the process where the answer is neither a whole volume nor one sentence.
    func check(_ bytes: UnsafeRawBufferPointer, scratch: String) {
        do {
            guard let volume = try read(bytes, scratch) else { return }
            let shape = volume.grid.shape
            precondition(shape.x > 0 && shape.y > 0 && shape.z > 0 && volume.frames > 0, "an empty volume")
            precondition(volume.voxels.count == volume.grid.count * volume.frames, "voxels do not fill the grid")
        } catch {
            let sentence = "\(error)"
            precondition(!sentence.isEmpty && !sentence.contains("\n"), "a refusal is one line: \(sentence)")
        }
    }
}

/// A ramp on a slightly turned grid; small, so that a fuzzer gets through many of them.
func ramp(_ shape: SIMD3<Int> = [4, 3, 2], frames: Int = 1) throws -> Volume {
    let rows = [[-1.9, 0.1, 0.2, 10], [0.15, 1.8, -0.3, -20], [0.05, 0.4, 2.2, 5]]
    let grid = try VoxelGrid(shape: shape, worldFromVoxel: Affine(rows: rows))
    return Volume(grid: grid, frames: frames, voxels: (0..<(grid.count * frames)).map { Float($0) * 0.37 - 2 })
}

/// Writes a file anew.
func write(_ bytes: UnsafeRawBufferPointer, to path: String) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    precondition(descriptor >= 0 && Glibc.write(descriptor, bytes.baseAddress, bytes.count) == bytes.count, path)
    close(descriptor)
}
