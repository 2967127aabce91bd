/// The columns of a batch, lent to a reader that writes samples by place.
struct SampleColumns {
    /// Acceleration, m/s².
    let x, y, z: UnsafeMutablePointer<Double>
    /// Angular rate, rad/s; `nil` in a batch without.
    let rate: (x: UnsafeMutablePointer<Double>, y: UnsafeMutablePointer<Double>, z: UnsafeMutablePointer<Double>)?
}

extension SampleBatch {
    /// Makes room for `count` samples, at least one, and lends the columns; what they hold before is not said.
    mutating func withColumns<R>(
        _ count: Int, hasAngularRate: Bool, _ body: (SampleColumns) -> R
    ) -> R {
        precondition(count > 0, "columns of an empty batch have no address")
        resize(to: count, hasAngularRate: hasAngularRate)
        return acceleration.withUnsafeMutableBufferPointer { axes in
            angularRate.withUnsafeMutableBufferPointer { rates in
                Self.withAddresses(axes) { x, y, z in
                    guard hasAngularRate else { return body(SampleColumns(x: x, y: y, z: z, rate: nil)) }
                    return Self.withAddresses(rates) { body(SampleColumns(x: x, y: y, z: z, rate: ($0, $1, $2))) }
                }
            }
        }
    }

    private static func withAddresses<R>(
        _ columns: UnsafeMutableBufferPointer<[Double]>,
        _ body: (UnsafeMutablePointer<Double>, UnsafeMutablePointer<Double>, UnsafeMutablePointer<Double>) -> R
    ) -> R {
        columns[0].withUnsafeMutableBufferPointer { x in
            columns[1].withUnsafeMutableBufferPointer { y in
                columns[2].withUnsafeMutableBufferPointer { z in
                    body(x.baseAddress!, y.baseAddress!, z.baseAddress!)
                }
            }
        }
    }
}
