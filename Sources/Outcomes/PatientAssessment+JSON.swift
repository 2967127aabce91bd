import PET
import Records
import Tremor

extension PatientAssessment {
    /// The members of `patient`'s JSON document that are about the patient.
    public var members: [JSONValue.Member] {
        [
            .init("code", .string(folder.code)),
            .init("measure", .string(folder.measure.rawValue)),
            .init("reference", .string(folder.reference)),
            .init("primary_region", .string(folder.primaryRegion.rawValue)),
            .init(
                "repeatability",
                folder.repeatability.map { ["wcv": .number($0.wCV), "source": .string($0.source)] } ?? .null),
            .init("visits", .array(visits.map(\.json))),
            .init(
                "changes",
                .array(
                    zip(visits.dropFirst(), panels).map { visit, panel in
                        .object(
                            [
                                .init("from", .string(visits[0].plan.name)), .init("to", .string(visit.plan.name)),
                                .init("months", .number(visit.plan.months - visits[0].plan.months)),
                            ] + panel.members)
                    })),
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

extension GraftPanel {
    /// The panel's measures as JSON, each with its error and flag.
    var members: [JSONValue.Member] {
        [
            .init("measure", .string(measure.rawValue)),
            .init(
                "g1_g2",
                .array(
                    rows.map { row in
                        [
                            "region": .string(row.part.rawValue), "site": .string(row.site.rawValue),
                            "before": .number(row.before), "after": .number(row.after),
                            "se_before": JSONValue(row.standardErrors.0), "se_after": JSONValue(row.standardErrors.1),
                            "difference": .number(row.difference), "dln": JSONValue(row.change?.dln),
                            "change_percent": JSONValue(row.change?.percent), "z": JSONValue(row.change?.z),
                            "limit_percent": row.change?.limitPercent.map { JSONValue([$0.below, $0.above]) } ?? .null,
                            "flag": JSONValue(row.change?.flag?.rawValue), "reason": JSONValue(row.reason),
                        ]
                    })),
            .init(
                "g8_asymmetry_percent",
                .array(
                    asymmetries.map { a in
                        [
                            "region": .string(a.part.rawValue), "before": .number(a.before), "after": .number(a.after),
                            "se": a.standardErrors.map { JSONValue([$0.0, $0.1]) } ?? .null,
                            "reliable": JSONValue(a.isReliable),
                        ]
                    })),
            .init(
                "g9_posterior_to_anterior",
                .array(
                    gradients.map { g in
                        [
                            "site": .string(g.site.rawValue), "before": .number(g.before), "after": .number(g.after),
                            "dln": .number(g.change.dln),
                            "ratio_ci95": g.change.ratioInterval95.map { JSONValue([$0.0, $0.1]) } ?? .null,
                            "flag": JSONValue(g.change.flag?.rawValue),
                        ]
                    })),
        ]
    }
}
