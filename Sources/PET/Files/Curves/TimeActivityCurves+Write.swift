import Records

extension TimeActivityCurves {
    /// The curves as a BIDS `_tacs.tsv`: frame_start and frame_end in s, then one column a region, in `units`.
    public var table: DelimitedTable {
        DelimitedTable(
            columns: ["frame_start", "frame_end"] + curves.map(\.name),
            rows: frames.indices.map { frame in
                [significant(frames[frame].start, 10), significant(frames[frame].end, 10)]
                    + curves.map { significant($0.mean[frame], 10) }
            })
    }

    /// Everything as a long table: a row a region and frame with mean, SD, SEM, voxels and volume.
    public var statisticsTable: DelimitedTable {
        let rows = curves.flatMap { curve in
            frames.indices.map { frame in
                [
                    curve.name, curve.label.map(String.init) ?? "n/a", significant(frames[frame].start, 10),
                    significant(frames[frame].end, 10), significant(curve.mean[frame], 10),
                    significant(curve.sd?[frame], 10), significant(curve.sem?[frame], 10),
                    curve.voxels.map(String.init) ?? "n/a",
                    curve.voxels == nil ? "n/a" : String(curve.nonFinite?[frame] ?? 0),
                    significant(curve.volumeML, 10),
                ]
            }
        }
        return DelimitedTable(
            columns: [
                "name", "index", "frame_start", "frame_end", "mean", "sd", "sem", "voxels", "non_finite", "volume_ml",
            ], rows: rows)
    }

    /// The members of the JSON beside the table: times, unit, and what the table has no room for.
    public var members: [JSONValue.Member] {
        var members: [JSONValue.Member] = [
            .init("FrameTimesStart", JSONValue(frames.map(\.start))),
            .init("FrameDuration", JSONValue(frames.map(\.duration))),
            .init("Units", JSONValue(units)),
        ]
        switch decay {
        case .corrected(let moment):
            members += [.init("ImageDecayCorrected", true), .init("ImageDecayCorrectionTime", .number(moment))]
        case .uncorrected: members.append(.init("ImageDecayCorrected", false))
        case nil: break
        }
        if let weights { members.append(.init("weights", JSONValue(weights))) }
        return members + [.init("regions", .array(curves.map { .object($0.members) }))]
    }
}

extension TimeActivityCurves.Curve {
    fileprivate var members: [JSONValue.Member] {
        [
            .init("name", .string(name)), .init("index", JSONValue(label.map(Int.init))),
            .init("voxels", JSONValue(voxels)), .init("volume_ml", JSONValue(volumeML)), .init("mean", JSONValue(mean)),
            .init("sd", sd.map { JSONValue($0) } ?? .null), .init("sem", sem.map { JSONValue($0) } ?? .null),
        ] + (nonFinite.map { [.init("non_finite", JSONValue($0))] } ?? [])
    }
}
