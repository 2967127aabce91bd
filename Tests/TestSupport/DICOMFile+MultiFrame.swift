extension DICOMFile {
    /// One frame of a multi-frame image: where it lies, when it was acquired, and what scales it.
    public struct Frame {
        /// Height, mm.
        public var z: Double
        /// Date and time.
        public var acquired: String
        /// Rescale slope.
        public var slope: Double
        /// Segment, in a segmentation.
        public var segment: UInt16?

        /// A frame.
        public init(z: Double, acquired: String = "20250101110000", slope: Double = 1, segment: UInt16? = nil) {
            (self.z, self.acquired, self.slope, self.segment) = (z, acquired, slope, segment)
        }
    }

    /// An enhanced PET image of 4 × 3 pixels a frame; pixel n of the file is n.
    public init(enhancedPET frames: [Frame]) {
        self.init(z: 0)
        elements[0x0008_0016] = .text("UI", "1.2.840.10008.5.1.4.1.1.130")
        for moved: UInt32 in [
            0x0020_0032, 0x0020_0037, 0x0018_0050, 0x0028_0030, 0x0028_1052, 0x0028_1053, 0x0008_0022, 0x0008_0032,
            0x0018_1242, 0x0054_1001, 0x0054_1102,
        ] {
            elements[moved] = nil
        }
        setFrames(frames)
        pixels = (0..<(12 * frames.count)).map { Int16($0) }
    }

    /// A segmentation of 4 × 3 pixels a frame, binary, or fractional with values up to 100.
    public init(segmentation frames: [Frame], values: [[UInt8]], isFractional: Bool = false) {
        self.init(z: 0)
        elements = elements.filter { $0.key >> 16 == 0x0020 || $0.key >> 16 == 0x0028 }
        for gone: UInt32 in [0x0020_0032, 0x0020_0037, 0x0028_0030, 0x0028_0051, 0x0028_1052, 0x0028_1053] {
            elements[gone] = nil
        }
        elements[0x0008_0016] = .text("UI", "1.2.840.10008.5.1.4.1.1.66.4")
        elements[0x0008_0060] = .text("CS", "SEG")
        elements[0x0062_0001] = .text("CS", isFractional ? "FRACTIONAL" : "BINARY")
        if isFractional { elements[0x0062_000E] = .short(100) }
        elements[0x0062_0002] = .items(
            Set(frames.compactMap(\.segment)).sorted().map {
                [0x0062_0004: .short($0), 0x0062_0005: .text("LO", "Part \($0)")]
            })
        let bits: UInt16 = isFractional ? 8 : 1
        elements[0x0028_0100] = .short(bits)
        elements[0x0028_0101] = .short(bits)
        elements[0x0028_0102] = .short(bits - 1)
        elements[0x0028_0103] = .short(0)
        setFrames(frames)
        let all = values.flatMap { $0 }
        var bytes = all
        if !isFractional {
            bytes = [UInt8](repeating: 0, count: (all.count + 7) / 8)
            for (n, value) in all.enumerated() where value != 0 { bytes[n / 8] |= 1 << UInt8(n % 8) }
        }
        if bytes.count % 2 == 1 { bytes.append(0) }
        pixels = nil
        pixelBytes = bytes
    }

    private mutating func setFrames(_ frames: [Frame]) {
        elements[0x0028_0008] = .text("IS", "\(frames.count)")
        elements[0x5200_9229] = .item([
            0x0020_9116: .item([0x0020_0037: .text("DS", "1\\0\\0\\0\\1\\0")]),
            0x0028_9110: .item([0x0018_0050: .text("DS", "4"), 0x0028_0030: .text("DS", "2\\3")]),
        ])
        elements[0x5200_9230] = .items(
            frames.map { frame in
                var groups: [UInt32: Value] = [
                    0x0020_9111: .item([
                        0x0018_9074: .text("DT", frame.acquired), 0x0018_9220: .number("FD", 300_000),
                    ]),
                    0x0020_9113: .item([0x0020_0032: .text("DS", "-10\\-20\\\(frame.z)")]),
                    0x0028_9145: .item([
                        0x0028_1052: .text("DS", "0"), 0x0028_1053: .text("DS", "\(frame.slope)"),
                        0x0028_1054: .text("LO", "BQML"),
                    ]),
                ]
                if let segment = frame.segment {
                    groups[0x0062_000A] = .item([0x0062_000B: .short(segment)])
                    groups[0x0028_9145] = nil
                }
                return groups
            })
    }
}
