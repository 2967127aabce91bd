import Outcomes
import Records
import Review
import Testing
import TestSupport
import Tremor

@Suite struct PatientReportTests {
    static let made = Result {
        let folder = try PatientFolder.read(SampleScans.folder)
        var provenance = Provenance(command: "patient")
        try provenance.read("\(SampleScans.folder)/patient.json")
        return try PatientReport(of: PatientAssessment(of: folder), provenance: provenance)
    }

    @Test func thePageNeedsNothingElse() throws {
        let html = try Self.made.get().page.html()
        #expect(!html.contains("src=\"/") && !html.contains("https://"))
        // One script, which the page's policy knows by its hash; nothing else runs.
        #expect(html.ranges(of: "<script").count == 1 && html.contains("script-src 'sha256-"))
        // The name of SVG's vocabulary is no address that is fetched.
        #expect(html.split(separator: "http://").dropFirst().allSatisfy { $0.hasPrefix("www.w3.org/2000/svg") })
        #expect(html.contains("default-src &#39;none&#39;") || html.contains("default-src 'none'"))
        #expect(html.contains(ReviewPage.notice))
    }

    @Test func theFirstHeadlineIsThePrimaryRegionWithItsFlag() throws {
        let headline = try #require(try Self.made.get().page.headlines.first)
        #expect(headline.label.contains("Posterior putamen") && headline.label.contains("primary"))
        #expect(headline.value.hasPrefix("+") && headline.flag == .up)
        #expect(headline.detail.contains("SBR") && headline.detail.contains("within error from"))
    }

    @Test func thereIsAPictureOfEveryVisitAndOfTheChange() throws {
        let report = try Self.made.get()
        #expect(
            report.pictures.map(\.name) == [
                "overlay_month-00.png", "overlay_month-12.png", "overlay_change.png", "page.png",
            ])
        for picture in report.pictures { #expect(try PNG.decode(picture.png).width > 900) }
    }

    @Test func everySubjectOfThePageIsThere() throws {
        let subjects = Set(try Self.made.get().page.sections.map(\.subject))
        // The rest is of cohorts.
        #expect(subjects == Set(ReviewPage.Section.Subject.allCases).subtracting([.joint, .counts, .safety]))
    }

    @Test func theTremorPictureIsAsWideAsAPage() throws {
        let bytes = try InputFile.read("\(SampleScans.folder)/month-00/wrist-right_rest.csv")
        let result = try analyzeTremor(RecordingCSV.read(bytes))
        let picture = try PNG.decode(TremorPicture.png(of: result, file: "rest.csv", site: "wrist"))
        #expect(picture.width >= 2400 && picture.height >= 1400)
        let map = try #require(HeatMap(spectrogramOf: result))
        #expect(map.columns == result.spectrogram.timesS.count && map.rows > 70)
    }
}
