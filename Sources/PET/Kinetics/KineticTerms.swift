/// Curves and their integrals at the frames of a scan: what the linear methods are made of.
struct KineticTerms {
    /// The tissue curve, blood taken off.
    var target: [Double]
    /// ∫ C_T to the middle of each frame.
    var targetIntegral: [Double]
    /// The reference or plasma curve.
    var input: [Double]
    /// Its integral.
    var inputIntegral: [Double]
    /// ∫ C_T / C_T and ∫ C_in / C_T where they are not simply that.
    var loganRatios: (y: [Double], x: [Double])?
    /// C_T / C_in and ∫ C_in / C_in where they are not simply that.
    var patlakRatios: (y: [Double], x: [Double])?

    init(target: [Double], reference: ReferenceCurve, frames: FrameTimes, options: KineticOptions) {
        self.target = target
        targetIntegral = frames.integrals(target, options)
        input = reference.means
        inputIntegral =
            reference.isSampled && options.convention == .exact
            ? FrameConvolution(input: reference.curve, frames: frames).averages(theta: 0)
            : frames.integrals(input, options)
    }

    init(target: [Double], plasma: ArterialInput, frames: FrameTimes, options: KineticOptions) {
        if options.convention == .kinfitr {
            self.init(kinfitr: target, plasma: plasma, frames: frames, options: options)
        } else {
            self.init(measured: target, plasma: plasma, frames: frames, options: options)
        }
    }

    /// Plasma on its own samples: averaged over the frames exactly, or taken at their middles.
    private init(measured target: [Double], plasma: ArterialInput, frames: FrameTimes, options: KineticOptions) {
        func atFrames(_ curve: SampledCurve) -> [Double] {
            options.convention == .exact
                ? FrameConvolution(input: curve, frames: frames).inputAverages : frames.mids.map(curve.value)
        }
        input = atFrames(plasma.parentPlasma)
        inputIntegral =
            options.convention == .exact
            ? FrameConvolution(input: plasma.parentPlasma, frames: frames).averages(theta: 0)
            : plasma.parentPlasma.integrals(to: frames.mids)
        self.target = Self.bloodless(target, plasma.wholeBlood.map(atFrames), options.bloodTakenOff)
        targetIntegral = frames.integrals(self.target, options)
    }

    private static func bloodless(_ target: [Double], _ blood: [Double]?, _ fraction: Double) -> [Double] {
        guard let blood, fraction > 0 else { return target }
        return zip(target, blood).map { ($0 - fraction * $1) / (1 - fraction) }
    }

    /// kinfitr interpolates plasma, blood and tissue to 6000 even points, forms ratios there, and interpolates those.
    private init(kinfitr target: [Double], plasma: ArterialInput, frames: FrameTimes, options: KineticOptions) {
        let mids = frames.mids
        let (end, count) = (mids.last ?? 0, SampledCurve.kinfitrPoints)
        let first = mids.first ?? 0
        let tissue = PolyLine(times: first > 0 ? [0] + mids : mids, values: first > 0 ? [0] + target : target)
        let grid = PolyLine.even(from: 0, to: end, count: count)
        func sampled(_ curve: SampledCurve) -> [Double] { curve.kinfitrSamples(until: end).values(at: grid) }
        let aif = sampled(plasma.parentPlasma)
        let fine = Self.bloodless(tissue.values(at: grid), plasma.wholeBlood.map(sampled), options.bloodTakenOff)
        let (fineIntegral, aifIntegral) = (
            PolyLine.integrals(times: grid, values: fine), PolyLine.integrals(times: grid, values: aif)
        )
        func atMids(_ values: [Double]) -> [Double] { PolyLine(times: grid, values: values).values(at: mids) }
        func ratio(_ above: [Double], _ below: [Double]) -> [Double] { atMids(zip(above, below).map { $0 / $1 }) }
        self.target = atMids(fine)
        (input, inputIntegral) = (atMids(aif), atMids(aifIntegral))
        if options.rule == .frameSum {
            targetIntegral = frames.integrals(self.target, options)
            loganRatios = (zip(targetIntegral, self.target).map { $0 / $1 }, ratio(aifIntegral, fine))
        } else {
            targetIntegral = atMids(fineIntegral)
            loganRatios = (ratio(fineIntegral, fine), ratio(aifIntegral, fine))
        }
        patlakRatios = (ratio(fine, aif), ratio(aifIntegral, aif))
    }
}

/// A line through points, as linear interpolation in other tools has it: nothing outside.
struct PolyLine {
    var times: [Double]
    var values: [Double]

    /// Values at ascending times; outside the line its ends.
    func values(at wanted: [Double]) -> [Double] {
        guard times.count > 1 else { return wanted.map { _ in values.first ?? .nan } }
        var place = 0
        return wanted.map { time in
            if place > 0, time < times[place] { place = 0 }
            while place < times.count - 2, time >= times[place + 1] { place += 1 }
            if time <= times[0] { return values[0] }
            if time >= times[times.count - 1] { return values[values.count - 1] }
            let share = (time - times[place]) / (times[place + 1] - times[place])
            return share == 0 ? values[place] : values[place] + share * (values[place + 1] - values[place])
        }
    }

    /// Evenly spaced times, both ends included.
    static func even(from: Double, to: Double, count: Int) -> [Double] {
        (0..<count).map { $0 == count - 1 ? to : from + (to - from) * Double($0) / Double(count - 1) }
    }

    /// Trapezoids from the first point.
    static func integrals(times: [Double], values: [Double]) -> [Double] {
        var sum = 0.0
        return times.indices.map { place in
            if place > 0 { sum += (times[place] - times[place - 1]) * (values[place] + values[place - 1]) / 2 }
            return sum
        }
    }
}

extension SampledCurve {
    /// Integrals from 0 to ascending times of 0 or later, in the curve's unit times min; exact, the curve being straight
    /// between samples.
    public func integrals(to wanted: [Double]) -> [Double] {
        var (sum, before, next) = (0.0, 0.0, 0)
        return wanted.map { end in
            while next < times.count, times[next] <= end {
                sum += (times[next] - before) * (value(at: before) + values[next]) / 2
                before = times[next]
                next += 1
            }
            if end > before {
                sum += (end - before) * (value(at: before) + value(at: end)) / 2
                before = end
            }
            return sum
        }
    }
}
