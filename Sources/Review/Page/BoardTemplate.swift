import Records

/// A board's values for the page's template.
enum BoardTemplate {
    static func values(_ board: PageBoard) throws -> [String: Any] {
        [
            "facts": board.facts.map { ["name": $0.name, "value": $0.value] },
            "panels": try board.panels.map(panel),
        ]
    }

    private static func panel(_ panel: PageBoard.Panel) throws -> [String: Any] {
        [
            "letter": panel.letter.rawValue, "place": panel.letter.rawValue.lowercased(), "title": panel.title,
            "pictures": try panel.pictures.map(picture), "table": panel.table.map { [table($0)] } ?? [],
            "lines": panel.lines.map { line in
                ["text": line.text, "strong": line.isStrong].merging(flag(line.flag)) { $1 } as [String: Any]
            },
            "has_lines": !panel.lines.isEmpty, "note": panel.note, "has_note": !panel.note.isEmpty,
        ]
    }

    private static func picture(_ drawing: PageBoard.Drawing) throws -> [String: Any] {
        var values: [String: Any] = [
            "alternative": drawing.alternative, "dark": drawing.isDark, "width": Int(drawing.picture.width),
            // Words grow with a picture: beyond this they would be larger than the page's.
            "widest": Int(drawing.picture.width * 1.3),
        ]
        if drawing.isDark {
            let image = drawing.picture.image(scale: 2, theme: .dark)
            values["png"] = try PNG.encode(image, level: 6).dataURI
        } else {
            values["svg"] = try drawing.picture.svg(alternative: drawing.alternative)
        }
        return values
    }

    private static func table(_ table: PageBoard.Table) -> [String: Any] {
        [
            "caption": table.caption, "legend": table.legend,
            "columns": table.columns.map { ["title": $0.title, "numeric": $0.isNumeric] as [String: Any] },
            "rows": table.rows.map { row in
                [
                    "primary": row.isPrimary,
                    "cells": row.cells.enumerated().map { place, cell in
                        [
                            "text": cell.isEmpty ? "–" : cell, "first": place == 0,
                            "numeric": table.columns[place].isNumeric,
                        ] as [String: Any]
                    },
                ].merging(flag(row.flag)) { $1 } as [String: Any]
            },
        ]
    }

    private static func flag(_ flag: Flag?) -> [String: Any] {
        guard let flag else { return ["flagged": false, "flag": ""] }
        return ["flagged": true, "flag": flag.rawValue, "symbol": flag.symbol, "words": flag.words]
    }
}
