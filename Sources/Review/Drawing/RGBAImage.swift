import Glibc

/// A picture: 8-bit red, green, blue and straight alpha, rows from the top.
public struct RGBAImage: Sendable, Equatable {
    /// Pixels along a row.
    public let width: Int
    /// Rows.
    public let height: Int
    /// width × height × 4 bytes.
    public private(set) var pixels: [UInt8]

    /// A picture from its pixels. Their number must be width × height × 4.
    public init(width: Int, height: Int, pixels: [UInt8]) {
        precondition(width > 0 && height > 0, "a picture has at least one pixel")
        precondition(pixels.count == width * height * 4, "pixels do not fill the picture")
        (self.width, self.height, self.pixels) = (width, height, pixels)
    }

    /// A picture of one colour.
    public init(width: Int, height: Int, filledWith color: Color) {
        let pixel = [color.red, color.green, color.blue, color.alpha]
        var pixels = [UInt8](repeating: 0, count: width * height * 4)
        for offset in pixels.indices { pixels[offset] = pixel[offset & 3] }
        self.init(width: width, height: height, pixels: pixels)
    }

    /// The colour of a pixel; x counts from the left, y from the top.
    public subscript(x: Int, y: Int) -> Color {
        get {
            let at = (y * width + x) * 4
            return Color(pixels[at], pixels[at + 1], pixels[at + 2], alpha: pixels[at + 3])
        }
        set {
            let at = (y * width + x) * 4
            (pixels[at], pixels[at + 1], pixels[at + 2]) = (newValue.red, newValue.green, newValue.blue)
            pixels[at + 3] = newValue.alpha
        }
    }

    /// Changes the bytes in place.
    mutating func withMutablePixels(_ body: (inout MutableSpan<UInt8>) -> Void) {
        var span = pixels.mutableSpan
        body(&span)
    }
}

/// A colour in sRGB, 8 bits a channel, with straight alpha.
public struct Color: Sendable, Equatable {
    /// The channels, 0-255.
    public var red, green, blue, alpha: UInt8

    /// A colour; opaque unless alpha is given.
    public init(_ red: UInt8, _ green: UInt8, _ blue: UInt8, alpha: UInt8 = 255) {
        (self.red, self.green, self.blue, self.alpha) = (red, green, blue, alpha)
    }

    /// A colour from 0xRRGGBB.
    public init(hex: UInt32) {
        self.init(UInt8(hex >> 16 & 255), UInt8(hex >> 8 & 255), UInt8(hex & 255))
    }

    /// The same colour, this opaque (0...1).
    public func opacity(_ share: Double) -> Color {
        Color(red, green, blue, alpha: UInt8((min(max(share, 0), 1) * 255).rounded()))
    }

    /// Relative luminance as WCAG has it, 0 black to 1 white [WCAG22].
    public var luminance: Double {
        func linear(_ channel: UInt8) -> Double {
            let c = Double(channel) / 255
            return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }

    /// Lightness L* as the CIE has it, 0 black to 100 white [CIE15].
    public var lightness: Double {
        let y = luminance
        return 116 * (y > 216.0 / 24389 ? cbrt(y) : (24389.0 / 27 * y + 16) / 116) - 16
    }

    /// "#rrggbb", without alpha.
    public var hex: String {
        "#" + [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
