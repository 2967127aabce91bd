import Imaging
import Records
import TestSupport
import Testing

/// Compressed images of which the reference data have none in grey: 8 × 8 pixels with known values.
@Suite struct DICOMCodecTests {
    static func bytes(_ hex: String) -> [UInt8] {
        let digits = Array(hex)
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(String(digits[$0...($0 + 1)]), radix: 16)! }
    }

    static func read(_ code: [[UInt8]], syntax: String, bits: UInt16, isSigned: Bool) throws -> Volume {
        var file = DICOMFile(z: 0, modality: "CT")
        file.transferSyntax = syntax
        file.elements[0x0028_0010] = .short(8)
        file.elements[0x0028_0011] = .short(8)
        file.elements[0x0028_0100] = .short(bits)
        file.elements[0x0028_0101] = .short(bits)
        file.elements[0x0028_0102] = .short(bits - 1)
        file.elements[0x0028_0103] = .short(isSigned ? 1 : 0)
        file.elements[0x0028_1053] = .text("DS", "1")
        file.pixels = nil
        file.code = code
        return try DICOMSeriesTests.read([file]).volume
    }

    /// Pillow 13.0.0 (libjpeg-turbo) wrote the code of 20 + 25x + 3y²/2 in 8 bits at quality 90, and read back these.
    @Test func baselineJPEGIsDecodedAsByAnotherDecoder() throws {
        let code = Self.bytes(
            "ffd8ffe000104a46494600010100000100010000ffdb004300030202030202030303030403030405080505040405"
                + "0a070706080c0a0c0c0b0a0b0b0d0e12100d0e110e0b0b1016101113141515150c0f171816141812141514ffc000"
                + "0b080008000801011100ffc40014000100000000000000000000000000000003ffc4001c10000301010003010000"
                + "00000000000000010203050400070812ffda0008010100003f004f8c7d6d4c0ca4d3d3b4b3b378a27a7abb3ae825"
                + "184917f4f4776202aaa824b12000093e7fffd9")
        let expected: [Float] = [
            21, 46, 68, 96, 124, 142, 170, 198, 16, 52, 62, 98, 125, 147, 168, 191, 29, 49, 83, 102, 114, 156, 182, 205,
            35, 53, 82, 105, 142, 158, 172, 207, 37, 76, 94, 120, 142, 165, 200, 221, 61, 83, 104, 135, 153, 189, 201,
            230, 73, 99, 120, 147, 178, 199, 224, 250, 92, 120, 141, 171, 190, 216, 245, 13,
        ]
        let read = try Self.read([code], syntax: "1.2.840.10008.1.2.4.50", bits: 8, isSigned: false).voxels
        // Inverse cosine transforms may round apart by one.
        #expect(zip(read, expected).allSatisfy { abs($0 - $1) <= 1 } && read.count == 64)
    }

    /// The signed values x·317 - y·211 + (xy mod 5)·40 - 300, coded by dcmcjpeg 3.6.7 with predictor 1 (.70) and 6 (.57).
    @Test(arguments: [
        (
            "1.2.840.10008.1.2.4.70",
            "ffd8ffe000104a46494600010100000100010000ffc3000b100008000801011100ffc40016000101010000000000"
                + "000000000000000009080fffda0008010100010000dfb513d4f53d4f53d4f53d8b165595655969d595658b18d636"
                + "c5636c56358d8b1b5bb5b5bb6ed6d6ed8b1dd4551545515775158b13d4f53d4f53d4f53d8b165595655969d59565"
                + "8b18d636c5636c56358dffd9"
        ),
        (
            "1.2.840.10008.1.2.4.57",
            "ffd8ffe000104a46494600010100000100010000ffc3000b100008000801011100ffc4001a000002030101000000"
                + "0000000000000000070806090f0305ffda0008010100060000dfb52cf6cf6cf6cf6cf6cf6cf52c1f6ffa7e372518"
                + "7d124b07d124782c2a1f4492c1f21580252642a1f214960fa248f6ff002e2a1f4492caf65b80416dfeaebd96e4b0"
                + "7d12f1b928c3e892583e8923c16156ff007f12ffffd9"
        ),
    ])
    func losslessJPEGGivesTheValuesBack(syntax: String, hex: String) throws {
        let read = try Self.read([Self.bytes(hex)], syntax: syntax, bits: 16, isSigned: true).voxels
        let expected = (0..<64).map { n in
            let (x, y) = (n % 8, n / 8)
            return Float(x * 317 - y * 211 + (x * y % 5) * 40 - 300)
        }
        #expect(read == expected)
    }

    /// The places of a frame's segments may point anywhere: DCMTK's codec follows them out of the frame.
    @Test func runLengthsAreReadFromWithinTheirFrameOnly() throws {
        func frame(_ places: [UInt32], of count: UInt32) -> [UInt8] {
            let header = [count] + places + [UInt32](repeating: 0, count: 15 - places.count)
            // The high bytes, 64 times 1, in one run; the low ones, 0...63, as they are.
            let code: [UInt8] = [193, 1, 63] + (0..<64).map { UInt8($0) }
            return header.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) } } + code + [0]
        }
        func read(_ code: [UInt8]) throws -> [Float] {
            try Self.read([code], syntax: "1.2.840.10008.1.2.5", bits: 16, isSigned: false).voxels
        }
        #expect(try read(frame([64, 66], of: 2)) == (0..<64).map { Float(256 + $0) })
        for wrong in [
            frame([64, 140], of: 2), frame([64, .max], of: 2), frame([.max, 66], of: 2), frame([0, 66], of: 2),
            frame([66, 64], of: 2), frame([64, 132], of: 2), frame([64], of: 1), frame([64, 66, 68], of: 3),
            Array(frame([64, 66], of: 2).prefix(60)), [],
        ] {
            #expect(performing: { try read(wrong) }, throws: { "\($0)".contains("RLE code is damaged") })
        }
    }
}
