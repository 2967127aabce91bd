import Records

/// The first sheet of a page: panels A to H laid out on A4 landscape, the same in HTML and as one picture.
public struct PageBoard: Sendable {
    /// What stands beside the code at the top: "visit", "month-12 (day 364)".
    public var facts: [(name: String, value: String)]
    /// The panels by their letters; a letter without a panel leaves its place empty.
    public var panels: [Panel]

    /// A board.
    public init(facts: [(name: String, value: String)], panels: [Panel]) {
        (self.facts, self.panels) = (facts, panels)
    }

    /// A panel.
    public struct Panel: Sendable {
        /// Where it stands.
        public var letter: Letter
        /// Its heading.
        public var title: String
        /// Pictures, beside each other.
        public var pictures: [Drawing]
        /// A table; `nil` for none.
        public var table: Table?
        /// Lines of text.
        public var lines: [Line]
        /// What stands under all of it.
        public var note: String

        /// A panel.
        public init(
            _ letter: Letter, _ title: String, pictures: [Drawing] = [], table: Table? = nil, lines: [Line] = [],
            note: String = ""
        ) {
            (self.letter, self.title, self.pictures, self.table) = (letter, title, pictures, table)
            (self.lines, self.note) = (lines, note)
        }
    }

    /// A picture with words for those who do not see it.
    public struct Drawing: Sendable {
        /// The drawing, in points of the sheet.
        public var picture: Picture
        /// What it shows.
        public var alternative: String
        /// Whether it stands on a dark ground in light pages too: images.
        public var isDark: Bool

        /// A picture.
        public init(_ picture: Picture, alternative: String, isDark: Bool = false) {
            (self.picture, self.alternative, self.isDark) = (picture, alternative, isDark)
        }
    }

    /// A line of text with its flag.
    public struct Line: Sendable {
        /// How it compares; `nil` for none.
        public var flag: Flag?
        /// The text.
        public var text: String
        /// Whether it is the line to read first.
        public var isStrong: Bool

        /// A line.
        public init(_ text: String, flag: Flag? = nil, isStrong: Bool = false) {
            (self.text, self.flag, self.isStrong) = (text, flag, isStrong)
        }
    }

    /// A table whose rows begin with a symbol.
    public struct Table: Sendable {
        /// A column: its heading and its share of the width.
        public struct Column: Sendable {
            /// Its heading.
            public var title: String
            /// Its width beside the others'.
            public var share: Double
            /// Whether values stand right-aligned.
            public var isNumeric: Bool

            /// A column.
            public init(_ title: String, share: Double, isNumeric: Bool = false) {
                (self.title, self.share, self.isNumeric) = (title, share, isNumeric)
            }
        }

        /// A row: a symbol and one text per column.
        public struct Row: Sendable {
            /// The symbol; `nil` for none.
            public var flag: Flag?
            /// One text per column.
            public var cells: [String]
            /// Whether this is the row to look at.
            public var isPrimary: Bool

            /// A row.
            public init(_ cells: [String], flag: Flag? = nil, isPrimary: Bool = false) {
                (self.cells, self.flag, self.isPrimary) = (cells, flag, isPrimary)
            }
        }

        /// What the table shows.
        public var caption: String
        /// Its columns.
        public var columns: [Column]
        /// Its rows.
        public var rows: [Row]
        /// What the symbols mean.
        public var legend: String

        /// A table. Rows must have as many cells as there are columns.
        public init(caption: String, columns: [Column], rows: [Row], legend: String) {
            precondition(rows.allSatisfy { $0.cells.count == columns.count }, "a row has one cell per column")
            (self.caption, self.columns, self.rows, self.legend) = (caption, columns, rows, legend)
        }
    }
}

extension PageBoard {
    /// The places of the sheet.
    public enum Letter: String, Sendable, CaseIterable {
        case a = "A", b = "B", c = "C", d = "D", e = "E", f = "F", g = "G", h = "H"
    }

    /// The sheet, points: A4 landscape.
    static let sheet = ChartSize(width: 1600, height: 1131)

    /// Room inside a panel for its content, points; pictures are made for it.
    static func room(_ letter: Letter) -> ChartSize {
        let box = place(letter)
        return ChartSize(width: box.width - 16, height: box.height - 30, isDense: true)
    }

    /// Where a panel stands on the sheet.
    static func place(_ letter: Letter) -> Box {
        switch letter {
        case .a: Box(x: 20, y: 98, width: 415, height: 355)
        case .b: Box(x: 445, y: 98, width: 485, height: 355)
        case .c: Box(x: 940, y: 98, width: 640, height: 560)
        case .d: Box(x: 20, y: 463, width: 910, height: 195)
        case .e: Box(x: 20, y: 668, width: 910, height: 215)
        case .f: Box(x: 940, y: 668, width: 640, height: 215)
        case .g: Box(x: 20, y: 893, width: 910, height: 225)
        case .h: Box(x: 940, y: 893, width: 640, height: 225)
        }
    }
}
