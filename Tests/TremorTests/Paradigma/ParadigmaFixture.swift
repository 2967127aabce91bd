import Foundation
import TestSupport

/// ParaDigMa's own test recording and results (Apache-2.0): plain columns of little-endian Doubles.
enum ParadigmaFixture {
    static let folder = "wearables/paradigma"
    static let windows = 182

    static func numbers(_ name: String) throws -> [Double] {
        let data = try Data(contentsOf: URL(fileURLWithPath: ReferenceData.path("\(folder)/\(name)")))
        return data.withUnsafeBytes { bytes in
            (0..<(bytes.count / 8)).map { place in
                Double(
                    bitPattern: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8 * place, as: UInt64.self)))
            }
        }
    }

    /// Angular rate, deg/s at 100 Hz, three columns of 73079.
    static func angularRate() throws -> [[Double]] {
        let values = try numbers("preprocessed/gyroscope_values.bin")
        return (0..<3).map { axis in stride(from: axis, to: values.count, by: 3).map { values[$0] } }
    }

    /// Twelve coefficients, peak and two powers a window.
    static func features() throws -> [[Double]] { rows(try numbers("features/tremor_values.bin"), 15) }

    /// Probability, by the model, checked, at rest a window.
    static func predictions() throws -> [[Double]] { rows(try numbers("predictions/tremor_values.bin"), 4) }

    private static func rows(_ values: [Double], _ width: Int) -> [[Double]] {
        stride(from: 0, to: values.count, by: width).map { Array(values[$0..<($0 + width)]) }
    }
}
