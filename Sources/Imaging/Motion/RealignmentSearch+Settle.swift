extension RealignmentSearch {
    /// Every frame's place: its own where that is sure, else that of a sum or of the nearest frame.
    func settled(
        _ fits: [Fit?], _ surveys: [FrameSurvey], _ levels: ReferenceLevels
    ) throws(RealignmentError) -> [Realignment.Placement] {
        var placements = fits.map { fit in
            Realignment.Placement(
                frameFromReference: fit?.map ?? .identity, source: .registered, certaintyMM: fit?.certaintyMM,
                metricBefore: fit?.metricBefore, metricAfter: fit?.metric)
        }
        var isPlaced = fits.map(isSure)
        guard isPlaced.contains(true) else { throw .noCertainFrame(options.leastCertaintyMM) }
        for frame in fits.indices where !isPlaced[frame] {
            placements[frame].flags.insert(fits[frame] == nil ? .empty : .lowCounts)
        }
        for frame in fits.indices where surveys[frame].hasNonFinite { placements[frame].flags.insert(.nonFinite) }
        rejectJumps(&placements, &isPlaced, fits, levels)
        placeBySums(&placements, &isPlaced, fits, levels)
        carry(&placements, isPlaced)
        return placements
    }

    /// Frames that lie far from both neighbours, which lie together, keep their place only where each half of the points is
    /// matched better by the other half's place than by the neighbours'.
    private func rejectJumps(
        _ placements: inout [Realignment.Placement], _ isPlaced: inout [Bool], _ fits: [Fit?], _ levels: ReferenceLevels
    ) {
        func apart(_ a: Int, _ b: Int) -> Double {
            fits[a]!.map.distance(to: fits[b]!.map, center: levels.center, radius: RealignmentOptions.radius)
        }
        let sure = fits.indices.filter { isPlaced[$0] }
        for (number, frame) in sure.enumerated() {
            let around = [number - 1, number + 1].filter { sure.indices.contains($0) }.map { sure[$0] }
            guard !around.isEmpty, around.allSatisfy({ apart(frame, $0) > options.largestJumpMM }) else { continue }
            // Between two places of rest there is no telling which neighbour a frame should be like.
            if around.count == 2, apart(around[0], around[1]) > options.largestJumpMM { continue }
            let maps = around.map { fits[$0]!.map }
            if isShown(fits[frame]!, rather: maps, frame, levels) {
                placements[frame].flags.insert(.jump)
            } else {
                placements[frame].flags.insert(.jumpRejected)
                isPlaced[frame] = false
            }
        }
    }

    private func isShown(_ fit: Fit, rather others: [Affine], _ frame: Int, _ levels: ReferenceLevels) -> Bool {
        guard let match = levels.matches(volume.frame(frame), finestOnly: true)?.last else { return false }
        return [(0, 1), (1, 0)].allSatisfy { half, other in
            guard let own = match.halves[half](fit.halves[other]) else { return false }
            return others.allSatisfy { own > match.halves[half]($0) ?? -.infinity }
        }
    }

    /// Neighbouring frames with too few counts, summed; what they show together is the place of all.
    private func placeBySums(
        _ placements: inout [Realignment.Placement], _ isPlaced: inout [Bool], _ fits: [Fit?], _ levels: ReferenceLevels
    ) {
        let isLow = placements.map { $0.flags.contains(.lowCounts) }
        var frame = 0
        while frame < isLow.count {
            guard isLow[frame] else {
                frame += 1
                continue
            }
            let end = isLow[frame...].firstIndex(of: false) ?? isLow.count
            let run = frame..<end
            frame = end
            guard run.count > 1, let near = nearest(to: run.upperBound - 1, isPlaced) else { continue }
            let still = Array(repeating: Affine.identity, count: isLow.count)
            let sum = FrameMean.mean(of: volume, Array(run), weights: weights, maps: still)
            guard
                let fit = fit(sum, on: levels, from: placements[near].frameFromReference),
                isSure(fit)
            else { continue }
            for low in run {
                placements[low].frameFromReference = fit.map
                placements[low].source = .summed(run.lowerBound...(run.upperBound - 1))
                placements[low].certaintyMM = fit.certaintyMM
                placements[low].metricAfter = fit.metric
                isPlaced[low] = true
            }
        }
    }

    /// What has no place of its own takes the nearest frame's, in time.
    private func carry(_ placements: inout [Realignment.Placement], _ isPlaced: [Bool]) {
        for frame in placements.indices where !isPlaced[frame] {
            guard let from = nearest(to: frame, isPlaced) else { continue }
            placements[frame].frameFromReference = placements[from].frameFromReference
            placements[frame].source = .carried(from: from)
        }
    }

    private func nearest(to frame: Int, _ isPlaced: [Bool]) -> Int? {
        isPlaced.indices.filter { isPlaced[$0] }.min { abs(times[$0] - times[frame]) < abs(times[$1] - times[frame]) }
    }
}
