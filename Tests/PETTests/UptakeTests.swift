import Imaging
import PET
import Records
import Testing
import TestSupport

/// A row of eight voxels: left and right caudate, anterior and posterior putamen left, and the occipital cortex.
private func row() throws -> (Volume, LabelMap) {
    let grid = try VoxelGrid(shape: [8, 1, 1], worldFromVoxel: Affine(scale: [10, 10, 10]))
    let volume = Volume(grid: grid, voxels: [30, 34, 20, 24, 18, 6, 9, 11])
    let names = LabelTable([
        1: .init(name: "caudate-left"), 2: .init(name: "caudate-right"), 3: .init(name: "putamen-anterior-left"),
        4: .init(name: "putamen-posterior-left"), 5: .init(name: "occipital-left"), 6: .init(name: "occipital-right"),
    ])
    return (volume, LabelMap(grid: grid, voxels: [1, 1, 2, 2, 3, 4, 5, 6], names: names))
}

@Suite struct UptakeTests {
    @Test func ratiosAreToTheVoxelMeanOfBothSidesOfTheReference() throws {
        let (volume, labels) = try row()
        let uptake = try Uptake(of: volume, labels: labels, reference: "occipital", suvFactor: 0.5)
        #expect(uptake.referenceMean == 10 && uptake.referenceVoxels == 2)
        let caudate = try #require(uptake.regions.first)
        #expect(caudate.mean == 32 && caudate.suvBW == 16 && caudate.volumeML == 2)
        #expect(caudate.suvr == 3.2 && abs(caudate.sbr! - 2.2) < 1e-15)
        #expect(caudate.value(.suv) == 16 && caudate.value(.suvr) == 3.2)
    }

    @Test func indicesFollowTheirDefinitions() throws {
        let (volume, labels) = try row()
        let uptake = try Uptake(of: volume, labels: labels, reference: "occipital")
        let indices = StriatalIndices(of: uptake, measure: .suvr)
        #expect(abs(indices.asymmetryPercent(.caudate)! - 200 * (3.2 - 2.2) / 5.4) < 1e-12)
        #expect(abs(indices.posteriorToAnterior(.left)! - 6.0 / 18) < 1e-15)
        // The whole putamen is made of its parts: one voxel of 18 and one of 6.
        #expect(abs(indices.value(.putamen, .left)! - 1.2) < 1e-15)
        #expect(abs(indices.caudateToPutamen(.left)! - 3.2 / 1.2) < 1e-12)
        #expect(indices.posteriorToAnterior(.right) == nil && indices.asymmetryPercent(.putamen) == nil)
    }

    @Test func aReferenceThatIsNotThereIsNamedWithThoseThatAre() throws {
        let (volume, labels) = try row()
        #expect {
            try Uptake(of: volume, labels: labels, reference: "cerebellum")
        } throws: { "\($0)".contains("no reference region cerebellum") && "\($0)".contains("caudate-left") }
    }

    @Test func aReferenceWithoutActivityIsRefused() throws {
        let (volume, labels) = try row()
        let empty = Volume(grid: volume.grid, repeating: 0)
        #expect(throws: UptakeError.self) { try Uptake(of: empty, labels: labels, reference: "occipital") }
    }

    @Test func aReportHasEveryRegionInItsTableAndItsText() throws {
        let (volume, labels) = try row()
        let uptake = try Uptake(of: volume, labels: labels, reference: "occipital")
        let report = UptakeReport(
            uptake: uptake, indices: StriatalIndices(of: uptake, measure: .sbr), windowS: (60, 120))
        #expect(report.table.rows.count == 6)
        #expect(report.text.contains("putamen-posterior-left") && report.text.contains("posterior / anterior putamen"))
        let json = JSONValue.object(report.members)
        #expect(json["regions"]?[0]?["suv_bw"] == .null)
        #expect(json["window_s"]?.doubles == [60, 120])
        #expect(json["indices"]?["measure"]?.string == "sbr")
    }

    @Test(arguments: [
        ("Left-Putamen", RegionName.Side.left, StriatalPart.putamen), ("ctx-rh-caudate", .right, .caudate),
        ("putamen_L", .left, .putamen), ("putamen-posterior-right", .right, .posteriorPutamen),
        ("Right-Accumbens-area", .right, .ventralStriatum), ("PUT-lh", .left, .putamen),
        ("L ant putamen", .left, .anteriorPutamen), ("ventral-striatum-left", .left, .ventralStriatum),
    ])
    func spellingsInUseAreUnderstood(name: String, side: RegionName.Side, part: StriatalPart) {
        #expect(RegionName(name).side == side)
        #expect(RegionName(name).part == part)
    }

    @Test func aNameWithoutASideHasNone() {
        #expect(RegionName("brainstem").side == nil && RegionName("brainstem").part == nil)
    }
}

