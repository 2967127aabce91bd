import CCrypto

/// The SHA-256 hash of bytes that may come in pieces [FIPS180-4].
public final class SHA256 {
    private let context = EVP_MD_CTX_new()

    /// A hash of nothing yet.
    public init() { EVP_DigestInit_ex(context, EVP_sha256(), nil) }

    deinit { EVP_MD_CTX_free(context) }

    /// Adds bytes.
    public func update(_ bytes: UnsafeRawBufferPointer) { EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) }

    /// The hash of all bytes added, as 64 lower-case hexadecimal digits. Call once.
    public func finish() -> String {
        var digest = [UInt8](repeating: 0, count: 32)
        EVP_DigestFinal_ex(context, &digest, nil)
        return digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// The hash of an array's bytes.
    public static func hex<T: BitwiseCopyable>(_ values: [T]) -> String {
        let hash = SHA256()
        values.withUnsafeBytes { hash.update($0) }
        return hash.finish()
    }

    /// The hash of a file's bytes, read piece by piece: a week of samples is larger than what may be held of it.
    public static func hex(ofFile path: String) throws -> String {
        let hash = SHA256()
        try InputFile.forEachPiece(of: path) { hash.update($0) }
        return hash.finish()
    }
}
