import Imaging
import Testing

@Suite struct LabelTableTests {
    static let expected = LabelTable([
        11: .init(name: "Left-Caudate", color: [122, 186, 220]),
        12: .init(name: "Left-Putamen", color: [236, 13, 176]),
    ])

    @Test(arguments: [
        "#No. Label Name: R G B A\n\n11  Left-Caudate   122 186 220 0\n12  Left-Putamen   236 13  176 0\n",
        "index\tname\tabbreviation\tcolor\tmapping\n11\tLeft-Caudate\tCAU\t#7abadc\t1\n12\tLeft-Putamen\tPUT\t#ec0db0\t2\n",
        "index,name,color\r\n11,\"Left-Caudate\",#7ABADC\r\n12,Left-Putamen,#EC0DB0\r\n",
    ])
    func threeKindsOfFileGiveTheSameTable(text: String) throws {
        #expect(try LabelTable(parsing: Array(text.utf8)) == Self.expected)
    }

    /// FreeSurfer's gtmseg.ctab has its tissue types in comments and the type behind each colour.
    @Test(arguments: [
        "# ctTType   0  unknown   0   0   0    0\n  11  Left-Caudate    122 186 220    0    2\n  12  Left-Putamen  236  13 176  0  2\n",
        "{\"11\": \"Left-Caudate\", \"12\": \"Left-Putamen\"}", "{\"Left-Caudate\": 11, \"Left-Putamen\": 12}",
        "[{\"index\": 11, \"name\": \"Left-Caudate\"}, {\"index\": 12, \"name\": \"Left-Putamen\"}]",
        "REGION,SOURCE,DST\nLeft-Caudate,11,6\nLeft-Putamen,12,7\n",
        "index\tname\tabbreviation\tmapping\n11\tLeft-Caudate\tLCAU\t6\n12\tLeft-Putamen\tLPUT\t7\n",
    ])
    func otherProgramsTablesGiveTheSameNames(text: String) throws {
        let table = try LabelTable(parsing: Array(text.utf8))
        #expect(table.entries.mapValues(\.name) == [11: "Left-Caudate", 12: "Left-Putamen"])
    }

    @Test(arguments: ["{", "{}", "[]", "{\"a\": \"b\"}", "[{\"index\": 1}]", "[{\"index\": 1.5, \"name\": \"a\"}]"])
    func jsonWithoutNamesIsRefused(text: String) {
        #expect(throws: LabelTable.Problem.badJSON) { try LabelTable(parsing: Array(text.utf8)) }
    }

    @Test func whatIsWrittenReadsBackEqual() throws {
        #expect(try LabelTable(parsing: Array(Self.expected.dsegTSV.utf8)) == Self.expected)
    }

    @Test func aNameIsFoundWithoutCase() {
        #expect(Self.expected.label(named: "left-putamen") == 12)
        #expect(Self.expected.name(of: 99) == "99")
    }

    @Test(arguments: ["", "hello world this is text", "index\tname\nx\tPutamen\n", "region_name\tvolume\nPutamen\t3\n"])
    func whatIsNoTableIsRefused(text: String) {
        #expect(throws: LabelTable.Problem.self) { try LabelTable(parsing: Array(text.utf8)) }
    }
}

@Suite struct GridTests {
    /// nibabel 5.4.2 `aff2axcodes` of the same matrices.
    @Test(arguments: [
        ([[-2.0, 0, 0, 90], [0, 2, 0, -126], [0, 0, 2, -72]], "LAS"),
        ([[0.0, 0, 3, 0], [-1, 0, 0, 0], [0, -1, 0, 0]], "PIR"),
        ([[0.9, 0.3, 0.1, 0], [-0.3, 0.9, 0.2, 0], [0.0, -0.2, 1, 0]], "RAS"),
    ])
    func orientationIsWhatNibabelSays(rows: [[Double]], code: String) throws {
        #expect(try VoxelGrid(shape: [2, 2, 2], worldFromVoxel: Affine(rows: rows)).orientation == code)
    }

    @Test func anAffineTimesItsInverseChangesNothing() throws {
        let affine = Affine(rows: [[-1.9, 0.1, 0.2, 10], [0.15, 1.8, -0.3, -20], [0.05, 0.4, 2.2, 5]])
        let product = affine * (try #require(affine.inverse))
        for (row, unit) in zip(product.rows, Affine.identity.rows) {
            for (a, b) in zip(row, unit) { #expect(abs(a - b) < 1e-14) }
        }
    }

    @Test func aFlatGridIsRefused() {
        #expect(throws: GridError.singularAffine) {
            try VoxelGrid(
                shape: [2, 2, 2],
                worldFromVoxel: Affine(x: [1, 0, 0], y: [1, 0, 0], z: [0, 0, 1], translation: .zero))
        }
        #expect(throws: GridError.emptyShape([0, 1, 1])) { try VoxelGrid(shape: [0, 1, 1], worldFromVoxel: .identity) }
    }
}

@Suite struct ResizedGridTests {
    @Test func smallerVoxelsFillTheSameBox() throws {
        let grid = try VoxelGrid(shape: [4, 6, 2], worldFromVoxel: Affine(scale: [-2, 3, 4], translation: [5, 6, 7]))
        let fine = try grid.resized(voxelSize: [1, 1, 1])
        #expect(fine.shape == [8, 18, 8])
        // The outer corner of the first voxel is the same point of the world.
        #expect(norm(fine.worldFromVoxel([-0.5, -0.5, -0.5]) - grid.worldFromVoxel([-0.5, -0.5, -0.5])) < 1e-12)
        #expect(norm(fine.worldFromVoxel([7.5, 17.5, 7.5]) - grid.worldFromVoxel([3.5, 5.5, 1.5])) < 1e-12)
    }
}

@Suite struct VolumeStatisticsTests {
    @Test func countsRangeAndSumLeaveOutWhatIsNotFinite() throws {
        let grid = try VoxelGrid(shape: [3, 1, 1], worldFromVoxel: .identity)
        let s = VolumeStatistics(of: Volume(grid: grid, frames: 2, voxels: [1, .nan, -4, 2, .infinity, 0.5]))
        #expect(s.count == 6 && s.finite == 4 && s.min == -4 && s.max == 2 && s.sum == -0.5 && s.mean == -0.125)
    }

    @Test func anImageWithoutFiniteVoxelsHasNoRange() throws {
        let grid = try VoxelGrid(shape: [1, 1, 1], worldFromVoxel: .identity)
        let s = VolumeStatistics(of: Volume(grid: grid, repeating: .nan))
        #expect(s.min == nil && s.max == nil && s.mean == nil && s.finite == 0)
    }
}
