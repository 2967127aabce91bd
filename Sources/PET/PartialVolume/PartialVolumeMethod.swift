/// A way to correct for partial volume effects: what is solved per region, what is done to voxels, and how voxels are
/// sharpened inside their region afterwards.
public struct PartialVolumeMethod: Sendable, Equatable {
    /// What is done to voxels.
    public enum Voxelwise: String, Sendable, CaseIterable {
        /// Region-based voxel-wise correction [Thomas2011].
        case rbv
        /// Multi-target correction [Erlandsson2006].
        case mtc
        /// Iterative Yang [Erlandsson2012].
        case iy
        /// Single-target correction [Thomas2016].
        case stc
        /// Müller-Gärtner [MullerGartner1992].
        case mg
        /// Deconvolution by Van Cittert [VanCittert1931]; knows no regions.
        case vc
        /// Deconvolution by Richardson and Lucy [Richardson1972, Lucy1974]; knows no regions.
        case rl
    }

    /// Deconvolution inside each region of a corrected image.
    public enum Sharpening: String, Sendable, CaseIterable {
        case vc, rl
    }

    /// The equations of the regions' activities: the result itself, or what `rbv` and `mtc` start from.
    public let regional: TransferMatrix.Kind
    /// What is done to voxels; `nil` where only regions are corrected.
    public let voxelwise: Voxelwise?
    /// The deconvolution that follows; `nil` for none.
    public let sharpening: Sharpening?

    /// All that there are, as they are written.
    public static let names: [String] = {
        let corrected = ["rbv", "mtc", "labbe+rbv", "labbe+mtc", "iy", "mg"]
        return ["gtm", "labbe", "stc", "vc", "rl"] + corrected + corrected.flatMap { ["\($0)+vc", "\($0)+rl"] }
    }()

    /// The geometric transfer matrix, of regions alone.
    public static let gtm = PartialVolumeMethod(regional: .gtm, voxelwise: nil, sharpening: nil)

    private init(regional: TransferMatrix.Kind, voxelwise: Voxelwise?, sharpening: Sharpening?) {
        (self.regional, self.voxelwise, self.sharpening) = (regional, voxelwise, sharpening)
    }

    /// A method by its name, such as "gtm", "labbe+rbv" or "iy+rl"; "sgtm" is "labbe". `nil` for another name.
    public init?(_ name: String) {
        let written = name.lowercased().replacing("sgtm", with: "labbe")
        guard Self.names.contains(written) else { return nil }
        var steps = written.split(separator: "+").map(String.init)[...]
        var kind = TransferMatrix.Kind.gtm
        if let first = TransferMatrix.Kind(rawValue: steps[0]) {
            kind = first
            steps = steps.dropFirst()
        }
        regional = kind
        voxelwise = steps.first.flatMap(Voxelwise.init)
        sharpening = steps.dropFirst().first.flatMap(Sharpening.init)
    }

    /// The name as it is written.
    public var name: String {
        let first = voxelwise == nil || regional == .labbe ? [regional.rawValue] : []
        return (first + [voxelwise?.rawValue, sharpening?.rawValue].compactMap { $0 }).joined(separator: "+")
    }

    /// Whether the regions' equations are solved.
    var solvesRegions: Bool { voxelwise == nil || voxelwise == .rbv || voxelwise == .mtc }

    /// Whether the equations give the noise of the corrected values; of `rbv` they do to a few percent.
    var hasClosedFormNoise: Bool { voxelwise == nil || (regional == .gtm && voxelwise == .rbv && sharpening == nil) }

    /// Whether the method repeats itself.
    public var iterates: Bool { sharpening != nil || [.iy, .stc, .vc, .rl].contains(voxelwise) }

    /// How often the method repeats itself where nothing else is asked for.
    public var defaultIterations: Int { voxelwise == .vc ? 30 : 10 }
}
