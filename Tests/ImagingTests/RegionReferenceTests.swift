import Imaging
import Records
import TestSupport
import Testing

@Suite(.enabled(if: ReferenceData.isPresent, "the reference data is not beside the checkout"))
struct RegionReferenceTests {
    /// nibabel 5.4.2 and numpy 2.4.6, `images/truth.json`: labels on the PET grid by nearest neighbour, `std(ddof=1)`.
    /// Tolerance: float64 sums in another order; the rest are voxel values.
    @Test func uptakeOfTheRacloprideTemplateIsNumpys() throws {
        let truth = try ReferenceData.json("images/truth.json")["atlas"]?["uptake"]
        let images = try #require(truth?["images"]?.members)
        let labelPath = try #require(truth?["labels"]?.string)
        let (imagePath, expected) = try #require(images.first.map { ($0.key, $0.value) })
        let pet = try NIfTI.read(ReferenceData.path("images/\(imagePath)")).volume
        let labels = try LabelImage.read(ReferenceData.path("images/\(labelPath)")).resampled(onto: pet.grid)
        let regions = try regionStatistics(of: pet, labels: labels)
        for label in ["4", "5", "6"] {
            let region = try #require(regions.first { String($0.label) == label })
            let row = try #require(expected[label])
            #expect(Double(region.voxels) == row["voxels"]?.double)
            #expect(region.min == row["min"]?.double && region.max == row["max"]?.double)
            #expect(abs(region.mean / (row["mean"]?.double ?? 0) - 1) < 1e-12)
            #expect(abs(region.sd / (row["sd"]?.double ?? 0) - 1) < 1e-12)
        }
    }

    /// The phantom's truth, smoothed by 6 mm with nothing beyond it, is the phantom: it was made by an exact FFT Gaussian.
    /// Tolerance: both are Float32, on values to 4, with tails cut at 1e-6.
    @Test func theSmoothedTruthOfThePartialVolumePhantomIsItsPET() throws {
        let labels = try LabelImage.read(ReferenceData.path("pet/pvc_phantom/labels.nii.gz"))
        let pet = try NIfTI.read(ReferenceData.path("pet/pvc_phantom/pet_fwhm6.nii.gz")).volume
        let values: [Int32: Float] = Dictionary(
            uniqueKeysWithValues: try String(
                decoding: InputFile.read(ReferenceData.path("pet/pvc_phantom/labels.tsv")), as: UTF8.self
            ).split(separator: "\n").dropFirst().map {
                let columns = $0.split(separator: "\t")
                return (try #require(Int32(columns[0])), try #require(Float(columns[2])))
            })
        let truth = Volume(grid: labels.grid, voxels: labels.voxels.map { values[$0] ?? .nan })
        let smoothed = truth.smoothed(fwhm: [6, 6, 6], beyond: .zero)
        let largest = zip(smoothed.voxels, pet.voxels).map { abs($0 - $1) }.max() ?? .nan
        #expect(largest < 4e-6)
    }
}
