/// How sure a registration is: what speaks for the place that was found and against all others.
public struct RegistrationQuality: Sendable, Equatable {
    /// What is to be done with a registration.
    public enum Verdict: String, Sendable, Comparable {
        /// The place is clear.
        case ok
        /// Look at the pictures before using it.
        case check
        /// Not to be used.
        case fail

        /// Whether a verdict is milder than another.
        public static func < (a: Verdict, b: Verdict) -> Bool { a.rank < b.rank }
        private var rank: Int { self == .ok ? 0 : self == .check ? 1 : 2 }
    }

    /// The metric sought.
    public let metric: SimilarityMetric
    /// The share of the fixed image's points inside the moving image, 0...1.
    public let overlap: Double
    /// Of the places improved on the coarsest level, the share that ended within 8 mm of the final one.
    public let consensus: Double
    /// The metric of the best place elsewhere over that of the final one, both on the coarsest level and above that of a
    /// place like any other; 0 where every search led to the same place.
    public let rival: Double
    /// How much of the metric is lost by the least harmful of the moves by 5 mm (shifts, and turns that move the skull as
    /// far): 0 where a move in some direction costs nothing.
    public let sharpness: Double
    /// The metric at the end.
    public let value: Double

    /// What the metric is at least where two images show the same thing: independent ones have 0 but for chance.
    public var leastValue: Double {
        switch metric {
        case .mutualInformation: 0.03
        case .normalizedMutualInformation: 0.01
        case .correlationRatio, .normalizedCrossCorrelation: 0.05
        }
    }

    /// The share of the metric that a move by 5 mm costs at least where the place is clear.
    ///
    /// Heads laid right lose more, but for smooth ones with few details; laid wrong, less (docs/registration.md).
    public var leastSharpness: Double {
        switch metric {
        case .normalizedMutualInformation: 0.05
        case .mutualInformation: 0.045
        case .correlationRatio, .normalizedCrossCorrelation: 0.009
        }
    }

    /// Whether no other place needs to be looked for: no rival came near, and the match is lost quickly all around.
    var isPlain: Bool { verdict == .ok && rival < 0.5 && sharpness > 2 * leastSharpness }

    /// `ok`, or the gravest of what `findings` says.
    public var verdict: Verdict { findings.map(\.verdict).max() ?? .ok }

    /// What speaks against the place, in words.
    public var reasons: [String] { findings.map(\.reason) }

    private var findings: [(verdict: Verdict, reason: String)] {
        var found: [(Verdict, String)] = []
        let contested = rival > 0.8 && consensus < 0.5
        let flat = sharpness < leastSharpness
        if value < leastValue { found.append((.fail, "the images tell hardly anything of each other")) }
        if rival > 0.95 {
            found.append((.fail, "another place, more than 8 mm away, fits as well"))
        } else if contested {
            found.append((flat ? .fail : .check, "another place, more than 8 mm away, fits nearly as well"))
        }
        if sharpness <= 0 {
            found.append((.fail, "a move by 5 mm does not make the match worse"))
        } else if flat {
            found.append((.check, "a move by 5 mm hardly makes the match worse"))
        }
        if overlap < 0.4 { found.append((.check, "less than 40 % of the fixed image lies in the moving image")) }
        return found
    }
}
