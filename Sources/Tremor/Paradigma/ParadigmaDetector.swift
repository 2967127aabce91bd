/// What ParaDigMa's tremor detector says of a window of 4 s.
public struct ParadigmaWindow: Sendable, Equatable {
    /// When it begins, s.
    public var startS: Double
    /// Twelve mel-frequency cepstral coefficients of the angular rate's amplitude spectrum.
    public var mfcc: [Double] = []
    /// The highest peak from 1 to 25 Hz, in bins of 0.25 Hz (`freq_peak`).
    public var peakHz = 0.0
    /// Power from 0.5 to below 3 Hz, (deg/s)² (`below_tremor_power`).
    public var powerBelowTremor = 0.0
    /// Power of the highest bin from 3 to 7 Hz and two to either side, (deg/s)² (`tremor_power`). Of a tone it is the mean square
    /// of the angular rate.
    public var tremorPower = 0.0
    /// The model's probability of tremor, 0 to 1 (`pred_tremor_proba`).
    public var probability = 0.0

    /// A window without any power.
    public init(startS: Double) { self.startS = startS }

    /// Whether the model calls it tremor, before it is checked (`pred_tremor_logreg`).
    public var isTremorByModel: Bool { probability >= ParadigmaModel.threshold }
    /// Whether the arm is at rest (`pred_arm_at_rest`). As published: tremor near 3 Hz leaks into the power below 3 Hz and so is
    /// never at rest.
    public var isAtRest: Bool { powerBelowTremor <= ParadigmaModel.restPower }
    /// Whether it is tremor: by the model, with its peak between 3 and 7 Hz and the arm at rest (`pred_tremor_checked`).
    public var isTremor: Bool { isTremorByModel && ParadigmaModel.band.contains(peakHz) && isAtRest }
    /// How far the wrist turns in a tremor window, degrees from one end to the other; `nil` where there is no tremor. The detector
    /// finds tremors of a tenth of a millimetre, so presence alone says little.
    public var peakToPeakDeg: Double? {
        isTremor ? 2 * 2.0.squareRoot() * tremorPower.squareRoot() / (2 * Double.pi * peakHz) : nil
    }
}

/// ParaDigMa's tremor detector on angular rate, as published [Timmermans2025]: windows of 4 s without overlap, which no gap
/// touches.
///
/// Same features to 1e-9 and same windows as version 1.1.2 on its own test recording. It differs where that program fails
/// silently: a window with a number missing, or in which no axis changes (the sensor was off), is counted here and not called an
/// arm at rest; the others go on.
public final class ParadigmaDetector {
    /// The rate that the model was trained for, Hz; others are to be resampled, with a cubic spline or better.
    public static let sampleRateHz = ParadigmaSpectra.rateHz
    /// Samples of a window.
    public static let windowLength = ParadigmaSpectra.length
    /// Windows left out because no axis changes in them.
    public private(set) var constantWindows = 0
    /// Windows left out because numbers are missing in them.
    public private(set) var missingWindows = 0
    private let spectra = ParadigmaSpectra()
    /// The window that fills: x, y and z one after the other.
    private var pending = [Double](repeating: 0, count: 3 * ParadigmaDetector.windowLength)
    private var filled = 0
    private var startS = 0.0

    /// A detector at the beginning of a stretch that begins at 0 s.
    public init() {}

    /// Begins a stretch of samples in a row; what is left of the one before, less than a window, is dropped.
    public func beginStretch(atS startS: Double) {
        filled = 0
        self.startS = startS
    }

    /// Adds samples of the stretch and hands on the windows that they complete; where one batch ends and the next begins has no
    /// influence.
    /// - Parameter angularRate: about x, y and z, deg/s at 100 Hz, three columns of equal length.
    public func add(_ angularRate: [[Double]], each: (ParadigmaWindow) -> Void) {
        precondition(
            angularRate.count == 3 && angularRate.allSatisfy { $0.count == angularRate[0].count },
            "three axes have equally many samples")
        let count = angularRate[0].count
        var place = 0
        while place < count {
            let taken = min(count - place, Self.windowLength - filled)
            for axis in 0..<3 { copy(angularRate[axis], from: place, taken, to: axis * Self.windowLength + filled) }
            place += taken
            filled += taken
            guard filled == Self.windowLength else { return }
            if let window = judged() { each(window) }
            startS += Double(Self.windowLength) / Self.sampleRateHz
            filled = 0
        }
    }

    private func copy(_ source: [Double], from first: Int, _ count: Int, to place: Int) {
        pending.withUnsafeMutableBufferPointer { pending in
            source.withUnsafeBufferPointer { source in
                for step in 0..<count { pending[place + step] = source[first + step] }
            }
        }
    }

    private func judged() -> ParadigmaWindow? {
        guard pending.allSatisfy(\.isFinite) else {
            missingWindows += 1
            return nil
        }
        let isConstant = (0..<3).allSatisfy { axis in
            let column = pending[(axis * Self.windowLength)..<((axis + 1) * Self.windowLength)]
            return column.allSatisfy { $0 == column.first! }
        }
        guard !isConstant else {
            constantWindows += 1
            return nil
        }
        var window = ParadigmaWindow(startS: startS)
        pending.withUnsafeBufferPointer { spectra.measure($0.baseAddress!, into: &window) }
        window.probability = ParadigmaModel.probability(window.mfcc)
        return window
    }
}
