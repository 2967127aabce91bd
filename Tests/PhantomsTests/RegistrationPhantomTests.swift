import Imaging
import Phantoms
import Testing

/// The median below half a millimetre (CT on CT) or one (CT on PET), 99 % below two, and no failure that is called good.
///
/// `engraft selftest --moves 200` takes more of the same seeds.
@Test(arguments: [(RegistrationValidation.Pair.ctOnCT, 0.5), (.ctOnPET, 1.0)])
func headsThatMovedAreFound(_ pair: RegistrationValidation.Pair, _ median: Double) throws {
    let trials = try RegistrationValidation().trials(pair, seeds: 0..<40)
    let errors = trials.map(\.errorMM).sorted()
    #expect(errors[errors.count / 2] < median)
    #expect(Double(errors.filter { $0 < 2 }.count) >= 0.99 * Double(errors.count))
    #expect(!trials.contains { $0.errorMM > 2 && $0.verdict == .ok })
}
