import Imaging
import Records

extension ImageFile {
    /// The members of the sidecar of this image as it is or, with `suv`, as `standardized(suv)` makes it: every field of
    /// PET-BIDS that is known, by BIDS's names, and no date, name or UID.
    public func sidecarMembers(suv: SUVKind? = nil) -> [JSONValue.Member] {
        var members = described
        func set(_ key: String, _ value: JSONValue) {
            guard value != .null else { return }
            members.removeAll { $0.key == key }
            members.append(.init(key, value))
        }
        func remove(_ keys: String...) { members.removeAll { keys.contains($0.key) } }
        set("Units", JSONValue(suv?.unit ?? units.map(Self.unitForBIDS)))
        guard let a = acquisition else { return PETBIDS.ordered(members) }
        set("SUVType", JSONValue(suv?.dicomName ?? a.suvType))
        set("TracerName", JSONValue(a.tracer))
        set("TracerRadionuclide", JSONValue(a.radionuclide))
        set("RadionuclideHalfLife", JSONValue(a.halfLifeS))
        if let dose = a.injectedBq {
            set("InjectedRadioactivity", .number(dose))
            set("InjectedRadioactivityUnits", "Bq")
        }
        set("BodyWeight", JSONValue(a.massKg))
        set("BodyHeight", JSONValue(a.heightCm))
        set("PatientSex", JSONValue(a.sex?.rawValue))
        set("TimeZero", JSONValue(a.timeZero))
        set("ScanStart", JSONValue(a.scanStartS))
        if a.injectionKnown { set("InjectionStart", .number(a.injectionStartS)) }
        if !a.frames.isEmpty {
            set("FrameTimesStart", JSONValue(a.frames.map(\.start)))
            set("FrameDuration", JSONValue(a.frames.map(\.duration)))
        }
        // SUV of values that were not corrected is corrected to the injection on the way.
        if suv != nil && a.decayReference == Acquisition.DecayReference.none {
            set("ImageDecayCorrected", true)
            set("ImageDecayCorrectionTime", .number(a.injectionStartS))
            remove("DecayCorrectionFactor")
        } else {
            set("ImageDecayCorrected", JSONValue(a.decayReference.map { $0 != .none }))
            set("ImageDecayCorrectionTime", JSONValue(a.decayReferenceS.map { $0 + a.injectionStartS }))
        }
        return PETBIDS.ordered(members)
    }

    /// The image in Bq/mL where its unit leads there, and what its values were multiplied by; `nil` where they are in
    /// Bq/mL already, or in a unit that does not lead there.
    public func inBqPerML() -> (image: ImageFile, factor: Double)? {
        guard let factor = acquisition?.bqPerMLScale, factor != 1 else { return nil }
        var image = self
        image.volume.withMutableVoxels { voxels in
            for i in voxels.indices { voxels[i] = Float(Double(voxels[i]) * factor) }
        }
        image.units = "BQML"
        image.acquisition?.units = "BQML"
        return (image, factor)
    }

    /// DICOM's words for units as BIDS writes them; others stay.
    private static func unitForBIDS(_ unit: String) -> String {
        switch unit.uppercased() {
        case "BQML", "BQ/ML", "BQ/CC": "Bq/mL"
        case "KBQML", "KBQ/ML", "KBQ/CC": "kBq/mL"
        case "GML", "G/ML": "g/mL"
        case "CM2ML", "CM2/ML": "cm2/mL"
        default: unit
        }
    }
}
