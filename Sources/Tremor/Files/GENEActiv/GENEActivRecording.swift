/// A recording of a GENEActiv, text: a header, and pages of 300 samples in hexadecimal digits with a time each.
///
/// A sample is 12 digits: x, y and z of 12 bits, and light and button, which are skipped. The header's calibration is applied.
public final class GENEActivRecording: RecordingSource {
    /// What the file says about itself.
    public let header: RecordingHeader
    /// What was left out so far, and at the end whether pages are missing.
    public var flags: [String] { tally.flags }

    /// Pages in a batch.
    private static let pagesInBatch = 16
    private static let digitsInSample = 12

    private let lines: FileLines
    private let origin: Double
    private let rateHz: Double?
    private let scale: [(gain: Double, offset: Double)]
    private var tally = Tally()
    private var page = Page()
    private var lastSequence: Int?
    private var hasStarted = false

    /// What the lines of a page say before its samples.
    private struct Page {
        var time: Double?
        var sequence: Int?
        var rateHz: Double?
        var isOpen = false
    }

    /// Opens a file. Throws where the calibration or the first page is missing.
    public init(_ file: FileBytes) throws(RecordingError) {
        lines = FileLines(file)
        var found = GENEActivHeader()
        var (page, times): (Page, [Double]) = (Page(), [])
        while let line = try lines.next() {
            if Self.isPageStart(line) { page.isOpen = true }
            if page.isOpen {
                if let time = KeyedLine.value(line, of: "Page Time").flatMap(Self.seconds) { times.append(time) }
                if times.count == Self.pagesInBatch { break }
            } else {
                found.take(line)
            }
        }
        try found.check()
        guard let first = times.first else { throw .empty }
        // Clocks of these devices often tick twice a second.
        let isCoarse = times.allSatisfy { ($0 * 2).rounded() == $0 * 2 }
        (origin, rateHz) = (first, found.rateHz)
        let g = AccelerationUnit.standardGravity
        scale = (0..<3).map { (found.gains[$0]!, found.offsets[$0]!) }
        header = RecordingHeader(
            format: "GENEActiv", nominalRateHz: found.rateHz, accelerationRange: found.rangeG.map { $0 * g },
            stampPrecisionS: isCoarse ? 0.5 : 0.001, startEpochS: first)
        tally.pagesPromised = found.pages
        lines.rewind()
    }

    /// Goes back to the first page and forgets the flags.
    public func rewind() {
        lines.rewind()
        tally = Tally(pagesPromised: tally.pagesPromised)
        (page, lastSequence, hasStarted) = (Page(), nil, false)
    }

    /// Replaces what `batch` holds by the samples of up to 16 pages; `false`, with an empty batch, at the end.
    public func read(into batch: inout SampleBatch) throws(RecordingError) -> Bool {
        batch.removeAll()
        var pages = 0
        // All pages of a batch may have to be left out.
        while pages < Self.pagesInBatch || batch.count == 0, let line = try lines.next() {
            if Self.isPageStart(line) {
                if page.isOpen { tally.empty += 1 }
                page = Page(isOpen: true)
            } else if page.isOpen {
                if line.count >= Self.digitsInSample, Self.isHexadecimal(line[0]), Self.isHexadecimal(line[1]),
                    Self.isHexadecimal(line[2]), Self.isHexadecimal(line[3])
                {
                    add(line, to: &batch)
                    page.isOpen = false
                    pages += 1
                } else {
                    take(line)
                }
            }
        }
        if batch.count > 0 { return true }
        if page.isOpen { tally.empty += 1 }
        (page.isOpen, tally.isDone) = (false, true)
        batch.removeAll()
        return false
    }

    private func take(_ line: UnsafeBufferPointer<UInt8>) {
        if let value = KeyedLine.value(line, of: "Page Time") { page.time = Self.seconds(value) }
        if let value = KeyedLine.value(line, of: "Sequence Number") { page.sequence = Int(value) }
        if let value = KeyedLine.value(line, of: "Measurement Frequency") {
            page.rateHz = GENEActivHeader.leadingNumber(value)
        }
    }

