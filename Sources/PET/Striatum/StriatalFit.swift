import Imaging

/// The striatum of a template laid on an image by what the image shows of it: a small change of place, turn and size.
///
/// At every place the image is explained as well as can be by the template's tissues, each blurred as by the scanner and each
/// with an uptake of its own that least squares find; the place sought is where they explain most. Uptake is free because
/// disease takes it from the posterior putamen first: a fixed healthy pattern would slide or shrink to the part that is
/// left. Where a part has no uptake, the other parts and the tissues around place it.
public struct StriatalFit: Sendable {
    /// The template's world from the image's, RAS mm.
    public let templateFromImage: Affine
    /// The share of the image's variance around the striatum that the template's tissues explain, 0...1, before and after.
    public let explainedBefore, explained: Double
    /// How far the fit moved the middle of the striatum, mm.
    public let shiftMM: Double
    /// The factors by which the template was stretched along its x, y and z.
    public let scale: SIMD3<Double>

    /// How far a fit may go; chosen so that what is left of an alignment of whole heads is within reach.
    public struct Options: Sendable {
        /// Full width at half maximum of the image, mm.
        public var fwhm = 6.0
        /// The distance of the points looked at, mm.
        public var spacing = 2.5
        /// How far around the striatum is looked, mm.
        public var margin = 12.0
        /// The widths, one standard deviation, of what is expected: shift, mm; turn, degrees; logarithm of size along an axis.
        /// The last is a third of the scatter of the volume of the putamen between people, 10 % [Price2016]; it keeps the
        /// labels from shrinking to what disease has left.
        public var expectedShift = 6.0, expectedTurn = 6.0, expectedScale = 0.033
        /// What one squared standard deviation costs, in share of variance.
        public var cost = 0.004

        /// The usual options.
        public init() {}
    }

    /// Fits `template` to one frame, starting from `templateFromImage`.
    public init(
        of template: StriatalTemplate, to image: Volume, templateFromImage start: Affine, options: Options = Options()
    ) throws {
        precondition(image.frames == 1, "a fit is to one frame")
        guard let imageFromTemplate = start.inverse else { throw StriatumError.noOverlap }
        let problem = try FitProblem(template, image, imageFromTemplate, options)
        var best = [Double](repeating: 0, count: 9)
        var cost = problem.cost(best)
        guard cost.isFinite else { throw StriatumError.noOverlap }
        explainedBefore = problem.explained(best)
        // Steps of 1 move the striatum's edge by about 1 mm.
        for step in [2.0, 1.0, 0.5, 0.25, 0.1] {
            var improved = true
            var sweeps = 0
            while improved, sweeps < 12 {
                improved = false
                sweeps += 1
                let before = best
                for place in best.indices {
                    for sign in [-1.0, 1.0] {
                        var trial = best
                        trial[place] += sign * step
                        let found = problem.cost(trial)
                        if found < cost - 1e-9 { (best, cost, improved) = (trial, found, true) }
                    }
                }
                // The whole sweep once more: along valleys that lie aslant.
                let trial = zip(best, before).map { 2 * $0 - $1 }
                let found = problem.cost(trial)
                if found < cost - 1e-9 { (best, cost, improved) = (trial, found, true) }
            }
        }
        explained = problem.explained(best)
        let change = problem.change(best)
        guard let back = (imageFromTemplate * change).inverse else { throw StriatumError.noOverlap }
        templateFromImage = back
        shiftMM = norm(change(problem.center) - problem.center)
        scale = [norm(change.x), norm(change.y), norm(change.z)]
    }
}

/// Points around the template's striatum, the tissues there, and the image to be explained.
private struct FitProblem {
    let image: Volume
    let imageFromTemplate: Affine
    let options: StriatalFit.Options
    /// The middle of the striatum, mm of the template.
    let center: SIMD3<Double>
    private let points: [SIMD3<Double>]
    /// A basis of the blurred tissues, orthonormal over the points: column after column.
    private let basis: [[Double]]
    private let radius = 30.0

    init(
        _ template: StriatalTemplate, _ image: Volume, _ imageFromTemplate: Affine, _ options: StriatalFit.Options
    ) throws {
        (self.image, self.imageFromTemplate, self.options) = (image, imageFromTemplate, options)
        let striatum = template.labels.points.filter { $0.key.structure.isStriatal }.flatMap(\.value)
        guard !striatum.isEmpty else { throw StriatumError.missing("caudate or putamen") }
        center = striatum.reduce(SIMD3<Double>.zero, +) / Double(striatum.count)
        let points = Self.surroundings(of: striatum, margin: options.margin, spacing: options.spacing)
        self.points = points
        let tissues = template.tissues.smoothed(fwhm: SIMD3(repeating: options.fwhm), beyond: .zero)
        let map = tissues.grid.voxelFromWorld
        var columns: [[Double]] = [points.map { _ in 1 }]
        for frame in 0..<tissues.frames {
            let start = frame * tissues.grid.count
            columns.append(
                tissues.voxels.withUnsafeBufferPointer { voxels in
                    points.map { linear(voxels.baseAddress! + start, tissues.grid.shape, map($0)) ?? 0 }
                })
        }
        basis = Self.orthonormal(columns)
    }

