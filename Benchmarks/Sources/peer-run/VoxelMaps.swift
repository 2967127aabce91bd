import Imaging
import PET

/// A parametric map of every voxel, the air too, so that time divides by the number of voxels.
struct VoxelMaps: Work {
    let volume: Volume
    let frames: [Frame]
    let reference: ReferenceRegion
    var settings: ParametricSettings
    var result: Volume?

    init(volume: Volume, labels: LabelMap, model: ParametricModel) throws {
        self.volume = volume
        frames = (0..<volume.frames).map { Frame(start: 60 * Double($0), duration: 60) }
        reference = try ReferenceRegion(of: volume, labels: labels, named: "1")
        settings = ParametricSettings(model)
        settings.parameters = [model.parameters[0].name]
        if model == .refPatlak { settings.fromS = 20 * 60 }
    }

    mutating func run() throws {
        result = try ParametricMaps(of: volume, frames: frames, input: .reference(reference), settings: settings)
            .maps[0].volume
    }
    func write(to path: String) { writeRaw(result?.voxels ?? [], to: path) }
}

/// Every byte of a volume read once, frame by frame on all cores: the bound that memory sets.
struct Reading: Work {
    let volume: Volume
    var sum: UInt64 = 0

    mutating func run() {
        let count = volume.grid.count / 2
        let sums = [UInt64](unsafeUninitializedCapacity: 16 * volume.frames) { buffer, initialized in
            buffer.initialize(repeating: 0)
            nonisolated(unsafe) let sums = buffer.baseAddress!
            volume.voxels.withUnsafeBytes { bytes in
                nonisolated(unsafe) let words = bytes.bindMemory(to: UInt64.self)
                parallelFor(volume.frames) { frame in
                    var sum: UInt64 = 0
                    for word in words[(frame * count)..<((frame + 1) * count)] { sum &+= word }
                    sums[16 * frame] = sum
                }
            }
            initialized = 16 * volume.frames
        }
        sum = sums.reduce(0, &+)
    }
    func write(to path: String) { writeRaw([Double(sum)], to: path) }
}