    /// Adds the samples of a page, or counts why not.
    private func add(_ digits: UnsafeBufferPointer<UInt8>, to batch: inout SampleBatch) {
        tally.pages += 1
        let follows: Bool = if let last = lastSequence, let now = page.sequence { now == last &+ 1 } else { false }
        lastSequence = nil
        guard page.rateHz == nil || rateHz == nil || page.rateHz == rateHz else {
            tally.otherRate += 1
            return
        }
        guard page.time != nil || follows && hasStarted else {
            tally.untimedLeftOut += 1
            return
        }
        let (start, count) = (batch.count, digits.count / Self.digitsInSample)
        let isWhole = batch.withColumns(start + count, hasAngularRate: false) {
            decode(digits, count, into: $0, at: start)
        }
        guard isWhole else {
            batch.resize(to: start, hasAngularRate: false)
            tally.damaged += 1
            return
        }
        if digits.count % Self.digitsInSample > 0 { tally.cut += 1 }
        if let time = page.time {
            batch.stamps.append(.init(place: start, timeS: time - origin))
        } else {
            tally.untimed += 1
        }
        (lastSequence, hasStarted) = (page.sequence, true)
    }

    /// Writes samples into columns; `false` where a character is no hexadecimal digit.
    private func decode(
        _ digits: UnsafeBufferPointer<UInt8>, _ count: Int, into columns: SampleColumns, at start: Int
    ) -> Bool {
        var isWhole = true
        let g = AccelerationUnit.standardGravity
        for axis in 0..<3 {
            let column = (axis == 0 ? columns.x : axis == 1 ? columns.y : columns.z) + start
            let (gain, offset) = scale[axis]
            for place in 0..<count {
                let first = digits.baseAddress! + place * Self.digitsInSample + 3 * axis
                let (a, b, c) = (Self.digit(first[0]), Self.digit(first[1]), Self.digit(first[2]))
                isWhole = isWhole && (a | b | c) < 16
                let value = Int32(bitPattern: (a << 8 | b << 4 | c) << 20) >> 20
                column[place] = (Double(value) * 100 - offset) / gain * g
            }
        }
        return isWhole
    }

    @inline(__always) private static func digit(_ character: UInt8) -> UInt32 {
        let number = character &- 48
        if number < 10 { return UInt32(number) }
        let letter = (character & 0xDF) &- 65
        return letter < 6 ? UInt32(letter) + 10 : 255
    }

    private static func isHexadecimal(_ character: UInt8) -> Bool { digit(character) < 16 }

    private static func isPageStart(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
        line.elementsEqual("Recorded Data".utf8)
    }

    /// Seconds since 1970 of "2019-05-21 16:16:43:500".
    private static func seconds(_ text: String) -> Double? {
        let bytes = Array(text.utf8)
        return bytes.withUnsafeBufferPointer { text in
            guard let start = text.baseAddress else { return nil }
            return TimeStamp.dated(start, start + text.count, .yearMonthDay).map { Double($0.whole) + $0.fraction }
        }
    }
}

extension GENEActivRecording {
    /// What was left out, and why.
    private struct Tally {
        var pagesPromised: Int?
        var (pages, damaged, empty, cut, otherRate, untimed, untimedLeftOut) = (0, 0, 0, 0, 0, 0, 0)
        var isDone = false

        init(pagesPromised: Int? = nil) { self.pagesPromised = pagesPromised }

        var flags: [String] {
            [
                damaged > 0 ? "\(damaged) pages with characters that are no hexadecimal digits were left out" : nil,
                empty > 0 ? "\(empty) pages without a line of samples were left out" : nil,
                cut > 0 ? "\(cut) pages end within a sample, which was left out" : nil,
                otherRate > 0 ? "\(otherRate) pages of another rate than the header's were left out" : nil,
                untimed > 0 ? "\(untimed) pages have no time and were read as following the one before" : nil,
                untimedLeftOut > 0 ? "\(untimedLeftOut) pages have no time, follow no other and were left out" : nil,
                isDone ? missing : nil,
            ].compactMap { $0 }
        }

        private var missing: String? {
            guard let pagesPromised, pagesPromised != pages else { return nil }
            return "the header promises \(pagesPromised) pages; the file holds \(pages)"
        }
    }
}

/// Files of Activinsights' GENEActiv.
enum GENEActivFormat: RecordingFormat {
    static let name = "GENEActiv (.bin)"

    static func recognizes(_ start: [UInt8], path: String) -> Bool {
        start.starts(with: "Device Identity".utf8)
            && String(decoding: start, as: UTF8.self).contains("Device Type:GENEActiv")
    }

    static func open(_ path: String, _ options: RecordingOptions) throws -> any RecordingSource {
        try GENEActivRecording(FileBytes(path))
    }
}
