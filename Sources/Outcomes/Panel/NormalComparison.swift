import PET
import Records

/// G7 of one part at one site and visit: uptake beside that of healthy people of the same age.
public struct NormalComparison: Sendable, Equatable {
    /// The visit, by its place.
    public var visit: Int
    /// The part of the striatum.
    public var part: StriatalPart
    /// The side, or both.
    public var site: GraftPanel.Site
    /// 100 U / μ(age), %; `nil` where nothing positive is expected.
    public var percent: Double?
    /// (U − μ(age)) / sd.
    public var z: Double
}

extension NormalComparison {
    /// Every visit beside the folder's table; empty without a table or an age. The patient is older at later visits.
    static func all(of folder: PatientFolder, visits: [PatientAssessment.Visit]) throws -> [NormalComparison] {
        guard let name = folder.plan.normals, let age = folder.plan.ageYears else { return [] }
        let path = folder.file(name)
        let table = try naming(path) { try NormalTable(parsing: InputFile.read(path)) }
        return visits.enumerated().flatMap { place, visit in
            StriatalPart.allCases.flatMap { part in
                GraftPanel.Site.allCases.compactMap { site -> NormalComparison? in
                    let own = site.side.flatMap { table.lines["\(part.rawValue)-\($0.rawValue)"] }
                    guard let value = visit.values[part, site]?.value, let line = own ?? table.lines[part.rawValue]
                    else {
                        return nil
                    }
                    let years = age + visit.plan.months / 12
                    return NormalComparison(
                        visit: place, part: part, site: site, percent: line.percent(value, age: years),
                        z: line.z(value, age: years))
                }
            }
        }
    }
}
