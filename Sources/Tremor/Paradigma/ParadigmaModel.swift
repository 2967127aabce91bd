import Glibc

/// The trained part of ParaDigMa's tremor detector, version 1.1.2: a logistic regression on twelve coefficients of the spectrum's
/// shape, and the limits around it [Timmermans2025].
///
/// Trained on 24 people with Parkinson's disease and 24 without, Verily Study Watch on the wrist; sensitivity 0.61 (SD 0.20) and
/// specificity 0.97 (0.05) against video.
enum ParadigmaModel {
    static let coefficients = 12
    static let means = [
        8.7446235, 1.850716, 0.080358797, 0.19517555, 0.064314154, 0.10056287, 0.032248067, 0.046983209, 0.02678837,
        0.039139464, 0.014924832, 0.01548599,
    ]
    static let scales = [
        2.541389, 0.71223807, 0.24485624, 0.19031539, 0.16081742, 0.13204677, 0.099856516, 0.084755261, 0.079769296,
        0.073536817, 0.065684145, 0.051479819,
    ]
    static let weights = [
        0.84610178, 0.59007168, -0.85049211, -0.62201523, -0.7501201, -0.19672478, -0.0090230967, 0.12943513, 0.399772,
        0.15316181, 0.11048012, 0.06661183,
    ]
    static let intercept = -5.8764059
    /// A window with at least this probability is tremor before it is checked.
    static let threshold = 0.029570239921802
    /// Where the peak of rest tremor may be, Hz.
    static let band = 3.0...7.0
    /// The arm is at rest where the power below the band is at most this, (deg/s)².
    static let restPower = 50.0

    /// The model's probability of tremor, 0 to 1.
    static func probability(_ mfcc: [Double]) -> Double {
        var sum = intercept
        for place in 0..<coefficients { sum += weights[place] * (mfcc[place] - means[place]) / scales[place] }
        return 1 / (1 + exp(-sum))
    }
}
