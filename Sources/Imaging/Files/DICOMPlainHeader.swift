import CDICOM

/// The header of a plain single-frame file, taken from its bytes in one pass.
///
/// Says what `ParsedDICOM` says; most files of a scanner are plain, and a series has hundreds.
struct DICOMPlainHeader {
    let transferSyntax: String
    let nativePixels: (offset: Int, length: Int)?
    /// Values by element, trimmed; an element that is absent or empty is not there.
    let values: [DICOMTag: String]

    /// `nil` where the header is not plain, or goes on behind `bytes`.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard let query = DICOMPlainHeader.query, let base = bytes.bindMemory(to: UInt8.self).baseAddress else {
            return nil
        }
        var place = cdicom_place()
        let tags = DICOMPlainHeader.tags
        let values = withUnsafeTemporaryAllocation(of: cdicom_value.self, capacity: tags.count) { found in
            guard cdicom_values(query, base, bytes.count, found.baseAddress, &place) == 0 else {
                return [DICOMTag: String]?.none
            }
            var values = [DICOMTag: String](minimumCapacity: tags.count)
            for (tag, value) in zip(tags, found) where value.length > 0 {
                values[tag] = DICOMPlainHeader.text(value.text, value.length)
            }
            return values
        }
        guard let values else { return nil }
        self.values = values
        transferSyntax = DICOMPlainHeader.text(place.syntax, place.syntax_length)
        nativePixels = place.native != 0 ? (place.offset, place.length) : nil
    }

    private static func text(_ start: UnsafePointer<CChar>, _ length: Int) -> String {
        String(decoding: UnsafeRawBufferPointer(start: start, count: length), as: UTF8.self)
    }

    private static let tags = DICOMTag.allCases

    /// The elements of `DICOMTag`, in their order.
    nonisolated(unsafe) private static let query: OpaquePointer? = {
        guard let query = cdicom_query_create() else { return nil }
        for tag in tags {
            let path = tag.privateCreator == nil ? tag.path : [tag.rawValue >> 16, tag.rawValue & 0xFF]
            cdicom_query_add(query, path, path.count, tag.privateCreator)
        }
        return query
    }()
}
