import Tremor

/// Tremor phantoms through the whole path: text, clock, spectrum, displacement.
enum TremorValidation {
    static func tones() throws -> [ValidationRow] {
        var worst = (frequency: 0.0, amplitude: 0.0)
        var cases = 0
        for frequency in [3.0, 4.2, 4.87, 6.5, 7.31, 9.0, 12.0] {
            for rate in [49.66, 98.87, 100, 102.61] {
                for peakToPeak in [0.3, 2, 8] {
                    var settings = TremorPhantomSettings()
                    (settings.frequencyHz, settings.sampleRateHz, settings.peakToPeakCm) = (frequency, rate, peakToPeak)
                    settings.noise = 0
                    let error = try Self.error(settings)
                    worst = (max(worst.frequency, error.frequency), max(worst.amplitude, error.amplitude))
                    cases += 1
                }
            }
        }
        return [
            ValidationRow(
                "tremor frequency", against: "phantom: 3 to 12 Hz, 49.66 to 102.61 samples a second", cases: cases,
                error: worst.frequency, limit: 0.01, unit: "Hz",
                reason: "rounding of the text; between bins a tone is exact"),
            ValidationRow(
                "tremor amplitude, peak to peak", against: "the same phantoms, 0.3 to 8 cm", cases: cases,
                error: worst.amplitude, limit: 1, unit: "%", reason: "rounding of the text"),
        ]
    }

    private static func error(_ settings: TremorPhantomSettings) throws -> (frequency: Double, amplitude: Double) {
        let phantom = tremorPhantom(settings)
        let result = try analyzeTremor(RecordingCSV.read(Array(phantom.csv.utf8)))
        guard let frequency = result.peakFrequencyHz, let amplitude = result.peakToPeakCm else {
            return (.infinity, .infinity)
        }
        return (
            abs(frequency - settings.frequencyHz), 100 * abs(amplitude / settings.peakToPeakCm - 1)
        )
    }
}
