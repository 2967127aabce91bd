import Records

extension TimeActivityCurves {
    /// The curves as a BIDS `_tacs.tsv`: frame_start and frame_end in s, then one column a region, in the image's unit.
    public var table: DelimitedTable {
        DelimitedTable(
            columns: ["frame_start", "frame_end"] + curves.map(\.name),
            rows: frames.indices.map { frame in
                [significant(frames[frame].start, 10), significant(frames[frame].end, 10)]
                    + curves.map { significant($0.mean[frame], 10) }
            })
    }

    /// The members of the JSON beside the table: times, unit, and what the table has no room for.
    public func members(units: String?) -> [JSONValue.Member] {
        [
            .init("FrameTimesStart", JSONValue(frames.map(\.start))),
            .init("FrameDuration", JSONValue(frames.map(\.duration))),
            .init("Units", JSONValue(units)),
            .init(
                "regions",
                .array(
                    curves.map { curve in
                        [
                            "name": .string(curve.name), "index": .integer(Int(curve.label)),
                            "voxels": .integer(curve.voxels),
                            "volume_ml": .number(curve.volumeML), "mean": JSONValue(curve.mean),
                            "sd": JSONValue(curve.sd),
                            "sem": JSONValue(curve.sem),
                        ]
                    })),
        ]
    }
}
