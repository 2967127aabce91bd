/// Tells tremor from the harmonics of a slower movement: an arm that swings at 1.1 Hz has peaks at 4.4 and 5.5 Hz.
enum MovementHarmonic {
    /// A swing of the arm is not slower, Hz; below it lie changes of posture.
    private static let slowestHz = 0.5
    /// Multiples of the movement's frequency that are looked at.
    private static let multiples = 2...6

    /// The frequency of the movement that has `peak` as a multiple, Hz; `nil` where there is none.
    ///
    /// The movement is the highest peak below `settings.movementBelowHz`, and higher than `peak`.
    static func movementHz(behind peak: SpectralPeak, in s: Spectrum, _ settings: TremorSettings) -> Double? {
        let first = max(1, Int((slowestHz / s.binHz).rounded(.up)))
        let last = min(s.density.count - 2, Int((settings.movementBelowHz / s.binHz).rounded(.down)))
        var highest: Int?
        for bin in stride(from: first, through: last, by: 1)
        where SpectralPeak.isPeak(s, bin) && s.density[bin] > (highest.map { s.density[$0] } ?? peak.height) {
            highest = bin
        }
        guard let highest else { return nil }
        let movement = SpectralPeak.refined(s, highest) * s.binHz
        guard movement < settings.movementBelowHz else { return nil }
        let isMultiple = multiples.contains {
            abs(peak.frequencyHz - Double($0) * movement) <= settings.harmonicToleranceHz
        }
        return isMultiple ? movement : nil
    }
}
