/// The steps of a realignment.
struct RealignmentSearch {
    let volume: Volume
    let weights, times: [Double]
    let options: RealignmentOptions

    /// A frame laid on the reference, and how sure that is.
    struct Fit: Sendable {
        var map: Affine
        var metricBefore: Double?
        var metric: Double
        /// The places by the two halves.
        var halves: [Affine]
        /// Half their distance at 60 mm, mm.
        var certaintyMM: Double
    }

    func run(_ progress: (Double) -> Void) throws(RealignmentError) -> Realignment {
        guard volume.frames > 1 else { throw .oneFrame }
        guard volume.grid.shape.min() >= 4 else { throw .tooThin(volume.grid.shape) }
        let surveys = parallelMap(volume.frames) { FrameSurvey(volume, frame: $0) }
        let still = Array(repeating: Affine.identity, count: volume.frames)
        // Places found on the way to the reference.
        var known = [Affine?](repeating: nil, count: volume.frames)
        let all = Array(0..<volume.frames).filter { surveys[$0].isUsable }
        let reference: Volume
        var anchor: Int?
        switch options.reference {
        case .mean: reference = FrameMean.mean(of: volume, all, weights: weights, maps: still)
        case .frames(let chosen): reference = FrameMean.mean(of: volume, chosen, weights: weights, maps: still)
        case .image(let image): reference = image
        case .iterativeMean:
            guard let most = all.max(by: { counts($0, surveys) < counts($1, surveys) }) else { throw .emptyReference }
            anchor = most
            var rough = options
            rough.points /= 3
            let levels = try ReferenceLevels(volume.frame(most), options: rough)
            let fits = place(all, on: levels) { _ in (.identity, .rough) }
            progress(0.3)
            for frame in all where isSure(fits[frame]) { known[frame] = fits[frame]!.map }
            let sure = all.filter { known[$0] != nil }
            guard !sure.isEmpty else { throw .noCertainFrame(options.leastCertaintyMM) }
            reference = FrameMean.mean(of: volume, sure, weights: weights, maps: known.map { $0 ?? .identity })
            progress(0.35)
        }
        let levels = try ReferenceLevels(reference, options: options)
        var fits = place(all, on: levels) { frame in known[frame].map { ($0, .fineOnly) } ?? (.identity, .full) }
        progress(0.9)
        improveFromNeighbours(&fits, all, levels)
        let placements = try settled(fits, surveys, levels)
        progress(1)
        return Realignment(
            frames: placements, reference: reference, center: levels.center, anchor: anchor, options: options)
    }

    /// What is proportional to a frame's counts.
    private func counts(_ frame: Int, _ surveys: [FrameSurvey]) -> Double { weights[frame] * surveys[frame].mean }

    func isSure(_ fit: Fit?) -> Bool { fit.map { $0.certaintyMM <= options.leastCertaintyMM } ?? false }

    // MARK: Frames by themselves

    /// How a frame is sought: on all levels, on the finest alone from a place nearly right, or on all without the last hundredths.
    enum Effort: Sendable { case full, fineOnly, rough }

    /// Each of the frames laid on the reference, on all cores; `nil` for others, and where a frame has no structure.
    private func place(
        _ frames: [Int], on levels: ReferenceLevels, from start: (Int) -> (map: Affine, effort: Effort)
    ) -> [Fit?] {
        let starts = frames.map(start)
        let found = parallelMap(frames.count) { number in
            fit(volume.frame(frames[number]), on: levels, from: starts[number].map, starts[number].effort)
        }
        var fits = [Fit?](repeating: nil, count: volume.frames)
        for (number, frame) in frames.enumerated() { fits[frame] = found[number] }
        return fits
    }

    /// An image laid on the reference: coarse level to fine, then by each half of the points of the fine one.
    func fit(_ image: Volume, on levels: ReferenceLevels, from start: Affine, _ effort: Effort = .full) -> Fit? {
        guard let matches = levels.matches(image, finestOnly: effort == .fineOnly), let last = matches.last else {
            return nil
        }
        var map = start
        for (number, match) in matches.enumerated() {
            let isLast = number == matches.count - 1
            map = match.all.climb(
                from: map, center: levels.center, step: number == 0 && !isLast ? 4 : 1,
                tolerance: isLast && effort != .rough ? 0.01 : 0.1)
        }
        guard let metric = last.all(map) else { return nil }
        // From either side, so that a place that the start decided is not taken for one that the image decided.
        let halves = [(0, 2.0), (1, -2.0)].map { half, offset in
            last.halves[half].climb(
                from: map, offset: Array(repeating: offset, count: 6), center: levels.center, step: 1.5, tolerance: 0.1)
        }
        let apart = halves[0].distance(to: halves[1], center: levels.center, radius: RealignmentOptions.radius)
        return Fit(
            map: map, metricBefore: last.all(.identity), metric: metric, halves: halves, certaintyMM: apart / 2)
    }

    /// Frames whose neighbours lie elsewhere are tried from there too; the better place counts.
    private func improveFromNeighbours(_ fits: inout [Fit?], _ frames: [Int], _ levels: ReferenceLevels) {
        let before = fits
        let found = parallelMap(frames.count) { number -> Fit? in
            let frame = frames[number]
            guard let own = before[frame] else { return nil }
            var best: Fit?
            for other in [frame - 1, frame + 1] where before.indices.contains(other) {
                guard let near = before[other], isSure(near),
                    own.map.distance(to: near.map, center: levels.center, radius: RealignmentOptions.radius) > 3,
                    let again = fit(volume.frame(frame), on: levels, from: near.map),
                    again.metric > (best ?? own).metric
                else { continue }
                best = again
            }
            return best
        }
        for (number, fit) in found.enumerated() { if let fit { fits[frames[number]] = fit } }
    }
}

/// What a frame is before anything is compared.
struct FrameSurvey: Sendable {
    /// The mean of its numbers.
    let mean: Double
    let isUsable: Bool
    let hasNonFinite: Bool

    init(_ volume: Volume, frame: Int) {
        var (sum, count) = (0.0, 0)
        var (least, most) = (Float.infinity, -Float.infinity)
        volume.withFrame(frame) { voxels in
            for place in voxels.indices where voxels[place].isFinite {
                let value = voxels[place]
                sum += Double(value)
                count += 1
                (least, most) = (min(least, value), max(most, value))
            }
        }
        mean = count > 0 ? sum / Double(count) : 0
        isUsable = least < most
        hasNonFinite = count < volume.grid.count
    }
}
