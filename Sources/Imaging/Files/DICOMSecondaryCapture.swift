import Records

/// A picture as a DICOM Secondary Capture: what every viewer of an archive shows [DICOM].
public enum DICOMSecondaryCapture {
    /// The file of an RGB picture, three bytes a pixel, rows from the top.
    ///
    /// The picture has text in it, so it says that identification may be burned in.
    public static func file(
        rgb: [UInt8], width: Int, height: Int, title: String, of source: DICOMSource
    ) throws -> [UInt8] {
        precondition(rgb.count == 3 * width * height, "three bytes for every pixel")
        guard (1...65535).contains(width), (1...65535).contains(height) else {
            throw DICOMProblem.unsupportedPixels("\(width) × \(height)")
        }
        let data = try DICOMDataSet()
        try source.begin(
            data, sopClass: "1.2.840.10008.5.1.4.1.1.7", modality: "OT", description: title, number: 9001,
            content: SHA256.hex(rgb))
        try data.put(0x0008_0008, text: "DERIVED\\SECONDARY")
        try data.put(0x0008_0064, text: "WSD")
        try data.put(0x0008_2111, text: Engraft.researchUse)
        try data.put(0x0020_0020, text: "")
        try data.put(0x0028_0002, number: 3)
        try data.put(0x0028_0004, text: "RGB")
        try data.put(0x0028_0006, number: 0)
        try data.put(0x0028_0010, number: height)
        try data.put(0x0028_0011, number: width)
        try data.put(0x0028_0100, number: 8)
        try data.put(0x0028_0101, number: 8)
        try data.put(0x0028_0102, number: 7)
        try data.put(0x0028_0103, number: 0)
        try data.put(0x0028_0301, text: "YES")
        try data.put(pixels: rgb)
        return try data.file()
    }
}
