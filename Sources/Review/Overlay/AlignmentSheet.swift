import Imaging

/// How one image lies on another, for the eye: contours of the moving image on the fixed one before and after, and both in
/// the tiles of a checkerboard.
///
/// The fixed image is grey, the moving one amber; contours run at 30 % and 60 % of the moving image's range.
public struct AlignmentSheet: Sendable {
    let fixed, moving: Volume
    let movingFromFixed: Affine
    let field: DisplacementField?
    let title: String

    /// Edge of a tile, mm.
    static let tile = 24.0
    /// Millimetres of a pixel.
    static let pixelSize = 0.8
    /// Shares of the moving image's range at which contours run.
    static let levels = [0.3, 0.6]
    static let contourColors = [Color(hex: 0x4DE3FF), Color(hex: 0xFFB000)]

    /// A sheet; images of one frame each. With a `field`, the whole map of a deformation whose linear part is
    /// `movingFromFixed`. `title` is the heading, never a name.
    public init(
        fixed: Volume, moving: Volume, movingFromFixed: Affine, field: DisplacementField? = nil, title: String = ""
    ) {
        (self.fixed, self.moving, self.movingFromFixed) = (fixed, moving, movingFromFixed)
        (self.field, self.title) = (field, title)
    }

    /// The picture. Throws where an image has no range of values.
    public func draw() throws(OverlayError) -> RGBAImage {
        guard let fixedWindow = Window(fixed), let movingWindow = Window(moving) else { throw .noValues }
        let planes = planes(fixedWindow)
        func contour(_ map: SpatialTransform) -> (SlicePlane) -> RGBAImage {
            { contours($0, map, fixedWindow, movingWindow) }
        }
        var kinds: [(heading: String, draw: (SlicePlane) -> RGBAImage)] = [
            ("Before: contours of the moving image", contour(.linear(.identity)))
        ]
        if let field {
            kinds.append(("After the linear map: contours of the moving image", contour(.linear(movingFromFixed))))
            kinds.append(("After the deformation: contours of the moving image", contour(.field(field))))
        } else {
            kinds.append(("After: contours of the moving image", contour(.linear(movingFromFixed))))
        }
        kinds.append(
            ("After: tiles of the fixed (grey) and the moving image (amber)", { tiles($0, fixedWindow, movingWindow) }))
        let drawing = SliceSheetDrawing(
            title: title,
            rows: kinds.map { kind in .init(heading: kind.heading, slices: planes.map { ($0, kind.draw($0)) }) },
            bars: [],
            legend: zip(Self.levels, Self.contourColors).map {
                ("\(($0 * 100).text(decimals: 0)) % of the moving image's range", $1)
            },
            notes: "Radiological view: the patient's left is on the right. Sagittal slices are seen from the left.")
        return drawing.draw().image
    }

    /// Two axial slices, a coronal and a sagittal one, through what is bright in the fixed image.
    private func planes(_ window: Window) -> [SlicePlane] {
        let (low, high, center) = window.extent(of: fixed)
        let third = SIMD3<Double>(0, 0, (high.z - low.z) / 6)
        let cuts: [(SlicePlane.Orientation, SIMD3<Double>)] = [
            (.axial, center - third), (.axial, center + third), (.coronal, center), (.sagittal, center + [8, 0, 0]),
        ]
        return cuts.map { orientation, at in
            SlicePlane(
                orientation, at: (at[orientation.axis] * 2).rounded() / 2, low: low, high: high,
                pixelSize: Self.pixelSize, convention: .radiological)
        }
    }

