import Imaging
import Records

extension ParametricSettings {
    /// The end of a map's file name, after the prefix: "_model-SRTM_meas-BPND_mimap.nii.gz".
    public func fileName(of parameter: ParametricModel.Parameter) -> String {
        "_model-\(model.label)_meas-\(parameter.label)_mimap.nii.gz"
    }

    /// The end of the failure map's file name.
    public var failureFileName: String { "_model-\(model.label)_desc-failure_dseg.nii.gz" }

    /// The ends of all images' names, the failure map last. Throws where a map is wanted that the model does not have.
    public func fileNames() throws(ParametricError) -> [String] {
        try kept().map { fileName(of: model.parameters[$0]) } + [failureFileName]
    }
}

extension ParametricMaps {
    /// Smallest, middle, mean and largest value over the voxels that have one; `nil` where none has.
    public func summary(of map: Map) -> (min: Double, median: Double, mean: Double, max: Double)? {
        var values = zip(map.volume.voxels, codes).filter { FitCode(rawValue: $1)?.hasValue ?? false }.map(\.0)
        guard !values.isEmpty else { return nil }
        values.sort()
        let (low, high) = (Double(values[(values.count - 1) / 2]), Double(values[values.count / 2]))
        let mean = values.reduce(0) { $0 + Double($1) } / Double(values.count)
        return (Double(values[0]), (low + high) / 2, mean, Double(values[values.count - 1]))
    }

    /// The failure map: a code a voxel.
    public var failureMap: LabelMap {
        LabelMap(grid: grid, voxels: codes.map { Int32($0) })
    }

    /// The BIDS members of a map's sidecar; `imageUnit` is the unit of the image.
    public func sidecarMembers(of map: Map, imageUnit: String?) -> [JSONValue.Member] {
        [
            .init("ModelName", .string(settings.model.label)),
            .init("ReferenceRegion", JSONValue(reference?.name)),
            .init("AdditionalModelDetails", .string(details)),
            .init("InputValues", JSONValue(inputValues.map(\.value))),
            .init("InputValuesLabels", JSONValue(inputValues.map(\.label))),
            .init("InputValuesUnits", JSONValue(inputValues.map(\.unit))),
            .init("Units", JSONValue(map.parameter.unit.map { $0.isEmpty ? "unitless" : $0 } ?? imageUnit)),
            .init("SoftwareName", "Engraft"),
            .init("SoftwareVersion", .string(Engraft.version)),
            .init("FailureCodes", codeTable),
        ]
    }

    /// The members of the failure map's sidecar.
    public var failureMembers: [JSONValue.Member] {
        [
            .init("ModelName", .string(settings.model.label)), .init("SoftwareName", "Engraft"),
            .init("SoftwareVersion", .string(Engraft.version)), .init("FailureCodes", codeTable),
        ]
    }

    /// The members of the command's document that are about the computation.
    public var members: [JSONValue.Member] {
        [
            .init("model", .string(settings.model.rawValue)),
            .init("frames_used", JSONValue(framesUsed)),
            .init("first_frame_start_s", JSONValue(framesUsed.first.map { frames[$0].start })),
            .init("last_frame_end_s", JSONValue(framesUsed.last.map { frames[$0].end })),
            .init(
                "mask", ["voxels": .integer(mask.count), "threshold": JSONValue(mask.threshold)]),
            .init(
                "reference",
                reference.map {
                    ["name": .string($0.name), "voxels": JSONValue($0.voxels), "mean": JSONValue($0.means)]
                } ?? .null),
            .init("k2_prime_per_min", JSONValue(settings.k2Prime)),
            .init("k2_prime_voxels", JSONValue(k2PrimeVoxels)),
            .init("failures", codeTable),
        ]
    }

    /// Every code with its meaning and how many voxels have it.
    public var codeTable: JSONValue {
        .array(
            FitCode.allCases.map {
                [
                    "code": .integer(Int($0.rawValue)), "name": .string($0.name), "meaning": .string($0.meaning),
                    "voxels": .integer(counts[$0] ?? 0),
                ]
            })
    }

    /// In words what the numbers do not say.
    private var details: String {
        var parts = ["frames \(framesUsed.first.map { $0 + 1 } ?? 0) to \(framesUsed.last.map { $0 + 1 } ?? 0)"]
        switch settings.model {
        case .mean, .suvr: parts.append("frames weighed by duration")
        case .patlak: parts.append("exact integrals of the plasma curve, frame averages")
        case .refPatlak, .refLogan, .mrtm, .mrtm2: parts.append("integrals by \(settings.integral.rawValue)")
        case .srtm, .srtm2:
            parts.append("basis functions by exact convolution averaged over frames, best rate refined between them")
        }
        if let count = k2PrimeVoxels {
            parts.append("k2' is the median of \(count) voxels with BP_ND above \(settings.k2PrimeThreshold)")
        }
        return parts.joined(separator: "; ")
    }

    private var inputValues: [(label: String, value: Double, unit: String)] {
        var values: [(String, Double, String)] = []
        if hasTimes, let first = framesUsed.first, let last = framesUsed.last {
            values.append(("FirstFrameStart", frames[first].start, "s"))
            values.append(("LastFrameEnd", frames[last].end, "s"))
        }
        if let k2Prime = settings.k2Prime, settings.model.takesK2Prime { values.append(("k2Prime", k2Prime, "1/min")) }
        if [.srtm, .srtm2].contains(settings.model) {
            values.append(("LowestRate", settings.rates.lowest, "1/min"))
            values.append(("HighestRate", settings.rates.highest, "1/min"))
            values.append(("BasisFunctions", Double(settings.rates.count), "unitless"))
        }
        return values.map { (label: $0.0, value: $0.1, unit: $0.2) }
    }
}
