import Imaging
import Records

extension Registration {
    /// The result as JSON members.
    var members: [JSONValue.Member] {
        let before: JSONValue = JSONValue(metricBefore)
        return [
            .init("moving_from_fixed", .array(movingFromFixed.rows.map { JSONValue($0) })),
            .init(
                "metric",
                ["name": .string(options.metric.rawValue), "before": before, "after": .number(metricAfter)]),
            .init("evaluations", .integer(evaluations)),
            .init(
                "quality",
                [
                    "verdict": .string(quality.verdict.rawValue), "reasons": JSONValue(quality.reasons),
                    "overlap": .number(quality.overlap), "consensus": .number(quality.consensus),
                    "rival": .number(quality.rival), "sharpness": .number(quality.sharpness),
                ]),
        ]
    }

    /// The result for people.
    var text: String {
        var lines = ["moving from fixed, RAS mm:"]
        lines += movingFromFixed.rows.dropLast().map { row in
            "  " + row.map { padded(fixed($0, 5), 12) }.joined()
        }
        let before = metricBefore.map { fixed($0, 4) } ?? "none (no overlap)"
        lines.append("\(options.metric.rawValue) before \(before), after \(fixed(metricAfter, 4))")
        lines.append(
            "quality \(quality.verdict.rawValue): overlap \(fixed(100 * quality.overlap, 0)) %, consensus "
                + "\(fixed(100 * quality.consensus, 0)) %, rival \(fixed(quality.rival, 2)), sharpness "
                + "\(fixed(quality.sharpness, 3))")
        lines += quality.reasons.map { "  " + $0 }
        return lines.joined(separator: "\n")
    }
}

extension Deformation {
    /// The result as a JSON member.
    var member: JSONValue.Member {
        let jacobian = quality.jacobian
        return .init(
            "deformation",
            [
                "metric": [
                    "name": "local-ncc", "before": .number(quality.before), "after": .number(quality.after),
                    "agreement": .number(quality.agreement),
                ],
                "steps": .array(steps.map { .integer($0) }), "update_fwhm_mm": .number(options.updateFWHM),
                "field_fwhm_mm": .number(options.fieldFWHM),
                "shift_mm": [
                    "mean": .number(shiftMM.mean), "percentile_95": .number(shiftMM.percentile95),
                    "maximum": .number(shiftMM.maximum),
                ],
                "jacobian": [
                    "minimum": .number(jacobian.minimum), "maximum": .number(jacobian.maximum),
                    "percent_not_positive": .number(jacobian.percentNotPositive),
                    "voxels": .integer(jacobian.voxels), "linear_part": .number(quality.linearDeterminant),
                ],
                "quality": [
                    "verdict": .string(quality.verdict.rawValue), "reasons": JSONValue(quality.reasons),
                ],
            ])
    }

    /// The result for people.
    var text: String {
        let jacobian = quality.jacobian
        let lines = [
            "deformation: local correlation (squared) before \(fixed(quality.before, 3)), after \(fixed(quality.after, 3))",
            "  both images brighten together in \(fixed(100 * quality.agreement, 1)) % of it",
            "  moves by \(fixed(shiftMM.mean, 1)) mm in the mean, \(fixed(shiftMM.percentile95, 1)) mm at the 95th "
                + "percentile, \(fixed(shiftMM.maximum, 1)) mm at most",
            "  Jacobian determinant in the head \(fixed(jacobian.minimum, 2)) to \(fixed(jacobian.maximum, 2)), "
                + "\(fixed(jacobian.percentNotPositive, 3)) % folded",
            "deformation quality \(quality.verdict.rawValue)",
        ]
        return (lines + quality.reasons.map { "  " + $0 }).joined(separator: "\n")
    }
}

/// A text with blanks before it up to a width.
private func padded(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
}
