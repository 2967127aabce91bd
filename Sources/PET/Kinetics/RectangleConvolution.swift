import Glibc

/// Convolution with e^(−θt) as kinfitr has it: even points from 0 to the middle of the last frame, 1024 for a reference region
/// and 6000 for plasma, each point's value times the step, the result interpolated to the middles of the frames. Wrong by
/// about θ · step / 2; kept to agree.
struct RectangleConvolution: Sendable {
    private let grid: [Double]
    private let fine: [Double]
    private let mids: [Double]
    /// The curve itself, by way of the grid.
    let input: [Double]

    /// A reference region's curve.
    init(_ curve: SampledCurve, mids: [Double], points: Int = 1024) {
        self.init(fine: PolyLine(times: curve.times, values: curve.values).values(at:), mids: mids, points: points)
    }

    /// Plasma or blood, which kinfitr brings to even points twice.
    init(blood curve: SampledCurve, mids: [Double]) {
        let resampled = curve.kinfitrSamples(until: mids.last ?? 0)
        self.init(fine: resampled.values(at:), mids: mids, points: SampledCurve.kinfitrPoints)
    }

    private init(fine: ([Double]) -> [Double], mids: [Double], points: Int) {
        grid = PolyLine.even(from: 0, to: mids.last ?? 0, count: points)
        self.fine = fine(grid)
        self.mids = mids
        input = PolyLine(times: grid, values: self.fine).values(at: mids)
    }

    func values(theta: Double) -> [Double] {
        let step = grid[1] - grid[0]
        let decay = exp(-theta * step)
        var sum = 0.0
        let convolved = fine.map { value in
            sum = sum * decay + value
            return sum * step
        }
        return PolyLine(times: grid, values: convolved).values(at: mids)
    }
}

extension SampledCurve {
    /// Points to which kinfitr interpolates plasma and blood.
    static let kinfitrPoints = 6000

    /// The curve over even points of its own time from (0, 0), cut or held at `end`, min.
    func kinfitrSamples(until end: Double) -> PolyLine {
        let samples = zip(times, values).filter { $0.0 > 0 }
        let line = PolyLine(times: [0] + samples.map(\.0), values: [0] + samples.map(\.1))
        var times = PolyLine.even(from: 0, to: line.times.last ?? 0, count: Self.kinfitrPoints)
        var values = line.values(at: times)
        if let past = times.firstIndex(where: { $0 > end }) {
            (times, values) = (Array(times[...past]), Array(values[...past]))
            times[past] = end
        } else if times.last ?? 0 < end {
            times.append(end)
            values.append(values.last ?? 0)
        }
        return PolyLine(times: times, values: values)
    }
}
