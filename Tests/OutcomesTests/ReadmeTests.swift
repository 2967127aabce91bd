import Imaging
import PET
import Records
import TestSupport
import Testing
import Tremor

/// The README's ten lines, word for word but for the folder.
@Test func theReadmesTenLinesGiveWhatTheDemoPrints() throws {
    let samples = SampleScans.folder
    let names = try LabelTable.read("\(samples)/labels_dseg.tsv")
    let labels = try LabelImage.read("\(samples)/month-12/labels.nii.gz", names: names)
    let image = try ImageFile.read("\(samples)/month-12/pet.nii.gz")
    let late = try image.average(over: FrameWindow(from: 4500, to: 5400)).volume
    let uptake = try Uptake(of: late, labels: labels, reference: "occipital", suvFactor: image.suvFactor)
    let sbr = StriatalIndices(of: uptake, measure: .sbr)
    let wrist = try RecordingFile.open("\(samples)/month-12/wrist-right_postural.csv")
    let tremor = try analyzeTremor(wrist)

    // What the README prints, to its digits.
    #expect(fixed(sbr.value(.posteriorPutamen, .left), 3) == "0.352")
    #expect(fixed(tremor.peakFrequencyHz, 3) == "5.600" && fixed(tremor.peakToPeakCm, 3) == "0.700")
    #expect(sbr.asymmetryPercent(.posteriorPutamen)! > 15)
}
