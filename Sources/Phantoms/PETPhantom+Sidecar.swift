import Records

extension PETPhantomSettings {
    /// The PET-BIDS sidecar: every key the standard requires, with what a phantom can say.
    var sidecar: JSONValue {
        let mass = tracer == .fdopa ? 4.0 : 1.0
        return [
            "Modality": "PT", "Manufacturer": "Engraft", "ManufacturersModelName": "digital head phantom",
            "Units": "Bq/mL", "BodyPart": "brain", "TracerName": .string(tracer.tracerName),
            "TracerRadionuclide": "F18", "InjectedRadioactivity": .number(injectedBq / 1e6),
            "InjectedRadioactivityUnits": "MBq", "InjectedMass": .number(mass), "InjectedMassUnits": "ug",
            "SpecificRadioactivity": .number(injectedBq / mass), "SpecificRadioactivityUnits": "Bq/ug",
            "ModeOfAdministration": "bolus", "BodyWeight": .number(massKg),
            "RadionuclideHalfLife": .number(PhantomTracer.halfLifeS),
            "TimeZero": "10:00:00", "ScanStart": 0, "InjectionStart": 0,
            "FrameTimesStart": JSONValue(frames.map(\.start)), "FrameDuration": JSONValue(frames.map(\.duration)),
            "AcquisitionMode": "list mode", "ImageDecayCorrected": true, "ImageDecayCorrectionTime": 0,
            "ReconMethodName": "none: simulated image", "ReconMethodParameterLabels": ["none"],
            "ReconFilterType": "none", "AttenuationCorrection": "none: simulated without attenuation and scatter",
        ]
    }
}
