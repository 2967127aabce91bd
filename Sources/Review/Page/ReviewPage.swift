import Records

/// A page a review meeting looks at: one HTML file without network or neighbours.
///
/// All values come as text that is already rounded and carries its unit; the page only lays them out. It opens with
/// the headlines, then the sections in the order of `Section.Subject`, and ends with where everything came from.
public struct ReviewPage: Sendable {
    /// What every page says of its use.
    public static let notice =
        "Research use only. Not a medical device. Not for diagnosis or treatment decisions. Scores entered, not "
        + "administered, by this software."

    /// The study code of the patient or the study; never a name.
    public var code: String
    /// What kind of page it is, for the window's title.
    public var kind: String = "graft and movement review"
    /// What stands under the code: visit, tracer, medication state.
    public var subtitle: String
    /// The first sheet; `nil` for pages without one.
    public var board: PageBoard?
    /// Slices to look through; `nil` for none. It brings the page's only script.
    public var viewer: SliceViewer?
    /// The numbers to remember, most important first.
    public var headlines: [Headline]
    /// Everything else.
    public var sections: [Section]
    /// What was doubtful, one sentence each.
    public var warnings: [String]
    /// Where the page came from: rows of a name and a value, such as inputs and their hashes.
    public var provenance: [(name: String, value: String)]
    /// The same as a JSON document, printed as it is; empty where there is none.
    public var provenanceJSON: String

    /// A page.
    public init(
        code: String, subtitle: String = "", headlines: [Headline] = [], sections: [Section] = [],
        warnings: [String] = [], provenance: [(name: String, value: String)] = [], provenanceJSON: String = ""
    ) {
        (self.code, self.subtitle, self.headlines, self.sections) = (code, subtitle, headlines, sections)
        (self.warnings, self.provenance, self.provenanceJSON) = (warnings, provenance, provenanceJSON)
    }

    /// The board as a drawing, A4 landscape; `nil` for pages without one.
    public var sheet: Picture? {
        board.map { BoardPicture.picture(of: $0, code: code, version: Engraft.version) }
    }

    /// The page as HTML, UTF-8. The same page gives the same bytes. Throws where the template does not parse.
    public func html() throws -> String { try PageTemplate.render(self) }
}

/// How a value compares with what repeating the measurement would change.
public enum Flag: String, Sendable, CaseIterable {
    /// Higher than measurement error explains.
    case up
    /// Lower than measurement error explains.
    case down
    /// Within measurement error.
    case within
    /// Reliably better, whichever direction that is.
    case improved
    /// Reliably worse.
    case worse
    /// Important in size, but not beyond measurement error.
    case unsure
    /// Cannot be computed; the reason stands beside it.
    case missing
    /// Needs a look: a quality limit was passed.
    case attention
    /// Passed.
    case good

    /// A symbol, so that colour is never alone.
    public var symbol: String {
        switch self {
        case .up: "▲"
        case .down: "▼"
        case .within: "·"
        case .improved: "▲"
        case .worse: "▼"
        case .unsure: "○"
        case .missing: "?"
        case .attention: "!"
        case .good: "✓"
        }
    }

    /// The flag in words.
    public var words: String {
        switch self {
        case .up: "up"
        case .down: "down"
        case .within: "within error"
        case .improved: "improved"
        case .worse: "worse"
        case .unsure: "large, but not reliable"
        case .missing: "not computable"
        case .attention: "check"
        case .good: "good"
        }
    }

    /// What the flag says, as a sentence.
    public var meaning: String {
        switch self {
        case .up: "higher than measurement error explains"
        case .down: "lower than measurement error explains"
        case .within: "repeating the measurement could have given the same change"
        case .improved: "better by more than measurement error, whichever direction that is"
        case .worse: "worse by more than measurement error"
        case .unsure: "large enough to matter, but not beyond measurement error"
        case .missing: "could not be computed; the reason stands beside it"
        case .attention: "a quality limit was passed"
        case .good: "all limits were kept"
        }
    }
}

