extension PrincipalAxis {
    /// The axis of three columns of equal length over a stretch; `nil` where nothing varies or a number is missing.
    init?(of columns: [[Double]], in places: Range<Int>) {
        guard !places.isEmpty else { return nil }
        let count = Double(places.count)
        let means = columns.map { column in places.reduce(0) { $0 + column[$1] } / count }
        var (xx, xy, xz, yy, yz, zz) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
        for place in places {
            let (x, y, z) = (
                columns[0][place] - means[0], columns[1][place] - means[1], columns[2][place] - means[2]
            )
            xx += x * x
            xy += x * y
            xz += x * z
            yy += y * y
            yz += y * z
            zz += z * z
        }
        self.init(
            covarianceXX: xx / count, xy: xy / count, xz: xz / count, yy: yy / count, yz: yz / count, zz: zz / count)
    }

    /// What three columns are along the axis, over a stretch.
    func projection(of columns: [[Double]], in places: Range<Int>) -> [Double] {
        places.map { columns[0][$0] * direction.x + columns[1][$0] * direction.y + columns[2][$0] * direction.z }
    }
}