    private func contours(_ plane: SlicePlane, _ map: SpatialTransform, _ fixedWindow: Window, _ movingWindow: Window)
        -> RGBAImage
    {
        let grey = plane.sample(fixed)
        let over = moving.resampled(onto: plane.grid, through: map, outside: .nan).voxels
        var image = RGBAImage(width: plane.width, height: plane.height, filledWith: SlicePainter.nothing)
        for y in 0..<plane.height {
            for x in 0..<plane.width {
                let at = y * plane.width + x
                if grey[at].isFinite { image[x, y] = fixedWindow.grey(grey[at]) }
                for (level, color) in zip(Self.levels, Self.contourColors) {
                    let value = movingWindow.share(over[at])
                    let right = x + 1 < plane.width ? movingWindow.share(over[at + 1]) : value
                    let below = y + 1 < plane.height ? movingWindow.share(over[at + plane.width]) : value
                    if (value >= level) != (right >= level) || (value >= level) != (below >= level) {
                        image[x, y] = color
                    }
                }
            }
        }
        return image
    }

    private func tiles(_ plane: SlicePlane, _ fixedWindow: Window, _ movingWindow: Window) -> RGBAImage {
        let grey = plane.sample(fixed)
        let map = field.map { SpatialTransform.field($0) } ?? .linear(movingFromFixed)
        let over = moving.resampled(onto: plane.grid, through: map, outside: .nan).voxels
        let side = Int(Self.tile / Self.pixelSize)
        var image = RGBAImage(width: plane.width, height: plane.height, filledWith: SlicePainter.nothing)
        for y in 0..<plane.height {
            for x in 0..<plane.width {
                let at = y * plane.width + x
                if (x / side + y / side) % 2 == 0 {
                    if grey[at].isFinite { image[x, y] = fixedWindow.grey(grey[at]) }
                } else if over[at].isFinite {
                    image[x, y] = movingWindow.amber(over[at])
                }
            }
        }
        return image
    }
}

/// The values of an image from black to white: from its 0.5 % quantile to its 99.8 % one.
private struct Window {
    let lower, upper: Double

    init?(_ image: Volume) {
        var values: [Float] = []
        let step = max(1, image.grid.count / 200_000)
        for place in stride(from: 0, to: image.grid.count, by: step) where image.voxels[place].isFinite {
            values.append(image.voxels[place])
        }
        values.sort()
        guard let first = values.first, let last = values.last, last > first else { return nil }
        let low = Double(values[values.count / 200])
        let high = Double(values[min(values.count - 1, values.count * 998 / 1000)])
        (lower, upper) = high > low ? (low, high) : (Double(first), Double(last))
    }

    /// 0 at black, 1 at white; −1 outside the image.
    func share(_ value: Float) -> Double {
        value.isFinite ? min(max((Double(value) - lower) / (upper - lower), 0), 1) : -1
    }

    func grey(_ value: Float) -> Color {
        let level = UInt8(share(value) * 255)
        return Color(level, level, level)
    }

    func amber(_ value: Float) -> Color {
        let level = share(value) * 255
        return Color(UInt8(level), UInt8(level * 0.72), UInt8(level * 0.3))
    }

    /// The box around what is above a fifth of the range, 8 mm wider but within the image and 260 mm, and the middle of
    /// what is bright.
    func extent(of image: Volume) -> (low: SIMD3<Double>, high: SIMD3<Double>, center: SIMD3<Double>) {
        let grid = image.grid
        var (low, high) = (SIMD3(repeating: Double.infinity), SIMD3(repeating: -Double.infinity))
        var (sum, count) = (SIMD3<Double>.zero, 0.0)
        for k in stride(from: 0, to: grid.shape.z, by: max(1, grid.shape.z / 64)) {
            for j in stride(from: 0, to: grid.shape.y, by: max(1, grid.shape.y / 64)) {
                for i in stride(from: 0, to: grid.shape.x, by: max(1, grid.shape.x / 64))
                where share(image.voxels[grid.offset(i, j, k)]) > 0.2 {
                    let point = grid.worldFromVoxel([Double(i), Double(j), Double(k)])
                    (low, high) = (pointwiseMin(low, point), pointwiseMax(high, point))
                    sum += point
                    count += 1
                }
            }
        }
        guard count > 0 else {
            let middle = grid.worldFromVoxel(SIMD3<Double>(grid.shape &- 1) / 2)
            return (middle - 100, middle + 100, middle)
        }
        let center = sum / count
        return (pointwiseMax(low - 8, center - 130), pointwiseMin(high + 8, center + 130), center)
    }
}
