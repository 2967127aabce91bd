import Glibc
import Records

/// What a DICOM object that we make takes over from the images it is made of: the study and, where asked for, the patient.
public struct DICOMSource {
    /// Who the object is about.
    public enum Identity: Sendable, Equatable {
        /// The study's code alone, as name and ID; nothing of the patient comes over.
        case code(String)
        /// The patient, study and dates of the images.
        case kept
    }

    /// The images.
    let series: DICOMSeries
    /// Who the object is about.
    let identity: Identity
    /// SHA-256 of the first image, from which new UIDs are made.
    private let seed: String

    /// The images of a series.
    public init(_ series: DICOMSeries, identity: Identity) throws {
        guard let first = series.headers.first else {
            throw FileProblem("", .noInput, "\(DICOMProblem.noFiles)")
        }
        (self.series, self.identity) = (series, identity)
        seed = try SHA256.hex(ofFile: first.path)
    }

    /// A new UID: 2.25 and a 128-bit number [X667], made from the source, the identity and what is named.
    func uid(_ what: String) -> String {
        let who = if case .code(let code) = identity { code } else { "" }
        let digits = SHA256.hex(Array("\(seed) \(who) \(what)".utf8)).prefix(32)
        return "2.25.\(UInt128(digits, radix: 16) ?? 0)"
    }

    /// The modules that every object of ours has: patient, study, series, equipment and what it is.
    func begin(
        _ data: DICOMDataSet, sopClass: String, modality: String, description: String, number: Int, content: String
    ) throws {
        let path = series.headers[0].path
        try naming(path) {
            try InputFile.withMapped(path) { bytes in
                let source = try ParsedDICOM(bytes, whole: false)
                guard let study = source.string([0x0020, 0x000D]), !study.isEmpty else {
                    throw DICOMProblem.missing("(0020,000D)", "Study Instance UID")
                }
                for element: UInt32 in [0x0008_0020, 0x0008_0030, 0x0008_0050, 0x0008_0090, 0x0020_0010] {
                    try data.put(element, text: "")
                }
                switch identity {
                case .code(let code):
                    try data.put(0x0010_0010, text: code)
                    try data.put(0x0010_0020, text: code)
                    try data.put(0x0010_0030, text: "")
                    try data.put(0x0010_0040, text: "")
                    try data.put(0x0012_0062, text: "YES")
                    try data.put(0x0012_0063, text: "Engraft: study code only, no dates of the patient")
                case .kept:
                    for element: UInt32 in [0x0010_0010, 0x0010_0020, 0x0010_0030, 0x0010_0040] {
                        try data.put(element, text: "")
                    }
                    data.copy(Self.identifying, of: source)
                }
                try data.put(0x0020_000D, text: study)
            }
        }
        let instance = uid("\(sopClass) \(content)")
        try data.put(0x0008_0016, text: sopClass)
        try data.put(0x0008_0018, text: instance)
        try data.put(0x0008_0060, text: modality)
        try data.put(0x0008_103E, text: description)
        try data.put(0x0020_000E, text: uid("series \(sopClass) \(content)"))
        try data.put(0x0020_0011, number: number)
        try data.put(0x0020_0013, number: 1)
        try data.put(0x0008_0070, text: "Engraft")
        try data.put(0x0008_1090, text: "Engraft")
        try data.put(0x0018_1000, text: "none")
        try data.put(0x0018_1020, text: Engraft.version)
    }

    /// The character set, the study and the patient, which come over where they are asked for.
    private static let identifying: [UInt32] = [
        0x0008_0005, 0x0008_0020, 0x0008_0030, 0x0008_0050, 0x0008_0090, 0x0008_1030, 0x0010_0010, 0x0010_0020,
        0x0010_0021, 0x0010_0030, 0x0010_0040, 0x0010_1010, 0x0020_0010,
    ]

    /// Today and now in UTC, as DICOM writes them.
    static func now() -> (date: String, time: String) {
        let seconds = Glibc.time(nil)
        let clock = [seconds / 3600 % 24, seconds / 60 % 60, seconds % 60]
        return (
            CalendarDate.today.description.filter { $0 != "-" },
            clock.map { ($0 < 10 ? "0" : "") + String($0) }.joined()
        )
    }
}
