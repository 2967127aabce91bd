/// (f − m_W h⊗p_W) p_G / (h⊗p_G) [MullerGartner1992]: what white matter spills is taken off, and what gray matter keeps is
/// brought back to a whole. Nothing else has activity.
///
/// Gray matter is every region that is neither white, silent nor background. The activity of white matter m_W is the mean
/// of the voxels least mixed: h⊗p_W of 0.9999 or more, or 0.999, 0.99 …, whichever first has 20 voxels, with a warning
/// below 0.99. An erosion by a number of voxels, which others use, means another purity at every voxel size.
struct MullerGartner: FrameStep {
    let regions: PartialVolumeRegions
    let shape: SIMD3<Int>
    let undefinedRegions: [Int]
    private let gray, grayResponse, whiteResponse: [Float]
    private let whiteActivity: Double?
    /// The least share of white matter in the voxels that measure it.
    private let share: Float
    private let isShallow: Bool

    /// The least of its own activity that a gray voxel may keep and still be corrected.
    private static let leastRecovery: Float = 0.01

    init(
        regions: PartialVolumeRegions, blur: Blur, options: PartialVolumeCorrection.Options
    ) throws(PartialVolumeError) {
        let all = regions.regions
        var white = try regions.places(named: options.white)
        if options.white.isEmpty { white = all.indices.filter { all[$0].name.lowercased().contains("white") } }
        guard !white.isEmpty else { throw .noWhiteMatter(present: all.map(\.name)) }
        let silent = try regions.places(named: options.silent) + all.indices.filter { all[$0].isBackground }
        func image(_ isIn: (Int) -> Bool) -> (mask: [Float], response: [Float]) {
            let (mask, response) = (FrameBuffer(regions.grid.count), FrameBuffer(regions.grid.count))
            let way = FrameBuffer(regions.grid.count)
            defer { withExtendedLifetime(way) {} }
            regions.paint(all.indices.map { isIn($0) ? 1 : 0 }, into: mask.base)
            blur.blur(frame: mask.base, into: response.base, by: way.base)
            func array(_ buffer: FrameBuffer) -> [Float] {
                Array(UnsafeBufferPointer(start: buffer.base, count: regions.grid.count))
            }
            return (array(mask), array(response))
        }
        (gray, grayResponse) = image { !white.contains($0) && !silent.contains($0) }
        whiteResponse = image { white.contains($0) }.response
        let shares: [Float] = [0.9999, 0.999, 0.99, 0.95, 0.9, 0.8, 0.6, 0.4, 0.2]
        let response = whiteResponse
        share = shares.first { share in response.count { $0 >= share } >= 20 } ?? 0
        isShallow = share < 0.99 && options.whiteActivity == nil
        whiteActivity = options.whiteActivity
        undefinedRegions = white + silent
        (self.regions, shape) = (regions, blur.shape)
    }

    func correct(
        _ source: UnsafePointer<Float>, activities: [Double], into output: UnsafeMutablePointer<Float>,
        _ work: FrameWork, _ notes: inout FrameNotes
    ) {
        nonisolated(unsafe) let (source, output) = (source, output)
        let (gray, grayResponse, whiteResponse, share) = (gray, grayResponse, whiteResponse, share)
        let count = whiteResponse.count { $0 >= share }
        let total = sumOverSlices(of: shape) { voxels in
            voxels.reduce(0) { whiteResponse[$1] >= share ? $0 + Double(source[$1]) : $0 }
        }
        let white = Float(whiteActivity ?? total / Double(count))
        notes.whiteIsShallow = notes.whiteIsShallow || isShallow
        forEachSlice(of: shape) { voxels in
            for v in voxels {
                let left = source[v] - white * whiteResponse[v]
                output[v] = grayResponse[v] > Self.leastRecovery ? left * gray[v] / grayResponse[v] : 0
            }
        }
    }
}
