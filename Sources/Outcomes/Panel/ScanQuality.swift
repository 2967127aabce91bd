import Glibc
import PET

/// G13: what may make a visit's scan unreadable, beside the limits that the study sets.
public struct ScanQuality: Sendable, Equatable {
    /// What is checked.
    public enum Check: String, Sendable, CaseIterable {
        /// The largest displacement between frames, mm.
        case motion = "motion_mm"
        /// The error of alignment with the first visit, mm.
        case registration = "registration_mm"
        /// How far the middle of the averaged time is from that of the first visit, min.
        case windowShift = "window_shift_min"
        /// Frames of the window that are not in the image.
        case missingFrames = "missing_frames"
        /// The reference region's log change since the first visit.
        case reference = "reference_dln"
        /// Whether the labels' own record says that they were placed badly: 1, whatever they were made by.
        case placement = "placement_fail"
        /// What a reader said: 1 for a scan that cannot be read.
        case reader = "reader_fail"

        /// Whether it is a number that a study may limit, and not a verdict.
        var takesLimit: Bool { self != .placement && self != .reader }
    }

    /// Values by check; what is not known is not there.
    public var values: [Check: Double]
    /// The largest size allowed, by check; a check without a limit is shown and not judged.
    public var limits: [Check: Double]

    /// A scan's values and the study's limits. The verdicts of a reader and of the labels' placement need no limit.
    public init(values: [Check: Double], limits: [Check: Double] = [:]) {
        (self.values, self.limits) = (values, limits)
        (self.limits[.reader], self.limits[.placement]) = (0, 0)
    }

    /// The checks that are beyond their limits, in order.
    public var failures: [Check] {
        Check.allCases.filter { check in
            guard let value = values[check], let limit = limits[check] else { return false }
            return !(abs(value) <= limit)
        }
    }

    /// Whether the scan may be read: any failure makes its metrics unreadable.
    public var isReadable: Bool { failures.isEmpty }
}
