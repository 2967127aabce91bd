/// Why partial volume effects cannot be corrected.
public enum PartialVolumeError: Error, Equatable, CustomStringConvertible {
    /// A full width at half maximum that is no width: mm.
    case notAWidth(Double)
    /// Every voxel is background.
    case noRegion
    /// No region lies on the image.
    case noOverlap
    /// A region without a voxel on the grid of the image.
    case emptyRegion(String)
    /// A region with probabilities that are NaN or infinite.
    case notFinite(String, voxels: Int)
    /// A region with a probability below 0.
    case negative(String, Double)
    /// A region with a probability above 1.
    case aboveOne(String, Double)
    /// More regions than are counted.
    case tooManyRegions(Int)
    /// Voxels of the image that are NaN or infinite.
    case imageNotFinite(voxels: Int, frame: Int)
    /// The regions are on another grid than the image.
    case gridsDiffer
    /// Regions that the image cannot tell apart, by name where two are the same.
    case singular(condition: Double, alike: [String] = [])
    /// A region that is asked for by name and not there.
    case unknownRegion(String, present: [String])
    /// The method needs to know which region is white matter.
    case noWhiteMatter(present: [String])

    /// One sentence for the person holding the files.
    public var description: String {
        switch self {
        case .notAWidth(let width):
            "a full width at half maximum of \(width) mm is none: it is more than 0 and at most 100 mm on every axis"
        case .noRegion: "there is no region: every voxel is background"
        case .noOverlap: "no region lies on the image: do both have the same space?"
        case .emptyRegion(let name): "region \(name) has no voxel on the grid of the image"
        case .notFinite(let name, let voxels): "region \(name) has \(voxels) probabilities that are not a number"
        case .negative(let name, let value): "region \(name) has a probability below 0: \(value)"
        case .aboveOne(let name, let value): "region \(name) has a probability of \(value); 1 is the largest there is"
        case .tooManyRegions(let count): "there are \(count) regions; up to 65000 are corrected"
        case .imageNotFinite(let voxels, let frame):
            "\(voxels) voxels of frame \(frame) are not a number and would spread over their neighbours; "
                + "give them a value first"
        case .gridsDiffer: "the regions are not on the grid of the image"
        case .singular(let condition, let alike):
            (alike.isEmpty ? "the regions" : "the regions \(alike.joined(separator: " and "))")
                + " cannot be told apart at this resolution: the condition number of the regions' matrix is \(condition)"
        case .unknownRegion(let name, let present):
            "there is no region \(name); the regions are \(present.joined(separator: ", "))"
        case .noWhiteMatter(let present):
            "no region is known as white matter; name it, of \(present.joined(separator: ", "))"
        }
    }
}
