import CKernels
import Imaging
import Testing

/// A small seeded generator, so that a failing case can be found again.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64
    init(_ seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// Same bits, or both not a number: which NaN a sum of two gives is the processor's choice.
func sameBits(_ a: [Float], _ b: [Float]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { $0.bitPattern == $1.bitPattern || ($0.isNaN && $1.isNaN) }
}

typealias Decoder = @Sendable (UnsafeRawPointer?, UnsafeMutablePointer<Float>?, Int, Double, Double, Int32) -> Void

/// The kernels against the plain loops, at every level the processor has. Serial, because a level holds for the process.
@Suite(.serialized) struct KernelTests {
    func atEveryLevel(_ body: (SIMDLevel) throws -> Void) rethrows {
        let before = SIMDLevel.current
        defer { SIMDLevel.force(before) }
        for level in SIMDLevel.allCases where SIMDLevel.force(level) == level { try body(level) }
    }

    @Test func aForcedLevelIsInForceAndNeverAboveTheProcessors() {
        let before = SIMDLevel.current
        defer { SIMDLevel.force(before) }
        #expect(SIMDLevel.force(.scalar) == .scalar)
        #expect(SIMDLevel.current == .scalar)
        #expect(SIMDLevel.force(.v4) <= .v4)
        #expect(SIMDLevel.current >= before)
    }

    /// Every length to 67, every offset of an unaligned source, both byte orders, with and without scaling.
    func check<T: FixedWidthInteger>(_: T.Type, _ decode: Decoder, value: (T) -> Double) {
        var random = SplitMix(UInt64(T.bitWidth))
        let size = MemoryLayout<T>.size
        for count in 0...67 {
            let stored = (0..<count).map { _ in T(truncatingIfNeeded: random.next()) }
            for (slope, intercept) in [(1.0, 0.0), (0.1, 0.0), (-0.0031, 1024.5), (1.0, -1024.0)] {
                let expected = PlainLoops.decode(stored.map(value), slope: slope, intercept: intercept)
                for swap in [false, true] {
                    let offset = count % (size + 1)
                    var bytes = [UInt8](repeating: 0xA5, count: offset)
                    for item in stored {
                        withUnsafeBytes(of: swap ? item.byteSwapped : item) { bytes.append(contentsOf: $0) }
                    }
                    bytes.append(0xA5)
                    atEveryLevel { level in
                        // One sentinel past the end must stay.
                        var decoded = [Float](repeating: -77, count: count + 1)
                        bytes.withUnsafeBytes {
                            decode($0.baseAddress! + offset, &decoded, count, slope, intercept, swap ? 1 : 0)
                        }
                        #expect(decoded.last == -77)
                        #expect(
                            sameBits(Array(decoded.dropLast()), expected),
                            "\(T.self) \(count) slope \(slope) swap \(swap) \(level)")
                    }
                }
            }
        }
    }

    @Test func storedIntegersDecodeAsDoubleArithmeticRoundedOnce() {
        check(Int8.self, { ck_decode_i8($0, $1, $2, $3, $4, $5) }) { Double($0) }
        check(UInt8.self, { ck_decode_u8($0, $1, $2, $3, $4, $5) }) { Double($0) }
        check(Int16.self, { ck_decode_i16($0, $1, $2, $3, $4, $5) }) { Double($0) }
        check(UInt16.self, { ck_decode_u16($0, $1, $2, $3, $4, $5) }) { Double($0) }
        check(Int32.self, { ck_decode_i32($0, $1, $2, $3, $4, $5) }) { Double($0) }
        check(UInt32.self, { ck_decode_u32($0, $1, $2, $3, $4, $5) }) { Double($0) }
        check(Int64.self, { ck_decode_i64($0, $1, $2, $3, $4, $5) }) { Double($0) }
        check(UInt64.self, { ck_decode_u64($0, $1, $2, $3, $4, $5) }) { Double($0) }
    }

    @Test func storedFloatsDecodeAsDoubleArithmeticRoundedOnce() {
        check(UInt32.self, { ck_decode_f32($0, $1, $2, $3, $4, $5) }) { Double(Float(bitPattern: $0)) }
        check(UInt64.self, { ck_decode_f64($0, $1, $2, $3, $4, $5) }) { Double(bitPattern: $0) }
    }

    /// numpy 2.4.6: `(np.int16([-32768, -1, 0, 7, 32767]) * 0.0123 - 3.5).astype(np.float32)`.
    @Test func scaledIntegersAreNumpys() {
        let stored: [Int16] = [-32768, -1, 0, 7, 32767]
        var decoded = [Float](repeating: 0, count: 5)
        ck_decode_i16(stored, &decoded, 5, 0.0123, -3.5, 0)
        #expect(decoded == [-406.5464, -3.5123, -3.5, -3.4139, 399.5341])
    }

    @Test func anUnscaledFloatKeepsItsSignOfZeroAndItsNaN() {
        let stored: [Float] = [-0.0, Float(bitPattern: 0x7FC1_2345), .infinity, .leastNonzeroMagnitude]
        atEveryLevel { _ in
            var decoded = [Float](repeating: 0, count: 4)
            ck_decode_f32(stored, &decoded, 4, 1, 0, 0)
            #expect(decoded.map(\.bitPattern) == stored.map(\.bitPattern))
        }
    }

    @Test func theRowFilterIsThePlainLoopAtEveryLengthAndRadius() {
        var random = SplitMix(7)
        for count in 0...67 {
            for radius in [0, 1, 2, 3, 5, 11, 20] {
                let taps = (0...radius).map { _ in Float.random(in: -1...1, using: &random) }
                let rows = (0...(2 * radius)).map { _ in
                    (0..<count).map { _ in Float.random(in: -1000...1000, using: &random) }
                }
                let expected = PlainLoops.filter(rows: rows, taps: taps)
                let flat: [Float] = Array(rows.joined()) + [0]
                atEveryLevel { level in
                    var filtered = [Float](repeating: -77, count: count + 1)
                    flat.withUnsafeBufferPointer { flat in
                        let first = flat.baseAddress!
                        let pointers: [UnsafePointer<Float>?] = (0...(2 * radius)).map { first + $0 * count }
                        ck_filter_rows(pointers, &filtered, count, taps, radius)
                    }
                    #expect(filtered.last == -77)
                    #expect(sameBits(Array(filtered.dropLast()), expected), "\(count) radius \(radius) \(level)")
                }
            }
        }
    }

    @Test func theTrilinearRowIsThePlainLoopAtEveryLengthInsideAndOutside() throws {
        var random = SplitMix(11)
        let shapes: [SIMD3<Int>] = [[1, 1, 1], [2, 1, 3], [5, 4, 3], [17, 9, 6]]
        for count in 0...67 {
            let shape = shapes[count % shapes.count]
            let grid = try VoxelGrid(shape: shape, worldFromVoxel: .identity)
            var volume = Volume(
                grid: grid, voxels: (0..<grid.count).map { _ in Float.random(in: -1000...1000, using: &random) })
            if count % 5 == 0 { volume[0, 0, 0] = count % 2 == 0 ? .nan : .infinity }
            for _ in 0..<6 {
                let size = SIMD3<Double>(shape)
                let start = SIMD3<Double>.random(in: -1...1, using: &random) * size
                let step = SIMD3<Double>.random(in: -1...1, using: &random) * size / Double(max(count, 4))
                let expected = PlainLoops.linearRow(volume, start: start, step: step, count: count, outside: -1)
                var line = ck_line(
                    start: (start.x, start.y, start.z), step: (step.x, step.y, step.z),
                    shape: (Int64(shape.x), Int64(shape.y), Int64(shape.z)))
                atEveryLevel { level in
                    var values = [Float](repeating: -77, count: count + 1)
                    ck_linear_row(volume.voxels, &line, -1, &values, count)
                    #expect(values.last == -77)
                    #expect(sameBits(Array(values.dropLast()), expected), "\(count) in \(shape) \(level)")
                }
            }
        }
    }

    @Test func pointsVeryFarAwayAreOutside() {
        for far in [1e9, -1e9, 1e300, -1e300, .infinity, -.infinity] {
            var line = ck_line(start: (far, 0, 0), step: (0, 0, 0), shape: (2, 2, 2))
            var values = [Float](repeating: 0, count: 3)
            ck_linear_row([Float](repeating: 5, count: 8), &line, -1, &values, 3)
            #expect(values == [-1, -1, -1])
        }
    }
}
