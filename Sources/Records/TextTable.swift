/// A table for a terminal: columns as wide as their widest field, numbers to the right.
public struct TextTable: Sendable {
    /// One column's title and whether its fields are numbers.
    public struct Column: Sendable {
        var title: String
        var isNumber: Bool
        /// A column of text, aligned to the left.
        public static func text(_ title: String) -> Column { Column(title: title, isNumber: false) }
        /// A column of numbers, aligned to the right.
        public static func number(_ title: String) -> Column { Column(title: title, isNumber: true) }
    }

    private var columns: [Column]
    private var rows: [[String]] = []

    /// A table without rows.
    public init(_ columns: [Column]) { self.columns = columns }

    /// Adds a row; it has a field for every column.
    public mutating func add(_ fields: [String]) {
        precondition(fields.count == columns.count, "a row has a field for every column")
        rows.append(fields)
    }

    /// The table as lines of text, two blanks before the first column.
    public var text: String {
        let lines = [columns.map(\.title)] + rows
        let widths = columns.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        return lines.map { fields in
            let cells = fields.indices.map { place -> String in
                let blanks = String(repeating: " ", count: widths[place] - fields[place].count)
                return columns[place].isNumber ? blanks + fields[place] : fields[place] + blanks
            }
            var line = "  " + cells.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return line + "\n"
        }.joined()
    }

    /// The table in Markdown.
    public var markdown: String {
        let head = "| " + columns.map(\.title).joined(separator: " | ") + " |\n"
        let rule = "|" + columns.map { $0.isNumber ? "---:|" : "---|" }.joined() + "\n"
        return head + rule + rows.map { "| " + $0.joined(separator: " | ") + " |\n" }.joined()
    }
}
