import Foundation
import Testing

/// Help is written by hand for people; a change of it is a change of the golden text, seen in review.
@Suite struct HelpTests {
    static let pages: [[String]] = [
        [], ["info"], ["convert"], ["resample"], ["smooth"], ["register"], ["realign"], ["overlay"], ["striatum"],
        ["follow"], ["uptake"], ["tacs"], ["blood"], ["fit"], ["parametric"], ["pvc"], ["tremor"], ["coherence"],
        ["movement"], ["patient"], ["score"], ["screen"], ["escalate"], ["study"], ["study", "init"],
        ["study", "check"], ["demo"], ["phantom"], ["phantom", "pet-ct"], ["phantom", "tremor"],
        ["phantom", "patient"],
        ["phantom", "study"], ["selftest"], ["analyze"], ["analyze", "ancova"], ["analyze", "mmrm"],
        ["analyze", "slope"], ["analyze", "cafs"], ["analyze", "groups"], ["analyze", "responders"],
        ["analyze", "sites"], ["analyze", "correlation"], ["analyze", "reliability"], ["analyze", "adjust"],
        ["analyze", "power"], ["study", "add"], ["study", "query"], ["study", "export"], ["audit"],
        ["audit", "verify"],
        ["audit", "show"], ["audit", "note"], ["export"], ["export", "fhir"], ["export", "dicom-sc"],
        ["export", "dicom-seg"], ["blind"], ["blind", "make"], ["blind", "check"], ["blind", "open"],
    ]

    @Test(arguments: pages)
    func helpIsTheGoldenText(command: [String]) throws {
        let outcome = try Binary.run(command + ["--help"])
        let name = (["help"] + command).joined(separator: "-")
        let golden = "\(Binary.checkout)/Tests/EngraftTests/Golden/\(name).txt"
        if ProcessInfo.processInfo.environment["ENGRAFT_WRITE_GOLDEN"] != nil {
            try outcome.output.write(toFile: golden, atomically: true, encoding: .utf8)
        }
        #expect(outcome.status == 0 && outcome.error.isEmpty)
        #expect(outcome.output == (try String(contentsOfFile: golden, encoding: .utf8)))
        // A command that only has subcommands leaves the examples to them.
        if command.count == 1, !["phantom", "study", "audit", "export", "blind"].contains(command[0]) {
            let example = outcome.output.range(of: "Example: engraft ").map { outcome.output[$0.lowerBound...] }
            #expect(example?.contains("engraft \(command[0]) ") == true)
        }
    }

    @Test func withoutArgumentsHelpIsShown() throws {
        let outcome = try Binary.run([])
        #expect(outcome.status == 0 && outcome.output.contains("SUBCOMMANDS"))
    }

    @Test func theVersionSaysResearchUseOnly() throws {
        let outcome = try Binary.run(["--version"])
        #expect(outcome.status == 0)
        #expect(outcome.output == "engraft 0.1.0\nResearch use only. Not for diagnosis or treatment.\n")
    }

    @Test func aMisspeltOptionIsUsageWithASuggestion() throws {
        let outcome = try Binary.run(["uptake", "a.nii", "--labels", "b.nii", "--refrence", "x"])
        #expect(outcome.status == 64 && outcome.output.isEmpty)
        #expect(outcome.error.contains("Unknown option '--refrence'. Did you mean '--reference'?"))
    }

    @Test(arguments: [
        (["resample", "a.nii", "b.nii"], "Give either --like or --voxel-size."),
        (["uptake", "a.nii", "--labels", "b.nii", "--measure", "sbr"], "--measure sbr needs --reference."),
        (["pvc", "a.nii", "--labels", "b.nii", "--fwhm", "0"], "--fwhm is more than 0"),
        (["pvc", "a.nii", "--labels", "b.nii", "--fwhm=5,-5,5"], "--fwhm is more than 0"),
        (["pvc", "a.nii", "--labels", "b.nii", "--fwhm", "6", "--method", "yang"], "--method"),
        (["pvc", "a.nii", "--labels", "b.nii", "--fwhm", "6", "--out", "c.nii"], "has no image for --out"),
        (["pvc", "a.nii", "--fwhm", "6"], "Give either --labels or --probabilities."),
        (["pvc", "a.nii", "--labels", "b.nii"], "--fwhm"),
        (["smooth", "a.nii", "b.nii", "--fwhm", "-3"], "--fwhm"), (["convert", "a", "b.mha"], "named .nii or .nii.gz"),
        (["uptake", "a.nii", "--labels", "b.nii", "--window", "9,3"], "--window"),
    ])
    func optionsThatMakeNoSenseAreUsage(arguments: [String], part: String) throws {
        let outcome = try Binary.run(arguments)
        #expect(outcome.status == 64 && outcome.error.contains(part), "\(outcome)")
    }
}
