import ArgumentParser
import Imaging
import PET
import Records

/// Whether and how a linear registration is refined by a deformation.
struct DeformationArguments: ParsableArguments {
    @Flag(help: "Refine the linear map by a smooth deformation; for images of one kind (--metric ncc).")
    var deformable = false
    @Option(
        help: ArgumentHelp(
            "Full width of the Gaussian neighbourhood that moves together in a step, mm.", valueName: "mm"))
    var updateFwhm = DeformationOptions().updateFWHM
    @Option(
        help: ArgumentHelp("Full width of the Gaussian that smooths the velocities after a step, mm.", valueName: "mm"))
    var fieldFwhm = DeformationOptions().fieldFWHM
    @Option(help: "The whole map to write: a displacement field, NIfTI, as ITK and ANTs have it (LPS).")
    var outField: String?
    @Option(help: "The way back to write: the field from the moving image to the fixed one.") var outInverseField:
        String?
    @Option(help: "The Jacobian determinant of the whole map to write, NIfTI.") var outJacobian: String?

    /// Throws where options do not fit.
    func check(_ metric: SimilarityMetric) throws {
        if let path = outputs.first, !deformable { throw ValidationError("\(path) is written with --deformable only.") }
        if deformable && metric != .normalizedCrossCorrelation {
            throw ValidationError(
                "--deformable compares details by local correlation, which asks for two images of one kind: "
                    + "give --metric ncc. Images of different kinds (PET and CT, MR and PET) get a linear map only.")
        }
        guard updateFwhm >= 2, updateFwhm <= 100, fieldFwhm >= 0, fieldFwhm <= 50 else {
            throw ValidationError("--update-fwhm is 2 to 100 mm, --field-fwhm 0 to 50 mm.")
        }
        for path in outputs where !path.hasSuffix(".nii") && !path.hasSuffix(".nii.gz") {
            throw ValidationError("\(path) is written as NIfTI; give a name ending in .nii or .nii.gz.")
        }
    }

    /// The images that are written.
    var outputs: [String] { [outField, outInverseField, outJacobian].compactMap { $0 } }

    /// The deformation that refines a registration; `nil` where none is asked for.
    func refine(_ found: Registration, fixed: Volume, moving: Volume) throws(RegistrationError) -> Deformation? {
        guard deformable else { return nil }
        var options = DeformationOptions()
        (options.updateFWHM, options.fieldFWHM) = (updateFwhm, fieldFwhm)
        options.fixedMask = found.options.fixedMask
        return try Deformation.refine(fixed: fixed, moving: moving, linear: found.movingFromFixed, options: options)
    }

    /// Writes what was asked for, each with its record.
    func write(_ bent: Deformation, record: String, force: Bool) throws {
        if let outField { try bent.movingFromFixed.write(to: outField, force: force) }
        if let outInverseField { try bent.fixedFromMoving.write(to: outInverseField, force: force) }
        if let outJacobian { try NIfTI.write(bent.jacobian, to: outJacobian, force: force) }
        for path in outputs { try OutputFile.write(record, to: ImageFile.sidecarPath(of: path), force: force) }
    }

    /// The options as they are recorded.
    var parameters: [JSONValue.Member] {
        [
            .init("deformable", .bool(deformable)), .init("update_fwhm_mm", .number(updateFwhm)),
            .init("field_fwhm_mm", .number(fieldFwhm)),
        ]
    }
}
