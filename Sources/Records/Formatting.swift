import Glibc

/// A number with a fixed count of decimals, "n/a" where it does not exist.
public func fixed(_ value: Double?, _ decimals: Int) -> String {
    guard let value, value.isFinite else { return "n/a" }
    let text = printed("%.*f", decimals, value)
    let isZero = text.allSatisfy { "-0.".contains($0) }
    return isZero && text.hasPrefix("-") ? String(text.dropFirst()) : text
}

/// A number with a count of significant digits, "n/a" where it does not exist.
public func significant(_ value: Double?, _ digits: Int) -> String {
    guard let value, value.isFinite else { return "n/a" }
    return printed("%.*g", digits, value)
}

/// A number with its sign, always.
public func signed(_ value: Double?, _ decimals: Int) -> String {
    guard let value, value.isFinite else { return "n/a" }
    let text = fixed(abs(value), decimals)
    return (value < 0 && text.contains { $0 != "0" && $0 != "." } ? "−" : "+") + text
}

private func printed(_ format: String, _ digits: Int, _ value: Double) -> String {
    withVaList([Int32(digits), value]) { arguments in
        var buffer = [CChar](repeating: 0, count: 400)
        let length = Int(vsnprintf(&buffer, buffer.count, format, arguments))
        return String(
            decoding: buffer.prefix(min(length, buffer.count - 1)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
