/// Studies that travel with the program, as examples and to begin with.
public enum BuiltInStudy {
    /// Their names, as `engraft study init` takes them.
    public static let names = ["hexell-2020-fs-001", "xs228-als", "xs411-phase1", "xs411-phase2"]

    /// The file of one; `nil` where there is none of that name.
    public static func text(named name: String) -> String? {
        let bytes: [UInt8]? =
            switch name {
            case "hexell-2020-fs-001": PackageResources.hexell_2020_fs_001_yaml
            case "xs228-als": PackageResources.xs228_als_yaml
            case "xs411-phase1": PackageResources.xs411_phase1_yaml
            case "xs411-phase2": PackageResources.xs411_phase2_yaml
            default: nil
            }
        return bytes.map { String(decoding: $0, as: UTF8.self) }
    }
}

extension BuiltInStudy {
    /// Example tables for a study, with made-up subjects: names and texts of files.
    public static func examples(of name: String) -> [(name: String, text: String)] {
        let files: [(String, [UInt8])] =
            switch name {
            case "hexell-2020-fs-001":
                [
                    ("subjects.csv", PackageResources.frailty_subjects_csv),
                    ("attestations.csv", PackageResources.frailty_attestations_csv),
                    ("dlt.csv", PackageResources.frailty_dlt_csv), ("frailty.csv", PackageResources.frailty_items_csv),
                ]
            case "xs411-phase1": [("dlt.csv", PackageResources.graft_dlt_csv)]
            case "xs411-phase2":
                [
                    ("subjects.csv", PackageResources.graft_subjects_csv),
                    ("items.csv", PackageResources.graft_items_csv), ("diary.csv", PackageResources.graft_diary_csv),
                    ("medication.csv", PackageResources.graft_medication_csv),
                    ("pet.csv", PackageResources.graft_pet_csv),
                ]
            case "xs228-als":
                [
                    ("subjects.csv", PackageResources.als_subjects_csv), ("items.csv", PackageResources.als_items_csv),
                    ("cafs.csv", PackageResources.als_cafs_csv),
                ]
            default: []
            }
        return files.map { ($0.0, String(decoding: $0.1, as: UTF8.self)) }
    }
}