@Suite struct FrameWindowTests {
    let frames = [Frame(start: 0, duration: 60), Frame(start: 60, duration: 30), Frame(start: 90, duration: 90)]

    @Test func framesWhollyInsideAreChosen() throws {
        #expect(try FrameWindow(from: 0, to: 90).frames(of: frames) == [0, 1])
        #expect(try FrameWindow(from: 50, to: 180).frames(of: frames) == [1, 2])
    }

    @Test func aWindowWithoutAFrameIsRefused() {
        #expect(throws: WindowError.noFrameInside(100, 120, 0, 180)) {
            try FrameWindow(from: 100, to: 120).frames(of: frames)
        }
        #expect(throws: WindowError.empty(5, 5)) { try FrameWindow(from: 5, to: 5) }
        #expect(throws: WindowError.noFrameTimes) { try FrameWindow(from: 0, to: 5).frames(of: []) }
    }

    @Test func theMeanWeighsFramesByDuration() throws {
        let grid = try VoxelGrid(shape: [2, 1, 1], worldFromVoxel: .identity)
        let volume = Volume(grid: grid, frames: 3, voxels: [1, 10, 4, 40, 100, 1000])
        let mean = frameMean(volume, frames: frames, over: [0, 1])
        #expect(mean.voxels == [2, 20])
    }

    @Test func curvesAreRegionMeansPerFrame() throws {
        let grid = try VoxelGrid(shape: [3, 1, 1], worldFromVoxel: .identity)
        let volume = Volume(grid: grid, frames: 3, voxels: [1, 3, 9, 2, 6, 9, 5, 5, 9])
        let labels = LabelMap(grid: grid, voxels: [1, 1, 7], names: LabelTable([1: .init(name: "a")]))
        let curves = try TimeActivityCurves(of: volume, frames: frames, labels: labels, units: "Bq/mL")
        #expect(curves.curves.map(\.name) == ["a", "7"])
        #expect(curves.curves[0].mean == [2, 4, 5] && curves.curves[0].voxels == 2)
        #expect(curves.table.columns == ["frame_start", "frame_end", "a", "7"])
        #expect(curves.table.rows[1] == ["60", "90", "4", "9"])
        #expect(JSONValue.object(curves.members)["Units"]?.string == "Bq/mL")
    }

    @Test func framesThatDoNotFitTheImageAreRefused() throws {
        let grid = try VoxelGrid(shape: [1, 1, 1], worldFromVoxel: .identity)
        let volume = Volume(grid: grid, frames: 2, voxels: [1, 2])
        let labels = LabelMap(grid: grid, voxels: [1])
        #expect(throws: WindowError.frameCount(image: 2, sidecar: 3)) {
            try TimeActivityCurves(of: volume, frames: frames, labels: labels)
        }
    }
}

/// The magia [11C]raclopride template with the Mindboggle DKT31 labels: numpy and nibabel 5.4.2 (`truth.json`, atlas.uptake).
@Test(.enabled(if: ReferenceData.isPresent, "the reference data is not beside the checkout"))
func regionsOfTheRaclopideTemplateAreThoseOfNumpy() throws {
    let truth = try #require(try ReferenceData.json("images/truth.json")["atlas"]?["uptake"])
    let images = try #require(truth["images"]?.members)
    let pet = try NIfTI.read(ReferenceData.path("images/\(images[0].key)")).volume
    let labels = try LabelImage.read(ReferenceData.path("images/\(try #require(truth["labels"]?.string))"))
    let uptake = try Uptake(of: pet, labels: labels, reference: "4")
    #expect(uptake.warnings.contains { $0.contains("another grid") })
    for label in ["4", "5", "6"] {
        let expected = try #require(images[0].value[label])
        let region = try #require(uptake.regions.first { $0.name == label })
        #expect(region.voxels == expected["voxels"]?.int)
        #expect(region.min == expected["min"]?.double && region.max == expected["max"]?.double)
        // Double sums in another order.
        #expect(abs(region.mean - expected["mean"]!.double!) < 1e-9 * region.mean)
        #expect(abs(region.sd - expected["sd"]!.double!) < 1e-9 * region.sd)
    }
    let ratio = try #require(uptake.regions.first { $0.name == "5" }?.suvr)
    #expect(abs(ratio - images[0].value["ratio_5_to_4"]!.double!) < 1e-9)
}
