import Imaging
import Outcomes
import Records
import Review
import TestSupport
import Testing

/// The sheet of the sample scans' patient.
struct BoardTests {
    private func board() throws -> PageBoard { try #require(PatientReportTests.made.get().page.board) }

    private func panel(_ letter: PageBoard.Letter) throws -> PageBoard.Panel {
        try #require(try board().panels.first { $0.letter == letter })
    }

    @Test func everyPanelIsThereOnce() throws {
        #expect(try board().panels.map(\.letter) == PageBoard.Letter.allCases)
        for drawing in try board().panels.flatMap(\.pictures) { #expect(drawing.alternative.count > 15) }
    }

    @Test func theArmIsNeverSaid() throws {
        #expect(try board().facts.first { $0.name == "arm" }?.value == "blinded")
    }

    @Test func thePrimaryRowIsTheBilateralRegionWithItsLimits() throws {
        let rows = try #require(try panel(.c).table).rows
        let primary = rows.filter(\.isPrimary)
        #expect(primary.count == 1 && primary[0].cells[0] == "post. putamen both" && primary[0].flag == .improved)
        // ± 1.96 √2 σ of wCV 8.7 %: +27 % and −21 % (clinical table of repeatability).
        #expect(primary[0].cells[5] == "−21…+27 %")
    }

    /// In the sample, the error of part III is not known: a change of 16 points is important, and nobody knows whether it is
    /// reliable.
    @Test func aChangeWithoutItsErrorIsNotJudged() throws {
        let row = try #require(try panel(.c).table?.rows.first { $0.cells[0] == "III OFF" })
        #expect(row.flag == .missing && row.cells[6] == "?" && row.cells[7] == "yes")
    }

    @Test func whatWasNotEnteredIsSaidToBe() throws {
        let row = try #require(try panel(.c).table?.rows.first { $0.cells[0] == "LEDD, mg" })
        #expect(row.flag == .missing && row.cells.last == "not entered")
    }

    @Test func theSheetIsA4Landscape() throws {
        let picture = try #require(try PatientReportTests.made.get().page.sheet)
        #expect(abs(picture.width / picture.height - 297.0 / 210) < 0.002)
        let page = try #require(try PatientReportTests.made.get().pictures.first { $0.name == "page.png" })
        let image = try PNG.decode(page.png)
        // More than 250 pixels an inch on 297 mm.
        #expect(Double(image.width) / (297 / 25.4) > 250)
    }

    @Test func everyPanelStaysInsideItsPlace() throws {
        let picture = try #require(try PatientReportTests.made.get().page.sheet)
        for mark in picture.marks {
            if case .text(let text, let place, let size, let anchor, let bold, _) = mark, anchor == .start {
                let right = place.x + Canvas.width(of: text, size: size, bold: bold)
                #expect(right < picture.width && place.y < picture.height && place.x > 0, "\(text)")
            }
        }
    }

    @Test(arguments: zip([42.0, 60, 64.9, 90, 101], ["40-44", "60-64", "60-64", "90 and above", "90 and above"]))
    func agesAreSaidInBands(years: Double, band: String) { #expect(PatientReport.ageBand(years) == band) }

    @Test func slicesAreCroppedAroundTheStriatum() throws {
        let viewer = try #require(try PatientReportTests.made.get().page.viewer)
        #expect(viewer.sprite.positions.count == 20 && viewer.sprite.positions == viewer.sprite.positions.sorted(by: >))
        // The striatum of the phantom is about 6 cm wide; a head would be 15 cm and more.
        let visit = try PatientFolder.read(SampleScans.folder).visits[0]
        let labels = try LabelImage.read("\(SampleScans.folder)/\(visit.labels)", names: LabelTable())
        let image = try PNG.decode(viewer.sprite.scans[0])
        #expect(image.height == viewer.sprite.height * 20)
        #expect(labels.grid.voxelSize.x * Double(labels.grid.shape.x) > 150)
        #expect(viewer.sprite.marks == ("R", "L"))
    }
}

/// A blinded reading of the same patient.
struct BlindedTests {
    private static let made = Result {
        let folder = try PatientFolder.read(SampleScans.folder)
        let patient = try PatientAssessment(of: folder)
        return BlindedPatient(patient, hashes: ["b0", "a0"])
    }

    @Test func theOrderIsThatOfTheHashes() throws {
        let key = try Self.made.get().key
        #expect(key.map(\.scan) == ["scan A", "scan B"] && key.map(\.visit) == ["month-12", "month-00"])
    }

    @Test func nothingOnThePageSaysWhichScanIsWhich() throws {
        let report = try PatientReport(of: Self.made.get())
        let html = try report.page.html()
        let words = try #require(html.firstRange(of: "<body")).lowerBound
        for word in ["month", "demo-01", "Simulated", "wrist", "UPDRS", "transplant", "sample-scans", "worse side"] {
            #expect(!String(html[words...]).contains(word), "\(word)")
        }
        #expect(html.contains("scan A") && html.contains("scan B"))
        #expect(report.pictures.map(\.name) == ["overlay_scan-A.png", "overlay_scan-B.png", "page.png"])
        #expect(report.page.board?.panels.map(\.letter) == [.a, .c, .d, .h])
    }

    @Test func aScanKeepsItsNumbers() throws {
        let folder = try PatientFolder.read(SampleScans.folder)
        let patient = try PatientAssessment(of: folder)
        let blinded = try Self.made.get().assessment
        #expect(
            blinded.visits[0].values[.posteriorPutamen, .bilateral]
                == patient.visits[1].values[.posteriorPutamen, .bilateral])
    }
}

/// Colours of uptake, change and power.
struct ColorMapTests {
    /// L* of 8-bit colours cannot be met better than about half a step of 1/255 of green, 0.5 near black and 0.2 above.
    @Test func equalStepsAreEquallyLight() {
        func check(_ colors: [Color]) {
            let (first, last) = (colors.first!.lightness, colors.last!.lightness)
            let errors = colors.enumerated().map { place, color in
                abs(color.lightness - (first + (last - first) * Double(place) / Double(colors.count - 1)))
            }
            #expect(errors.max()! < 0.6)
        }
        check(ColorMap.hot.table)
        check(ColorMap.sea.table)
        check(Array(ColorMap.difference.table[..<128]))
        check(Array(ColorMap.difference.table[128...]))
    }

    /// CIE 15: white is 100, black 0; sRGB 119 has Y = 0.18447, so that L* = 116 · 0.18447^⅓ − 16 = 50.03.
    @Test func lightnessIsThatOfTheCIE() {
        #expect(abs(Color(255, 255, 255).lightness - 100) < 1e-9)
        #expect(Color(0, 0, 0).lightness == 0)
        #expect(abs(Color(119, 119, 119).lightness - 50.03) < 0.01)
    }

    /// Who does not tell red from green still sees blue: the two signs of a change differ in it.
    @Test func signsOfChangeDifferWithoutRedAndGreen() {
        for share in [0.1, 0.25, 0.4] {
            let (below, above) = (ColorMap.difference[0.5 - share], ColorMap.difference[0.5 + share])
            #expect(Int(below.blue) - Int(above.blue) > 40)
            #expect(above.red > below.red)
        }
    }
}
