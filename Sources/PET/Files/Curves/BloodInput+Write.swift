import Records

extension BloodInput {
    /// The input as a table: time in s, unchanged tracer in plasma and whole blood in Bq/mL, and the parent fraction.
    ///
    /// Times are those of either curve; one is interpolated at the other's, and has no value beyond its own samples. The
    /// parent fraction is that at the time of sampling, `delayS` before.
    public func table(delayS: Double = 0) -> DelimitedTable {
        let (plasma, whole) = (arterial.parentPlasma, arterial.wholeBlood)
        let times = Set(plasma.times + (whole?.times ?? [])).sorted()
        func value(_ curve: SampledCurve?, _ time: Double) -> String {
            guard let curve, let last = curve.times.last, time <= last else { return "n/a" }
            return significant(curve.value(at: time), 10)
        }
        return DelimitedTable(
            columns: ["time", "parent_plasma", "whole_blood_radioactivity", "metabolite_parent_fraction"],
            rows: times.map { time in
                [
                    significant(time * 60, 10), value(plasma, time), value(whole, time),
                    significant(parentFraction?.value(atS: time * 60 - delayS), 10),
                ]
            })
    }

    /// The members of the JSON beside the table: what its columns are, the parent fraction's model, and the samples; at
    /// times of either curve, null where one has none. `delayS` as for the table.
    public func members(delayS: Double = 0) -> [JSONValue.Member] {
        let table = table(delayS: delayS)
        func column(_ place: Int) -> JSONValue { .array(table.rows.map { JSONValue(Double($0[place])) }) }
        let activity: JSONValue = ["Units": "Bq/mL"]
        return [
            .init("time", ["Units": "s", "Description": "Time after time zero"]),
            .init("parent_plasma", activity), .init("whole_blood_radioactivity", activity),
            .init("metabolite_parent_fraction", ["Units": "1"]),
            .init("parent_fraction", parentFraction.map { .object($0.members) } ?? .null),
            .init(
                "samples",
                [
                    "time_s": column(0), "parent_plasma_bq_per_ml": column(1), "whole_blood_bq_per_ml": column(2),
                    "parent_fraction": column(3),
                ]),
        ]
    }
}

extension ParentFraction {
    fileprivate var members: [JSONValue.Member] {
        [
            .init("model", .string(model.rawValue)),
            .init(
                "parameters",
                .object(
                    parameters.map { one in
                        .init(one.name, ["value": .number(one.value), "unit": .string(one.unit)])
                    })),
            .init("samples", .integer(samples.times.count)), .init("root_mean_square", .number(rootMeanSquare)),
        ]
    }
}
