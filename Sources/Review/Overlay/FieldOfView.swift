import Glibc
import Imaging

/// Which part of the patient the slices show, where they cut, and over which values the colours run.
struct FieldOfView {
    /// Corners of the box shown, RAS+ mm.
    let low, high: SIMD3<Double>
    /// Where slices cut, by plane.
    let positions: [SlicePlane.Orientation: [Double]]
    /// Values at the ends of the colours.
    let window: ClosedRange<Double>

    /// At most this much is shown along each axis, mm: a head, not a body.
    private static let widest = 280.0
    /// Around what is bright, mm.
    private static let margin = 8.0

    init(_ pet: Volume, labels: LabelMap?, options: OverlayOptions) throws(OverlayError) {
        guard options.frame >= 0, options.frame < pet.frames else { throw .noFrame(options.frame, of: pet.frames) }
        guard !options.planes.isEmpty, options.slices > 0 else { throw .noPlanes }
        let brightness = try Brightness(pet, frame: options.frame)
        if let window = options.window {
            guard window.lowerBound < window.upperBound else { throw .windowEmpty }
            self.window = window
        } else {
            window = 0...Self.rounded(brightness.high)
        }
        let marked = try labels.flatMap { map throws(OverlayError) in try Self.extent(of: map, options.outlined) }
        let aim = marked ?? brightness.brightest
        let center = (aim.low + aim.high) / 2
        var (low, high) = (brightness.visible.low - Self.margin, brightness.visible.high + Self.margin)
        let whole = Brightness.world(
            ([-0.5, -0.5, -0.5], SIMD3<Double>(pet.grid.shape) - 0.5), pet.grid)
        (low, high) = (pointwiseMax(low, whole.low), pointwiseMin(high, whole.high))
        if let marked { (low, high) = (pointwiseMin(low, marked.low), pointwiseMax(high, marked.high)) }
        if case .around(let margin) = options.field {
            (low, high) = (pointwiseMax(low, aim.low - margin), pointwiseMin(high, aim.high + margin))
        }
        for axis in 0..<3 where high[axis] - low[axis] > Self.widest {
            let middle = min(max(center[axis], low[axis] + Self.widest / 2), high[axis] - Self.widest / 2)
            (low[axis], high[axis]) = (middle - Self.widest / 2, middle + Self.widest / 2)
        }
        (self.low, self.high) = (low, high)
        var positions: [SlicePlane.Orientation: [Double]] = [:]
        for plane in options.planes {
            if let chosen = options.positions[plane], !chosen.isEmpty {
                guard chosen.allSatisfy(\.isFinite) else { throw .placeUnknown }
                positions[plane] = chosen
            } else {
                positions[plane] = Self.spread(
                    options.slices, aim.low[plane.axis]...aim.high[plane.axis], center[plane.axis],
                    within: low[plane.axis]...high[plane.axis])
            }
        }
        self.positions = positions
    }

    /// The next round number.
    private static func rounded(_ value: Double) -> Double {
        let power = pow(10, log10(value).rounded(.down))
        return power * ([1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8].first { $0 * power >= value * 0.999 } ?? 10)
    }

    /// Places through what is marked or brightest, away from its ends. On half millimetres.
    private static func spread(
        _ count: Int, _ marked: ClosedRange<Double>, _ center: Double, within box: ClosedRange<Double>
    ) -> [Double] {
        let step = max(1, (marked.upperBound - marked.lowerBound) * 0.8 / Double(max(1, count - 1)))
        return (0..<count).map { place in
            let at = center + (Double(place) - Double(count - 1) / 2) * step
            return min(max((at * 2).rounded() / 2, box.lowerBound), box.upperBound)
        }
    }

    /// The box around labels, RAS+ mm; `nil` where the map is empty.
    private static func extent(
        of map: LabelMap, _ chosen: [Int32]?
    ) throws(OverlayError) -> (low: SIMD3<Double>, high: SIMD3<Double>)? {
        let wanted = chosen.map { Set($0) }
        var found = Set<Int32>()
        var low = SIMD3<Double>(repeating: .infinity)
        var high = -low
        let shape = map.grid.shape
        for k in 0..<shape.z {
            for j in 0..<shape.y {
                for i in 0..<shape.x {
                    let label = map.voxels[map.grid.offset(i, j, k)]
                    guard label != 0, wanted?.contains(label) ?? true else { continue }
                    found.insert(label)
                    let world = map.grid.worldFromVoxel([Double(i), Double(j), Double(k)])
                    (low, high) = (pointwiseMin(low, world), pointwiseMax(high, world))
                }
            }
        }
        if let missing = wanted?.subtracting(found).min() { throw .labelMissing(missing) }
        return found.isEmpty ? nil : (low, high)
    }
}

