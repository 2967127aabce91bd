import Records

/// Where a dose escalation stands: who counts at each level, what is awaited, and what is permitted next.
public struct EscalationState: Sendable, Equatable {
    /// A subject as the table of events has it.
    public struct Participant: Sendable, Equatable {
        /// What is known of a dose-limiting toxicity.
        public enum Outcome: String, Sendable {
            /// Adjudicated and signed: yes.
            case toxic
            /// No toxicity through all infusions and the whole window.
            case tolerated
            /// An event is not adjudicated, or not signed.
            case pendingAdjudication = "pending-adjudication"
            /// Infusions or the window are not over.
            case inWindow = "in-window"
            /// Left without a toxicity before the end of the window, and is replaced.
            case replaced
        }

        /// The study's code.
        public var code: String
        /// The level, counted from 0.
        public var level: Int
        /// Infusions so far, in order.
        public var infusions: [CalendarDate]
        /// What is known.
        public var outcome: Outcome
        /// What a person should know of it.
        public var note: String?
    }

    /// The plan.
    public var plan: DoseEscalation
    /// Names of the levels.
    public var levels: [DoseEscalation.Level]
    /// The variant.
    public var variant: DoseEscalation.Variant
    /// Subjects in the order of their first infusion.
    public var participants: [Participant]
    /// What was doubtful.
    public var warnings: [String]

    /// Evaluable subjects and toxicities at each level.
    public var counts: [ThreePlusThree.Count] {
        levels.indices.map { level in
            let here = participants.filter { $0.level == level }
            let toxic = here.count { $0.outcome == .toxic }
            return ThreePlusThree.Count(toxic + here.count { $0.outcome == .tolerated }, toxic)
        }
    }

    /// Subjects whose outcome is awaited.
    public var awaited: [Participant] {
        participants.filter { $0.outcome == .pendingAdjudication || $0.outcome == .inWindow }
    }

    /// What is permitted; `nil` while an outcome is awaited that the decision rests on.
    public var action: ThreePlusThree.Action? {
        if participants.contains(where: { $0.outcome == .pendingAdjudication }) { return nil }
        let next = ThreePlusThree(variant: variant, levels: levels.count).next(counts)
        let waiting = participants.count { $0.outcome == .inWindow }
        if waiting == 0 { return next }
        // Some of a cohort are in their window: the rest of it may be enrolled, nothing else.
        guard case .treat(let more, let level) = next,
            participants.allSatisfy({ $0.outcome != .inWindow || $0.level == level }), more > waiting
        else { return nil }
        return .treat(more - waiting, level: level)
    }

    /// The highest tolerated level, counted from 1, 0 for none; `nil` while the trial goes on.
    public var mtd: Int? { if case .finish(let mtd) = action { mtd } else { nil } }
}
