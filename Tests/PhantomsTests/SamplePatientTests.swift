import Imaging
import Phantoms
import Records
import Testing

struct SamplePatientTests {
    static let patient = samplePatient(seed: 411)

    private func text(_ path: String) throws -> String {
        let file = try #require(Self.patient.files.first { $0.path == path })
        guard case .text(let text) = file.content else { throw FileProblem(path, .badData, "not a text") }
        return text
    }

    @Test func everyFileThePatientNamesIsThere() throws {
        let paths = Set(Self.patient.files.map(\.path))
        #expect(paths.count == Self.patient.files.count)
        guard case .json(let document) = Self.patient.files[0].content else { return #expect(Bool(false)) }
        #expect(Self.patient.files[0].path == "patient.json")
        let visits = try #require(document["visits"]?.elements)
        #expect(visits.map { $0["name"]?.string } == ["month-00", "month-12"])
        for visit in visits {
            for key in ["pet", "ct", "labels", "scores"] { #expect(paths.contains(try #require(visit[key]?.string))) }
            for recording in try #require(visit["recordings"]?.elements) {
                #expect(paths.contains(try #require(recording["path"]?.string)))
            }
            #expect(paths.contains("\(try #require(visit["name"]?.string))/pet.json"))
        }
        for name in ["truth.json", "labels_dseg.tsv", "participants.tsv", "sessions.tsv"] {
            #expect(paths.contains(name))
        }
    }

    /// Beyond +27.2 %, the limit of a repeatability of 8.7 %, on the left and within it on the right.
    @Test func theLeftGraftIsBeyondRepeatabilityAndTheRightOneIsNot() throws {
        func seen(_ visit: Int, _ region: Region) throws -> Double {
            let regions = Self.patient.truth["visits"]?[visit]?["pet_ct"]?["regions"]
            return try #require(regions?[region.rawValue]?["seen"]?["sbr"]?.double)
        }
        #expect(try seen(1, .putamenPosteriorLeft) / seen(0, .putamenPosteriorLeft) > 1.4)
        let right = try seen(1, .putamenPosteriorRight) / seen(0, .putamenPosteriorRight)
        #expect(right > 0.95 && right < 1.2)
        #expect(try seen(1, .caudateLeft) / seen(0, .caudateLeft) < 1)
        // The left putamen is the worse one before the graft.
        #expect(try seen(0, .putamenPosteriorLeft) < seen(0, .putamenPosteriorRight))
    }

    /// 33 items in each state, each 0 to 4; rest tremor agrees with the recordings' amplitude: 3 for 3 to 10 cm, 2 for 1 to 3.
    @Test(arguments: [("month-00", "3"), ("month-12", "2")])
    func scoresHaveEveryItemOfPartIII(visit: String, rightRestTremor: String) throws {
        let rows = try text("\(visit)/mds_updrs.tsv").split(separator: "\n").map {
            $0.split(separator: "\t").map(String.init)
        }
        #expect(rows[0] == ["item", "value", "state", "minutes_since_levodopa"])
        #expect(rows.count == 1 + 66)
        for row in rows.dropFirst() {
            #expect((0...4).contains(try #require(Int(row[1]))))
            // Off is twelve hours after the last dose.
            #expect((try #require(Int(row[3])) >= 720) == (row[2] == "off"))
        }
        let off = rows.filter { $0[2] == "off" }
        #expect(Set(off.map { $0[0] }).count == 33)
        #expect(off.first { $0[0] == "3.17a" }?[1] == rightRestTremor)
    }

    @Test func imagesAndLabelsFitTogether() throws {
        for visit in ["month-00", "month-12"] {
            guard
                case .image(let pet, _) = try #require(Self.patient.files.first { $0.path == "\(visit)/pet.nii.gz" })
                    .content,
                case .image(let ct, _) = try #require(Self.patient.files.first { $0.path == "\(visit)/ct.nii.gz" })
                    .content,
                case .labels(let labels) = try #require(
                    Self.patient.files.first { $0.path == "\(visit)/labels.nii.gz" }
                ).content
            else { return #expect(Bool(false)) }
            #expect(pet.frames == 18)
            #expect(labels.grid == pet.grid)
            #expect(labels.labels.count == 12)
            #expect(ct.grid.voxelSize == [2, 2, 2])
            #expect(ct.voxels.min() == -1000)
            // 512 steps to the largest value.
            #expect(Set(pet.voxels).count <= 700)
        }
        let table = try text("labels_dseg.tsv").split(separator: "\n")
        #expect(table.count == 13)
        #expect(table[0] == "index\tname\tcolor")
        #expect(table.contains { $0.hasPrefix("30122\tputamen-posterior-left\t#") })
    }
}
