/// Nuclides used in PET and SPECT.
public enum Radionuclide {
    /// Half-lives, s, by symbol and mass number [NuDat3].
    ///
    /// F18: 109.77 min, as most scanners write it (6586.2 s); others write 109.8 min (6588 s). A file's own value counts.
    private static let halfLives: [String: Double] = [
        "C11": 1221.84, "N13": 597.9, "O15": 122.24, "F18": 6586.2, "Cu64": 45723.6, "Ga68": 4062.6, "Rb82": 75.45,
        "Tc99m": 21624.1, "Zr89": 282276, "In111": 242326, "I123": 47604.6, "I124": 360806,
    ]

    private static let elements = [
        "carbon": "C", "nitrogen": "N", "oxygen": "O", "fluorine": "F", "copper": "Cu", "gallium": "Ga",
        "rubidium": "Rb", "technetium": "Tc", "zirconium": "Zr", "indium": "In", "iodine": "I",
    ]

    /// Codes of SNOMED RT as DICOM CID 4020 lists them for the commonest nuclides.
    private static let codes = [
        "C-105A1": "C11", "C-107A1": "N13", "C-B1038": "O15", "C-111A1": "F18", "C-131A3": "Ga68",
    ]

    /// The half-life of a nuclide, s; `nil` where it is not in the table. Takes what `name(of:)` takes.
    public static func halfLifeS(of text: String) -> Double? { name(of: text).flatMap { halfLives[$0] } }

    /// Symbol and mass number, "F18", of a nuclide written "F-18", "18F", "[18F]", "^18^Fluorine" or "C-111A1".
    /// `nil` where the text is none of the nuclides known here.
    public static func name(of text: String) -> String? {
        if let known = codes[text] { return known }
        var letters = ""
        var mass = ""
        var metastable = false
        for character in text where !" -_^[]()".contains(character) {
            if character.isASCII, character.isWholeNumber {
                mass.append(character)
            } else if !mass.isEmpty, character == "m", letters.isEmpty || letters.lowercased() == "tc" {
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
