import Records

/// What was found in a recording.
public struct TremorResult: Sendable {
    /// The mean spectrum of all windows, per axis and summed, in (m/s²)²/Hz.
    public struct MeanSpectrum: Sendable {
        /// The bins' frequencies, Hz.
        public var frequenciesHz: [Double]
        /// Density along x, y and z.
        public var psdPerAxis: [[Double]]
        /// Their sum.
        public var psdTotal: [Double]
    }

    /// Summed density over time, for drawing.
    public struct Spectrogram: Sendable {
        /// Middles of the windows, s; a gap leaves a column without values (NaN).
        public var timesS: [Double]
        /// The bins' frequencies, Hz.
        public var frequenciesHz: [Double]
        /// One column a time: (m/s²)²/Hz per bin.
        public var power: [[Double]]
    }

    /// What the file says about itself.
    public var header: RecordingHeader
    /// The true rate within stretches, Hz.
    public var sampleRateHz: Double
    /// Samples a second over all, gaps included, Hz.
    public var meanRateHz: Double
    /// From the first to the last sample, s.
    public var durationS: Double
    /// Gaps.
    public var gaps: [Recording.Gap]
    /// Times in which the sensor was not worn, s; no window of them is counted.
    public var nonWear: [Range<Double>]
    /// What came of calibrating by gravity; `nil` where it was not tried.
    public var calibration: Calibration.Outcome?
    /// The share of `durationS` that lies in a window, 0 to 1.
    public var coverage: Double
    /// Windows that were analysed, in order of time.
    public var windows: [TremorWindow]
    /// The highest peak of the mean spectrum, tremor or not, Hz.
    public var spectralPeakHz: Double?
    /// The displacement around that peak, tremor or not, cm, peak to peak.
    public var spectralPeakToPeakCm: Double?
    /// The frequency of tremor, Hz; `nil` where no window has any.
    public var peakFrequencyHz: Double?
    /// Median displacement over the windows with tremor, cm, peak to peak.
    public var peakToPeakCm: Double?
    /// Its 95 % interval, from the scatter of batches of windows.
    public var peakToPeakCmCI95: (low: Double, high: Double)?
    /// The largest window's displacement, cm.
    public var largestPeakToPeakCm: Double?
    /// Median angle about the tremor's axis over the windows with tremor, degrees, peak to peak; `nil` without a gyroscope.
    public var peakToPeakDegrees: Double?
    /// The displacement from all power above 2 Hz, cm: far above `peakToPeakCm` it says that there is other movement.
    public var widebandPeakToPeakCm: Double?
    /// Time with tremor on of the time analysed, %: moments at which the envelope is at least half of its own level nearby.
    public var tremorTimePercent: Double?
    /// Power in the band, all windows, (m/s²)².
    public var bandPower: Double
    /// The largest share that gravity can have in the amplitude for the settings' lever.
    public var gravityShare: Double?
    /// The mean spectrum.
    public var spectrum: MeanSpectrum
    /// The mean spectrum of the windows with tremor, of all where there are none, summed over the axes, with its interval.
    public var averageSpectrum: AverageSpectrum?
    /// Density over time.
    public var spectrogram: Spectrogram
    /// What it was measured with.
    public var settings: TremorSettings
    /// What was found and done, one sentence each.
    public var flags: [String]
}
