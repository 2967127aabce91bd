extension Volume {
    /// The same image with its axes exchanged and turned so that i, j and k grow in the directions of `code`, such as
    /// "RAS". No value is interpolated: an oblique image stays oblique, its axes nearest to those asked for.
    ///
    /// `code` has one letter each of R or L, A or P, S or I, in any order.
    public func reoriented(to code: String) -> Volume {
        let (axes, flips) = Self.axes(from: grid.orientation, to: code)
        let old = grid.shape
        let shape = SIMD3(old[axes[0]], old[axes[1]], old[axes[2]])
        let steps = [1, old.x, old.x * old.y]
        var stride = SIMD3(steps[axes[0]], steps[axes[1]], steps[axes[2]])
        var first = 0
        var corner: SIMD3<Double> = .zero
        for axis in 0..<3 where flips[axis] {
            first += (shape[axis] - 1) * stride[axis]
            corner[axes[axis]] = Double(shape[axis] - 1)
            stride[axis] = -stride[axis]
        }
        let columns = [grid.worldFromVoxel.x, grid.worldFromVoxel.y, grid.worldFromVoxel.z]
        func column(_ axis: Int) -> SIMD3<Double> { flips[axis] ? -columns[axes[axis]] : columns[axes[axis]] }
        let affine = Affine(
            x: column(0), y: column(1), z: column(2), translation: grid.worldFromVoxel(corner))
        guard let turned = try? VoxelGrid(shape: shape, worldFromVoxel: affine) else {
            preconditionFailure("turning the axes of a grid leaves a grid")
        }
        let count = grid.count
        return Volume(grid: turned, frames: frames) { target in
            voxels.withUnsafeBufferPointer { source in
                var place = 0
                for frame in 0..<frames {
                    for k in 0..<shape.z {
                        for j in 0..<shape.y {
                            var from = frame * count + first + k * stride.z + j * stride.y
                            for _ in 0..<shape.x {
                                target[place] = source[from]
                                place += 1
                                from += stride.x
                            }
                        }
                    }
                }
            }
        }
    }

    /// For each axis of `code` the axis of `old` that lies along it, and whether it is turned round.
    private static func axes(from old: String, to code: String) -> (axes: [Int], flips: [Bool]) {
        func line(_ letter: Character) -> Int? { ["RL", "AP", "SI"].firstIndex { $0.contains(letter) } }
        let wanted = Array(code)
        precondition(Set(wanted.compactMap(line)).count == 3 && wanted.count == 3, "an orientation such as RAS")
        let have = Array(old)
        let axes = wanted.map { letter in have.firstIndex { line($0) == line(letter) }! }
        return (axes, zip(wanted, axes).map { $0 != have[$1] })
    }
}
