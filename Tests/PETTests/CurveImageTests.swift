import Imaging
import PET
import Records
import Testing

private let frames = [Frame(start: 0, duration: 60), Frame(start: 60, duration: 60)]

@Suite struct CurveImageTests {
    private let grid: VoxelGrid
    init() throws { grid = try VoxelGrid(shape: [4, 1, 1], worldFromVoxel: Affine(scale: [10, 10, 10])) }

    private func labels(_ voxels: [Int32], _ names: [Int32: String] = [:]) -> LabelMap {
        LabelMap(grid: grid, voxels: voxels, names: LabelTable(names.mapValues { .init(name: $0) }))
    }

    @Test func activityIsInBqPerMLWithSDAndSEMAndVolume() throws {
        let volume = Volume(grid: grid, frames: 2, voxels: [1, 3, 5, 9, 2, 2, 2, 8])
        let curves = try TimeActivityCurves(
            of: volume, frames: frames, labels: labels([4, 4, 4, 0]), units: "kBq/mL", decay: .uncorrected)
        let only = curves.curves[0]
        // SD of 1, 3, 5 is 2; 3 voxels of 1 mL.
        #expect(only.mean == [3000, 2000] && only.sd == [2000, 0] && only.voxels == 3 && only.volumeML == 3)
        #expect(abs(only.sem![0] - 2000 / 3.0.squareRoot()) < 1e-12)
        #expect(curves.units == "Bq/mL" && curves.decay == .uncorrected && curves.warnings.isEmpty)
        let suv = try TimeActivityCurves(of: volume, frames: frames, labels: labels([4, 4, 4, 0]), units: "g/mL")
        #expect(suv.units == "g/mL" && suv.curves[0].mean == [3, 2])
    }

