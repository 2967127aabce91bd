import Foundation
import Records
import TestSupport
import Testing

/// Damaged files through the built binary: an answer or one sentence within 5 s, in 1 GiB.
@Suite struct DamagedFileTests {
    static func files(below folder: String) throws -> [String] {
        try InputFile.list(folder).flatMap { name in
            let path = "\(folder)/\(name)"
            return InputFile.isFolder(path) ? try files(below: path) : [path]
        }
    }

    /// What is wrong with how `info` answered; `nil` where it is right.
    static func complaint(_ path: String) -> String? {
        do {
            let outcome = try Binary.run(["info", path], guarded: true)
            switch outcome.status {
            case 0:
                return outcome.output.isEmpty ? "nothing was printed" : nil
            case 65, 66:
                guard outcome.output.isEmpty else { return "a result was printed for a refused file" }
                let isOneLine = outcome.error.hasSuffix("\n") && outcome.complaints.count == 1
                // Of a pair, either file.
                let folder = path[...(path.lastIndex(of: "/") ?? path.startIndex)]
                let names = [path, "\(folder)image.v"]
                guard isOneLine, names.contains(where: { outcome.error.hasPrefix("engraft: \($0): ") }) else {
                    return "not one sentence that names the file: \(outcome.error)"
                }
                return nil
            default: return "status \(outcome.status): \(outcome.error.suffix(300))"
            }
        } catch { return "\(error)" }
    }

    /// Two at a time.
    static func complaints(_ paths: [String]) -> [String] {
        let found = [String?](unsafeUninitializedCapacity: paths.count) { buffer, count in
            nonisolated(unsafe) let places = buffer.baseAddress!
            DispatchQueue.concurrentPerform(iterations: 2) { half in
                for n in stride(from: half, to: paths.count, by: 2) {
                    (places + n).initialize(to: complaint(paths[n]).map { "\(paths[n]): \($0)" })
                }
            }
            count = paths.count
        }
        return found.compactMap { $0 }
    }

    @Test(.enabled(if: ReferenceData.isPresent, "the reference data are not beside the checkout"))
    func everyDamagedFileGetsAnAnswerOrOneSentence() throws {
        let files = try Self.files(below: ReferenceData.path("images/fuzz"))
        #expect(files.count > 300)
        #expect(Self.complaints(files) == [])
    }

    /// 10^10 voxels, and 2^62 where the header can say that, with 100 bytes behind it; plain and gzipped.
    @Test func aPromiseTheFileCannotKeepTakesNoMemory() throws {
        try withTemporaryFolder { folder in
            var paths: [String] = []
            for format in SmallFile.allCases {
                let shapes = [[3000, 3000, 1112, 1], [30000, 30000, 30000, 1], [1 << 62, 1, 1, 1]]
                for (n, shape) in shapes.enumerated() {
                    let bytes = format.bytes(shape, voxels: [UInt8](repeating: 7, count: 100))
                    let path = "\(folder)/\(format)-\(n)-\(format.name)"
                    try OutputFile.write(bytes, to: path)
                    // The header of an Interfile names the file of its voxels.
                    if format == .interfile { try OutputFile.write(bytes, to: "\(folder)/image.v", force: true) }
                    paths.append(path)
                }
            }
            var slice = DICOMFile(z: 0)
            slice.elements[0x0028_0010] = .short(65535)
            slice.elements[0x0028_0011] = .short(65535)
            try OutputFile.write(slice.bytes, to: "\(folder)/large.dcm")
            slice = DICOMFile(z: 0)
            slice.elements[0x0028_0008] = .text("IS", "2147483647")
            try OutputFile.write(slice.bytes, to: "\(folder)/many.dcm")
            paths += ["\(folder)/large.dcm", "\(folder)/many.dcm"]
            #expect(Self.complaints(paths) == [])
            for path in paths { #expect(try Binary.run(["info", path]).status == 65, "\(path)") }
        }
    }
}
