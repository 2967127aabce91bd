/// Nuclides used in PET and SPECT.
public enum Radionuclide {
    /// Half-lives, s, by symbol and mass number [NuDat3].
    ///
    /// F18: 109.77 min, as most scanners write it (6586.2 s); others write 109.8 min (6588 s). A file's own value counts.
    private static let halfLives: [String: Double] = [
        "C11": 1221.84, "N13": 597.9, "O14": 70.62, "O15": 122.24, "F18": 6586.2, "Na22": 82_104_900, "K38": 458.2,
        "Sc43": 14007.6, "Sc44": 14551.2, "Ti45": 11088, "Mn51": 2772, "Mn52": 483_062, "Mn52m": 1266, "Fe52": 29790,
        "Cu60": 1422, "Cu61": 12020.4, "Cu62": 580.2, "Cu64": 45723.6, "Zn62": 33094.8, "Ga66": 34164, "Ga68": 4062.6,
        "Ge68": 23_408_352, "As70": 3156, "As72": 93600, "Se73": 25740, "Br75": 5802, "Br76": 58320, "Br77": 205_344,
        "Rb82": 75.45, "Y86": 53064, "Y90": 230_580, "Zr89": 282_276, "Nb90": 52560, "Tc94m": 3120, "Tc99m": 21624.1,
        "In111": 242_326, "I123": 47604.6, "I124": 360_806, "I131": 693_377, "Tb152": 63000, "Lu177": 574_067,
    ]

    private static let elements = [
        "carbon": "C", "nitrogen": "N", "oxygen": "O", "fluorine": "F", "sodium": "Na", "potassium": "K",
        "scandium": "Sc", "titanium": "Ti", "manganese": "Mn", "iron": "Fe", "copper": "Cu", "zinc": "Zn",
        "gallium": "Ga", "germanium": "Ge", "arsenic": "As", "selenium": "Se", "bromine": "Br", "rubidium": "Rb",
        "yttrium": "Y", "zirconium": "Zr", "niobium": "Nb", "technetium": "Tc", "indium": "In", "iodine": "I",
        "terbium": "Tb", "lutetium": "Lu",
    ]

    /// The codes of DICOM's CID 4020 [DICOM-PS3.16]: SNOMED RT, SNOMED CT and DICOM's own for each nuclide.
    private static let codes: [String: String] = {
        let table = """
            C11 C-105A1 40565003 N13 C-107A1 21576001 O14 C-1018C 424875009 O15 C-B1038 129504001 F18 C-111A1 77004003
            Na22 C-155A1 71633006 K38 C-135A4 423764008 Sc43 126605 Sc44 126600 Ti45 C-166A2 75696008 Mn51 126601
            Mn52 C-149A1 37225000 Mn52m 126607 Fe52 C-130A1 69089000 Cu60 C-127A4 425364008 Cu61 C-127A1 71425003
            Cu62 C-127A5 422934004 Cu64 C-127A2 3932008 Zn62 C-141A1 65054007 Ga66 C-131A1 79477007
            Ga68 C-131A3 35337001 Ge68 C-128A2 53315004 As70 126602 As72 C-115A2 2705002 Se73 C-116A2 87437000
            Br75 C-113A1 17910003 Br76 C-113A2 79523006 Br77 C-113A3 86521004 Rb82 C-159A2 79197006
            Y86 C-162A3 10738001 Y90 C-162A7 14691008 Zr89 C-168A4 63360001 Nb90 126603 Tc94m C-163AA 424079002
            I124 C-114A5 40937006 Tb152 126606
            """
        var codes: [String: String] = [:]
        var nuclide = ""
        for word in table.split(whereSeparator: \.isWhitespace).map(String.init) {
            if halfLives[word] != nil { nuclide = word } else { codes[word] = nuclide }
        }
        return codes
    }()

    /// The half-life of a nuclide, s; `nil` where it is not in the table. Takes what `name(of:)` takes.
    public static func halfLifeS(of text: String) -> Double? { name(of: text).flatMap { halfLives[$0] } }

    /// Symbol and mass number, "F18", of a nuclide written "F-18", "18F", "[18F]", "^18^Fluorine" or as one of
    /// the codes of DICOM's CID 4020, "C-111A1" or "77004003".
    /// `nil` where the text is none of the nuclides known here.
    public static func name(of text: String) -> String? {
        if let known = codes[text] { return known }
        var letters = ""
        var mass = ""
        var metastable = false
        for character in text where !" -_^[]()".contains(character) {
            if character.isASCII, character.isWholeNumber {
                mass.append(character)
            } else if !mass.isEmpty, character == "m", letters.isEmpty || ["tc", "mn"].contains(letters.lowercased()) {
                metastable = true
            } else {
                letters.append(character)
            }
        }
        let symbol = elements[letters.lowercased()] ?? letters
        let wanted = symbol + mass + (metastable ? "m" : "")
        return halfLives.keys.first { $0.lowercased() == wanted.lowercased() }
    }
}
