/// Why a model cannot be fitted to any region.
public enum KineticError: Error, Equatable, CustomStringConvertible {
    case noReference(KineticModel)
    case noPlasma(KineticModel)
    case noBlood
    case noK2Prime(KineticModel)
    case noHighBinding(Double)
    case notInConvention(KineticModel, Convention)
    case noWindow(KineticModel)
    case tooFewFrames(found: Int, needed: Int, KineticFrames)
    case frameCount(curve: Int, frames: Int)
    case framesOverlap(Int)
    case inputNotFinite(frame: Int)
    case emptyReference
    case weights(String)
    case parameter(String)

    /// One sentence for the person at the keyboard.
    public var description: String {
        switch self {
        case .noReference(let model): "\(model.rawValue) needs a reference region"
        case .noPlasma(let model): "\(model.rawValue) needs an arterial plasma curve"
        case .noBlood:
            "the model has blood in the tissue, but there is no whole-blood curve; give one, or a blood volume of 0"
        case .noK2Prime(let model): "\(model.rawValue) needs k2' of the reference region, in 1/min"
        case .noHighBinding(let limit):
            "no region has BP_ND above \(brief(limit)) and a clean first fit, so that k2' cannot be estimated; give it"
        case .notInConvention(let model, let convention):
            "the \(convention.rawValue) convention has no \(model.rawValue): it is for linear methods"
        case .noWindow(let model): "\(model.rawValue) is a mean over late frames and needs a window"
        case .tooFewFrames(let found, let needed, let frames):
            "\(frames) leaves \(found) frame\(found == 1 ? "" : "s"), but \(needed) are needed"
        case .frameCount(let curve, let frames): "the curve has \(curve) values, but there are \(frames) frames"
        case .framesOverlap(let frame): "frame \(frame + 1) starts before the one before it has ended"
        case .inputNotFinite(let frame): "the reference or input curve has no value in frame \(frame + 1)"
        case .emptyReference: "the reference curve has no value above 0"
        case .weights(let reason): "the weights cannot be used: \(reason)"
        case .parameter(let reason): reason
        }
    }
}

/// A number as a sentence has it: no more digits than it needs, up to 4.
func brief(_ value: Double) -> String {
    let rounded = (value * 1e4).rounded() / 1e4
    guard let whole = Int(exactly: rounded) else { return "\(rounded)" }
    return String(whole)
}
