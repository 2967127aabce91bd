import Imaging
import PET
import Phantoms
import Statistics
import Testing

/// Heads that move during a scan: where each frame is found, beside where it was put.
@Suite struct RealignmentPhantomTests {
    /// 21 frames over 60 minutes, the first ones of 5 s, when next to nothing has arrived.
    static let frames: [Frame] = {
        var start = 0.0
        return
            ([5, 5, 10, 10, 30, 60, 60, 120] + Array(repeating: 240.0, count: 5) + Array(repeating: 300, count: 3)
            + Array(repeating: 240, count: 5)).map { duration in
                defer { start += duration }
                return Frame(start: start, duration: duration)
            }
    }()

    private static let center: SIMD3<Double> = [0, -17, 8]

    static func move(_ t: SIMD3<Double>, degrees: SIMD3<Double>) -> Affine {
        var map = Affine.rotation(vector: degrees * .pi / 180).about(center)
        map.translation += t
        return map
    }

    /// A scan of a head that moves so, on voxels of 3 mm all around the head; 10 % noise of a cortical voxel in 300 s.
    static func scan(_ motion: [Affine], noise: Double = 0.1) -> PETPhantom {
        var settings = PETPhantomSettings(tracer: .dat, seed: 9)
        (settings.frames, settings.motion, settings.noise) = (frames, motion, noise)
        settings.grid = PETPhantomSettings.headGrid(shape: [72, 84, 76], voxelSize: 3)
        settings.ctGrid = PETPhantomSettings.headGrid(shape: [8, 8, 8], voxelSize: 20)
        settings.windowS = 2400...3300
        return petPhantom(settings)
    }

    static let weights = MotionReport.weights(frames, halfLifeS: PhantomTracer.halfLifeS)

    /// The distance of each frame's place from where it was put, mm at 60 mm, relative to the frame the reference is in.
    static func errors(_ found: Realignment, _ motion: [Affine]) throws -> [Double] {
        let back = try #require(motion[found.anchor ?? motion.count - 1].inverse)
        return motion.indices.map {
            found.frames[$0].frameFromReference.distance(to: motion[$0] * back, center: center, radius: 60)
        }
    }

    static func realigned(_ scan: PETPhantom, _ options: RealignmentOptions = RealignmentOptions()) throws
        -> Realignment
    {
        try Realignment(of: scan.pet, weights: weights, times: frames.map(\.mid), options: options)
    }

    static let step = frames.map { $0.mid < 1500 ? Affine.identity : move([5, -4, 4.8], degrees: [6, 0, 0]) }

