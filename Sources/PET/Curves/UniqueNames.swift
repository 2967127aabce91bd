import Imaging
import Records

/// Names of labels that tell them apart: where several have one name, compared without case, the label's number is added.
func uniqueNames(of labels: [Int32], in table: LabelTable) -> (names: [String], warnings: [String]) {
    var groups: [String: [Int32]] = [:]
    for label in labels { groups[table.name(of: label).lowercased(), default: []].append(label) }
    var taken = Set(groups.filter { $0.value.count == 1 }.keys)
    let names = labels.map { label -> String in
        let name = table.name(of: label)
        guard groups[name.lowercased()]!.count > 1 else { return name }
        var unique = "\(name)-\(label)"
        while !taken.insert(unique.lowercased()).inserted { unique += "-\(label)" }
        return unique
    }
    let warnings = groups.values.filter { $0.count > 1 }.sorted { $0[0] < $1[0] }.map { group in
        "\(group.count) labels are named \(table.name(of: group[0])); their numbers were added: "
            + group.prefix(10).map(String.init).joined(separator: ", ") + (group.count > 10 ? " …" : "")
    }
    return (names, warnings)
}
