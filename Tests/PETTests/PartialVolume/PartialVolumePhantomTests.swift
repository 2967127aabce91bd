import Imaging
import PET
import Records
import Testing
import TestSupport

/// The digital phantom of the reference data: nine regions at 2 mm, blurred by an exact Gaussian of 6 mm.
private struct Phantom {
    let image: Volume
    let labels: LabelMap
    /// Region means by method, in the columns' order: background, brain, white, then the nuclei.
    let exact, petpvc: [String: [Double]]

    static let order: [Int32] = [0, 1, 2, 11, 12, 13, 21, 22, 23]

    init() throws {
        func path(_ name: String) -> String { ReferenceData.path("pet/pvc_phantom/\(name)") }
        image = try NIfTI.read(path("pet_fwhm6.nii.gz")).volume
        labels = try LabelImage.read(path("labels.nii.gz"), names: try LabelTable.read(path("labels.tsv")))
        func rows(_ name: String) throws -> [String: [Double]] {
            let text = String(decoding: try InputFile.read(path(name)), as: UTF8.self)
            let lines = text.split(whereSeparator: \.isNewline).dropFirst().map { $0.split(separator: ",") }
            return Dictionary(
                uniqueKeysWithValues: lines.map { (String($0[0]), $0.dropFirst().compactMap { Double($0) }) })
        }
        exact = try rows("exact_gaussian_region_means.csv")
        petpvc = try rows("petpvc_expected_region_means.csv")
    }

    func means(
        _ method: String, border: PointSpread.Border = .mirror, convention: PointSpread.Convention = .exact
    ) throws -> [Double] {
        let regions = try PartialVolumeRegions(labels: labels, on: image.grid)
        let spread = try PointSpread(fwhm: [[6, 6, 6]], border: border, convention: convention)
        var options = PartialVolumeCorrection.Options()
        if method == "mg" { (options.white, options.whiteActivity) = (["white"], 0.8) }
        let correction = try PartialVolumeCorrection(
            try #require(PartialVolumeMethod(method)), regions: regions, spread: spread, options: options)
        let result = try correction.correct(image)
        return Self.order.map { label in
            regions.regions.firstIndex { $0.label == label }.map { result.corrected[$0][0] } ?? .nan
        }
    }
}

@Suite(.enabled(if: ReferenceData.isPresent, "reference data is not beside the checkout"))
struct PartialVolumePhantomTests {
    /// numpy, exact FFT Gaussian. 1e-6: Float32 voxels and taps, nine printed digits. Yang converges from the other side;
    /// Richardson and Lucy leave a residue where the image is next to nothing.
    @Test(
        arguments: [
            ("gtm", "TRUE", 1e-6), ("labbe", "TRUE", 1e-6), ("rbv", "TRUE", 1e-6), ("labbe+rbv", "TRUE", 1e-6),
            ("mtc", "TRUE", 1e-6), ("labbe+mtc", "TRUE", 1e-6), ("rbv+vc", "TRUE", 1e-6), ("rbv+rl", "TRUE", 1e-6),
            ("iy", "TRUE", 1e-5), ("iy", "IY n=10", 1e-6), ("rl", "RL n=10", 1e-5),
            ("vc", "VC a=1.5 stop.01 n=5", 1e-6),
            ("mg", "MG WM=0.8 (known)", 1e-6),
        ], [PointSpread.Border.mirror, .zero])
    func regionsReadWhatTheyAre(method: (name: String, row: String, tolerance: Double), border: PointSpread.Border)
        throws
    {
        let phantom = try Phantom()
        let expected = try #require(phantom.exact[method.row])
        for (ours, truth) in zip(try phantom.means(method.name, border: border), expected) where !ours.isNaN {
            #expect(abs(ours - truth) < method.tolerance, "\(method.name): \(ours) for \(truth)")
        }
    }

