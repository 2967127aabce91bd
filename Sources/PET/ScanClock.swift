/// The clock times a scan's headers give, and the moment to which its values are decay-corrected.
///
/// All moments are seconds on one clock, such as `DICOMTime.seconds` gives.
public struct ScanClock: Sendable {
    /// When one slice was acquired.
    public struct Slice: Sendable {
        /// Start of the acquisition.
        public var acquisition: Double
        /// DICOM's Frame Reference Time, s; `nil` where absent.
        public var frameReferenceS: Double?
        /// Length of the frame, s; `nil` where absent.
        public var durationS: Double?

        /// A slice.
        public init(acquisition: Double, frameReferenceS: Double? = nil, durationS: Double? = nil) {
            (self.acquisition, self.frameReferenceS, self.durationS) = (acquisition, frameReferenceS, durationS)
        }
    }

    /// Date and time of the series.
    public var series: Double?
    /// GE's private decay reference.
    public var ge: Double?
    /// Siemens' private decay reference; it should be the series' time and is only compared.
    public var siemens: Double?
    /// DICOM's Decay Correction DateTime of enhanced images.
    public var decayCorrection: Double?
    /// The slices; at least one.
    public var slices: [Slice]

    /// A clock. `slices` must not be empty.
    public init(series: Double? = nil, ge: Double? = nil, decayCorrection: Double? = nil, slices: [Slice]) {
        precondition(!slices.isEmpty, "a scan has at least one slice")
        (self.series, self.ge, self.decayCorrection, self.slices) = (series, ge, decayCorrection, slices)
    }

    /// How long before the injection a scan may begin, s: dynamic scans are started a little early, and clocks differ.
    public static let earlyStartS = 600.0

    /// The earliest acquisition.
    public var earliestAcquisition: Double { slices.map(\.acquisition).min() ?? 0 }

    /// A moment that values may be corrected to, with the rule that gives it.
    public struct Reference: Sendable {
        /// The rule, in words.
        public var rule: String
        /// The moment for every slice.
        public var moments: [Double]
        /// Their median.
        public var median: Double { moments.sorted()[moments.count / 2] }
        /// How far they lie apart, s.
        public var spread: Double { (moments.max() ?? 0) - (moments.min() ?? 0) }
    }

    /// The references that the header allows where it says decay is corrected to the start; the first is the one to use.
    /// It has a moment for every slice; a later one may lack some.
    ///
    /// In this order [QIBA-SUV] [IBSI-SUV]: the element that enhanced images have for it; GE's private element; the series' time where no slice was acquired more than a
    /// second before it (whole seconds are common); the frame reference time, which Siemens counts to the moment of
    /// average activity; the earliest acquisition. Each of the simpler rules in use fails on some real scanner: the
    /// second alone where a series was reconstructed later, the third alone on GE, where it counts to the frame's start.
    public func startReferences(halfLifeS: Double) -> [Reference] {
        var found: [Reference] = []
        if let decayCorrection {
            found.append(Reference(rule: "(0018,9701) Decay Correction DateTime", moments: all(decayCorrection)))
        }
        if let ge { found.append(Reference(rule: "GE's private decay reference (0009,100D)", moments: all(ge))) }
        let start = Reference(rule: "series date and time, not after the first acquisition", moments: all(series ?? 0))
        let back = slices.compactMap { slice -> Double? in
            guard let reference = slice.frameReferenceS, let duration = slice.durationS, reference > 0, duration > 0
            else { return nil }
            let average = Decay.averageActivityTimeS(durationS: duration, halfLifeS: halfLifeS)
            return slice.acquisition + average - reference
        }
        if let series, series <= earliestAcquisition + 1 { found.append(start) }
        if back.count == slices.count {
            found.append(
                Reference(rule: "acquisition time, average-activity time and frame reference time", moments: back))
        }
        found.append(Reference(rule: "earliest acquisition time", moments: all(earliestAcquisition)))
        if let siemens {
            found.append(Reference(rule: "Siemens' private decay reference (0071,1022)", moments: all(siemens)))
        }
        if let series, series > earliestAcquisition + 1 {
            found.append(Reference(rule: "series date and time, after the first acquisition", moments: all(series)))
        }
        if !back.isEmpty && back.count < slices.count {
            found.append(Reference(rule: "frame reference time, which \(back.count) of the slices have", moments: back))
        }
        return found
    }

    private func all(_ moment: Double) -> [Double] { Array(repeating: moment, count: slices.count) }

    /// The injection, given as a full date and time or as a time of day (s) on the day of the first acquisition.
    ///
    /// A time of day that lies after the first acquisition was on the day before: the scan crossed midnight. Two things
    /// speak against it, and then the time stays where it is: up to ten minutes, because dynamic scans start early, and
    /// up to twelve hours where more than ten half-lives would lie between, because that is a slip of the pen.
    public func injection(dateTime: Double?, timeOfDay: Double?, halfLifeS: Double? = nil) -> Double? {
        if let dateTime { return dateTime }
        guard let timeOfDay else { return nil }
        let sameDay = (earliestAcquisition / 86400).rounded(.down) * 86400 + timeOfDay
        let after = sameDay - earliestAcquisition
        let slip = after <= 43200 && halfLifeS.map { 86400 - after > 10 * $0 } ?? true
        return after <= ScanClock.earlyStartS || slip ? sameDay : sameDay - 86400
    }
}
