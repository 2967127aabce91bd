import Imaging
import Records
import TestSupport
import Testing

/// Damaged files of every format that is not DICOM: each is refused in one sentence, or is an image that fits its bytes.
@Suite struct DamagedImageTests {
    /// Reads the bytes of a file; `nil` where they are refused.
    static func read(_ format: SmallFile, _ bytes: [UInt8]) -> Volume? {
        bytes.withUnsafeBytes { bytes in
            do throws(ImageProblem) {
                let image: StoredImage
                if format == .interfile {
                    let end = SmallFile.endOfInterfileHeader(bytes)
                    image = try Interfile.read(
                        header: UnsafeRawBufferPointer(rebasing: bytes[..<end]),
                        data: UnsafeRawBufferPointer(rebasing: bytes[end...]))
                } else {
                    image = try StoredImage.read(bytes: bytes)
                }
                // No voxel without a byte, and all of them there.
                #expect(image.volume.voxels.count == image.volume.grid.count * image.volume.frames)
                #expect(image.volume.voxels.count <= bytes.count * (Gzip.isGzip(bytes) ? Gzip.largestRatio : 1))
                return image.volume
            } catch {
                let sentence = error.description
                #expect(!sentence.isEmpty && !sentence.contains("\n"), "\(sentence)")
                return nil
            }
        }
    }

    /// Two frames of 4 × 3 × 2 voxels that count up from 0.
    static func whole(_ format: SmallFile) -> [UInt8] { format.bytes([4, 3, 2, 2]) }

    @Test(arguments: SmallFile.allCases)
    func theWholeFileHasEveryVoxel(format: SmallFile) throws {
        let volume = try #require(Self.read(format, Self.whole(format)))
        #expect(volume.grid.shape == [4, 3, 2] && volume.frames == 2)
        // ECAT's axes are turned, within each frame.
        #expect(volume.voxels[..<24].sorted() == (0..<24).map { Float($0) })
        #expect(volume.voxels[24...].sorted() == (24..<48).map { Float($0) })
    }

    @Test(arguments: SmallFile.allCases)
    func aFileCutAnywhereIsRefused(format: SmallFile) throws {
        let whole = Self.whole(format)
        // The last block of an ECAT file is filled up with bytes that nobody needs.
        let needed = format == .ecat7 ? whole.count - (512 - 48) : whole.count
        for length in 0..<needed { #expect(Self.read(format, Array(whole.prefix(length))) == nil, "\(length)") }
    }

    @Test(arguments: SmallFile.allCases.filter { [.nifti1, .nifti2, .ecat7, .mgh].contains($0) })
    func aGzippedFileCutAnywhereIsRefused(format: SmallFile) throws {
        let packed = try Self.whole(format).withUnsafeBytes { try Gzip.deflate($0) }
        #expect(Self.read(format, packed) != nil)
        for length in 0..<packed.count { #expect(Self.read(format, Array(packed.prefix(length))) == nil, "\(length)") }
    }

    /// gzip has a checksum: no changed byte of it goes unnoticed, but for those that say when and where it was packed.
    @Test(arguments: SmallFile.allCases.filter { [.nifti1, .nifti2, .ecat7, .mgh].contains($0) })
    func aGzippedFileWithAChangedByteIsRefusedOrTheSame(format: SmallFile) throws {
        let whole = try #require(Self.read(format, Self.whole(format)))
        let packed = try Self.whole(format).withUnsafeBytes { try Gzip.deflate($0) }
        for place in packed.indices {
            for bit in 0..<8 {
                var changed = packed
                changed[place] ^= 1 << UInt8(bit)
                let volume = Self.read(format, changed)
                #expect(volume == nil || volume?.voxels == whole.voxels, "\(place)")
            }
        }
    }

    @Test(arguments: SmallFile.allCases)
    func anyByteMayHaveAnyOfItsEdgeValues(format: SmallFile) {
        let whole = Self.whole(format)
        for place in whole.indices where whole[place] != 0 || place < 1100 {
            for value: UInt8 in [0, 1, 0x20, 0x2D, 0x39, 0x7F, 0x80, 0xFF] {
                var changed = whole
                changed[place] = value
                _ = Self.read(format, changed)
            }
        }
    }

    /// Up to eight bytes set, cut out or doubled at once; seeded.
    @Test(arguments: SmallFile.allCases)
    func randomDamageIsRefusedOrFits(format: SmallFile) {
        let whole = Self.whole(format)
        var state: UInt64 = 42
        func random(_ below: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % below
        }
        for _ in 0..<4000 {
            var bytes = whole
            for _ in 0...random(8) {
                let place = random(bytes.count)
                switch random(4) {
                case 0: bytes[place] = UInt8(random(256))
                case 1: bytes[place] = [0, 0x7F, 0x80, 0xFF][random(4)]
                case 2: bytes.remove(at: place)
                default: bytes.insert(bytes[place], at: place)
                }
            }
            _ = Self.read(format, bytes)
        }
    }

    /// 10^10 voxels of 4 bytes, and 2^62 where the header can say that.
    static let promises: [[Int]] = [
        [3000, 3000, 1112, 1], [100, 100, 100, 10000], [1 << 62, 1, 1, 1], [1, 1, 1, 1 << 62],
    ]

    @Test(arguments: SmallFile.allCases, promises)
    func aPromiseTheFileCannotKeepIsRefused(format: SmallFile, shape: [Int]) throws {
        // ECAT says sizes in 16 bits and has an entry in its directory for each frame.
        let sizes = format == .ecat7 ? [30000, 30000, shape[2] % 1000 + 1, 1] : shape
        #expect(Self.read(format, format.bytes(sizes, voxels: [UInt8](repeating: 7, count: 100))) == nil)
    }

    /// 31 frames that all begin where the first does, a block apart: each alone would fit the file.
    @Test func framesOfECATThatLieOverEachOtherAreRefused() throws {
        var bytes = SmallFile.ecat7.bytes([200, 100, 10, 1])
        bytes[512 + 15] = 31
        for frame in 1..<31 {
            let entry = 512 + 16 + 16 * frame
            bytes.replaceSubrange(entry..<(entry + 16), with: bytes[528..<544])
            bytes[entry + 3] = UInt8(frame + 1)
            bytes[entry + 7] = UInt8(frame + 3)
        }
        #expect(Self.read(.ecat7, bytes) == nil)
    }

    @Test(arguments: [SmallFile.nifti1, .nifti2, .mgh])
    func anImageThatLiesNowhereIsRefused(format: SmallFile) throws {
        var bytes = Self.whole(format)
        let (place, nan): (Int, [UInt8]) =
            switch format {
            case .nifti1: (292, [0, 0, 0xC0, 0x7F])
            case .nifti2: (424, [0, 0, 0, 0, 0, 0, 0xF8, 0x7F])
            default: (78, [0x7F, 0xC0, 0, 0])
            }
        bytes.replaceSubrange(place..<(place + nan.count), with: nan)
        #expect(Self.read(format, bytes) == nil)
    }

    @Test(arguments: [1e-6, 1e-300])
    func aGridOfEndlessVoxelsIsRefused(size: Double) throws {
        let grid = try VoxelGrid(shape: [10, 10, 10], worldFromVoxel: .identity)
        #expect(throws: GridError.tooLarge) { try grid.resized(voxelSize: [size, size, size]) }
    }
}
