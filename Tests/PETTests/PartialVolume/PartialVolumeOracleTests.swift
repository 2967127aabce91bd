import Imaging
import PET
import Testing

/// Blocks in a box, and an image that is no sum of blurred regions: `Golden/pvc.py`.
private func pattern() throws -> (image: Volume, labels: LabelMap) {
    let grid = try VoxelGrid(shape: [24, 20, 18], worldFromVoxel: Affine(scale: [2, 2.5, 3]))
    var (voxels, labels): ([Float], [Int32]) = ([], [])
    for k in 0..<18 {
        for j in 0..<20 {
            for i in 0..<24 {
                var label: Int32 = (4..<20).contains(i) && (4..<16).contains(j) && (3..<15).contains(k) ? 1 : 0
                if (6..<11).contains(i) && (6..<12).contains(j) && (5..<11).contains(k) { label = 2 }
                if (13..<18).contains(i) && (6..<12).contains(j) && (5..<11).contains(k) { label = 3 }
                if (8..<14).contains(i) && (12..<15).contains(j) && (8..<13).contains(k) { label = 4 }
                labels.append(label)
                voxels.append([0.5, 3, 10, 7, 6][Int(label)] + Float((7 * i + 5 * j + 3 * k) % 11) / 8)
            }
        }
    }
    return (Volume(grid: grid, voxels: voxels), LabelMap(grid: grid, voxels: labels))
}

private func correction(_ name: String, _ border: PointSpread.Border) throws -> PartialVolumeCorrection {
    var options = PartialVolumeCorrection.Options()
    (options.iterations, options.stop) = (3, 0)
    if name == "mg" { (options.white, options.whiteActivity) = (["1"], 3) }
    let (image, labels) = try pattern()
    return try PartialVolumeCorrection(
        try #require(PartialVolumeMethod(name)), regions: try PartialVolumeRegions(labels: labels, on: image.grid),
        spread: try PointSpread(fwhm: [[5, 6, 7]], border: border), options: options)
}

/// Voxels of three sizes and a blur of three widths, against float64 in another language.
@Suite struct PartialVolumeOracleTests {
    /// numpy 2.4.6, scipy 1.17.1, `Golden/pvc.py`: `dctn` and the Gaussian's transfer function. Regions 1 to 4, background.
    /// Tolerance, relative: Float32 voxels and taps, and at σ = 1.06 voxels the tapered ends of the taps.
    @Test(arguments: [
        ("gtm", [3.4857257, 14.3280268, 9.79330078, 8.35048317, 0.974444778]),
        ("labbe", [3.57523124, 12.4442716, 8.66628095, 7.49046337, 1.0460038]),
        ("rbv", [3.80525723, 14.7623182, 9.98352051, 8.54232947, 1.01288745]),
        ("labbe+rbv", [3.8704175, 14.4084497, 9.70321029, 8.29179567, 1.01785149]),
        ("mtc", [3.58086173, 15.1323039, 10.257726, 8.6501247, 0.938555004]),
        ("labbe+mtc", [3.71969464, 15.1100772, 10.2169022, 8.74728989, 0.932514897]),
        ("iy", [3.89493862, 14.556058, 9.74695397, 8.27547016, 1.00441043]),
        ("stc", [3.51322868, 16.7070903, 11.3041832, 9.43722801, 0.8246789]),
        ("vc", [3.71062893, 12.6517497, 8.77826426, 7.60971714, 0.996266982]),
        ("rl", [3.64361889, 12.2669775, 8.59881375, 7.50709634, 1.03270983]),
        ("mg", [0, 15.2207759, 10.5467714, 9.50841537, 0]),
        ("rbv+vc", [3.8575993, 15.230639, 10.237149, 8.68693678, 1.0038797]),
        ("rbv+rl", [4.09887867, 15.7621502, 10.5400308, 8.99764879, 1.2870865]),
    ])
    func aMirroredBorder(method: String, expected: [Double]) throws {
        try compare(method, .mirror, expected)
    }

    /// The same, with a line 64 times as long instead of the mirror.
    @Test(arguments: [
        ("gtm", [3.43303322, 14.3529448, 9.81958652, 8.37522285, 1.15472132]),
        ("labbe", [3.50154134, 12.4944338, 8.72015654, 7.53706414, 1.19456099]),
        ("rbv", [3.73007803, 14.7942831, 10.0150276, 8.57034956, 1.27210071]),
        ("labbe+rbv", [3.80036968, 14.4608269, 9.75505323, 8.34097447, 1.27379477]),
        ("mtc", [3.51929518, 15.162569, 10.289555, 8.67887987, 1.18422047]),
        ("labbe+mtc", [3.66540103, 15.1525345, 10.2618467, 8.79073777, 1.17972767]),
        ("iy", [3.79800383, 14.5942511, 9.78198879, 8.30078594, 1.27053088]),
        ("stc", [3.51080877, 16.7076769, 11.3047123, 9.43821844, 1.0655929]),
        ("vc", [3.70804657, 12.6593898, 8.78608778, 7.61900203, 1.1944372]),
        ("rl", [3.62386128, 12.2664971, 8.59873843, 7.50441019, 1.03854512]),
        ("mg", [0, 15.2209475, 10.5468942, 9.50872542, 0]),
        ("rbv+vc", [3.77641048, 15.2668541, 10.2725168, 8.71744744, 1.29141324]),
        ("rbv+rl", [4.00308476, 15.8047376, 10.5804112, 9.0321652, 1.68607983]),
    ])
    func nothingBeyondTheBorder(method: String, expected: [Double]) throws {
        try compare(method, .zero, expected)
    }

    private func compare(_ method: String, _ border: PointSpread.Border, _ expected: [Double]) throws {
        let result = try correction(method, border).correct(try pattern().image)
        #expect(result.corrected.count == expected.count)
        for (ours, theirs) in zip(result.corrected.map { $0[0] }, expected) where !ours.isNaN {
            #expect(abs(ours / theirs - 1) < 2e-5, "\(method): \(ours) for \(theirs)")
        }
    }

    /// The same program: √diag(ω⁻¹Σω⁻ᵀ) and the covariance of least squares.
    @Test(arguments: [
        ("gtm", [1.56545556, 1.59226244, 1.59551013, 1.8290233, 1.09605329], 2.8154592180399654),
        ("labbe", [1.41134702, 1.43594683, 1.43852962, 1.6056276, 1.06983178], nil),
    ])
    func noiseGrowsAsTheMatrixSays(method: String, expected: [Double], condition: Double?) throws {
        let transfer = try #require(try correction(method, .mirror).transfer)
        for (ours, theirs) in zip(transfer.noiseAmplification, expected) { #expect(abs(ours / theirs - 1) < 2e-5) }
        if let condition { #expect(abs(transfer.condition / condition - 1) < 1e-5) }
        #expect(transfer.omega.rows == 5 && transfer.kind.rawValue == method)
    }
}
