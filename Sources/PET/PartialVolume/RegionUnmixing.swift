import Fitting

/// Takes apart what probabilities mix: the activities T of an image Σ T p from its means over the regions.
///
/// The mean over region i is Σ_j F_ij T_j with F_ij = Σ p_i p_j / Σ p_i, so that T = F⁻¹ m: the least-squares fit of the
/// image by the regions. Labels mix nothing.
struct RegionUnmixing: Sendable {
    /// F⁻¹; `nil` for labels.
    private let inverse: Matrix?

    /// Throws where two regions are the same.
    init(_ regions: PartialVolumeRegions) throws(PartialVolumeError) {
        guard case .probabilities = regions.members else {
            inverse = nil
            return
        }
        var mixing = regions.overlaps
        for i in 0..<mixing.rows { for j in 0..<mixing.rows { mixing[i, j] /= regions.regions[i].voxels } }
        let condition = mixing.conditionNumber
        guard condition < 1e8, let inverse = mixing.inverse else {
            throw .singular(condition: condition, alike: regions.alike)
        }
        self.inverse = inverse
    }

    /// The activities behind means over the regions.
    func activities(_ means: [Double]) -> [Double] {
        guard let inverse else { return means }
        return means.indices.map { i in means.indices.reduce(0) { $0 + inverse[i, $1] * means[$1] } }
    }
}

extension PartialVolumeRegions {
    /// The names of the two regions that are most alike, where their probabilities go together by more than 99 %.
    var alike: [String] {
        let overlaps = overlaps
        var (names, most): ([String], Double) = ([], 0.99)
        for i in 0..<overlaps.rows {
            for j in 0..<i {
                let cosine = overlaps[i, j] / (overlaps[i, i] * overlaps[j, j]).squareRoot()
                if cosine > most { (names, most) = ([regions[j].name, regions[i].name], cosine) }
            }
        }
        return names
    }
}
