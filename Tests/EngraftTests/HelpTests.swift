import Testing

struct HelpTests {
    static let commands = [
        "", "info", "convert", "resample", "smooth", "overlay", "uptake", "tacs", "tremor", "patient", "demo",
        "phantom", "phantom pet-ct", "phantom tremor", "phantom patient", "selftest",
    ]

    /// `Golden/make.sh` writes the texts anew; a person reads the difference.
    @Test(arguments: commands)
    func helpReadsAsItIsKept(command: String) throws {
        let run = try BuiltEngraft.run(command.split(separator: " ").map(String.init) + ["--help"])
        let name = command.isEmpty ? "help.txt" : "help-\(command.replacing(" ", with: "-")).txt"
        #expect(run.out == (try BuiltEngraft.golden(name)))
        #expect(run.status == 0 && run.error.isEmpty)
    }

    @Test func noArgumentsPrintTheHelp() throws {
        let run = try BuiltEngraft.run([])
        #expect(run.out == (try BuiltEngraft.golden("help.txt")))
        #expect(run.status == 0)
    }

    @Test func theVersionSaysResearchUseOnly() throws {
        let run = try BuiltEngraft.run(["--version"])
        #expect(run.out == "engraft 0.1.0\nResearch use only. Not for diagnosis or treatment.\n")
        #expect(run.status == 0 && run.error.isEmpty)
    }

    @Test(arguments: [
        (["uptake", "pet.nii", "--labels", "l.nii", "--refrence", "x"], "Did you mean '--reference'?"),
        (["info"], "Missing expected argument '<image> ...'"),
        (["info", "pet.nii", "--probe", "1,2"], "The value '1,2' is invalid for '--probe <i,j,k[,t]>'"),
        (["uptake", "pet.nii", "--labels", "l.nii", "--measure", "sbr"], "--measure sbr needs --reference."),
        (["uptake", "pet.nii", "--labels", "l.nii", "--window", "20,10"], "The value '20,10' is invalid"),
        (["smooth", "a.nii", "b.nii", "--fwhm", "inf"], "The value 'inf' is invalid"),
        (["resample", "a.nii", "b.nii", "--voxel-size", "1e-9"], "A voxel is 0.05 to 1000 mm large."),
        (["resample", "a.nii", "b.nii"], "Give either --like or --voxel-size."),
        (["convert", "a.nii", "b.txt"], "the output is named .nii or .nii.gz"),
        (["convert", "a.nii", "b.nii", "--dtype", "labels"], "--dtype is float32 or int16"),
        (["phantom", "tremor", "--out", "x", "--sample-rate", "inf"], "at most 10000 Hz"),
        (["phantom", "tremor", "--out", "x", "--duration", "1e15"], "at most 100 million samples"),
        (["phantom", "pet-ct", "--out", "x", "--fwhm", "inf"], "--fwhm is 0 to 50 mm"),
    ])
    func aSlipOfTheCommandLineIsSaid(arguments: [String], sentence: String) throws {
        try withWorkFolder { folder in
            let run = try BuiltEngraft.run(arguments, in: folder)
            #expect(run.status == 64)
            #expect(run.error.contains(sentence), "\(run.error)")
            #expect(run.out.isEmpty)
            #expect(everything(below: folder).isEmpty)
        }
    }
}
