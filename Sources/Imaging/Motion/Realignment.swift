/// Where the head lay in each frame of a dynamic image, relative to a reference, and how each place was found.
///
/// Frames are laid on the reference one by one, all cores on different frames. Each is laid a second and a third time by two halves
/// of its points that share no region, from either side: where the halves agree, there is something to align by. Frames where they
/// do not, as those of the first seconds, are summed with their neighbours of the kind; where the sum has no place either, the
/// nearest frame's place is carried over. Every frame says which of it was done.
public struct Realignment: Sendable {
    /// How a frame's place was found.
    public enum Source: Sendable, Equatable {
        /// By the frame itself.
        case registered
        /// By the sum of these frames, which have too few counts by themselves.
        case summed(ClosedRange<Int>)
        /// It is that of another frame.
        case carried(from: Int)

        /// One word.
        public var name: String {
            switch self {
            case .registered: "registered"
            case .summed: "summed"
            case .carried: "carried"
            }
        }
    }

    /// What is remarkable about a frame.
    public enum Flag: String, Sendable, CaseIterable {
        /// Too few counts to be placed by itself.
        case lowCounts = "low_counts"
        /// One value everywhere, or none that is a number.
        case empty
        /// Further from both neighbours than a head is expected to go and come back, and the image says so.
        case jump
        /// The same, and the image does not say so: the place is a neighbour's.
        case jumpRejected = "jump_rejected"
        /// Some voxels are not numbers.
        case nonFinite = "non_finite"
    }

    /// One frame's place.
    public struct Placement: Sendable {
        /// The frame's world from the reference's, RAS mm: where a point of the reference's head is in the frame.
        public var frameFromReference: Affine
        /// How it was found.
        public var source: Source
        /// What is remarkable.
        public var flags: Set<Flag> = []
        /// Half the distance at 60 mm from the middle of the head between the places by the two halves of the points, mm: about
        /// the error to expect. `nil` for an empty frame.
        public var certaintyMM: Double?
        /// The metric where the frame lies by its header, and at its place; `nil` for an empty frame.
        public var metricBefore, metricAfter: Double?
    }

    /// One a frame.
    public let frames: [Placement]
    /// What frames were laid on.
    public let reference: Volume
    /// The middle of the head in the reference, world mm, about which turns are counted.
    public let center: SIMD3<Double>
    /// The frame whose place the reference has, where it was built from it.
    public let anchor: Int?
    /// What was sought.
    public let options: RealignmentOptions

    /// Lays the frames on the reference.
    ///
    /// - Parameters:
    ///   - weights: by which frames are averaged, such as duration times what has not decayed; all positive.
    ///   - times: the middles of frames, in any unit; the nearest frame is meant in time.
    ///   - progress: called with the share that is done.
    public init(
        of volume: Volume, weights: [Double], times: [Double], options: RealignmentOptions = RealignmentOptions(),
        progress: (Double) -> Void = { _ in }
    ) throws(RealignmentError) {
        precondition(weights.count == volume.frames && times.count == volume.frames, "each frame has weight and time")
        self = try RealignmentSearch(volume: volume, weights: weights, times: times, options: options).run(progress)
    }

    init(frames: [Placement], reference: Volume, center: SIMD3<Double>, anchor: Int?, options: RealignmentOptions) {
        (self.frames, self.reference, self.center) = (frames, reference, center)
        (self.anchor, self.options) = (anchor, options)
    }

    /// The head's movement in each frame.
    public var motion: [RigidMotion] { frames.map { RigidMotion($0.frameFromReference, center: center) } }

    /// Power's framewise displacement, mm; `nil` for the first frame.
    public var framewiseDisplacement: [Double?] {
        let motion = motion
        return motion.indices.map { $0 == 0 ? nil : motion[$0].framewiseDisplacement(from: motion[$0 - 1]) }
    }

    /// Jenkinson's root mean square displacement from the frame before, mm; `nil` for the first frame.
    public var rmsDisplacement: [Double?] {
        frames.indices.map { place in
            place == 0
                ? nil
                : frames[place].frameFromReference.rmsDeviation(
                    from: frames[place - 1].frameFromReference, center: center)
        }
    }
}
