import Imaging
import Records

extension ImageFile {
    /// The PET-BIDS keys that are known, for the sidecar of a converted image.
    public func sidecarMembers(suv: SUVKind?) -> [JSONValue.Member] {
        var members: [JSONValue.Member] = [.init("Units", JSONValue(suv.map(Self.unit) ?? units))]
        guard let a = acquisition else { return members }
        func add(_ key: String, _ value: JSONValue) { if value != .null { members.append(.init(key, value)) } }
        add("TracerName", JSONValue(a.tracer))
        add("TracerRadionuclide", JSONValue(a.radionuclide))
        add("RadionuclideHalfLife", JSONValue(a.halfLifeS))
        add("InjectedRadioactivity", JSONValue(a.injectedBq))
        if a.injectedBq != nil { add("InjectedRadioactivityUnits", "Bq") }
        add("BodyWeight", JSONValue(a.massKg))
        add("BodyHeight", JSONValue(a.heightCm))
        add("PatientSex", JSONValue(a.sex?.rawValue))
        add("InjectionStart", .number(a.injectionStartS))
        if !a.frames.isEmpty {
            add("FrameTimesStart", JSONValue(a.frames.map(\.start)))
            add("FrameDuration", JSONValue(a.frames.map(\.duration)))
        }
        add("ImageDecayCorrected", JSONValue(a.decayReference.map { $0 != .none }))
        add("ImageDecayCorrectionTime", JSONValue(a.decayReferenceS.map { $0 + a.injectionStartS }))
        return members
    }

    private static func unit(_ kind: SUVKind) -> String { kind == .bsa ? "cm2/mL" : "g/mL" }
}
