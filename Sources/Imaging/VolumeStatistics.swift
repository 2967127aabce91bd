/// Count, range and sum over all voxels of all frames; voxels that are not finite are counted and left out.
public struct VolumeStatistics: Sendable, Equatable {
    /// Voxels in all.
    public let count: Int
    /// Voxels that are finite.
    public let finite: Int
    /// The smallest finite value; `nil` where none is.
    public let min: Double?
    /// The largest finite value.
    public let max: Double?
    /// The sum of finite values, in Double.
    public let sum: Double
    /// Their mean.
    public var mean: Double? { finite > 0 ? sum / Double(finite) : nil }

    /// Statistics of a volume: one partial sum per 65536 voxels, added in order, so the bits do not depend on the cores.
    public init(of volume: Volume) {
        let grain = 1 << 16
        let chunks = (volume.voxels.count + grain - 1) / grain
        var partials = [Partial](repeating: Partial(), count: chunks)
        partials.withUnsafeMutableBufferPointer { partials in
            nonisolated(unsafe) let partials = partials
            volume.voxels.withUnsafeBufferPointer { voxels in
                nonisolated(unsafe) let voxels = voxels
                parallelFor(chunks) { chunk in
                    let end = Swift.min((chunk + 1) * grain, voxels.count)
                    partials[chunk] = Partial(UnsafeBufferPointer(rebasing: voxels[(chunk * grain)..<end]))
                }
            }
        }
        count = volume.voxels.count
        finite = partials.reduce(0) { $0 + $1.finite }
        sum = partials.reduce(0) { $0 + $1.sum }
        let some = partials.filter { $0.finite > 0 }
        min = some.map(\.min).min().map(Double.init)
        max = some.map(\.max).max().map(Double.init)
    }

    private struct Partial {
        var finite = 0
        var min = Float.infinity
        var max = -Float.infinity
        var sum = 0.0

        init() {}

        init(_ voxels: UnsafeBufferPointer<Float>) {
            for value in voxels where value.isFinite {
                finite &+= 1
                sum += Double(value)
                if value < min { min = value }
                if value > max { max = value }
            }
        }
    }
}