    @Test func voxelsThatAreNotFiniteAreLeftOutAndCounted() throws {
        let volume = Volume(grid: grid, frames: 2, voxels: [1, .nan, 5, .nan, 2, 4, 6, .infinity])
        let curves = try TimeActivityCurves(
            of: volume, frames: frames, labels: labels([1, 1, 1, 2], [1: "a", 2: "b"]))
        #expect(curves.curves[0].mean == [3, 4] && curves.curves[0].nonFinite == [1, 0])
        #expect(curves.curves[0].sd![0] == 8.0.squareRoot() && curves.curves[0].sem![0] == 2)
        #expect(curves.curves[1].mean.allSatisfy { $0.isNaN })
        #expect(
            curves.warnings == [
                "region a: left out up to 1 voxel without a finite value in 1 of 2 frames",
                "region b: left out up to 1 voxel without a finite value in 2 of 2 frames; nothing is left in 2 of them",
            ])
        let row = try #require(curves.statisticsTable.rows.first)
        #expect(row == ["a", "1", "0", "60", "3", significant(8.0.squareRoot(), 10), "2", "3", "1", "3"])
        #expect(curves.table.rows[0] == ["0", "60", "3", "n/a"])
    }

    /// Five labelled voxels of 10 mm in a row, four of which lie on the image.
    @Test func aRegionCutByTheEdgeOfTheImageSaysHowMuchIsOutside() throws {
        let wide = try VoxelGrid(shape: [6, 1, 1], worldFromVoxel: Affine(scale: [10, 10, 10]))
        let map = LabelMap(
            grid: wide, voxels: [2, 1, 1, 1, 1, 0], names: LabelTable([1: .init(name: "a"), 2: .init(name: "b")]))
        let volume = Volume(grid: grid, frames: 2, repeating: 1)
        let curves = try TimeActivityCurves(of: volume, frames: frames, labels: map)
        #expect(
            curves.warnings.contains(
                "region a is cut by the edge of the image: 25.0 % of its volume (1 mL) lies outside"))
        #expect(!curves.warnings.contains { $0.contains("region b is cut") } && curves.curves[1].voxels == 1)
    }

    @Test func namesThatCannotHeadAColumnAreChanged() throws {
        let volume = Volume(grid: grid, frames: 2, repeating: 1)
        let curves = try TimeActivityCurves(
            of: volume, frames: frames, labels: labels([1, 2, 3, 4], [1: "weight", 2: "a\tb", 3: "", 4: "frame_end"]))
        #expect(curves.curves.map(\.name) == ["weight_region", "a b", "3", "frame_end_region"])
        #expect(curves.warnings.count { $0.contains("is called") } == 2)
        let read = try TimeActivityCurves(parsing: Array(curves.table.tsv.utf8))
        #expect(read.curves.map(\.name) == curves.curves.map(\.name))
    }

    @Test func aLabelWithTwoNamesIsAWarning() throws {
        let table = try LabelTable(parsing: Array("index\tname\n1\ta\n1\tb\n2\tc\n2\tc\n".utf8))
        #expect(table.renamed == [1] && table.name(of: 1) == "b")
        let curves = try TimeActivityCurves(
            of: Volume(grid: grid, frames: 2, repeating: 1), frames: frames,
            labels: LabelMap(grid: grid, voxels: [1, 1, 2, 2], names: table))
        #expect(curves.warnings == ["label 1 has two names in the table of names; the later, b, is used"])
    }

    @Test func regionsThatAreNamedButEmptyAreCounted() throws {
        let volume = Volume(grid: grid, frames: 2, repeating: 1)
        let few = try TimeActivityCurves(
            of: volume, frames: frames, labels: labels([1, 1, 1, 1], [0: "Unknown", 1: "a", 2: "b", 3: "c"]))
        #expect(few.warnings == ["2 of the 4 regions named have no voxel: b, c"])
        let many = try TimeActivityCurves(
            of: volume, frames: frames,
            labels: labels([1, 1, 1, 1], Dictionary(uniqueKeysWithValues: (1...50).map { ($0, "r\($0)") })))
        #expect(many.warnings == ["49 of the 50 regions named have no voxel"])
    }

    @Test func regionsLostOnTheImagesGridAreNamedAndNoOverlapIsRefused() throws {
        let volume = Volume(grid: grid, frames: 2, repeating: 1)
        let fine = try VoxelGrid(shape: [8, 1, 1], worldFromVoxel: Affine(scale: [5, 10, 10]))
        // Image voxel centres at 0, 10, 20, 30 are fine voxels 0, 2, 4, 6.
        let map = LabelMap(grid: fine, voxels: [1, 7, 1, 0, 1, 0, 1, 0], names: LabelTable([7: .init(name: "thin")]))
        let curves = try TimeActivityCurves(of: volume, frames: frames, labels: map)
        #expect(
            curves.warnings == [
                "labels lie on another grid and were looked up at the voxel centres of the image (nearest)",
                "lost on the grid of the image: 1 region, thin",
            ])
        let far = try VoxelGrid(
            shape: [4, 1, 1], worldFromVoxel: Affine(scale: [10, 10, 10], translation: [500, 0, 0]))
        #expect(throws: UptakeError.noRegion) {
            try TimeActivityCurves(
                of: volume, frames: frames, labels: LabelMap(grid: far, voxels: [1, 1, 1, 1]))
        }
    }

    @Test func gapsBetweenFramesAreCounted() throws {
        let apart = [Frame(start: 0, duration: 60), Frame(start: 90, duration: 60)]
        let curves = try TimeActivityCurves(
            of: Volume(grid: grid, frames: 2, repeating: 1), frames: apart, labels: labels([1, 1, 1, 1]))
        #expect(curves.warnings == ["1 gap between frames, together 30 s"])
    }

    @Test func whatIsWrittenReadsBackWithSDVoxelsAndDecay() throws {
        let volume = Volume(grid: grid, frames: 2, voxels: [1, .nan, 5, 9, 2, 2, 2, 8])
        let curves = try TimeActivityCurves(
            of: volume, frames: frames, labels: labels([4, 4, 4, 6], [4: "x", 6: "y"]), units: "Bq/mL",
            decay: .corrected(toS: -30))
        let read = try TimeActivityCurves(
            parsing: Array(curves.table.tsv.utf8), CurveDeclarations(sidecar: .object(curves.members)))
        #expect(read.frames == curves.frames && read.units == "Bq/mL" && read.decay == .corrected(toS: -30))
        #expect(read.curves[0] == curves.curves[0])
        // The SD of one voxel is NaN, which equals nothing.
        #expect(read.curves[1].mean == curves.curves[1].mean && read.curves[1].label == 6)
        let kilo = try curves.inUnits("kBq/mL")
        #expect(
            try TimeActivityCurves(
                parsing: Array(kilo.table.tsv.utf8), CurveDeclarations(sidecar: .object(kilo.members))
            ).curves[0].sd == curves.curves[0].sd)
    }
}

@Suite struct NamedCurveTests {
    private func curves(_ all: [TimeActivityCurves.Curve]) -> TimeActivityCurves {
        TimeActivityCurves(frames: frames, curves: all, units: "Bq/mL", weights: [1, 2])
    }

