import Imaging
import Records

extension DICOMImage {
    /// What the headers say of scanner, reconstruction and corrections, under the names that PET-BIDS has for it.
    ///
    /// Elements whose text may name a person, an institution, a device's serial number, a date or a UID are not asked
    /// for. `acquisition` is what was read of the tracer; `nil` for images that are not PET.
    func described(_ acquisition: Acquisition?) -> [JSONValue.Member] {
        var members: [JSONValue.Member] = []
        func add(_ key: String, _ value: JSONValue) { if value != .null { members.append(.init(key, value)) } }
        add("Modality", JSONValue(string(.modality)))
        add("Manufacturer", JSONValue(string(.manufacturer)))
        add("ManufacturersModelName", JSONValue(string(.manufacturerModel)))
        add("BodyPart", JSONValue(string(.bodyPart)))
        guard let acquisition else {
            add("ConvolutionKernel", JSONValue(string(.convolutionKernel)))
            return members
        }
        members += chemistry(acquisition) + reconstruction() + corrections(acquisition)
        return members
    }

    /// Activity by amount of substance, (0018,1077) in Bq/µmol, gives the amount that was injected.
    private func chemistry(_ acquisition: Acquisition) -> [JSONValue.Member] {
        var members: [JSONValue.Member] = []
        if let specific = number(.specificActivity), specific > 0 {
            if let dose = acquisition.injectedBq {
                members += [.init("InjectedMass", .number(dose / specific)), .init("InjectedMassUnits", "umol")]
            }
            members += [
                .init("SpecificRadioactivity", .number(specific)), .init("SpecificRadioactivityUnits", "Bq/umol"),
                .init("MolarActivity", .number(specific)), .init("MolarActivityUnits", "Bq/umol"),
            ]
        }
        if let volume = number(.radiopharmaceuticalVolume), volume > 0 {
            members.append(.init("InjectedVolume", .number(volume)))
        }
        func seconds(_ tag: DICOMTag) -> Double? { DICOMTime.seconds(date: "19700101", time: string(tag)) }
        if let start = seconds(.radiopharmaceuticalStartTime), let stop = seconds(.radiopharmaceuticalStopTime),
            (0...7200).contains(stop - start), acquisition.injectionKnown
        {
            members.append(.init("InjectionEnd", .number(acquisition.injectionStartS + stop - start)))
        }
        return members
    }

    private func reconstruction() -> [JSONValue.Member] {
        var members: [JSONValue.Member] = []
        if let method = string(.reconstruction) {
            members.append(.init("ReconMethodName", .string(method)))
            if let (iterations, subsets) = parameters(method) {
                members += [
                    .init("ReconMethodParameterLabels", ["iterations", "subsets"]),
                    .init("ReconMethodParameterUnits", ["none", "none"]),
                    .init("ReconMethodParameterValues", [.integer(iterations), .integer(subsets)]),
                ]
            } else if method.uppercased().contains("FBP") || method.uppercased().contains("BACKPROJ") {
                members.append(.init("ReconMethodParameterLabels", ["none"]))
            }
        }
        if let version = string(.softwareVersions) {
            members.append(.init("ReconMethodImplementationVersion", .string(version)))
        }
        if let kernel = string(.convolutionKernel) {
            let filter = ReconstructionFilter(kernel)
            members.append(.init("ReconFilterType", .string(filter.type)))
            if let size = filter.sizeMM { members.append(.init("ReconFilterSize", .number(size))) }
        }
        return members
    }

    /// Iterations and subsets: Siemens writes them into the method, "PSF+TOF 4i5s"; GE has elements of its own.
    private func parameters(_ method: String) -> (iterations: Int, subsets: Int)? {
        if let found = method.lowercased().firstMatch(of: /(\d+)i(\d+)s/), let iterations = Int(found.1),
            let subsets = Int(found.2)
        {
            return (iterations, subsets)
        }
        guard let iterations = number(.geIterations).flatMap({ Int(exactly: $0) }), iterations > 0,
            let subsets = number(.geSubsets).flatMap({ Int(exactly: $0) }), subsets > 0
        else { return nil }
        return (iterations, subsets)
    }

    private func corrections(_ acquisition: Acquisition) -> [JSONValue.Member] {
        var members: [JSONValue.Member] = []
        func add(_ key: String, _ value: JSONValue) { if value != .null { members.append(.init(key, value)) } }
        if acquisition.attenuationUncorrected != nil {
            add("AttenuationCorrection", "none")
        } else if let method = string(.attenuationCorrection) {
            add("AttenuationCorrection", .string(method))
        } else if acquisition.corrections.contains("ATTN") || string(.attenuationCorrected)?.uppercased() == "YES" {
            add("AttenuationCorrection", "done, method not named")
        }
        add("RandomsCorrectionMethod", JSONValue(string(.randomsCorrection)))
        add("ScatterCorrectionMethod", JSONValue(string(.scatterCorrection)))
        add("DecayCorrectionFactor", decayFactors())
        let fractions = distinctNumbers(.scatterFraction)
        if fractions.count == 1 { add("ScatterFraction", JSONValue(fractions)) }
        let calibrations = distinctNumbers(.doseCalibrationFactor)
        if calibrations.count == 1 { add("DoseCalibrationFactor", .number(calibrations[0])) }
        return members
    }

    /// The decay factor of each frame. It grows from frame to frame, so the different values in order are the frames'.
    private func decayFactors() -> JSONValue {
        let factors = distinctNumbers(.decayFactor)
        return factors.count == volume.frames ? JSONValue(factors) : .null
    }

    private func distinctNumbers(_ tag: DICOMTag) -> [Double] {
        distinctStrings(tag).compactMap { Double($0) }.sorted()
    }
}

/// A convolution kernel as Siemens writes it, "XYZ Gauss6.00", in PET-BIDS's two fields.
struct ReconstructionFilter {
    /// The kernel without its width; "none" for a filter that lets everything pass.
    let type: String
    /// The number at the end, mm; `nil` where there is none.
    let sizeMM: Double?

    init(_ kernel: String) {
        let digits = kernel.reversed().prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let number = Double(String(digits.reversed()))
        let name = number == nil ? kernel : Self.trimmed(kernel.dropLast(digits.count))
        let passes = ["all-pass", "allpass", "none", "no filter"].contains(name.lowercased())
        (type, sizeMM) = passes ? ("none", nil) : (name, number)
    }
    private static func trimmed(_ text: Substring) -> String {
        String(text.reversed().drop { $0 == " " }.reversed())
    }
}
