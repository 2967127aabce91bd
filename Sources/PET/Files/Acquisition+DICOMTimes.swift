import Imaging

extension Acquisition {
    /// When the slices were acquired and the tracer injected, and the moment that values are corrected to.
    mutating func readTimes(_ image: DICOMImage) {
        let slices = image.slices.compactMap { slice in
            slice.acquisitionTime.map {
                ScanClock.Slice(acquisition: $0, frameReferenceS: slice.frameReferenceS, durationS: slice.durationS)
            }
        }
        guard slices.count == image.slices.count, !slices.isEmpty else {
            warnings.append("(0008,0032) Acquisition Time is missing; frames and time since injection are not known")
            return
        }
        let zone = image.string(.timezoneOffset)
        func moment(_ tag: DICOMTag) -> Double? { DICOMTime.seconds(dateTime: image.string(tag), timezone: zone) }
        var clock = ScanClock(
            series: DICOMTime.seconds(date: image.string(.seriesDate), time: image.string(.seriesTime)),
            ge: moment(.geDecayReference), decayCorrection: moment(.decayCorrectionDateTime), slices: slices)
        clock.siemens = moment(.siemensDecayReference)
        let injection = injection(image, clock, moment(.radiopharmaceuticalStartDateTime))
        let timeZero = injection.flatMap { plausible($0, clock) ? $0 : nil } ?? clock.earliestAcquisition
        readFrames(image, slices, timeZero)
        scanStartS = Self.since(timeZero, clock.earliestAcquisition)
        self.timeZero = Self.timeOfDay(timeZero)
        injectionKnown = injection != nil
        guard let injection else {
            if decayReference == .administration { setReference(0, "decay-corrected to the injection") }
            return
        }
        injectionStartS = Self.since(timeZero, injection)
        checkDelay(Self.since(injection, clock.earliestAcquisition))
        if slices.allSatisfy({ ($0.durationS ?? 0) > 0 }) {
            let acquired = slices.map {
                Frame(start: Self.since(injection, $0.acquisition), duration: $0.durationS ?? 0)
            }
            acquiredS = Self.perPlane(acquired, image) ?? []
        }
        setDecayReference(clock, injection, image)
    }

    /// The injection; a date and time that does not fit the time of day beside it is warned of.
    private mutating func injection(_ image: DICOMImage, _ clock: ScanClock, _ dateTime: Double?) -> Double? {
        let timeOfDay = DICOMTime.seconds(date: "19700101", time: image.string(.radiopharmaceuticalStartTime))
        if dateTime == nil, image.string(.radiopharmaceuticalStartDateTime) != nil {
            warnings.append("(0018,1078) Radiopharmaceutical Start DateTime cannot be read")
        }
        if timeOfDay == nil, image.string(.radiopharmaceuticalStartTime) != nil {
            warnings.append("(0018,1072) Radiopharmaceutical Start Time cannot be read")
        }
        let byTime = clock.injection(dateTime: nil, timeOfDay: timeOfDay, halfLifeS: halfLifeS)
        if let dateTime, let byTime, abs(dateTime - byTime) > 5 {
            warnings.append(
                "(0018,1078) Radiopharmaceutical Start DateTime and (0018,1072) Radiopharmaceutical Start Time lie "
                    + "\(Self.seconds(abs(dateTime - byTime))) apart; the first is used")
        }
        return dateTime ?? byTime
    }

    /// Whether frames can be counted from an injection: not more than ten minutes after the scan's start nor ten
    /// half-lives before it.
    private func plausible(_ injection: Double, _ clock: ScanClock) -> Bool {
        let delay = clock.earliestAcquisition - injection
        return delay >= -ScanClock.earlyStartS && delay <= 10 * (halfLifeS ?? .infinity)
    }

    /// Values of the slices that were read as those of the image's planes: the same list, or one for each frame where
    /// slices were interpolated and all of a frame agree; `nil` where that loses something.
    private static func perPlane<Value: Equatable>(_ values: [Value], _ image: DICOMImage) -> [Value]? {
        let frames = image.volume.frames
        if values.count == frames * image.volume.grid.shape.z { return values }
        guard values.count % frames == 0 else { return nil }
        let depth = values.count / frames
        let firsts = (0..<frames).map { values[$0 * depth] }
        return values.indices.allSatisfy { values[$0] == firsts[$0 / depth] } ? firsts : nil
    }

