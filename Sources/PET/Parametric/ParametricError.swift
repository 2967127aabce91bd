import Records

/// Why maps cannot be made.
public enum ParametricError: Error, Equatable, CustomStringConvertible {
    case noReference(ParametricModel)
    case noPlasma(ParametricModel)
    case referenceFrames(image: Int, reference: Int)
    case referenceTimes(frame: Int)
    case referenceNotFinite(String)
    case referenceNotPositive(String, Double)
    case tooFewFrames(found: Int, needed: Int, fromS: Double, toS: Double)
    case overlappingFrames(Int)
    case emptyFrame(Int)
    case beforeTimeZero(Int)
    case dependentColumns
    case imageNotFinite(voxels: Int, frame: Int)
    case nothingSolved(String)
    case maskFrames(Int)
    case lateParameter(String, ParametricModel)
    case noWeights(ParametricModel)
    case weightCount(weights: Int, frames: Int)
    case emptyMask
    case maskGrid
    case noK2Prime(threshold: Double)
    case noParameter(String, ParametricModel)

    /// One sentence for the person holding the file.
    public var description: String {
        switch self {
        case .noReference(let model): "\(model.rawValue) needs a reference region"
        case .noPlasma(let model): "\(model.rawValue) needs the tracer in arterial plasma"
        case .referenceFrames(let image, let reference):
            "the image has \(image) frames, but the reference curve \(reference)"
        case .referenceTimes(let frame): "frame \(frame + 1) of the reference curve has other times than the image's"
        case .referenceNotFinite(let name):
            "the reference \(name) has a frame without a finite value"
        case .referenceNotPositive(let name, let mean):
            "the reference \(name) has a mean of \(significant(mean, 4)) in the window; nothing can be held against it"
        case .tooFewFrames(let found, let needed, let from, let to):
            "\(found) frame\(found == 1 ? "" : "s") can be used from \(significant(from, 6)) s on"
                + (to.isFinite ? " to \(significant(to, 6)) s" : "")
                + "; \(needed) \(needed == 1 ? "is" : "are") needed"
        case .overlappingFrames(let frame):
            "frame \(frame + 1) starts before the one before it ends; running integrals need frames in order"
        case .beforeTimeZero(let frame):
            "frame \(frame + 1) starts before time zero, the injection; leave such frames out"
        case .imageNotFinite(let voxels, let frame):
            "\(voxels) voxel\(voxels == 1 ? "" : "s") of frame \(frame + 1) are NaN or infinite, which smoothing would spread; "
                + "mend them first"
        case .nothingSolved(let reasons): "no voxel has a solution: \(reasons)"
        case .maskFrames(let frames): "a mask has one frame, but this has \(frames)"
        case .lateParameter(let name, let model):
            "\(name) of \(model.rawValue) holds from the injection on and cannot be mapped from late frames only"
        case .emptyFrame(let frame): "frame \(frame + 1) has no duration"
        case .dependentColumns: "the input curve has no shape of its own in the frames used, so no slope can be found"
        case .noWeights(let model): "\(model.rawValue) weighs every frame alike; leave the weights out"
        case .weightCount(let weights, let frames): "there are \(weights) weights for \(frames) frames"
        case .emptyMask: "no voxel is inside the mask"
        case .maskGrid: "the mask lies on another grid than the image; resample it first"
        case .noParameter(let name, let model):
            "\(model.rawValue) has no map \(name); it has \(model.parameters.map(\.name).joined(separator: ", "))"
        case .noK2Prime(let threshold):
            "no voxel has BP_ND above \(significant(threshold, 3)) to take k2' from; give --k2-prime or lower the threshold"
        }
    }
}
