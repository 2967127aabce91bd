import PET
import Testing

@Suite struct RunningIntegralTests {
    /// Frames of 1, 2 and 4 min: by hand.
    @Test func bothRulesAreTheirDefinitions() {
        let frames = FrameTimes(starts: [0, 1, 3], ends: [1, 3, 7])
        #expect(RunningIntegral(.frameSum, frames: frames).of([2, 4, 6]) == [1, 6, 22])
        // To 0.5 min 0.5, then 1.5 min of 3 and 3 min of 5.
        #expect(RunningIntegral(.midTrapezoid, frames: frames).of([2, 4, 6]) == [0.5, 5, 20])
    }

    @Test func aGapIsCrossedByAStraightLine() {
        let frames = FrameTimes(starts: [2, 6], ends: [4, 8])
        // A triangle of 2 min to 3 before, half of 2 min of 3; the rest of it, 2 min of gap from 3 to 7, half of 2 min of 7.
        #expect(RunningIntegral(.frameSum, frames: frames).of([3, 7]) == [6, 26])
    }
}
