import Review
import Testing

private func page(code: String = "P07", provenance: String = "{\"a\": 1}") throws -> ReviewPage {
    let chart = LineChart.trend(title: "Trend", label: "Ki", series: [.init("Left", x: [0, 12], y: [4, 7])])
    let dot = try PNG.encode(RGBAImage(width: 1, height: 1, filledWith: Color(1, 2, 3)))
    return ReviewPage(
        code: code, subtitle: "Month 12",
        headlines: [.init(label: "Putamen", value: "+60 %", detail: "limits +27 / −21 %", flag: .up)],
        sections: [
            .init(.methods, title: "Methods section", text: "First.\n\nSecond."),
            .init(
                .uptake, title: "Uptake section",
                tables: [
                    .init(
                        caption: "Per region",
                        columns: [.init("Region"), .init("Ki", unit: "1/min", isNumeric: true)],
                        rows: [
                            .init(["Putamen", "0.0072"], flag: .up, isPrimary: true),
                            .init(["Caudate", ""], flag: .within),
                        ])
                ],
                figures: [
                    try .init(chart, alternative: "Trend of Ki", caption: "Over visits"),
                    .init(png: dot, alternative: "A dot", caption: ""),
                ]),
            .init(.images, title: "Images section"),
        ],
        warnings: ["One frame is missing."], provenance: [("Input", "pet.nii.gz")], provenanceJSON: provenance)
}

/// The parts of an HTML page that could fetch or run something, as an HTML parser would find them.
private let openings = ["<script", "<link", "<iframe", "<object", "<embed", "<base", "@import", "url(", "javascript:"]

@Test func thePageFetchesAndRunsNothing() throws {
    let html = try page().html()
    for opening in openings { #expect(!html.lowercased().contains(opening), "\(opening)") }
    #expect(html.contains("default-src 'none'; img-src data:; style-src 'unsafe-inline'"))
    // The only address is the name of the SVG namespace, which nobody fetches.
    #expect(
        html.replacing("http://www.w3.org/2000/svg", with: "").contains("http") == false || !html.contains("https://"))
    for piece in html.split(separator: "src=\"").dropFirst() { #expect(piece.hasPrefix("data:image/png;base64,")) }
    for piece in html.split(separator: "href=\"").dropFirst() {
        #expect(piece.hasPrefix("#") || piece.hasPrefix("data:image/png;base64,"))
    }
}

@Test(arguments: [
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='alert(1)", "{{code}} & </title>",
    "a\"\u{301} onload=\"x", "</textarea><b>",
])
func whatComesFromOutsideStaysText(hostile: String) throws {
    var plain = try page()
    plain.sections[0].text = "One paragraph."
    var wild = try page(code: hostile, provenance: hostile)
    wild.subtitle = hostile
    wild.headlines[0] = .init(label: hostile, value: hostile, detail: hostile, flag: .up)
    wild.warnings = [hostile]
    wild.provenance = [(hostile, hostile)]
    wild.sections[0].title = hostile
    wild.sections[0].text = hostile
    wild.sections[1].tables = [
        .init(
            caption: hostile, columns: [.init(hostile), .init(hostile, unit: hostile, isNumeric: true)],
            rows: [.init([hostile, hostile], flag: .up, isPrimary: true), .init([hostile, hostile], flag: .within)])
    ]
    let chart = LineChart.trend(
        title: hostile, label: hostile, unit: hostile, series: [.init(hostile, x: [0, 12], y: [4, 7])])
    wild.sections[1].figures[0] = try .init(chart, alternative: hostile, caption: hostile)
    wild.sections[1].figures[1].alternative = hostile
    let html = try wild.html()
    // The same elements and attributes as with harmless words: nothing became markup.
    #expect(count("<", in: html) - count("<", in: try plain.html()) == 0)
    for opening in ["<script", "<img src=x", "<b>", "</textarea"] { #expect(!html.contains(opening)) }
    #expect(!contains(html, hostile))
}

private func count(_ scalar: Unicode.Scalar, in text: String) -> Int {
    text.unicodeScalars.reduce(0) { $0 + ($1 == scalar ? 1 : 0) }
}

/// Whether the scalars of `part` occur in a row.
private func contains(_ text: String, _ part: String) -> Bool { Array(text.utf8).contains(Array(part.utf8)) }

@Test func thePageIsTheSameBytesForTheSameInput() throws {
    #expect(try page().html() == page().html())
}

@Test func sectionsStandInTheOrderOfAReview() throws {
    let html = try page().html()
    let places = try [
        "+60 %", "One frame is missing", "id=\"s1\"", "Uptake section</h2>", "Images section</h2>",
        "Methods section</h2>", "pet.nii.gz",
    ]
    .map { try #require(html.firstRange(of: $0)?.lowerBound, "\($0)") }
    #expect(places == places.sorted())
}

@Test func theNumbersAreThereWithTheirFlagsInWords() throws {
    let html = try page().html()
    #expect(html.contains("<td class=\"num\">0.0072</td>") && html.contains("<th scope=\"row\">Putamen</th>"))
    #expect(html.contains("▲ up</span>") && html.contains("· within error</span>"))
    #expect(html.contains("<td class=\"num\">–</td>"), "an empty cell is a dash")
    #expect(html.contains("<p>First.</p>\n<p>Second.</p>"))
    #expect(html.contains(Flag.up.meaning) && html.contains(Flag.within.meaning) && !html.contains(Flag.worse.meaning))
}

@Test func researchUseIsSaidAtTheTopAndAtTheBottom() throws {
    let html = try page().html()
    let sentence = ReviewPage.notice
    let first = try #require(html.firstRange(of: sentence)?.lowerBound)
    let body = try #require(html.firstRange(of: "<main")?.lowerBound)
    let end = try #require(html.firstRange(of: "</main>")?.upperBound)
    #expect(first < body && html[end...].contains(sentence))
}

@Test func anEmptyPageIsStillAPage() throws {
    let html = try ReviewPage(code: "P00").html()
    #expect(html.hasPrefix("<!doctype html>") && html.contains("<h1>P00</h1>"))
    #expect(!html.contains("<section") && !html.contains("class=\"headlines\"") && !html.contains("class=\"warnings\""))
}

@Test func everyFlagHasAWordAndAMeaningOfItsOwn() {
    #expect(Set(Flag.allCases.map(\.words)).count == Flag.allCases.count)
    #expect(Set(Flag.allCases.map(\.meaning)).count == Flag.allCases.count)
    #expect(Flag.allCases.allSatisfy { $0.symbol.count == 1 })
}