    /// Frames of a dynamic series, and the one of a static series where all slices have one duration.
    private mutating func readFrames(_ image: DICOMImage, _ slices: [ScanClock.Slice], _ timeZero: Double) {
        guard slices.count % image.volume.frames == 0 else { return }
        let depth = slices.count / image.volume.frames
        var found: [Frame] = []
        for frame in 0..<image.volume.frames {
            let of = slices[(frame * depth)..<((frame + 1) * depth)]
            guard let duration = of.first?.durationS, duration > 0 else {
                warnings.append("(0018,1242) Actual Frame Duration is missing; frame times are not known")
                return
            }
            let start = of.map(\.acquisition).min() ?? timeZero
            found.append(Frame(start: Self.since(timeZero, start), duration: duration))
        }
        // Scanners that give all frames one acquisition time count them by frame reference time.
        if found.count > 1, found.allSatisfy({ $0.start == found[0].start }) {
            let references = (0..<found.count).compactMap { slices[$0 * depth].frameReferenceS }
            guard references.count == found.count, Set(references).count == found.count else {
                warnings.append(
                    "all frames have one acquisition time and no (0054,1300) Frame Reference Time of their own; their times "
                        + "are not known")
                return
            }
            found = Self.frames(found, countedBy: references)
            warnings.append(
                "all frames have one acquisition time; they are told apart by (0054,1300) Frame Reference Time")
        }
        if slices.indices.contains(where: { slices[$0].durationS != slices[$0 / depth * depth].durationS }) {
            warnings.append(
                "slices of one frame differ in (0018,1242) Actual Frame Duration; the first slice's is used")
        }
        let overlapping = zip(found, found.dropFirst()).filter { $1.start < $0.end - max(0.5, 0.01 * $0.duration) }
            .count
        if overlapping > 0 {
            warnings.append("\(overlapping) of \(found.count) frames begin before the one before has ended")
        }
        frames = found
    }

    /// Frames whose starts follow from their reference times: these are the frames' starts on some scanners and their
    /// middles on others (the time of average activity lies within a second of the middle for frames below a tenth of a
    /// half-life). The reading in which frames follow each other more closely is taken.
    private static func frames(_ found: [Frame], countedBy references: [Double]) -> [Frame] {
        func placed(_ part: Double) -> [Frame] {
            let starts = zip(references, found).map { $0 - part * $1.duration }
            return zip(starts, found).map { Frame(start: found[0].start + $0 - starts[0], duration: $1.duration) }
        }
        func looseness(_ frames: [Frame]) -> Double {
            zip(frames, frames.dropFirst()).reduce(0) { $0 + abs($1.1.start - $1.0.end) }
        }
        let (starts, middles) = (placed(0), placed(0.5))
        return looseness(middles) < looseness(starts) ? middles : starts
    }

    private mutating func setDecayReference(_ clock: ScanClock, _ injection: Double, _ image: DICOMImage) {
        switch decayReference {
        case .administration: setReference(0, "decay-corrected to the injection")
        case .scanStart:
            guard let halfLifeS else { return }
            guard
                image.string(.decayCorrected) == nil || clock.decayCorrection != nil
                    || image.string(.decayCorrection) != nil
            else {
                warnings.append(
                    "(0018,9758) Decay Corrected is YES, but (0018,9701) Decay Correction DateTime is missing")
                return
            }
            let references = clock.startReferences(halfLifeS: halfLifeS)
            let used = references[0]
            setReference(Self.since(injection, used.median), used.rule)
            if used.spread > 1e-3 {
                sliceDecayReferenceS = Self.perPlane(used.moments.map { Self.since(injection, $0) }, image) ?? []
            }
            decayAlternatives = references.dropFirst().map {
                DecayAlternative(rule: $0.rule, seconds: Self.since(injection, $0.median))
            }
            for other in references.dropFirst() {
                let apart = max(abs(other.median - used.median), other.spread)
                guard apart > 5 else { continue }
                warnings.append(
                    "the decay reference is \(Self.seconds(used.median - injection)) after injection by "
                        + "\(used.rule), but \(Self.seconds(other.median - injection)) by \(other.rule)")
            }
        default: break
        }
    }

    private mutating func setReference(_ seconds: Double, _ rule: String) {
        (decayReferenceS, decayRule) = (seconds, rule)
    }

    private mutating func checkDelay(_ seconds: Double) {
        if let halfLifeS, seconds > 10 * halfLifeS {
            warnings.append("the scan starts \(Self.seconds(seconds)) after injection, more than ten half-lives")
        }
        if seconds < 0 { warnings.append("the scan starts \(Self.seconds(-seconds)) before the injection") }
    }

    /// From one moment to another, s, to the microsecond that DICOM's times have: a double since 1970 has no more.
    private static func since(_ start: Double, _ moment: Double) -> Double { ((moment - start) * 1e6).rounded() / 1e6 }

    /// A moment as the time of day, to the second.
    static func timeOfDay(_ moment: Double) -> String {
        let whole = moment.rounded()
        let seconds = Int(whole - (whole / 86400).rounded(.down) * 86400)
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return "\(two(seconds / 3600)):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
    }

    static func seconds(_ value: Double) -> String { "\((value * 10).rounded() / 10) s" }
}