/// Where a frame is bright and how bright.
private struct Brightness {
    /// A value that 99.98 % of the voxels above a tenth of the maximum stay below.
    let high: Double
    /// The boxes around voxels above a tenth of that, and above six tenths, RAS+ mm.
    let visible, brightest: (low: SIMD3<Double>, high: SIMD3<Double>)

    init(_ pet: Volume, frame: Int) throws(OverlayError) {
        let high = pet.withFrame(frame) { voxels -> Double? in
            var peak: Float = 0
            for at in 0..<voxels.count where voxels[at].isFinite && voxels[at] > peak { peak = voxels[at] }
            return peak > 0 ? Self.upper(voxels, peak) : nil
        }
        guard let high else { throw .noValues }
        self.high = high
        let grid = pet.grid
        (visible, brightest) = pet.withFrame(frame) {
            (
                Self.world(Self.box($0, grid.shape, above: Float(high) * 0.1), grid),
                Self.world(Self.box($0, grid.shape, above: Float(high) * 0.6), grid)
            )
        }
    }

    /// The world box around a box of voxels.
    static func world(
        _ box: (low: SIMD3<Double>, high: SIMD3<Double>), _ grid: VoxelGrid
    ) -> (low: SIMD3<Double>, high: SIMD3<Double>) {
        var low = SIMD3<Double>(repeating: .infinity)
        var high = -low
        for corner in 0..<8 {
            let index = SIMD3<Double>(
                corner & 1 == 0 ? box.low.x : box.high.x, corner & 2 == 0 ? box.low.y : box.high.y,
                corner & 4 == 0 ? box.low.z : box.high.z)
            let world = grid.worldFromVoxel(index)
            (low, high) = (pointwiseMin(low, world), pointwiseMax(high, world))
        }
        return (low, high)
    }

    /// The 99.98th percentile of voxels above a tenth of the peak, from a histogram of 4096 steps.
    private static func upper(_ voxels: Span<Float>, _ peak: Float) -> Double {
        var histogram = [Int](repeating: 0, count: 4097)
        var total = 0
        for at in 0..<voxels.count where voxels[at] > peak * 0.1 && voxels[at].isFinite {
            histogram[Int(voxels[at] / peak * 4096)] += 1
            total += 1
        }
        var left = total / 5000
        for step in (0...4096).reversed() {
            left -= histogram[step]
            if left < 0 { return Double(peak) * Double(step + 1) / 4096 }
        }
        return Double(peak)
    }

    /// The box of voxel indices above a value; planes with fewer than 1 in 1000 such voxels are not counted, as noise.
    private static func box(
        _ voxels: Span<Float>, _ shape: SIMD3<Int>, above threshold: Float
    ) -> (low: SIMD3<Double>, high: SIMD3<Double>) {
        var counts = [
            [Int](repeating: 0, count: shape.x), [Int](repeating: 0, count: shape.y),
            [Int](repeating: 0, count: shape.z),
        ]
        var total = 0
        for k in 0..<shape.z {
            for j in 0..<shape.y {
                let row = shape.x * (j + shape.y * k)
                var inRow = 0
                for i in 0..<shape.x where voxels[row + i] > threshold {
                    counts[0][i] += 1
                    inRow += 1
                }
                counts[1][j] += inRow
                counts[2][k] += inRow
                total += inRow
            }
        }
        let least = max(1, total / 1000)
        let ranges = counts.map { axis -> (Double, Double) in
            let first = axis.firstIndex { $0 >= least } ?? 0
            let last = axis.lastIndex { $0 >= least } ?? axis.count - 1
            return (Double(first) - 0.5, Double(last) + 0.5)
        }
        return ([ranges[0].0, ranges[1].0, ranges[2].0], [ranges[0].1, ranges[1].1, ranges[2].1])
    }
}
