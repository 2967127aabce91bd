/// A 3-D image or a 4-D series of frames on one grid, as Float32.
///
/// Voxels are stored i fastest, then j, k and frame; a frame is read through `withFrame` without being copied.
/// Units are whatever the file's were: Bq/mL for PET, HU for CT; the reader says which.
public struct Volume: Sendable {
    /// Where the voxels of every frame are.
    public let grid: VoxelGrid
    /// Frames; 1 for a 3-D image.
    public let frames: Int
    /// All voxels: `grid.count * frames` of them.
    public private(set) var voxels: [Float]

    /// A volume from its voxels. Their number must be the grid's times `frames`.
    public init(grid: VoxelGrid, frames: Int = 1, voxels: [Float]) {
        precondition(frames > 0 && voxels.count == grid.count * frames, "voxels do not fill the grid")
        (self.grid, self.frames, self.voxels) = (grid, frames, voxels)
    }

    /// A volume filled in place: `body` must initialise every voxel.
    public init<E: Error>(
        grid: VoxelGrid, frames: Int = 1,
        initializingWith body: (UnsafeMutableBufferPointer<Float>) throws(E) -> Void
    ) throws(E) {
        precondition(frames > 0, "a volume has at least one frame")
        let count = grid.count * frames
        var failure: E?
        voxels = [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
            adviseHugePages(buffer)
            do throws(E) {
                try body(UnsafeMutableBufferPointer(rebasing: buffer[0..<count]))
                initialized = count
            } catch {
                failure = error
                initialized = 0
            }
        }
        if let failure { throw failure }
        (self.grid, self.frames) = (grid, frames)
    }

    /// A volume of one value.
    public init(grid: VoxelGrid, frames: Int = 1, repeating value: Float) {
        self.init(grid: grid, frames: frames) { $0.update(repeating: value) }
    }

    /// Reads one frame in place.
    public func withFrame<R, E: Error>(_ frame: Int, _ body: (Span<Float>) throws(E) -> R) throws(E) -> R {
        precondition(frame >= 0 && frame < frames, "no such frame")
        return try body(voxels.span.extracting((frame * grid.count)..<((frame + 1) * grid.count)))
    }

    /// Changes all voxels in place.
    public mutating func withMutableVoxels<R, E: Error>(
        _ body: (inout MutableSpan<Float>) throws(E) -> R
    ) throws(E) -> R {
        var span = voxels.mutableSpan
        return try body(&span)
    }

    /// One frame as a volume of its own.
    public func frame(_ frame: Int) -> Volume {
        precondition(frame >= 0 && frame < frames, "no such frame")
        return Volume(grid: grid, voxels: Array(voxels[(frame * grid.count)..<((frame + 1) * grid.count)]))
    }

    /// The value of voxel (i, j, k) in a frame.
    public subscript(i: Int, j: Int, k: Int, frame frame: Int = 0) -> Float {
        get { voxels[frame * grid.count + grid.offset(i, j, k)] }
        set { voxels[frame * grid.count + grid.offset(i, j, k)] = newValue }
    }
}
