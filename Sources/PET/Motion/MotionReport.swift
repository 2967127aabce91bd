import Imaging
import Records

/// The movement of a head during a scan: a realignment with the times of its frames, as table and as JSON.
public struct MotionReport: Sendable {
    /// Where the head lay.
    public let realignment: Realignment
    /// When, s after time zero.
    public let frames: [Frame]

    /// A report; every frame has its time.
    public init(_ realignment: Realignment, frames: [Frame]) {
        precondition(realignment.frames.count == frames.count, "every frame has its time")
        (self.realignment, self.frames) = (realignment, frames)
    }

    /// By which frames are averaged: duration times the share that has not decayed in its middle, which is what counts are
    /// proportional to where activity is corrected for decay. By duration alone where the half-life is not known.
    public static func weights(_ frames: [Frame], halfLifeS: Double?) -> [Double] {
        frames.map { frame in
            frame.duration * (halfLifeS.map { Decay.remaining(afterS: frame.mid, halfLifeS: $0) } ?? 1)
        }
    }

    // MARK: The table

    /// One row a frame, by the names fMRIPrep and PETPrep have for the columns: shifts in mm, turns in radians, Power's
    /// `framewise_displacement` and Jenkinson's `rmsd` in mm, "n/a" in the first row. Then when the frame was, how its place was
    /// found, half the distance of the places by two halves of the points, mm, and what is remarkable.
    public var table: DelimitedTable {
        let motion = realignment.motion
        let (power, rms) = (realignment.framewiseDisplacement, realignment.rmsDisplacement)
        let rows = frames.indices.map { frame in
            let placement = realignment.frames[frame]
            let (t, r) = (motion[frame].translation, motion[frame].rotation)
            let flags = Self.names(placement.flags)
            return [t.x, t.y, t.z].map { fixed($0, 5) } + [r.x, r.y, r.z].map { fixed($0, 7) }
                + [fixed(power[frame], 5), fixed(rms[frame], 5)]
                + [significant(frames[frame].start, 9), significant(frames[frame].duration, 9)]
                + [
                    placement.source.name, fixed(placement.certaintyMM, 3),
                    flags.isEmpty ? "n/a" : flags.joined(separator: ","),
                ]
        }
        return DelimitedTable(columns: Self.columns, rows: rows)
    }

    /// The table's columns.
    public static let columns = [
        "trans_x", "trans_y", "trans_z", "rot_x", "rot_y", "rot_z", "framewise_displacement", "rmsd", "frame_start",
        "frame_duration", "placed_by", "halves_differ_mm", "flags",
    ]

    /// What the columns are, for the JSON beside the table.
    public static let columnMembers: [JSONValue.Member] = {
        func column(_ name: String, _ units: String?, _ text: String) -> JSONValue.Member {
            .init(
                name,
                .object(
                    [.init("Description", .string(text))] + (units.map { [.init("Units", .string($0))] } ?? [])))
        }
        let shift = "Shift of the head's middle from the reference to this frame, towards the patient's"
        let turn =
            "Right-handed turn of the head about an axis through its middle; x first, then y, then z. The axis points"
        return [
            column("trans_x", "mm", "\(shift) right"), column("trans_y", "mm", "\(shift) front"),
            column("trans_z", "mm", "\(shift) top"), column("rot_x", "rad", "\(turn) right"),
            column("rot_y", "rad", "\(turn) to the front"), column("rot_z", "rad", "\(turn) up"),
            column(
                "framewise_displacement", "mm",
                "Sum of the absolute changes of the six from the frame before, turns as arcs of a sphere of 50 mm "
                    + "(Power et al. 2012, doi 10.1016/j.neuroimage.2011.10.018)"),
            column(
                "rmsd", "mm",
                "Root mean square displacement from the frame before over a ball of 80 mm (Jenkinson 1999, TR99MJ1)"),
            column("frame_start", "s", "Start of the frame after time zero"),
            column("frame_duration", "s", "Length of the frame"),
            column(
                "placed_by", nil,
                "registered: by the frame itself; summed: by the sum of neighbouring frames with too few counts; carried: "
                    + "the place of the nearest frame that has one"),
            column(
                "halves_differ_mm", "mm",
                "Half the distance, 60 mm from the middle of the head, between the frame's places by two halves of the "
                    + "points that share no region: about the error to expect"),
            column("flags", nil, "low_counts, empty, jump, jump_rejected, non_finite"),
        ]
    }()

    // MARK: JSON