    /// The limits: half a millimetre in the median of frames with counts, as the issue asks; 1.5 mm is where a frame counts as
    /// unsure. Frames from 60 s on have counts.
    @Test(arguments: ["step", "drift"])
    func motionIsFound(kind: String) throws {
        let motion =
            kind == "step"
            ? Self.step
            : Self.frames.map { frame in
                let u = frame.mid / 3600
                return Self.move([2 * u, -3 * u, 5 * u], degrees: [5 * u, 2 * u, -3 * u])
            }
        let found = try Self.realigned(Self.scan(motion))
        let errors = try Self.errors(found, motion)
        let late = Self.frames.indices.filter { Self.frames[$0].start >= 60 }
        #expect(late.map { errors[$0] }.sorted()[late.count / 2] < 0.5, "\(errors)")
        #expect(late.allSatisfy { errors[$0] < 1.5 }, "\(errors)")
        #expect(late.allSatisfy { found.frames[$0].source == .registered })
        // Nothing is silently wrong: what is off by more than twice the limit has no place of its own.
        for frame in errors.indices where errors[frame] > 3 { #expect(found.frames[frame].source != .registered) }
    }

    @Test func aHeadThatLiesStillStays() throws {
        let still = Self.frames.map { _ in Affine.identity }
        let found = try Self.realigned(Self.scan([]))
        let errors = try Self.errors(found, still)
        let late = Self.frames.indices.filter { Self.frames[$0].start >= 60 }
        #expect(late.allSatisfy { errors[$0] < 0.2 }, "\(errors)")
    }

    /// Putamen over the last window beside the head that lay still; without noise, so that movement is all there is.
    @Test func curvesAreThoseOfTheHeadThatLayStill() throws {
        let still = Self.scan([], noise: 0)
        var moved = Self.scan(Self.step, noise: 0)
        var options = RealignmentOptions()
        // The place of the first half, where the labels are.
        options.reference = .frames(Array(8...11))
        let found = try Self.realigned(moved, options)
        let putamen = still.labels.labels.filter {
            still.labels.names.name(of: $0).contains("putamen")
        }
        #expect(!putamen.isEmpty)
        func curve(_ pet: Volume, _ label: Int32, _ frame: Int) -> Double {
            var (sum, count) = (0.0, 0)
            for place in 0..<pet.grid.count where still.labels.voxels[place] == label {
                sum += Double(pet.voxels[frame * pet.grid.count + place])
                count += 1
            }
            return sum / Double(count)
        }
        let late = Array(14..<Self.frames.count)
        func worst(_ pet: Volume) -> Double {
            putamen.flatMap { label in
                late.map { abs(curve(pet, label, $0) / curve(still.pet, label, $0) - 1) }
            }.max()!
        }
        let before = worst(moved.pet)
        var image = moved.pet
        image.realign(found.frames.map(\.frameFromReference), interpolation: .cubic)
        // Two B-splines, one of the phantom's and one of ours, and 0.2 mm of place cost up to 3 % of a small region.
        #expect(worst(image) < 0.03, "before \(before), after \(worst(image))")
        #expect(before > 0.1)
        moved = still
    }

    /// A frame of noise alone and a frame of one value take the nearest placed frame's transform, and say so.
    @Test func framesWithoutAHeadAreCarriedAndFlagged() throws {
        let scan = Self.scan(Self.step)
        var pet = scan.pet
        let count = pet.grid.count
        var random = RandomSource(seed: 3, stream: 1)
        pet.withMutableVoxels { voxels in
            for place in 0..<count {
                voxels[12 * count + place] = 7
                voxels[17 * count + place] = Float(random.gaussian())
            }
            voxels[9 * count + 77] = .nan
        }
        let found = try Realignment(of: pet, weights: Self.weights, times: Self.frames.map(\.mid))
        #expect(found.frames[12].flags == [.empty])
        #expect(found.frames[17].flags == [.lowCounts])
        #expect(found.frames[9].flags == [.nonFinite])
        for frame in [12, 17] {
            guard case .carried(let from) = found.frames[frame].source else {
                Issue.record("frame \(frame) is \(found.frames[frame].source)")
                continue
            }
            #expect(abs(from - frame) == 1)
            #expect(found.frames[frame].frameFromReference == found.frames[from].frameFromReference)
        }
    }

    /// A head that is elsewhere in one frame alone is found there, and flagged to be looked at.
    @Test func aJumpThatIsReallyThereIsKept() throws {
        var motion = Self.frames.map { _ in Affine.identity }
        motion[13] = Self.move([8, 0, 6], degrees: [0, 0, 5])
        let found = try Self.realigned(Self.scan(motion))
        #expect(found.frames[13].flags == [.jump])
        #expect(try Self.errors(found, motion)[13] < 0.5)
        #expect(found.frames.filter { $0.flags.contains(.jump) }.count == 1)
    }

    @Test func aScanWithoutAnyHeadIsRefused() throws {
        let grid = PETPhantomSettings.headGrid(shape: [32, 32, 32], voxelSize: 4)
        let flat = Volume(grid: grid, frames: 3, repeating: 2)
        #expect(throws: RealignmentError.emptyReference) {
            try Realignment(of: flat, weights: [1, 1, 1], times: [0, 1, 2])
        }
        #expect(throws: RealignmentError.oneFrame) { try Realignment(of: flat.frame(0), weights: [1], times: [0]) }
    }
}