    @Test func aCurveIsFoundByNameWithoutCaseOrByLabel() throws {
        let all = curves([
            .init(name: "Left-Putamen", mean: [1, 2], label: 12), .init(name: "cerebellum", mean: [3, 4], label: 8),
        ])
        #expect(try all.curve(named: "left-putamen").mean == [1, 2] && all.curve(named: "8").mean == [3, 4])
        #expect(try all.curve(named: "putamen").name == "Left-Putamen")
        #expect(throws: CurveProblem.noCurve("pons", ["Left-Putamen", "cerebellum"])) { try all.curve(named: "pons") }
        #expect(all.times.mids == [0.5, 1.5] && all.weights == [1, 2])
    }

    /// (10·3 + 20·1) / 4 and, without the voxel that has no value, (10·2 + 20·1) / 3.
    @Test func bothSidesAreOneRegionWeightedByTheirVoxels() throws {
        let left = TimeActivityCurves.Curve(
            name: "Left-Putamen", mean: [10, 10], voxels: 3, volumeML: 0.3, nonFinite: [0, 1])
        let right = TimeActivityCurves.Curve(name: "Right-Putamen", mean: [20, 20], voxels: 1, volumeML: 0.1)
        let both = try curves([left, right]).curve(named: "putamen")
        #expect(both.mean == [12.5, 40.0 / 3] && both.voxels == 4 && both.nonFinite == [0, 1] && both.sem == nil)
        #expect(abs(both.volumeML! - 0.4) < 1e-15)
        #expect(throws: CurveProblem.ambiguous("putamen", ["Left-Putamen", "Right-Putamen"])) {
            try curves([left, .init(name: "Right-Putamen", mean: [20, 20])]).curve(named: "putamen")
        }
    }
}

@Suite struct CurveDecayTests {
    /// A constant decay rate: over a frame of one half-life from the reference, the average is (1 - ½) / ln 2 of the start.
    @Test func aFrameIsCorrectedByItsOwnFactorAndBack() throws {
        let raw = TimeActivityCurves(
            frames: frames, curves: [.init(name: "a", mean: [100, 50], sd: [10, 5])], units: "Bq/mL",
            decay: .uncorrected)
        let corrected = try raw.decayCorrected(toS: 0, halfLifeS: 60)
        let first = 100 * 0.693147180559945 / 0.5
        for (value, expected) in zip(
            corrected.curves[0].mean + corrected.curves[0].sd!, [first, first, first / 10, first / 10])
        {
            #expect(abs(value / expected - 1) < 1e-14)
        }
        #expect(corrected.decay == .corrected(toS: 0))
        let back = try corrected.decayUncorrected(halfLifeS: 60)
        #expect(back.decay == .uncorrected && abs(back.curves[0].mean[1] - 50) < 1e-12)
        let moved = try corrected.decayCorrected(toS: -60, halfLifeS: 60)
        #expect(abs(moved.curves[0].mean[0] / first - 2) < 1e-14)
    }

    @Test func anUnknownOrFinishedStateIsRefused() throws {
        var curves = TimeActivityCurves(frames: frames, curves: [.init(name: "a", mean: [1, 1])], units: nil)
        #expect(throws: CurveProblem.decayUnknown) { try curves.decayCorrected(toS: 0, halfLifeS: 60) }
        #expect(throws: CurveProblem.decayUnknown) { try curves.decayUncorrected(halfLifeS: 60) }
        curves.decay = .corrected(toS: 0)
        #expect(throws: CurveProblem.alreadyCorrected(toS: 0)) { try curves.decayCorrected(toS: 0, halfLifeS: 60) }
        #expect(throws: CurveProblem.halfLife) { try curves.decayUncorrected(halfLifeS: 0) }
        curves.decay = .uncorrected
        #expect(throws: CurveProblem.alreadyUncorrected) { try curves.decayUncorrected(halfLifeS: 60) }
    }

    @Test func theStateOfAnImageCountsFromTimeZero() throws {
        var acquisition = Acquisition()
        #expect(acquisition.decayState == nil)
        acquisition.decayReference = Acquisition.DecayReference.none
        #expect(acquisition.decayState == .uncorrected)
        (acquisition.decayReference, acquisition.decayReferenceS, acquisition.injectionStartS) = (.scanStart, 40, -30)
        #expect(acquisition.decayState == .corrected(toS: 10))
        acquisition.sliceDecayReferenceS = [40, 41]
        #expect(acquisition.decayState == nil)
    }
}
