import PET
import Records

extension LogChange {
    /// The change with its error and flag.
    var members: [JSONValue.Member] {
        [
            .init("dln", .number(dln)), .init("change_percent", .number(percent)), .init("z", JSONValue(z)),
            .init("limit_percent", limitPercent.map { JSONValue([$0.below, $0.above]) } ?? .null),
            .init("flag", JSONValue(flag?.rawValue)),
        ]
    }

    /// A ratio of two changes with its interval.
    var ratioMembers: [JSONValue.Member] {
        [
            .init("dln", .number(dln)), .init("ratio", .number(1 + percent / 100)),
            .init("ratio_ci95", ratioInterval95.map { JSONValue([$0.0, $0.1]) } ?? .null),
            .init("flag", JSONValue(flag?.rawValue)),
        ]
    }
}

extension VisitUptake {
    /// G1 by part and site.
    var json: JSONValue {
        .array(
            StriatalPart.allCases.flatMap { part in
                GraftPanel.Site.allCases.compactMap { site in
                    self[part, site].map {
                        [
                            "region": .string(part.rawValue), "site": .string(site.rawValue),
                            "value": .number($0.value),
                            "se": JSONValue($0.standardError), "unit": .string(kind.unit),
                        ]
                    }
                }
            })
    }
}

extension ScanQuality {
    /// G13: each check's value beside its limit.
    var json: JSONValue {
        [
            "readable": .bool(isReadable), "failures": JSONValue(failures.map(\.rawValue)),
            "checks": .array(
                Check.allCases.compactMap { check in
                    values[check].map {
                        ["check": .string(check.rawValue), "value": .number($0), "limit": JSONValue(limits[check])]
                    }
                }),
        ]
    }
}

extension GraftGrowth {
    /// G12: readings, growth and the protocol's limit.
    var json: JSONValue {
        [
            "slope_ml_per_month": JSONValue(slopeMLPerMonth), "limit_ml_per_month": JSONValue(limitMLPerMonth),
            "needs_review": needsReview.map { .bool($0) } ?? .null,
            "readings": .array(
                readings.map {
                    [
                        "months": .number($0.months), "volume_ml": .number($0.volumeML),
                        "enhances": $0.enhances.map { .bool($0) } ?? .null, "oedema_ml": JSONValue($0.oedemaML),
                    ]
                }),
        ]
    }
}

extension GraftPanel {
    /// The panel's measures as JSON, each with its error and flag.
    var members: [JSONValue.Member] {
        [
            .init("measure", .string(kind.rawValue)),
            .init(
                "g1_g2",
                .array(
                    rows.map { row in
                        [
                            "region": .string(row.part.rawValue), "site": .string(row.site.rawValue),
                            "before": .number(row.before), "after": .number(row.after),
                            "se_before": JSONValue(row.standardErrors.0), "se_after": JSONValue(row.standardErrors.1),
                            "difference": .number(row.difference), "dln": JSONValue(row.change?.dln),
                            "sigma": JSONValue(row.change?.sigma),
                            "change_percent": JSONValue(row.change?.percent), "z": JSONValue(row.change?.z),
                            "limit_percent": row.change?.limitPercent.map { JSONValue([$0.below, $0.above]) } ?? .null,
                            "flag": JSONValue(row.change?.flag?.rawValue), "reason": JSONValue(row.reason),
                        ]
                    })),
            .init("g3_against_caudate", .array(caudateReferenced.map(\.json))),
            .init("g4_progression", .array(progression.map(\.json))),
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
                        .object(
                            [
                                .init("site", .string(g.site.rawValue)), .init("before", .number(g.before)),
                                .init("after", .number(g.after)),
                            ] + g.change.ratioMembers)
                    })),
        ]
    }
}

extension GraftPanel.CaudateReferenced {
    fileprivate var json: JSONValue {
        .object(
            [.init("region", .string(part.rawValue)), .init("site", .string(site.rawValue))] + change.ratioMembers
                + [.init("caudate_flag", JSONValue(caudateFlag?.rawValue))])
    }
}

extension GraftPanel.Progression {
    fileprivate var json: JSONValue {
        [
            "region": .string(part.rawValue), "site": .string(site.rawValue),
            "excess": .array(
                excess.map { ["decline_per_year": .number($0.ratePerYear), "percent": .number($0.percent)] }),
        ]
    }
}

extension VisitComparison {
    /// Every measure of the comparison.
    var members: [JSONValue.Member] {
        panel.members + [
            .init("image_measure", .string(imageMeasure.rawValue)),
            .init("g5_tracts", .array(tracts.map(\.json))),
            .init("g6_responding_volume", .array(responding.map(\.json))),
            .init("g10_balance", balance?.json ?? .null),
            .init("g11_serotonin_to_dopamine", serotonin.map { .object($0.ratioMembers) } ?? .null),
            .init("readable", .bool(isReadable)), .init("pet_class", .string(joint.pet.rawValue)),
            .init("motor_class", .string(joint.motor.rawValue)),
            .init("sentence", JSONValue(sentence)),
            .init("months_since_surgery", JSONValue(monthsSinceSurgery)),
            .init(
                "laterality",
                .array(
                    laterality.map {
                        [
                            "putamen": .string($0.putamen.rawValue), "dln": .number($0.uptake.dln),
                            "opposite_body_side_points": JSONValue($0.contralateral),
                            "same_body_side_points": JSONValue($0.ipsilateral),
                        ]
                    })),
        ]
    }
}

extension TractUptake {
    fileprivate var json: JSONValue {
        .object(
            [
                .init("name", .string(name)), .init("side", JSONValue(side?.rawValue)),
                .init("voxels", .integer(voxels)), .init("shell_voxels", .integer(shellVoxels)),
                .init("contrast_before", JSONValue(before?.value)),
                .init("contrast_before_se", JSONValue(before?.standardError)),
                .init("contrast_after", JSONValue(after?.value)),
                .init("contrast_after_se", JSONValue(after?.standardError)), .init("flags", JSONValue(flags)),
            ] + (change?.members ?? []))
    }
}

extension RespondingVolume {
    fileprivate var json: JSONValue {
        [
            "site": .string(site.rawValue), "voxels": .integer(voxels), "left_out": .integer(leftOut),
            "responding": .integer(responding), "volume_ml": .number(volumeML), "percent": .number(percent),
            "expected_percent": .number(expectedPercent), "expected_from": .string(expectedFrom),
        ]
    }
}

extension DorsalBalance {
    fileprivate var json: JSONValue {
        [
            "dorsal_minus_ventral": .array(
                parts.map { .object([.init("site", .string($0.site.rawValue))] + $0.difference.ratioMembers) }),
            "left_minus_right": sides.map { .object($0.ratioMembers) } ?? .null,
            "voxel_cv_percent": voxelCVPercent.map { JSONValue([$0.before, $0.after]) } ?? .null,
            "watch": JSONValue(isWatched),
        ]
    }
}