    /// PETPVC 8a62640 on ITK 5.2.1, with our copy of its kernel: 1e-5 is half a unit of its sixth digit and its Float32
    /// inverse; in the background, where a hundredth of that is left, residues of divisions.
    @Test(arguments: [
        "gtm", "labbe", "rbv", "labbe+rbv", "mtc", "labbe+mtc", "iy", "rl", "vc", "stc", "rbv+vc", "iy+rl",
    ])
    func theDifferenceToPETPVCIsItsKernel(method: String) throws {
        let phantom = try Phantom()
        let ours = try phantom.means(method, border: .nearest, convention: .petpvc)
        let theirs = try #require(phantom.petpvc[method.uppercased()])
        for (place, (a, b)) in zip(ours, theirs).enumerated() {
            #expect(abs(a - b) < (place == 0 ? 2e-5 : 1e-5), "\(method): \(a) for \(b)")
        }
    }

    /// Its kernel is 5.71 mm wide where 6 were asked for; single-target correction feels that most.
    @Test(arguments: [
        ("gtm", 3.0), ("labbe", 3), ("rbv", 3), ("labbe+rbv", 3), ("mtc", 3), ("labbe+mtc", 3), ("iy", 3), ("rl", 3),
        ("vc", 3), ("mg", 3), ("rbv+vc", 3), ("iy+rl", 3), ("stc", 4),
    ])
    func everyMethodIsWithinAFewPercentOfPETPVC(method: String, percent: Double) throws {
        let phantom = try Phantom()
        let theirs = try #require(phantom.petpvc[method.uppercased()])
        for (place, (a, b)) in zip(try phantom.means(method), theirs).enumerated() where place > 0 && !a.isNaN {
            #expect(100 * abs(a / b - 1) < percent, "\(method): \(a) for \(b)")
        }
    }

    /// White matter of the phantom has voxels that nothing reaches; PETPVC's column for an erosion is 3.889538.
    @Test func mullerGartnerMeasuresWhiteMatterFarFromOtherTissue() throws {
        let phantom = try Phantom()
        let regions = try PartialVolumeRegions(labels: phantom.labels, on: phantom.image.grid)
        let correction = try PartialVolumeCorrection(
            try #require(PartialVolumeMethod("mg")), regions: regions, spread: try PointSpread(fwhm: [[6, 6, 6]]))
        let result = try correction.correct(phantom.image)
        let caudate = try #require(regions.regions.firstIndex { $0.name == "L-caudate" })
        #expect(abs(result.corrected[caudate][0] - 3.97522118) < 1e-3)
    }

    @Test func theTableHasTheConditionAndTheSizeOfRegions() throws {
        let phantom = try Phantom()
        let regions = try PartialVolumeRegions(labels: phantom.labels, on: phantom.image.grid)
        let correction = try PartialVolumeCorrection(
            .gtm, regions: regions, spread: try PointSpread(fwhm: [[6, 6, 6]]))
        let report = PartialVolumeReport(try correction.correct(phantom.image), of: correction, units: "kBq/mL")
        // numpy 2.4.6: numpy.linalg.cond of the matrix by the exact Gaussian.
        #expect(abs(try #require(correction.transfer).condition / 2.48652072 - 1) < 1e-6)
        let caudate = try #require(regions.regions.firstIndex { $0.name == "L-caudate" })
        // 320 voxels of 8 mm³ are a cube of 13.6798 mm.
        #expect(abs(report.sizeFWHM(of: caudate) - 2.279968) < 1e-6)
        #expect(report.text.contains("L-caudate") && report.text.contains("condition number 2.487"))
        let json = JSONValue.object(report.members)
        #expect(json["condition_number"]?.double == correction.transfer?.condition)
        #expect(json["regions"]?.elements?.count == 9)
        #expect(json["regions"]?[2]?["name"]?.string == "L-caudate" && json["regions"]?[2]?["index"]?.int == 11)
        #expect(abs(try #require(json["regions"]?[2]?["corrected"]?.double) - 4) < 1e-6)
        // 2.884074 by the phantom's own table.
        #expect(abs(try #require(json["regions"]?[2]?["uncorrected"]?.double) - 2.884074) < 1e-6)
        #expect(json["fwhm_mm"]?.doubles == [6, 6, 6] && json["units"]?.string == "kBq/mL")
    }
}
