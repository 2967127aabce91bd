/// Why DICOM files cannot be read as one volume.
public enum DICOMProblem: Error, Equatable, CustomStringConvertible {
    /// The file itself: not DICOM, damaged, or with pixels that cannot be decoded.
    case unreadable(String)
    /// Nothing in the folder is DICOM.
    case noFiles
    /// An element without which the image cannot be placed or scaled.
    case missing(String, String)
    /// A kind of object that is not read.
    case unsupportedObject(String)
    /// A pixel layout that is not read.
    case unsupportedPixels(String)
    /// The header promises more than the file holds.
    case truncated(needed: Int, available: Int)
    /// Slices that do not belong on one grid: what differs and between which files.
    case mixed(String)
    /// Slices missing, doubled or unevenly spaced.
    case uneven(String)
    /// Slices shifted against each other.
    case tilted(degrees: Double)
    /// Slices turned or placed so that no grid results.
    case geometry(GridError)

    /// One sentence for the person holding the files.
    public var description: String {
        switch self {
        case .unreadable(let reason): reason
        case .noFiles: "no DICOM file was found here"
        case .missing(let tag, let what):
            "\(tag) \(what) is missing or not usable; without it the image cannot be read"
        case .unsupportedObject(let what):
            "this is \(what), which is not read; CT, MR and PET images and segmentations are"
        case .unsupportedPixels(let what): "its pixels are \(what), which are not read; 8, 16 or 32 bit greyscale are"
        case .truncated(let needed, let available):
            "the file is cut short: its pixels need \(needed) bytes and \(available) are there; copy it again"
        case .mixed(let what): "the files of the series do not fit together: \(what)"
        case .uneven(let what): what
        case .tilted(let degrees):
            "the slices are shifted against each other by a gantry tilt of \((degrees * 10).rounded() / 10)°; "
                + "--allow-gaps interpolates them onto an upright grid"
        case .geometry(let error): error.description
        }
    }

    /// Whether `--allow-gaps` can mend it.
    var isMendedByResampling: Bool {
        switch self {
        case .uneven, .tilted: true
        default: false
        }
    }

    /// The sentence without what to do.
    var inShort: String { String(description.prefix { $0 != ";" }) }

    static func text(_ characters: [CChar]) -> String {
        String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
