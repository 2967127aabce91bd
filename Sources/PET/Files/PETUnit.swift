/// A unit of PET voxels as headers and sidecars write it: DICOM's own words, or UCUM as enhanced images have it.
public struct PETUnit: Sendable, Equatable {
    /// DICOM's word in (0054,1001) Units: "BQML", "GML", "CM2ML", "CNTS", "CPS", "PROPCNTS" or "PROPCPS".
    public let dicomName: String
    /// DICOM's word in (0054,1006) SUV Type where the unit says it; `nil` where not.
    public let suvType: String?

    /// The unit of a text, whatever its case; `nil` where it is none of PET's [DICOM-PS3.16, CID 84 and 85].
    public init?(named text: String) {
        let plain = text.filter { $0 != " " }.uppercased()
        let braces = plain.split(whereSeparator: { $0 == "{" || $0 == "}" }).map(String.init)
        let unit = braces.filter { !$0.hasPrefix("SUV") }.joined()
        let suv = braces.first { $0.hasPrefix("SUV") }
        let names = [
            "BQML": "BQML", "BQ/ML": "BQML", "GML": "GML", "G/ML": "GML", "CM2ML": "CM2ML", "CM2/ML": "CM2ML",
            "CNTS": "CNTS", "COUNTS": "CNTS", "CPS": "CPS", "COUNTS/S": "CPS", "PROPCNTS": "PROPCNTS",
            "PROPCOUNTS": "PROPCNTS", "PROPCPS": "PROPCPS", "PROPCOUNTS/S": "PROPCPS",
        ]
        guard let name = names[unit] else { return nil }
        let kinds = [
            "SUVBW": "BW", "SUVLBM": "LBM", "SUVLBM(JAMES128)": "LBMJAMES128", "SUVLBM(JANMA)": "LBMJANMA",
            "SUVBSA": "BSA", "SUVIBW": "IBW",
        ]
        if let suv, kinds[suv] == nil { return nil }
        (dicomName, suvType) = (name, suv.flatMap { kinds[$0] })
    }
}
