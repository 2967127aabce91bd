/// SUVR and SBR over a window: the mean of the target over that of the reference, frames weighing by their length; SBR is
/// SUVR − 1.
extension KineticSetup {
    func uptakeRatio(_ target: [Double], _ region: String) -> KineticFit {
        guard let reference = input.reference?.means else { return failed(region, "there is no reference") }
        let lengths = chosen.map { frames.ends[$0] - frames.starts[$0] }
        func total(_ curve: [Double]) -> Double { zip(chosen, lengths).reduce(0) { $0 + curve[$1.0] * $1.1 } }
        let below = total(reference)
        guard below > 0 else { return failed(region, "the reference has no activity in the window") }
        let ratio = total(target) / below
        return KineticFit(
            model: model, region: region,
            parameters: [model == .suvr ? .init("SUVR", ratio) : .init("SBR", ratio - 1)], flags: flags,
            framesUsed: chosen, x: chosen.map { frames.mids[$0] }, observed: chosen.map { target[$0] },
            fitted: chosen.map { ratio * reference[$0] }, weights: lengths)
    }
}
