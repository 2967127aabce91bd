/// A recording whose samples are all in memory, one stamp a sample.
final class ColumnsSource: RecordingSource {
    let header: RecordingHeader
    let flags: [String]
    private let acceleration: [[Double]]
    private let angularRate: [[Double]]
    private let times: [Double]
    private var place = 0

    private static let room = 16384

    /// - Parameters:
    ///   - acceleration: m/s², three columns.
    ///   - angularRate: rad/s, three columns as long, or three empty ones.
    ///   - times: s, one a sample.
    init(
        _ header: RecordingHeader, acceleration: [[Double]], angularRate: [[Double]], times: [Double], flags: [String]
    ) {
        (self.header, self.flags, self.times) = (header, flags, times)
        (self.acceleration, self.angularRate) = (acceleration, angularRate)
    }

    func rewind() throws(RecordingError) { place = 0 }

    func read(into batch: inout SampleBatch) throws(RecordingError) -> Bool {
        batch.removeAll()
        let rows = place..<min(place + Self.room, times.count)
        for axis in 0..<3 {
            batch.acceleration[axis] += acceleration[axis][rows]
            if header.hasAngularRate { batch.angularRate[axis] += angularRate[axis][rows] }
        }
        for row in rows { batch.stamps.append(.init(place: row - place, timeS: times[row])) }
        place = rows.upperBound
        return !rows.isEmpty
    }
}
