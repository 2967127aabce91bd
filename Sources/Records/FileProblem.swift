/// Something wrong with a file, as one sentence for the person holding it, and the exit code it ends a command with.
///
/// `sub-04_pet.nii: the file ends at byte 100; byte 256 was expected`
public struct FileProblem: Error, Equatable, CustomStringConvertible {
    /// What kind of problem it is; the raw value is the exit code of `sysexits.h`.
    public enum Kind: Int32, Sendable {
        /// The content is not what it should be.
        case badData = 65
        /// There is nothing at this path, or it cannot be opened.
        case noInput = 66
        /// An output cannot be created.
        case cannotWrite = 73
        /// Reading or writing failed half way.
        case inputOutput = 74
        /// Something else is in the way for now.
        case tryAgain = 75
    }

    /// The path as the user gave it.
    public var path: String
    /// What kind of problem it is.
    public var kind: Kind
    /// What is wrong and what to do, without the path.
    public var reason: String

    /// A problem with a file.
    public init(_ path: String, _ kind: Kind = .badData, _ reason: String) {
        (self.path, self.kind, self.reason) = (path, kind, reason)
    }

    /// The sentence.
    public var description: String { "\(path): \(reason)" }
}

/// Runs a reader of bytes and adds the path to what it throws.
public func naming<R>(_ path: String, _ body: () throws -> R) throws(FileProblem) -> R {
    do { return try body() } catch let problem as FileProblem { throw problem } catch {
        throw FileProblem(path, .badData, "\(error)")
    }
}
