/// The sample patient that travels with the project.
public enum SampleScans {
    /// The folder `sample-scans` of the checkout.
    public static let folder =
        "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/sample-scans"
}