    /// Points on a lattice that are within `margin` of a striatal voxel.
    private static func surroundings(
        of striatum: [SIMD3<Double>], margin: Double, spacing: Double
    ) -> [SIMD3<Double>] {
        let low = striatum.reduce(striatum[0]) { pointwiseMin($0, $1) } - margin
        let high = striatum.reduce(striatum[0]) { pointwiseMax($0, $1) } + margin
        let shape = SIMD3<Int>(((high - low) / spacing).rounded(.up)) &+ 1
        var near = [Bool](repeating: false, count: shape.x * shape.y * shape.z)
        let reach = Int((margin / spacing).rounded(.up))
        // One striatal point for each cell of the lattice is enough.
        let cells = Set(striatum.map { SIMD3<Int>((($0 - low) / spacing).rounded(.toNearestOrEven)) })
        for cell in cells {
            for dz in -reach...reach {
                for dy in -reach...reach {
                    for dx in -reach...reach {
                        guard Double(dx * dx + dy * dy + dz * dz) * spacing * spacing <= margin * margin else {
                            continue
                        }
                        let (x, y, z) = (cell.x + dx, cell.y + dy, cell.z + dz)
                        guard x >= 0, y >= 0, z >= 0, x < shape.x, y < shape.y, z < shape.z else { continue }
                        near[x + shape.x * (y + shape.y * z)] = true
                    }
                }
            }
        }
        return near.indices.filter { near[$0] }.map { place in
            let cell = SIMD3<Int>(place % shape.x, place / shape.x % shape.y, place / shape.x / shape.y)
            return low + SIMD3<Double>(cell) * spacing
        }
    }

    /// Gram and Schmidt, twice for accuracy; a column that the others make up is left out.
    private static func orthonormal(_ columns: [[Double]]) -> [[Double]] {
        var basis: [[Double]] = []
        for column in columns {
            let size = column.reduce(0) { $0 + $1 * $1 }.squareRoot()
            guard size > 0 else { continue }
            var rest = column
            for _ in 0..<2 {
                for other in basis {
                    var product = 0.0
                    for place in rest.indices { product += rest[place] * other[place] }
                    for place in rest.indices { rest[place] -= product * other[place] }
                }
            }
            let left = rest.reduce(0) { $0 + $1 * $1 }.squareRoot()
            if left > 1e-3 * size { basis.append(rest.map { $0 / left }) }
        }
        return basis
    }

    /// The change of the template's place that parameters mean: three shifts, three turns, three sizes, all in mm at `radius`.
    func change(_ p: [Double]) -> Affine {
        let turn = Affine.rotation(vector: SIMD3(p[3], p[4], p[5]) / radius)
        let size = Affine(scale: SIMD3(1 + p[6] / radius, 1 + p[7] / radius, 1 + p[8] / radius))
        var map = turn * size
        map.translation = center + SIMD3(p[0], p[1], p[2]) - map.linear(center)
        return map
    }

    /// What is to be made small: the share not explained, and how unexpected the change is.
    func cost(_ p: [Double]) -> Double {
        let degrees = 180 / Double.pi / radius
        var surprise = 0.0
        for axis in 0..<3 {
            surprise += (p[axis] / options.expectedShift) * (p[axis] / options.expectedShift)
            let turn = p[3 + axis] * degrees / options.expectedTurn
            let size = p[6 + axis] / radius / options.expectedScale
            surprise += turn * turn + size * size
        }
        guard (6..<9).allSatisfy({ abs(p[$0]) < 0.4 * radius }) else { return .infinity }
        return 1 - explained(p) + options.cost * surprise
    }

    /// The share of variance explained; −∞ where the points leave the image.
    func explained(_ p: [Double]) -> Double {
        let map = image.grid.voxelFromWorld * imageFromTemplate * change(p)
        let shape = image.grid.shape
        return withUnsafeTemporaryAllocation(of: Double.self, capacity: points.count) { values in
            var (inside, sum) = (0, 0.0)
            image.voxels.withUnsafeBufferPointer { voxels in
                for place in points.indices {
                    if let value = linear(voxels.baseAddress!, shape, map(points[place])), value.isFinite {
                        values.initializeElement(at: place, to: value)
                        inside += 1
                        sum += value
                    } else {
                        values.initializeElement(at: place, to: .nan)
                    }
                }
            }
            guard inside > points.count * 9 / 10 else { return -.infinity }
            let mean = sum / Double(inside)
            var total = 0.0
            for place in 0..<points.count {
                // What lies outside is taken to be the mean.
                values[place] = values[place].isNaN ? 0 : values[place] - mean
                total += values[place] * values[place]
            }
            guard total > 0 else { return -.infinity }
            var explained = 0.0
            for column in basis {
                var product = 0.0
                column.withUnsafeBufferPointer { column in
                    for place in 0..<points.count { product += column[place] * values[place] }
                }
                explained += product * product
            }
            return explained / total
        }
    }
}

/// Trilinear interpolation at voxel indices; `nil` outside the outermost voxel centres.
@inline(__always)
private func linear(_ voxels: UnsafePointer<Float>, _ shape: SIMD3<Int>, _ p: SIMD3<Double>) -> Double? {
    guard p.x >= 0, p.y >= 0, p.z >= 0, p.x <= Double(shape.x - 1), p.y <= Double(shape.y - 1),
        p.z <= Double(shape.z - 1)
    else { return nil }
    let (i, j, k) = (min(Int(p.x), shape.x - 2), min(Int(p.y), shape.y - 2), min(Int(p.z), shape.z - 2))
    guard i >= 0, j >= 0, k >= 0 else { return nil }
    let (u, v, w) = (p.x - Double(i), p.y - Double(j), p.z - Double(k))
    let base = voxels + (i + shape.x * (j + shape.y * k))
    func row(_ offset: Int) -> Double { Double(base[offset]) * (1 - u) + Double(base[offset + 1]) * u }
    let (up, slice) = (shape.x, shape.x * shape.y)
    return (row(0) * (1 - v) + row(up) * v) * (1 - w) + (row(slice) * (1 - v) + row(slice + up) * v) * w
}
