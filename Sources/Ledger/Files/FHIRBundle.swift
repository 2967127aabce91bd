import Records

/// A patient's results as a FHIR R4 Bundle of Observations [FHIR4], made from the patient.json that `engraft patient` writes.
///
/// The subject and the visits are logical identifiers, no resources: a study code, a visit's name and its months. There are no
/// dates. Measures are coded by us, `urn:engraft:measure`: LOINC has no code that we are sure of for the sum of MDS-UPDRS
/// part III, and none for binding ratios. The same file gives the same bundle, with the same identifiers.
public struct FHIRBundle: Sendable {
    /// Why a document gives no bundle.
    public enum Problem: Error, Equatable, CustomStringConvertible {
        case isFolder, isOther

        /// One sentence for the person holding the file.
        public var description: String {
            switch self {
            case .isFolder:
                "this describes a patient's folder; give the patient.json of the report that engraft patient wrote of it"
            case .isOther: "this is not the patient.json that engraft patient writes"
            }
        }
    }

    /// The Bundle.
    public let json: JSONValue
    /// How many Observations it has.
    public let count: Int

    /// A bundle of a patient's document; `sha256` is the hash of the file it was read from.
    public init(patient: JSONValue, sha256: String) throws(Problem) {
        guard let code = patient["code"]?.string, let visits = patient["visits"]?.elements, !visits.isEmpty else {
            throw .isOther
        }
        guard visits.contains(where: { $0["regions"] != nil }) else {
            throw visits.contains { $0["pet"]?.string != nil } ? .isFolder : .isOther
        }
        func address(_ what: String) -> String { Self.uuid(of: "\(sha256) \(what)") }
        let device = address("device")
        var observations: [FHIRObservation] = []
        for visit in visits { observations += FHIRObservation.of(visit: visit, in: patient) }
        for change in patient["changes"]?.elements ?? [] {
            observations += FHIRObservation.of(change: change, in: patient)
        }
        var entries: [JSONValue] = [
            ["fullUrl": .string(device), "resource": Self.device(version: patient["version"]?.string)]
        ]
        for (place, observation) in observations.enumerated() {
            entries.append([
                "fullUrl": .string(address("observation \(place)")),
                "resource": observation.json(code: code, device: device),
            ])
        }
        count = observations.count
        json = [
            "resourceType": "Bundle",
            "identifier": ["system": "urn:engraft:source-sha256", "value": .string(sha256)],
            "type": "collection", "entry": .array(entries),
        ]
    }

    /// The software, as a device that made the observations.
    private static func device(version: String?) -> JSONValue {
        [
            "resourceType": "Device",
            "deviceName": [["name": "Engraft", "type": "user-friendly-name"]],
            "version": [["value": .string(version ?? Engraft.version)]],
            "note": [["text": .string(Engraft.researchUse)]],
        ]
    }

    /// A UUID of version 8, made from a text's hash [RFC9562].
    static func uuid(of text: String) -> String {
        var digits = Array(SHA256.hex(Array(text.utf8)).prefix(32))
        digits[12] = "8"
        digits[16] = ["8", "9", "a", "b"][(digits[16].hexDigitValue ?? 0) & 3]
        let parts = [digits[0..<8], digits[8..<12], digits[12..<16], digits[16..<20], digits[20..<32]]
        return "urn:uuid:" + parts.map { String($0) }.joined(separator: "-")
    }
}