    /// What was found, frame by frame, with each frame's matrix.
    public var members: [JSONValue.Member] {
        let motion = realignment.motion
        let (power, rms) = (realignment.framewiseDisplacement, realignment.rmsDisplacement)
        let found: [JSONValue] = frames.indices.map { frame in
            let placement = realignment.frames[frame]
            let (t, r) = (motion[frame].translation, motion[frame].rotation)
            var members: [JSONValue.Member] = [
                .init("frame", .integer(frame + 1)), .init("start_s", .number(frames[frame].start)),
                .init("duration_s", .number(frames[frame].duration)),
                .init("frame_from_reference", .array(placement.frameFromReference.rows.map { JSONValue($0) })),
                .init("translation_mm", JSONValue([t.x, t.y, t.z])), .init("rotation_rad", JSONValue([r.x, r.y, r.z])),
                .init("framewise_displacement_mm", JSONValue(power[frame])), .init("rmsd_mm", JSONValue(rms[frame])),
                .init("placed_by", .string(placement.source.name)),
            ]
            switch placement.source {
            case .registered: break
            case .summed(let run):
                members.append(.init("summed_frames", .array(run.map { .integer($0 + 1) })))
            case .carried(let from): members.append(.init("carried_from_frame", .integer(from + 1)))
            }
            return .object(
                members + [
                    .init("halves_differ_mm", JSONValue(placement.certaintyMM)),
                    .init("metric_before", JSONValue(placement.metricBefore)),
                    .init("metric_after", JSONValue(placement.metricAfter)),
                    .init("flags", .array(Self.names(placement.flags).map { .string($0) })),
                ])
        }
        let center = realignment.center
        return [
            .init("metric", .string(realignment.options.metric.rawValue)),
            .init("reference_frame", realignment.anchor.map { .integer($0 + 1) } ?? .null),
            .init("center_mm", JSONValue([center.x, center.y, center.z])),
            .init("framewise_displacement_formula", "Power 2012, sphere of 50 mm"),
            .init("rmsd_formula", "Jenkinson 1999, ball of 80 mm"),
            .init("largest_displacement_mm", .number(largestDisplacementMM)), .init("frames", .array(found)),
        ]
    }

    /// The largest distance at 60 mm from the middle of the head between the places in two frames, mm.
    public var largestDisplacementMM: Double {
        var largest = 0.0
        let maps = realignment.frames.map(\.frameFromReference)
        for (place, one) in maps.enumerated() {
            for other in maps[..<place] {
                largest = max(
                    largest, one.distance(to: other, center: realignment.center, radius: RealignmentOptions.radius))
            }
        }
        return largest
    }

    /// One sentence for each kind of frame that has no place of its own, and for each jump.
    public var warnings: [String] {
        func list(_ kept: (Realignment.Placement) -> Bool) -> String? {
            let numbers = realignment.frames.indices.filter { kept(realignment.frames[$0]) }.map { $0 + 1 }
            return numbers.isEmpty ? nil : Self.spans(numbers)
        }
        func isSummed(_ placement: Realignment.Placement) -> Bool { placement.source.name == "summed" }
        func isCarried(_ placement: Realignment.Placement) -> Bool { placement.source.name == "carried" }
        return [
            list(isSummed).map { "too few counts by themselves, placed by the sum of neighbours: frame \($0)" },
            list { isCarried($0) && $0.flags.contains(.lowCounts) }
                .map { "too few counts to be placed, the nearest frame's place is taken: frame \($0)" },
            list { $0.flags.contains(.empty) }.map { "no structure, the nearest frame's place is taken: frame \($0)" },
            list { $0.flags.contains(.jumpRejected) }
                .map { "a jump that the image does not bear out, the nearest frame's place is taken: frame \($0)" },
            list { $0.flags.contains(.jump) }
                .map { "the head is far from where it is before and after; look at frame \($0)" },
            list { $0.flags.contains(.nonFinite) }.map { "voxels that are not numbers: frame \($0)" },
        ].compactMap { $0 }
    }

    private static func names(_ flags: Set<Realignment.Flag>) -> [String] {
        Realignment.Flag.allCases.filter { flags.contains($0) }.map(\.rawValue)
    }

    /// Ascending numbers as spans: "1–4, 7".
    static func spans(_ numbers: [Int]) -> String {
        var spans: [ClosedRange<Int>] = []
        for number in numbers {
            if let last = spans.last, last.upperBound + 1 == number {
                spans[spans.count - 1] = last.lowerBound...number
            } else {
                spans.append(number...number)
            }
        }
        return spans.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)–\($0.upperBound)" }
            .joined(separator: ", ")
    }
}
