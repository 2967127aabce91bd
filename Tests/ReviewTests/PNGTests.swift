import Review
import Testing

/// A picture with every channel busy; `grey` and `opaque` make it one that needs fewer channels.
private func picture(width: Int, height: Int, grey: Bool = false, opaque: Bool = false) -> RGBAImage {
    var state: UInt32 = 12345
    func next() -> UInt8 {
        state = state &* 1_664_525 &+ 1_013_904_223
        return UInt8(state >> 24)
    }
    var pixels: [UInt8] = []
    for _ in 0..<(width * height) {
        let (r, g, b, a) = (next(), next(), next(), next())
        pixels += [r, grey ? r : g, grey ? r : b, opaque ? 255 : a]
    }
    return RGBAImage(width: width, height: height, pixels: pixels)
}

@Test(arguments: [(1, 1), (3, 2), (17, 31), (256, 5)], [0, 1, 4, 9])
func aPNGReadsBackTheSamePixels(size: (Int, Int), level: Int) throws {
    for (grey, opaque) in [(false, false), (true, false), (false, true), (true, true)] {
        let image = picture(width: size.0, height: size.1, grey: grey, opaque: opaque)
        #expect(try PNG.decode(try PNG.encode(image, level: level)) == image)
    }
}

/// Bytes 24 and 25 of a file are the bits of a channel and the colour type: 0 grey, 2 RGB, 6 RGBA [PNG3].
@Test func aPNGHasNoMoreChannelsThanThePictureNeeds() throws {
    let types = try [(true, true), (false, true), (true, false), (false, false)].map { grey, opaque in
        Array(try PNG.encode(picture(width: 4, height: 4, grey: grey, opaque: opaque))[24...25])
    }
    #expect(types == [[8, 0], [8, 2], [8, 6], [8, 6]])
}

/// Written by Python's struct and zlib modules alone: a 3 × 2 RGBA picture, without a PNG library.
///
///     row = lambda *p: b'\0' + bytes(sum(p, ()))
///     chunk = lambda t, d: struct.pack('>I', len(d)) + t + d + struct.pack('>I', zlib.crc32(t + d))
///     b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', 3, 2, 8, 6, 0, 0, 0))
///         + chunk(b'IDAT', zlib.compress(rows)) + chunk(b'IEND', b'')
@Test func aPNGMadeWithoutAnyPNGLibraryReadsAsItsPixels() throws {
    let hex = """
        89504e470d0a1a0a0000000d49484452000000030000000208060000009d74661a0000001f49444154789c63f8cfc0f0
        1f0c19feff6760646266f9d5c0cec0c9c9d900007e570821ce44bea10000000049454e44ae426082
        """
    let image = try PNG.decode(bytes(hex))
    #expect((image.width, image.height) == (3, 2))
    #expect(
        image.pixels == [
            255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255, 1, 2, 3, 4, 250, 128, 7, 0, 9, 9, 9, 128,
        ])
}

@Test func aPNGCarriesWhoMadeItAndThatItIsForResearch() throws {
    let file = String(decoding: try PNG.encode(picture(width: 2, height: 2)), as: UTF8.self)
    #expect(file.contains("tEXtSoftware\0engraft "))
    #expect(file.contains("tEXtComment\0Research use only. Not for diagnosis or treatment."))
}

@Test func aTextBeyondLatin1DoesNotDamageTheFile() throws {
    let image = picture(width: 2, height: 2)
    let file = try PNG.encode(image, texts: [("Title", "µ → ₂")])
    #expect(try PNG.decode(file) == image)
    #expect(file.contains([0xB5, 0x20, 0x3F, 0x20, 0x3F]))
}

/// libpng refuses a keyword of more than 79 bytes by leaving its chunk out, and an empty one by an error.
@Test func aBadKeywordIsAnErrorAndNotTheEndOfTheProgram() {
    #expect(throws: PNGError.self) { try PNG.encode(picture(width: 1, height: 1), texts: [("", "x")]) }
}

/// Every length up to the whole, and every byte of the header and the data changed.
@Test func aDamagedPNGIsAnErrorWithASentence() throws {
    let file = try PNG.encode(picture(width: 5, height: 4, opaque: true), texts: [])
    for length in 0..<(file.count - 12) {
        #expect(throws: PNGError.self, "\(length) bytes") { try PNG.decode(Array(file[..<length])) }
    }
    for place in 0..<(file.count - 12) {
        var damaged = file
        damaged[place] ^= 0x55
        #expect(throws: PNGError.self, "byte \(place)") { try PNG.decode(damaged) }
    }
    #expect(throws: PNGError.refused("Not a PNG file")) { try PNG.decode(Array("this is text, not a picture".utf8)) }
}

/// 20 000 × 20 000 pixels promised by 70 bytes: 1032 is the most a byte of deflate stands for.
@Test func aPNGThatPromisesMorePixelsThanItCanHoldTakesNoMemory() throws {
    let hex = """
        89504e470d0a1a0a0000000d4948445200004e2000004e200806000000e37046390000000b49444154789c6360800100
        000a00017f80745e0000000049454e44ae426082
        """
    #expect(throws: PNGError.tooShort(width: 20000, height: 20000, bytes: bytes(hex).count)) {
        try PNG.decode(bytes(hex))
    }
    #expect(
        "\(PNGError.tooShort(width: 2, height: 3, bytes: 4))"
            == "the file promises 2 × 3 pixels; 4 bytes cannot hold them")
}

private func bytes(_ hex: String) -> [UInt8] {
    let digits = hex.filter { !$0.isWhitespace }
    return stride(from: 0, to: digits.count, by: 2).map { at in
        let start = digits.index(digits.startIndex, offsetBy: at)
        return UInt8(digits[start..<digits.index(start, offsetBy: 2)], radix: 16)!
    }
}
