import TestSupport
import Testing
import Tremor

@Suite struct CWARecordingTests {
    static let g = AccelerationUnit.standardGravity

    static func read(_ file: CWAFile) throws -> ReadRecording { try ReadRecording(CWARecording(FileBytes(file.bytes))) }

    static func one(_ change: (inout CWAFile.Sector) -> Void) -> CWAFile {
        var sector = CWAFile.Sector()
        change(&sector)
        return CWAFile([sector])
    }

    /// The document of the format: eezzzzzz zzzzyyyy yyyyyyxx xxxxxxxx, 1/256 g.
    @Test(arguments: 0..<4) func packedExtremesAreReadAtEveryExponent(exponent: Int) throws {
        let values = [(511, -512, 0), (-512, 511, -1), (1, 0, -512), (0, -1, 511)]
        let file = Self.one { $0.samples = values.map { CWAFile.word($0.0, $0.1, $0.2, exponent: exponent) } }
        let read = try Self.read(file)
        for (place, value) in values.enumerated() {
            let expected = [value.0, value.1, value.2].map { Double($0 << exponent) / 256 * Self.g }
            #expect(read.acceleration.map { $0[place] } == expected)
        }
    }

    /// Signs that change at full scale from sample to sample must not run into the neighbours' bits.
    @Test func alternatingSaturationKeepsItsSigns() throws {
        let file = Self.one {
            $0.samples = (0..<120).map {
                CWAFile.word($0 % 2 == 0 ? 511 : -512, $0 % 2 == 0 ? -512 : 511, 0, exponent: 3)
            }
        }
        let read = try Self.read(file)
        #expect(read.acceleration[0] == (0..<120).map { Double($0 % 2 == 0 ? 4088 : -4096) / 256 * Self.g })
        #expect(read.acceleration[1] == (0..<120).map { Double($0 % 2 == 0 ? -4096 : 4088) / 256 * Self.g })
        #expect(read.acceleration[2].allSatisfy { $0 == 0 })
    }

    @Test(arguments: [(0xCA, 2.0), (0x8A, 4), (0x4A, 8), (0x0A, 16)])
    func theRangeIsTheHeaders(code: Int, range: Double) throws {
        let file = Self.one {
            $0.rateCode = code; $0.samples = [CWAFile.word(0, 0, 256)]
        }
        let header = try CWARecording(FileBytes(file.bytes)).header
        #expect(header.accelerationRange == range * Self.g && header.nominalRateHz == 100 && !header.hasAngularRate)
        #expect(header.format == "Axivity CWA (AX3)" && !header.isUTC)
    }

    /// openmovement Docs/ax3/cwa.h: 1/2^(8+n) g; 8000/2^n °/s over 2^15 units. Gyroscope first.
    @Test(arguments: [(3, 16.0, 2, 2000.0), (4, 8, 3, 1000), (5, 4, 4, 500), (6, 2, 5, 250), (6, 2, 6, 125)])
    func ax6ScalesComeFromTheSectorsBits(bits: Int, rangeG: Double, turnBits: Int, range: Double) throws {
        let file = Self.one {
            ($0.form, $0.scales, $0.rateCode) = (0x62, bits << 3 | turnBits, 0x0A)
            $0.samples = [[32767, -32768, 16384, -32768, 32767, 8192], [0, 1, -1, 1, 0, -1]]
        }
        let source = try CWARecording(FileBytes(file.bytes))
        let read = try ReadRecording(source)
        let (unit, turn) = (rangeG / 32768, range / 32768)
        #expect(agree(read.sampleG(0), [-32768 * unit, 32767 * unit, 8192 * unit], 1e-12))
        #expect(agree(read.sampleG(1), [unit, 0, -unit], 1e-12))
        #expect(agree(read.sampleDegrees(0), [32767 * turn, -32768 * turn, 16384 * turn], 1e-9))
        #expect(agree(read.sampleDegrees(1), [0, turn, -turn], 1e-12))
        #expect(source.header.accelerationRange == rangeG * Self.g && source.header.hasAngularRate)
        #expect(abs(source.header.angularRateRange! * 180 / Double.pi - range) < 1e-9)
    }

