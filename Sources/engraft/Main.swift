import ArgumentParser
import Records

@main
struct EngraftCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "engraft",
        abstract: "Tells whether transplanted dopamine neurons survive and whether the patient moves better.",
        discussion: """
            A first look, with nothing of your own:
              engraft demo
            Geometry, dose and SUV factor of a PET image:
              engraft info pet-folder/
            Uptake per region:
              engraft uptake pet.nii.gz --labels labels.nii.gz --reference occipital
            Tremor of a wrist recording:
              engraft tremor wrist.csv --site wrist-left --task rest
            One patient's page:
              engraft patient sample-scans --out report
            A clinical scale, a trial's subjects:
              engraft score mds-updrs items.csv
              engraft screen study.yaml subjects.csv

            Exit codes: 0 done, 3 done in part, 64 usage, 65 bad data, 66 no input, 73 cannot write, 74 I/O.

            \(Engraft.researchUse)
            """,
        version: "engraft \(Engraft.version)\n\(Engraft.researchUse)",
        groupedSubcommands: [
            CommandGroup(
                name: "Images",
                subcommands: [
                    Info.self, Convert.self, Resample.self, Smooth.self, RegisterCommand.self, RealignCommand.self,
                    OverlayCommand.self,
                ]),
            CommandGroup(
                name: "PET",
                subcommands: [
                    StriatumCommand.self, FollowCommand.self, UptakeCommand.self, Tacs.self, BloodCommand.self,
                    FitCommand.self,
                    ParametricCommand.self, Pvc.self,
                ]),
            CommandGroup(
                name: "Movement", subcommands: [TremorCommand.self, CoherenceCommand.self, MovementCommand.self]),
            CommandGroup(name: "Patients", subcommands: [PatientCommand.self]),
            CommandGroup(
                name: "Clinic and trials",
                subcommands: [
                    ScoreCommand.self, ScreenCommand.self, EscalateCommand.self, AnalyzeCommand.self, StudyCommand.self,
                ]),
            CommandGroup(name: "Records", subcommands: [AuditCommand.self, BlindCommand.self, ExportCommand.self]),
            CommandGroup(name: "Ground truth", subcommands: [Demo.self, PhantomCommand.self, Selftest.self]),
        ])
}

/// A subcommand whose errors become one sentence on standard error and the exit code that fits.
protocol Subcommand: ParsableCommand {
    /// What the command does.
    func execute() throws
}

extension Subcommand {
    /// Runs the command; see `execute`.
    mutating func run() throws {
        do { try execute() } catch let problem as FileProblem {
            Terminal.say("engraft: \(problem)")
            throw ExitCode(problem.kind.rawValue)
        } catch let code as ExitCode {
            throw code
        } catch let error as ValidationError {
            throw error
        } catch {
            Terminal.say("engraft: \(error)")
            throw ExitCode(FileProblem.Kind.badData.rawValue)
        }
    }
}
