import FoundationEssentials
import Mustache
import Records

/// Fills the page's template.
enum PageTemplate {
    static func render(_ page: ReviewPage) throws -> String {
        // Escapes every {{value}} of the template; see `escapedForHTML` for why not with the engine's own.
        MustacheContentTypes.register(ScalarEscapedHTML(), named: "ENGRAFT_HTML")
        let source = String(decoding: PackageResources.review_mustache, as: UTF8.self)
        let template = try MustacheTemplate(string: "{{% CONTENT_TYPE: ENGRAFT_HTML}}\n" + source)
        return template.render(try values(page))
    }

    private struct ScalarEscapedHTML: MustacheContentType {
        func escapeText(_ text: String) -> String { text.escapedForHTML }
    }

    private static func values(_ page: ReviewPage) throws -> [String: Any] {
        let sections = ReviewPage.Section.Subject.allCases.flatMap { subject in
            page.sections.filter { $0.subject == subject }
        }
        // With a board, what was done and with which files is the second sheet.
        let second = page.board.flatMap { _ in sections.firstIndex { $0.subject >= .methods } }
        return [
            "research": ReviewPage.notice, "version": Engraft.version, "kind": page.kind,
            "code": page.code, "subtitle": page.subtitle, "has_subtitle": !page.subtitle.isEmpty,
            "headlines": page.headlines.map(headline), "has_headlines": !page.headlines.isEmpty,
            "warnings": page.warnings, "has_warnings": !page.warnings.isEmpty, "warning_count": page.warnings.count,
            "contents": contents(sections),
            "sections": sections.enumerated().map { place, one in
                section(one, number: place + 1).merging([
                    "opens": place == second, "place": place >= second ?? .max ? "second" : "detail",
                    "research": ReviewPage.notice,
                ]) { $1 }
            },
            "opens_late": page.board != nil && second == nil,
            "flags": legend(page),
            "provenance": page.provenance.map { ["name": $0.name, "value": $0.value] },
            "has_provenance": !page.provenance.isEmpty || !page.provenanceJSON.isEmpty,
            "json": page.provenanceJSON, "has_json": !page.provenanceJSON.isEmpty,
            "board": try page.board.map { [try BoardTemplate.values($0)] } ?? [], "has_board": page.board != nil,
            "viewer": page.viewer.map { [$0.values] } ?? [], "has_viewer": page.viewer != nil,
            "script": script, "script_hash": scriptHash(),
        ]
    }

    /// The page's only script, for the viewer of slices.
    private static let script = String(decoding: PackageResources.viewer_js, as: UTF8.self)

    /// The script's SHA-256 in base 64: the page's policy runs nothing else.
    private static func scriptHash() -> String {
        let hasher = SHA256()
        Array(script.utf8).withUnsafeBytes { hasher.update($0) }
        let hex = Array(hasher.finish().utf8)
        let bytes = stride(from: 0, to: hex.count, by: 2).compactMap {
            UInt8(String(decoding: hex[$0...($0 + 1)], as: UTF8.self), radix: 16)
        }
        return Data(bytes).base64EncodedString()
    }

    private static func contents(_ sections: [ReviewPage.Section]) -> [[String: Any]] {
        sections.enumerated().map { ["anchor": "s\($0 + 1)", "title": $1.title] }
    }

    private static func headline(_ headline: ReviewPage.Headline) -> [String: Any] {
        [
            "label": headline.label, "value": headline.value, "detail": headline.detail,
            "has_detail": !headline.detail.isEmpty,
        ].merging(flag(headline.flag)) { $1 }
    }

    private static func section(_ section: ReviewPage.Section, number: Int) -> [String: Any] {
        [
            "anchor": "s\(number)", "title": section.title, "paragraphs": paragraphs(section.text),
            "tables": section.tables.map(table), "figures": section.figures.map(figure),
            "has_figures": !section.figures.isEmpty,
        ]
    }

    private static func paragraphs(_ text: String) -> [String] {
        var result: [String] = []
        var current: [Substring] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) + [Substring()] {
            if !line.isEmpty {
                current.append(line)
            } else if !current.isEmpty {
                result.append(current.joined(separator: "\n"))
                current = []
            }
        }
        return result
    }

    private static func figure(_ figure: ReviewPage.Figure) -> [String: Any] {
        var values: [String: Any] = [
            "alternative": figure.alternative, "caption": figure.caption, "has_caption": !figure.caption.isEmpty,
            "wide": figure.isWide,
        ]
        switch figure.content {
        case .png(let bytes): values["png"] = bytes.dataURI
        case .svg(let text): values["svg"] = text
        }
        return values
    }

    private static func table(_ table: ReviewPage.Table) -> [String: Any] {
        let hasFlags = table.rows.contains { $0.flag != nil }
        return [
            "caption": table.caption, "has_flags": hasFlags, "flag_title": table.flagTitle,
            "columns": table.columns.map {
                ["title": $0.title, "unit": $0.unit, "has_unit": !$0.unit.isEmpty, "numeric": $0.isNumeric]
                    as [String: Any]
            },
            "rows": table.rows.map { row in
                let cells = row.cells.enumerated().map { place, cell in
                    [
                        "text": cell.isEmpty ? "–" : cell, "numeric": table.columns[place].isNumeric,
                        "first": place == 0,
                    ] as [String: Any]
                }
                return ["cells": cells, "primary": row.isPrimary, "has_flags": hasFlags]
                    .merging(flag(row.flag)) { $1 } as [String: Any]
            },
        ]
    }

    private static func flag(_ flag: Flag?) -> [String: Any] {
        guard let flag else { return ["flagged": false] }
        return ["flagged": true, "flag": flag.rawValue, "symbol": flag.symbol, "words": flag.words]
    }

    /// The flags that occur, each once.
    private static func legend(_ page: ReviewPage) -> [[String: Any]] {
        let used =
            page.headlines.compactMap(\.flag)
            + page.sections.flatMap { $0.tables.flatMap { $0.rows.compactMap(\.flag) } }
        return Flag.allCases.filter { used.contains($0) }
            .map { ["flag": $0.rawValue, "symbol": $0.symbol, "words": $0.words, "meaning": $0.meaning] }
    }
}
