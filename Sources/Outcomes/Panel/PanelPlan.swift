import Imaging
import PET
import Records

/// What a patient's folder says about the panel beyond uptake: all of it optional, nothing of it guessed.
public struct PanelPlan: Sendable, Equatable {
    /// Repeatability of the caudate, where it is known apart.
    public var caudateRepeatability: Repeatability?
    /// Repeatability of single voxels, for the responding volume.
    public var voxelRepeatability: Repeatability?
    /// The share of responding voxels in unchanged patients, %, and where it is from.
    public var voxelNull: Null?
    /// Correlation of the errors of putamen and caudate.
    public var correlation = 0.0
    /// Assumed declines λ per year; `nil` for the usual ones.
    public var declineRates: [Double]?
    /// Paths of the cannulas, RAS mm of the labels' space.
    public var tracts: [TractPath] = []
    /// The radius of tracts and the width of their shells, mm.
    public var tractRadius = TractRegions.usualRadius, tractShell = TractRegions.usualShell
    /// A table of normal values.
    public var normals: String?
    /// Age at the first visit, years.
    public var ageYears: Double?
    /// Months from the first visit to surgery, and to the end of immunosuppression.
    public var surgeryMonths, immunosuppressionStopMonths: Double?
    /// Limits of quality control.
    public var qualityLimits: [ScanQuality.Check: Double] = [:]
    /// What growth of the graft the protocol allows, mL a month.
    public var growthLimit: Double?
    /// The error of one part III without medication, and where it is from.
    public var motorError: MotorError?

    /// A share of voxels with its source.
    public struct Null: Sendable, Equatable {
        /// %.
        public var percent: Double
        /// Where it was measured.
        public var source: String
    }

    /// The standard error of one exam with its source.
    public struct MotorError: Sendable, Equatable {
        /// Points.
        public var standardError: Double
        /// Where it was measured.
        public var source: String
    }

    /// A plan that says nothing.
    public init() {}
}

extension PanelPlan {
    /// Reads the plan's keys of a `patient.json`; problems are added.
    init(_ json: JSONValue, _ problems: inout [String]) {
        func positive(_ key: String) -> Double? {
            guard let value = json[key], value != .null else { return nil }
            if let number = value.double, number > 0 { return number }
            problems.append("\(key) is no number above 0")
            return nil
        }
        func number(_ key: String) -> Double? {
            guard let value = json[key], value != .null else { return nil }
            if value.double == nil { problems.append("\(key) is no number") }
            return value.double
        }
        caudateRepeatability = Repeatability(json, "caudate_wcv", &problems)
        voxelRepeatability = Repeatability(json, "voxel_wcv", &problems)
        if let null = json["voxel_null"], null != .null {
            if let percent = null["percent"]?.double, (0...100).contains(percent), let source = null["source"]?.string {
                voxelNull = Null(percent: percent, source: source)
            } else {
                problems.append("voxel_null needs a percent between 0 and 100 and the source it is from")
            }
        }
        correlation = number("wcv_correlation") ?? 0
        if !(-1...1).contains(correlation) { problems.append("wcv_correlation is not between -1 and 1") }
        if let rates = json["decline_per_year"], rates != .null {
            declineRates = rates.doubles?.sorted()
            if declineRates == nil { problems.append("decline_per_year is no list of numbers") }
        }
        for (place, tract) in (json["tracts"]?.elements ?? []).enumerated() {
            if let path = TractPath(tract) {
                tracts.append(path)
            } else {
                problems.append(
                    "tracts[\(place)] needs entry_mm and target_mm, three numbers each and not the same point, and coordinates ras or lps"
                )
            }
        }
        tractRadius = positive("tract_radius_mm") ?? TractRegions.usualRadius
        tractShell = positive("tract_shell_mm") ?? TractRegions.usualShell
        normals = json["normals"]?.string
        ageYears = positive("age_years")
        surgeryMonths = number("surgery_months")
        immunosuppressionStopMonths = number("immunosuppression_stop_months")
        for (name, value) in json["quality_limits"]?.members?.map({ ($0.key, $0.value) }) ?? [] {
            if let check = ScanQuality.Check(rawValue: name), check.takesLimit, let limit = value.double, limit >= 0 {
                qualityLimits[check] = limit
            } else {
                let known = ScanQuality.Check.allCases.filter(\.takesLimit).map(\.rawValue)
                problems.append(
                    "quality_limits.\(name) is no limit; the limits are numbers of \(known.joined(separator: ", "))")
            }
        }
        growthLimit = number("growth_limit_ml_per_month")
        if let error = json["part_3_error"], error != .null {
            if let sem = error["sem"]?.double, sem > 0, let source = error["source"]?.string {
                motorError = MotorError(standardError: sem, source: source)
            } else {
                problems.append("part_3_error needs a sem above 0, in points, and the source it is from")
            }
        }
    }

    /// The panel's settings.
    func settings(_ repeatability: Repeatability?, primary: StriatalPart) -> GraftPanel.Settings {
        var settings = GraftPanel.Settings(repeatability: repeatability)
        settings.caudateRepeatability = caudateRepeatability
        settings.correlation = correlation
        if let declineRates { settings.declineRates = declineRates }
        settings.primary = primary
        return settings
    }
}

extension Repeatability {
    /// The repeatability under a key; `nil` where there is none, with a problem where it is wrong.
    init?(_ json: JSONValue, _ key: String, _ problems: inout [String]) {
        guard let wCV = json[key], wCV != .null else { return nil }
        guard let value = wCV["value"]?.double, value > 0, value < 1, let source = wCV["source"]?.string else {
            problems.append("\(key) needs a value between 0 and 1 (0.087 for 8.7 %) and the source it is from")
            return nil
        }
        self.init(wCV: value, source: source)
    }
}

extension TractPath {
    /// A path of `entry_mm` and `target_mm`; `coordinates` says whether they are RAS (the default) or DICOM's LPS.
    init?(_ json: JSONValue) {
        func point(_ key: String) -> SIMD3<Double>? {
            guard let p = json[key]?.doubles, p.count == 3, p.allSatisfy(\.isFinite) else { return nil }
            return SIMD3(p[0], p[1], p[2])
        }
        guard let entry = point("entry_mm"), let target = point("target_mm") else { return nil }
        let made: TractPath? =
            switch json["coordinates"]?.string ?? "ras" {
            case "ras": try? TractPath(entry: entry, target: target)
            case "lps": try? TractPath(entryLPS: entry, targetLPS: target)
            default: nil
            }
        guard let made else { return nil }
        self = made
    }
}