    @Test func anAX3OfSixteenBitsAndAMagnetometerAreRead() throws {
        let plain = try Self.read(Self.one { ($0.form, $0.samples) = (0x32, [[256, -128, 32767]]) })
        #expect(agree(plain.sampleG(0), [1, -0.5, 32767.0 / 256], 1e-12))
        let nine = try Self.read(
            Self.one {
                ($0.form, $0.scales, $0.samples) = (
                    0x92, 4 << 3 | 3, [[8, 0, 0, 4096, 2048, 0, 7, 7, 7], [0, 0, 16, 0, 0, -4096, 9, 9, 9]]
                )
            })
        #expect(agree(nine.sampleG(0), [1, 0.5, 0], 1e-12) && agree(nine.sampleG(1), [0, 0, -1], 1e-12))
        #expect(agree(nine.sampleDegrees(1), [0, 0, 16 * 1000 / 32768], 1e-12))
    }

    /// A crystal a percent slow: stamps lie on the true clock, not on the header's 100 Hz.
    @Test(arguments: [98.87, 100, 101.3])
    func stampsGiveTheTrueRate(rate: Double) throws {
        let file = CWAFile.recording(sectors: 300, rateHz: rate)
        let source = try CWARecording(FileBytes(file.bytes))
        let read = try ReadRecording(source)
        #expect(read.count == 36000 && read.stamps.count == 300 && read.batches == 10)
        // A fraction is written in 1/32768 s.
        #expect(abs(read.rateHz / rate - 1) < 1e-6)
        let start = source.header.startEpochS! - read.stamps[0].timeS
        for stamp in read.stamps {
            #expect(abs(start + stamp.timeS - 1_709_247_600 - Double(stamp.place) / rate) < 1e-4)
        }
    }

    @Test func withoutAFractionTheWholeSecondBelongsToASample() throws {
        var file = CWAFile.recording(sectors: 3)
        for number in 0..<3 {
            file.sectors[number].fraction = nil
            file.sectors[number].date[5] = number + 1
            // Sample 100 (number + 1) was taken at second number + 1.
            file.sectors[number].offset = 100 * (number + 1) - 120 * number
        }
        let source = try CWARecording(FileBytes(file.bytes))
        let read = try ReadRecording(source)
        #expect(agree(read.stamps.map(\.timeS), [-1, 0.2, 1.4], 1e-9))
        #expect(source.header.startEpochS == 1_709_247_600 && source.header.stampPrecisionS == 0.01)
    }

    /// The oldest firmware has no code for the rate: byte 26 holds it, and the time is the sector's first sample's.
    @Test func rateCodeZeroTakesTheRateFromByte26() throws {
        var file = CWAFile.recording(sectors: 2)
        for number in 0..<2 {
            (file.sectors[number].rateCode, file.sectors[number].fraction, file.sectors[number].offset) = (0, nil, 120)
            file.sectors[number].date[5] = number
        }
        let source = try CWARecording(FileBytes(file.bytes))
        #expect(source.header.nominalRateHz == 120)
        #expect(try ReadRecording(source).stamps.map(\.timeS) == [0, 1])
    }

    @Test func aRateOfZeroIsMeasuredFromTheClock() throws {
        var file = CWAFile.recording(sectors: 4)
        for number in 0..<4 {
            (file.sectors[number].rateCode, file.sectors[number].fraction, file.sectors[number].offset) = (0, nil, 0)
            file.sectors[number].date[5] = 2 * number
        }
        let source = try CWARecording(FileBytes(file.bytes))
        #expect(source.header.nominalRateHz == nil)
        #expect(try ReadRecording(source).rateHz == 60)
    }

    @Test func aWrongChecksumCostsOneSector() throws {
        let whole = CWAFile.recording(sectors: 10)
        var file = whole
        file.sectors[3].checksumError = 1
        let (read, all) = (try Self.read(file), try Self.read(whole))
        #expect(read.count == 1080 && read.flags == ["1 sectors with a wrong checksum were left out"])
        #expect(read.acceleration[0] == Array(all.acceleration[0][..<360] + all.acceleration[0][480...]))
        // The stamps show the gap where it is: 120 samples of time without samples before the fourth kept sector.
        #expect(abs(read.stamps[3].timeS - read.stamps[2].timeS - 2.4) < 1e-3 && read.stamps[3].place == 360)
    }

    @Test func theFirstSectorMayBeDamaged() throws {
        var file = CWAFile.recording(sectors: 4)
        file.sectors[0].checksumError = 7
        let read = try Self.read(file)
        #expect(read.count == 360 && read.stamps.map(\.place) == [0, 120, 240])
    }

    @Test func aCutLastSectorIsSaid() throws {
        let bytes = CWAFile.recording(sectors: 3).bytes
        let read = try ReadRecording(CWARecording(FileBytes(Array(bytes.dropLast(100)))))
        #expect(read.count == 240)
        #expect(read.flags == ["the file ends within a sector; its last 412 bytes were left out"])
    }