extension ReviewPage {
    /// A number to remember.
    public struct Headline: Sendable {
        /// What it is: "Posterior putamen, change".
        public var label: String
        /// The value with its unit: "+60 %".
        public var value: String
        /// Uncertainty and what it is compared with: "95 % limit of error +27 / −21 %".
        public var detail: String
        /// How it compares with measurement error, where that is known.
        public var flag: Flag?

        /// A headline.
        public init(label: String, value: String, detail: String = "", flag: Flag? = nil) {
            (self.label, self.value, self.detail, self.flag) = (label, value, detail, flag)
        }
    }

    /// A part of the page.
    public struct Section: Sendable {
        /// What sections are about, in the order of the page.
        public enum Subject: Int, Sendable, CaseIterable, Comparable {
            case uptake, images, kinetics, tremor, scores, joint, counts, safety, quality, methods, files

            /// The order of the page.
            public static func < (a: Subject, b: Subject) -> Bool { a.rawValue < b.rawValue }
        }

        /// What it is about; sections of one subject keep their order.
        public var subject: Subject
        /// Its heading.
        public var title: String
        /// Paragraphs under the heading, separated by blank lines.
        public var text: String
        /// Tables, before the figures.
        public var tables: [Table]
        /// Figures.
        public var figures: [Figure]

        /// A section.
        public init(
            _ subject: Subject, title: String, text: String = "", tables: [Table] = [], figures: [Figure] = []
        ) {
            (self.subject, self.title, self.text) = (subject, title, text)
            (self.tables, self.figures) = (tables, figures)
        }
    }

    /// A picture or a chart.
    public struct Figure: Sendable {
        enum Content: Sendable { case png([UInt8]), svg(String) }

        var content: Content
        /// What the figure shows, for those who do not see it.
        public var alternative: String
        /// What stands under it.
        public var caption: String
        /// Whether it takes the page's whole width; charts stand two in a row.
        public var isWide: Bool

        /// A figure from the bytes of a PNG file.
        public init(png: [UInt8], alternative: String, caption: String, isWide: Bool = true) {
            (content, self.alternative, self.caption, self.isWide) = (.png(png), alternative, caption, isWide)
        }

        /// A figure from a chart, drawn as SVG that follows the page's light and dark. Throws as `Chart.svg`.
        public init(_ chart: some Chart, alternative: String, caption: String, isWide: Bool = false) throws {
            content = .svg(try chart.svg(alternative: alternative))
            (self.alternative, self.caption, self.isWide) = (alternative, caption, isWide)
        }
    }

    /// A table.
    public struct Table: Sendable {
        /// A column.
        public struct Column: Sendable {
            /// Its heading.
            public var title: String
            /// The unit, printed under the heading; empty for none.
            public var unit: String
            /// Whether values stand right-aligned.
            public var isNumeric: Bool

            /// A column.
            public init(_ title: String, unit: String = "", isNumeric: Bool = false) {
                (self.title, self.unit, self.isNumeric) = (title, unit, isNumeric)
            }
        }

        /// A row: one text per column, and how it compares with measurement error.
        public struct Row: Sendable {
            /// One text per column; an empty one is printed as an en dash.
            public var cells: [String]
            /// Printed in a last column of symbols and words.
            public var flag: Flag?
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
        /// Its rows; each has as many cells as there are columns.
        public var rows: [Row]
        /// The heading of the column of flags, which is there when a row has one.
        public var flagTitle: String

        /// A table. Rows must have as many cells as there are columns.
        public init(caption: String, columns: [Column], rows: [Row], flagTitle: String = "Against error") {
            precondition(rows.allSatisfy { $0.cells.count == columns.count }, "a row has one cell per column")
            (self.caption, self.columns, self.rows, self.flagTitle) = (caption, columns, rows, flagTitle)
        }
    }
}
