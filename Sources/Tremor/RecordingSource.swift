/// A recording that is read from its beginning as often as needed, one batch of samples after the other, so that a week needs
/// no more memory than a minute.
///
/// Sources convert: acceleration is m/s², gravity included where the sensor measures it, angular rate rad/s, time s. They neither
/// sort nor fill nor leave out: what the clock, missing numbers and gaps mean is decided by those who read.
public protocol RecordingSource: AnyObject {
    /// What the file says about itself.
    var header: RecordingHeader { get }
    /// What was noticed so far while reading, one sentence each: sectors left out, padding, stamps not understood.
    var flags: [String] { get }
    /// Goes back to the first sample and forgets the flags.
    func rewind() throws(RecordingError)
    /// Replaces what `batch` holds by the next samples, at least one; `false`, with an empty batch, at the end.
    func read(into batch: inout SampleBatch) throws(RecordingError) -> Bool
}

/// What a recording's file says about itself, before a sample is read.
public struct RecordingHeader: Sendable, Equatable {
    /// The format, as in "Axivity CWA (AX6)".
    public var format: String
    /// Samples a second as the file states them, Hz; the true rate is measured from the stamps. `nil` where not stated.
    public var nominalRateHz: Double?
    /// The largest acceleration the sensor can show, m/s²; `nil` where not stated.
    public var accelerationRange: Double?
    /// The largest angular rate the sensor can show, rad/s; `nil` where not stated or without a gyroscope.
    public var angularRateRange: Double?
    /// Whether batches have angular rates.
    public var hasAngularRate: Bool
    /// How far a stamp may be from the true time, s: a millisecond where stamps are whole milliseconds, a sample where a
    /// device says which sample belonged to a full second.
    public var stampPrecisionS: Double
    /// The first stamp as seconds since 1970-01-01 00:00 on the device's clock; `nil` where the clock has no date.
    public var startEpochS: Double?
    /// Whether `startEpochS` is UTC; a device without a time zone tells local time.
    public var isUTC: Bool
    /// Names of the sensors in the file, the one that is read first; empty where there is no choice.
    public var sensors: [String]

    /// A header.
    public init(
        format: String, nominalRateHz: Double? = nil, accelerationRange: Double? = nil, angularRateRange: Double? = nil,
        hasAngularRate: Bool = false, stampPrecisionS: Double = 0.001, startEpochS: Double? = nil, isUTC: Bool = false,
        sensors: [String] = []
    ) {
        (self.format, self.nominalRateHz, self.accelerationRange) = (format, nominalRateHz, accelerationRange)
        (self.angularRateRange, self.hasAngularRate) = (angularRateRange, hasAngularRate)
        (self.stampPrecisionS, self.startEpochS, self.isUTC) = (stampPrecisionS, startEpochS, isUTC)
        self.sensors = sensors
    }
}

/// Samples in a row, and when some of them or all were taken.
public struct SampleBatch: Sendable {
    /// The time of one sample.
    public struct Stamp: Sendable, Equatable {
        /// The sample's place in the batch, from 0.
        public var place: Int
        /// Its time on the device's clock, s from any origin that stays the same through the recording.
        public var timeS: Double

        /// A stamp.
        public init(place: Int, timeS: Double) { (self.place, self.timeS) = (place, timeS) }
    }

    /// Acceleration along x, y and z, m/s²; three columns of equal length. NaN where a number is missing.
    public var acceleration: [[Double]] = [[], [], []]
    /// Angular rate about x, y and z, rad/s: three columns as long as acceleration's, or three empty ones.
    public var angularRate: [[Double]] = [[], [], []]
    /// Stamps by increasing place: one a sample, or one where a device's block begins. A first batch stamps its first sample.
    public var stamps: [Stamp] = []
    /// Samples.
    public var count: Int { acceleration[0].count }

    /// An empty batch.
    public init() {}

    /// Forgets all samples and keeps the room they took.
    public mutating func removeAll() {
        for axis in 0..<3 {
            acceleration[axis].removeAll(keepingCapacity: true)
            angularRate[axis].removeAll(keepingCapacity: true)
        }
        stamps.removeAll(keepingCapacity: true)
    }

    /// Sets the length of all columns, for readers that write by place; what they hold is not said.
    public mutating func resize(to count: Int, hasAngularRate: Bool) {
        for axis in 0..<3 {
            Self.resize(&acceleration[axis], count)
            Self.resize(&angularRate[axis], hasAngularRate ? count : 0)
        }
    }

    private static func resize(_ column: inout [Double], _ count: Int) {
        if column.count > count {
            column.removeLast(column.count - count)
        } else if column.count < count {
            column.append(contentsOf: repeatElement(0, count: count - column.count))
        }
    }
}
