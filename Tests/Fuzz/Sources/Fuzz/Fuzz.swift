import Glibc

// libFuzzer's main calls these two. `Fuzz NIfTI -max_total_time=60` fuzzes one reader, `Fuzz NIfTI crash-0a1b` repeats one
// file, `Fuzz` lists the readers. What a run needs and leaves is below .build/work of the folder it is started in; files that
// are read by path lie below FUZZ_SCRATCH, where that is set.

nonisolated(unsafe) private var given: [String] = []
nonisolated(unsafe) private var reader = Reader.all[0]
nonisolated(unsafe) private var scratch = ""

/// Takes the reader's name from the arguments and gives libFuzzer its seeds, dictionary and limits.
@c(LLVMFuzzerInitialize)
public func initialize(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>
) -> CInt {
    given = (0..<Int(count.pointee)).compactMap { arguments.pointee[$0].map { String(cString: $0) } }
    guard given.count > 1, let named = Reader.all.first(where: { $0.name == given[1] }) else {
        print(Reader.all.map(\.name).joined(separator: "\n"))
        exit(given.count > 1 ? 64 : 0)
    }
    reader = named
    let work = ".build/work/\(named.name)"
    scratch = getenv("FUZZ_SCRATCH").map { "\(String(cString: $0))/\(named.name)" } ?? "\(work)/scratch"
    for folder in [".build", ".build/work", work, scratch, "\(work)/seeds", "\(work)/corpus"] { mkdir(folder, 0o755) }
    writeSeeds(of: named, below: work)

    // The limits are what is promised for a damaged file: an answer within 5 s and 1 GiB. A single block may be larger as
    // long as it is not touched: DCMTK reserves as many addresses as an element promises in its 32 bits.
    let options = [
        "-dict=\(work)/words", "-max_len=16384", "-timeout=5", "-rss_limit_mb=1024", "-malloc_limit_mb=4097",
        "-artifact_prefix=\(work)/", "-print_final_stats=1",
    ]
    let files = given.dropFirst(2).contains { !$0.hasPrefix("-") } ? [] : ["\(work)/corpus", "\(work)/seeds"]
    let all = [given[0]] + options + given.dropFirst(2) + files
    let copies = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: all.count + 1)
    copies.initialize(repeating: nil, count: all.count + 1)
    for (place, argument) in all.enumerated() { copies[place] = strdup(argument) }
    (count.pointee, arguments.pointee) = (CInt(all.count), copies)
    return 0
}

/// Gives the reader one file.
@c(LLVMFuzzerTestOneInput)
public func testOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    reader.check(UnsafeRawBufferPointer(start: data, count: size), scratch: scratch)
    return 0
}

private func writeSeeds(of reader: Reader, below work: String) {
    do {
        for (number, seed) in try reader.seeds().enumerated() {
            seed.withUnsafeBytes { bytes in
                write(bytes, to: "\(work)/seeds/\(number)")
                // A seed that is refused would hide all that lies behind the refusal.
                do { _ = try reader.read(bytes, scratch) } catch { fatalError("seed \(number) is refused: \(error)") }
            }
        }
    } catch { fatalError("\(error)") }
    let words = reader.words.map { word in
        "\"" + word.utf8.map { "\\x" + (($0 < 16 ? "0" : "") + String($0, radix: 16)) }.joined() + "\"\n"
    }
    Array(words.joined().utf8).withUnsafeBytes { write($0, to: "\(work)/words") }
}