    @Test func sectorsWithoutSamplesAreCounted() throws {
        let file = CWAFile.recording(sectors: 4)
        let sectors = file.sectors.map(\.bytes)
        let erased = [UInt8](repeating: 0xFF, count: 512)
        let bytes =
            file.header + sectors[0] + sectors[1] + erased + erased + file.header.prefix(512) + sectors[2] + sectors[3]
        let read = try ReadRecording(CWARecording(FileBytes(bytes)))
        #expect(
            read.count == 480 && read.flags == ["3 sectors hold no samples (logs or erased memory) and were left out"])
    }

    @Test(arguments: [
        [2024, 13, 1, 0, 0, 0], [2024, 0, 1, 0, 0, 0], [2023, 2, 29, 0, 0, 0], [2024, 1, 1, 24, 0, 0],
        [2024, 1, 1, 0, 60, 0], [2024, 1, 1, 0, 0, 63], [2000, 0, 0, 0, 0, 0],
    ])
    func aDateThatIsNoneIsNoStamp(date: [Int]) throws {
        var file = CWAFile.recording(sectors: 4)
        file.sectors[2].date = date
        let read = try Self.read(file)
        #expect(read.count == 480 && read.stamps.map(\.place) == [0, 120, 360])
        #expect(read.flags == ["1 sectors have no time and were read as following the one before"])
        // Behind a sector that was left out, nothing says when it was.
        file.sectors[1].checksumError = 1
        #expect(try Self.read(file).count == 240)
        #expect(throws: RecordingError.damaged("no sector of samples is whole and has a time")) {
            try Self.read(CWAFile([file.sectors[2]]))
        }
    }

    @Test func aSectorOfAnotherKindIsLeftOut() throws {
        var file = CWAFile.recording(sectors: 5)
        file.sectors[1].rateCode = 0x4B
        file.sectors[2].count = 121
        file.sectors[3].samples = []
        let read = try Self.read(file)
        #expect(read.count == 240 && read.flags.count == 3)
    }

    @Test func garbageInTheHeaderDoesNotMatter() throws {
        var file = CWAFile.recording(sectors: 2)
        let expected = try Self.read(file)
        for filling: UInt8 in [0, 0x26, 0x41] {
            file.filling = filling
            #expect(try Self.read(file) == expected)
        }
    }

    @Test func aSecondReadingIsTheSame() throws {
        var file = CWAFile.recording(sectors: 140)
        file.sectors[5].checksumError = 1
        let source = try CWARecording(FileBytes(file.bytes))
        let first = try ReadRecording(source)
        source.rewind()
        #expect(source.flags.isEmpty)
        #expect(try ReadRecording(source) == first)
    }

    @Test func anEmptyFileAndAStrangePackingAreRefused() throws {
        #expect(throws: RecordingError.empty) { try Self.read(CWAFile()) }
        #expect(throws: RecordingError.self) {
            try Self.read(Self.one { ($0.form, $0.samples) = (0x33, [[1, 2, 3]]) })
        }
        #expect(throws: RecordingError.unsupported("the gyroscope's range is not stated")) {
            try Self.read(Self.one { ($0.form, $0.samples) = (0x62, [[1, 2, 3, 4, 5, 6]]) })
        }
    }

    @Test func noDamagedFileTraps() throws {
        var six = CWAFile.recording(sectors: 3)
        for number in 0..<3 {
            (six.sectors[number].form, six.sectors[number].scales) = (0x62, 4 << 3 | 3)
            six.sectors[number].samples = (0..<40).map { [$0, -$0, 3, 4096, 0, $0] }
        }
        for (seed, file) in [CWAFile.recording(sectors: 4), six].enumerated() {
            for bytes in damaged(file.bytes, seed: UInt64(seed)) { try survives(bytes) { try CWARecording($0) } }
            // With the checksum mended, damage reaches the fields.
            for bytes in damaged(Array(file.bytes[1024...]), seed: UInt64(seed) + 9) where bytes.count % 512 == 0 {
                try survives(file.header + Self.mended(bytes)) { try CWARecording($0) }
            }
        }
    }

    private static func mended(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for start in stride(from: 0, to: bytes.count, by: 512) {
            var sum: UInt16 = 0
            for place in stride(from: start, to: start + 510, by: 2) {
                sum &+= UInt16(bytes[place]) | UInt16(bytes[place + 1]) << 8
            }
            (bytes[start + 510], bytes[start + 511]) = (UInt8(truncatingIfNeeded: 0 &- sum), UInt8((0 &- sum) >> 8))
        }
        return bytes
    }
}
