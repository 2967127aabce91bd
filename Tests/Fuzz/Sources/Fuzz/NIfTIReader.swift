import Imaging

extension Reader {
    static let nifti = Reader(
        name: "NIfTI", words: ["n+1\0", "ni1\0", "n+2\0\r\n\u{1A}\n", "\u{5C}\u{1}\0\0", "\0\0\u{1}\u{5C}"],
        seeds: {
            var seeds: [[UInt8]] = []
            for storage in NIfTI.Storage.allCases where storage != .labels {
                seeds.append(NIfTI.encode(try ramp(), storage: storage))
            }
            seeds.append(NIfTI.encode(try ramp([2, 2, 2], frames: 3)))
            // Version 2, which the writer takes for a long axis.
            seeds.append(NIfTI.encode(Volume(grid: try ramp([32768, 1, 1]).grid, repeating: 1), storage: .int16))
            for seed in seeds { seeds.append(try seed.withUnsafeBytes { try Gzip.deflate($0) }) }
            return seeds.filter { $0.count <= 16384 }
        },
        read: { bytes, scratch in
            write(bytes, to: "\(scratch)/file.nii")
            return try NIfTI.read("\(scratch)/file.nii").volume
        })
}
