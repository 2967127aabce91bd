/// How slices that are missing, unevenly spaced or shifted by a gantry tilt come onto an even, upright grid: by linear
/// interpolation in the slices and between them.
///
/// The grid starts at the first slice, is spaced as most slices are, and is as wide as the slices together. What no slice
/// covers gets the smallest value of the image.
struct DICOMEvenSlices {
    /// The grid that results.
    let grid: VoxelGrid
    /// Its spacing along the normal, mm.
    let spacing: Double
    /// Height of each slice above the first, mm.
    private let heights: [Double]
    /// Where each slice's first voxel lies in the plane of the grid, voxels; never negative.
    private let shifts: [SIMD2<Double>]
    private let shape: SIMD3<Int>

    /// A wider hole than this many spacings is not bridged.
    static let widestHole = 4.0

    /// From the slices' first voxels (LPS mm, ascending), their plane and their number of columns, rows and slices.
    init(_ positions: [SIMD3<Double>], _ plane: Plane, shape: SIMD3<Int>) throws(DICOMProblem) {
        self.shape = shape
        let first = positions[0]
        heights = positions.map { dot($0 - first, plane.normal) }
        let gaps = zip(heights, heights.dropFirst()).map { $1 - $0 }
        let usual = gaps.sorted()[gaps.count / 2]
        if let hole = gaps.firstIndex(where: { $0 > DICOMEvenSlices.widestHole * usual }) {
            throw .uneven(
                "a hole of \(Int(gaps[hole].rounded())) mm behind slice \(hole + 1) is too "
                    + "wide to interpolate, with or without --allow-gaps")
        }
        spacing = usual
        let inPlane = positions.map { position in
            SIMD2(
                dot(position - first, plane.row) / plane.columnSpacing,
                dot(position - first, plane.column) / plane.rowSpacing)
        }
        let low = inPlane.reduce(inPlane[0]) { pointwiseMin($0, $1) }
        let high = inPlane.reduce(inPlane[0]) { pointwiseMax($0, $1) }
        // A part in a thousand of a voxel is rounding, not a shift.
        func whole(_ shift: Double) -> Double { abs(shift - shift.rounded()) < 1e-3 ? shift.rounded() : shift }
        shifts = inPlane.map { SIMD2(whole($0.x - low.x), whole($0.y - low.y)) }
        let grown = (high - low - 1e-3).rounded(.up).clamped(
            lowerBound: .zero, upperBound: SIMD2(repeating: 65535))
        let depth = Int((heights[heights.count - 1] / usual + 1e-3).rounded(.down)) + 1
        // Gaps are at most four slices wide, and a tilt at most doubles rows or columns.
        let voxels = (shape.x + Int(grown.x)) * (shape.y + Int(grown.y)) * depth
        guard voxels <= 16 * shape.x * shape.y * shape.z + 1 << 24 else {
            throw .uneven("the slices are too far apart for one grid")
        }
        let ras = SIMD3<Double>(-1, -1, 1)
        let origin = first + plane.row * plane.columnSpacing * low.x + plane.column * plane.rowSpacing * low.y
        do {
            grid = try VoxelGrid(
                shape: [shape.x + Int(grown.x), shape.y + Int(grown.y), depth],
                worldFromVoxel: Affine(
                    x: plane.row * plane.columnSpacing * ras, y: plane.column * plane.rowSpacing * ras,
                    z: plane.normal * usual * ras, translation: origin * ras))
        } catch { throw .geometry(error) }
    }

    /// What was done, for the warning.
    var account: String {
        "\(heights.count) slices were interpolated linearly onto \(grid.shape.z) slices \((spacing * 1000).rounded() / 1000) mm "
            + "apart"
    }

    /// The slice below a height of the grid and how far it is to the next one, 0 up to 1.
    private func neighbours(_ k: Int) -> (below: Int, part: Double) {
        let height = Double(k) * spacing
        let above = heights.firstIndex { $0 > height } ?? heights.count
        let below = max(0, above - 1)
        guard above < heights.count else { return (below, 0) }
        let part = (height - heights[below]) / (heights[above] - heights[below])
        // Heights are printed with few digits.
        return part < 1e-3 ? (below, 0) : part > 1 - 1e-3 ? (above, 0) : (below, part)
    }

    /// For each slice of the grid the nearest one that was there.
    var nearestSlices: [Int] {
        (0..<grid.shape.z).map { k in
            let (below, part) = neighbours(k)
            return part > 0.5 ? below + 1 : below
        }
    }

    /// The slices, frame by frame, on the even grid.
    func even(_ slices: Volume) -> Volume {
        let outside = slices.voxels.reduce(Float.infinity) { $1 < $0 ? $1 : $0 }
        let plane = grid.shape.x * grid.shape.y
        return Volume(grid: grid, frames: slices.frames) { target in
            nonisolated(unsafe) let target = target
            parallelFor(slices.frames * grid.shape.z) { n in
                let (frame, k) = (n / grid.shape.z, n % grid.shape.z)
                let (below, part) = neighbours(k)
                let out = UnsafeMutableBufferPointer(rebasing: target[(n * plane)..<((n + 1) * plane)])
                out.update(repeating: 0)
                add(slices, frame, below, weight: 1 - part, outside, to: out)
                if part > 0 { add(slices, frame, below + 1, weight: part, outside, to: out) }
            }
        }
    }

    /// Adds a slice times a weight, shifted to where it lies in the grid.
    private func add(
        _ volume: Volume, _ frame: Int, _ slice: Int, weight: Double, _ outside: Float,
        to out: UnsafeMutableBufferPointer<Float>
    ) {
        let whole = shifts[slice].rounded(.down)
        let (u, v) = (shifts[slice].x - whole.x, shifts[slice].y - whole.y)
        let (left, up) = (Int(whole.x), Int(whole.y))
        let start = (frame * shape.z + slice) * shape.x * shape.y
        volume.voxels.withUnsafeBufferPointer { voxels in
            func value(_ i: Int, _ j: Int) -> Double {
                i < 0 || j < 0 || i >= shape.x || j >= shape.y
                    ? Double(outside) : Double(voxels[start + i + shape.x * j])
            }
            for j in 0..<grid.shape.y {
                for i in 0..<grid.shape.x {
                    let (x, y) = (i - left, j - up)
                    var sum = (1 - u) * (1 - v) * value(x, y)
                    if u > 0 { sum += u * (1 - v) * value(x - 1, y) }
                    if v > 0 { sum += (1 - u) * v * value(x, y - 1) }
                    if u > 0 && v > 0 { sum += u * v * value(x - 1, y - 1) }
                    out[i + grid.shape.x * j] += Float(weight * sum)
                }
            }
        }
    }
}
