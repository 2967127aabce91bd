import Foundation
import Outcomes
import Records
import Review
import TestSupport
import Testing

/// The pages as Debian's Chromium shows, prints and steers them.
@Suite(.enabled(if: Browser.path != nil, "chromium is not installed"), .serialized)
struct BrowserTests {
    private static let patient = Result { try PatientReportTests.made.get().page.html() }

    /// The page in a browser.
    private func opened<R>(
        _ html: String, width: Int = 1280, height: Int = 900, _ body: (Browser) throws -> R
    ) throws -> R {
        try withTemporaryFolder { folder in
            try OutputFile.write(html, to: "\(folder)/page.html", force: true)
            return try body(
                Browser(
                    opening: "\(folder)/page.html", width: width, height: height, profile: "\(folder)/profile"))
        }
    }

    private func methods(_ browser: Browser) -> [String] { browser.events.compactMap { $0["method"]?.string } }

    @Test(arguments: ["patient", "cohort"])
    func nothingLeavesThePageAndNothingComplains(kind: String) throws {
        let html = try kind == "patient" ? Self.patient.get() : CohortPage(of: .example()).html()
        try opened(html) { (browser: Browser) throws in
            _ = try browser.value(of: "document.body.getBoundingClientRect().height")
            let requests = browser.events.filter { $0["method"]?.string == "Network.requestWillBeSent" }
                .compactMap { $0["params"]?["request"]?["url"]?.string }
            #expect(!requests.isEmpty && requests.allSatisfy { $0.hasPrefix("file://") || $0.hasPrefix("data:") })
            for complaint in ["Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded"] {
                #expect(!methods(browser).contains(complaint), "\(complaint)")
            }
        }
    }

    @Test func keysReachTheSlidersAndChangeThePicture() throws {
        try opened(Self.patient.get()) { (browser: Browser) throws in
            #expect(try browser.value(of: "document.documentElement.dataset.ready") == "1")
            // From the top of the page, the tabulator key comes to the slider of slices after the links and tables.
            var steps = 0
            while try browser.value(of: "document.activeElement.className") != "slice" {
                try browser.press("Tab", code: 9)
                steps += 1
                try #require(steps < 40, "the slider is not reached")
            }
            #expect(try browser.value(of: "getComputedStyle(document.activeElement).outlineStyle") == "solid")
            func slice() throws -> String? {
                try browser.value(of: "document.querySelector('.stage img').style.transform").string
            }
            let before = try slice()
            let picture = try browser.screenshot()
            try browser.press("ArrowRight", code: 39)
            #expect(try slice() != before)
            #expect(try browser.screenshot() != picture)
            try browser.press("Home", code: 36)
            #expect(try browser.value(of: "document.activeElement.valueAsNumber") == .integer(0))
            #expect(
                try browser.value(of: "document.activeElement.getAttribute('aria-valuetext')").string?.hasPrefix("z ")
                    == true)

            try browser.press("Tab", code: 9)
            #expect(try browser.value(of: "document.activeElement.className") == "wipe")
            try browser.press("End", code: 35)
            #expect(
                try browser.value(of: "document.querySelector('.upper').style.clipPath").string?.contains("100%")
                    == true)
        }
    }

    @Test func everyPictureAndEveryControlHasAName() throws {
        try opened(Self.patient.get()) { (browser: Browser) throws in
            let unnamed = """
                [...document.querySelectorAll('img')].filter(e => !e.alt).length
                + [...document.querySelectorAll('svg')].filter(e => !e.getAttribute('aria-label')).length
                + [...document.querySelectorAll('input, select')].filter(e => !e.labels.length).length
                """
            #expect(try browser.value(of: unnamed) == .integer(0))
            #expect(try browser.value(of: "document.querySelectorAll('main').length") == .integer(1))
        }
    }

    @Test(arguments: [1920, 1280, 800, 400])
    func thePageIsNoWiderThanTheWindow(width: Int) throws {
        try opened(Self.patient.get(), width: width) { (browser: Browser) throws in
            #expect(try browser.value(of: "document.documentElement.scrollWidth <= innerWidth") == .bool(true))
        }
    }

    /// Without a script the middle slice stands there, and no control that would do nothing.
    @Test func thePageReadsWithoutItsScript() throws {
        let html = try Self.patient.get()
        let start = try #require(html.firstRange(of: "<script>")?.lowerBound)
        let end = try #require(html.firstRange(of: "</script>")?.upperBound)
        try opened(String(html[..<start] + html[end...])) { (browser: Browser) throws in
            #expect(
                try browser.value(of: "document.querySelector('.stage img').getBoundingClientRect().width > 200")
                    == .bool(true))
            #expect(try browser.value(of: "getComputedStyle(document.querySelector('.controls')).display") == "none")
        }
    }

    @Test func darkReadersGetADarkPage() throws {
        try opened(Self.patient.get()) { (browser: Browser) throws in
            func ground() throws -> JSONValue {
                try browser.value(of: "getComputedStyle(document.body).backgroundColor")
            }
            try browser.prefer(dark: false)
            let light = try ground()
            try browser.prefer(dark: true)
            #expect(try ground() != light && ground() == "rgb(13, 17, 23)")
        }
    }

    /// Two sheets of A4 landscape: the panels, then how they were made. 841.92 × 594.96 points are A4 as Chromium rounds it.
    @Test func thePatientPagePrintsOnTwoSheets() throws {
        try opened(Self.patient.get()) { (browser: Browser) throws in
            let text = String(decoding: try browser.pdf(), as: Unicode.ASCII.self)
            #expect(text.ranges(of: "/Type /Page\n").count == 2)
            #expect(text.ranges(of: "/MediaBox [0 0 841.9").count == 2)
        }
    }
}
