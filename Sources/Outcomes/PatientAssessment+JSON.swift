import PET
import Records
import Tremor

extension PatientAssessment {
    /// The members of `patient`'s JSON document that are about the patient.
    public var members: [JSONValue.Member] {
        [
            .init("code", .string(folder.code)),
            .init("measure", .string(folder.kind.rawValue)), .init("unit", .string(folder.kind.unit)),
            .init("reference", .string(folder.reference)),
            .init("primary_region", .string(folder.primaryRegion.rawValue)),
            .init(
                "repeatability",
                folder.repeatability.map { ["wcv": .number($0.wCV), "source": .string($0.source)] } ?? .null),
            .init("visits", .array(visits.map(\.json))),
            .init(
                "changes",
                .array(
                    comparisons.map { comparison in
                        let later = visits[comparison.visit].plan
                        return .object(
                            [
                                .init("from", .string(visits[0].plan.name)), .init("to", .string(later.name)),
                                .init("months", .number(later.months - visits[0].plan.months)),
                            ] + comparison.members)
                    })),
            .init(
                "g7_percent_of_normal",
                .array(
                    normals.map { normal in
                        [
                            "visit": .string(visits[normal.visit].plan.name), "region": .string(normal.part.rawValue),
                            "site": .string(normal.site.rawValue), "percent": JSONValue(normal.percent),
                            "z": .number(normal.z),
                        ]
                    })),
            .init("g12_anatomy", growth?.json ?? .null),
            .init(
                "after_immunosuppression",
                .array(
                    withdrawals.map { withdrawal in
                        .object(
                            [
                                .init("from", .string(visits[withdrawal.from].plan.name)),
                                .init("to", .string(visits[withdrawal.to].plan.name)),
                            ] + (withdrawal.change?.members ?? [])
                                + [
                                    .init(
                                        "sentence",
                                        withdrawal.isDecline == true ? "decline after withdrawal" : .null)
                                ])
                    })),
            .init("limits", .array(scores.flatMap { $0.limits.map(\.json) })),
            .init(
                "scores",
                .array(scores.flatMap { scale in scale.scores.map { $0.json(scale: scale.scale) } })),
        ]
    }

    /// Every number in one long table: one row a measure, for statistics programs.
    public var table: DelimitedTable {
        var rows: [[String]] = []
        for visit in visits {
            func add(_ measure: String, _ region: String, _ site: String, _ value: Double?, _ unit: String) {
                rows.append([
                    folder.code, visit.plan.name, significant(visit.plan.months, 6), measure, region, site,
                    significant(value, 10), unit,
                ])
            }
            for region in visit.uptake.regions {
                let site = region.side?.rawValue ?? "n/a"
                add("suv_bw", region.name, site, region.suvBW, "g/mL")
                add("suvr", region.name, site, region.suvr, "1")
                add("sbr", region.name, site, region.sbr, "1")
            }
            for part in StriatalPart.allCases {
                for site in GraftPanel.Site.allCases {
                    guard let value = visit.values[part, site] else { continue }
                    add("g1_\(folder.kind.rawValue)", part.rawValue, site.rawValue, value.value, folder.kind.unit)
                }
            }
            for recording in visit.recordings {
                let (site, task) = (recording.file.site, recording.file.task)
                add("tremor_peak_frequency", task, site, recording.result?.peakFrequencyHz, "Hz")
                add("tremor_peak_to_peak", task, site, recording.result?.peakToPeakCm, "cm")
                add("tremor_time", task, site, recording.result?.tremorTimePercent, "%")
            }
            for exam in visit.exams {
                add("mds_updrs_3", "total", exam.state.rawValue, exam.total.map(Double.init), "points")
                add("mds_updrs_3", "rest_tremor", exam.state.rawValue, exam.restTremor.map(Double.init), "points")
            }
        }
        return DelimitedTable(
            columns: ["code", "visit", "months", "measure", "region", "site", "value", "unit"], rows: rows)
    }
}

extension PatientAssessment.Visit {
    var json: JSONValue {
        let report = UptakeReport(uptake: uptake, indices: indices, windowS: windowS)
        return .object(
            [
                .init("name", .string(plan.name)), .init("months", .number(plan.months)),
                .init("tracer", JSONValue(acquisition?.tracer)),
            ] + report.members + [
                .init("g1", values.json), .init("g13_quality", quality.json),
                .init("g11_serotonin_to_dopamine", JSONValue(plan.transporters?.ratio)),
                .init("recordings", .array(recordings.map(\.json))),
                .init(
                    "mds_updrs_3",
                    .array(
                        exams.map { exam in
                            [
                                "state": .string(exam.state.rawValue), "total": JSONValue(exam.total),
                                "rest_tremor": JSONValue(exam.restTremor),
                                "action_tremor": JSONValue(exam.actionTremor),
                                "missing": JSONValue(exam.missing),
                            ]
                        })),
            ])
    }
}

extension PatientAssessment.Recording {
    var json: JSONValue {
        [
            "path": .string(file.path), "site": .string(file.site), "task": .string(file.task),
            "peak_frequency_hz": JSONValue(result?.peakFrequencyHz), "peak_to_peak_cm": JSONValue(result?.peakToPeakCm),
            "peak_to_peak_cm_ci95": result?.peakToPeakCmCI95.map { JSONValue([$0.low, $0.high]) } ?? .null,
            "tremor_time_percent": JSONValue(result?.tremorTimePercent), "failure": JSONValue(failure),
        ]
    }
}
