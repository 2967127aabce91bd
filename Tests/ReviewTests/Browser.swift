import Foundation
import Records

/// A headless Chromium that a test drives through its debugging pipe: real keys, real printing, and every request seen.
final class Browser {
    /// The program; tests that need it are skipped by name where it is absent.
    static let path = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].first { InputFile.exists($0) }

    private let process = Process()
    private let commands = Pipe(), replies = Pipe()
    private let profile: String
    private var unread: [UInt8] = []
    private var number = 0
    private var session: String?
    /// What the page did meanwhile: requests, console messages, exceptions.
    private(set) var events: [JSONValue] = []

    /// Opens a page of this width and height in points.
    init(opening page: String, width: Int, height: Int, profile: String) throws {
        self.profile = profile
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        // Chromium reads commands from descriptor 3 and answers on 4.
        process.arguments = [
            "-c",
            "exec \"$0\" --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
                + "--disable-component-update --disable-sync --user-data-dir=\"$1\" --window-size=\(width),\(height) "
                + "--remote-debugging-pipe about:blank 3<&0 4>&1 1>/dev/null 2>/dev/null",
            Self.path!, profile,
        ]
        (process.standardInput, process.standardOutput) = (commands, replies)
        try process.run()
        let target = try send("Target.createTarget", ["url": "about:blank"])["targetId"]
        session = try send("Target.attachToTarget", ["targetId": target ?? .null, "flatten": .bool(true)])["sessionId"]?
            .string
        for domain in ["Page", "Network", "Runtime", "Log"] { try send("\(domain).enable") }
        try resize(width: width, height: height)
        try send("Page.navigate", ["url": .string("file://\(page)")])
        try wait(for: "Page.loadEventFired")
    }

    deinit {
        process.terminate()
        process.waitUntilExit()
    }

    /// Shows the page in another size.
    func resize(width: Int, height: Int) throws {
        try send(
            "Emulation.setDeviceMetricsOverride",
            [
                "width": .integer(width), "height": .integer(height), "deviceScaleFactor": .integer(1),
                "mobile": .bool(false),
            ])
    }

    /// What an expression is worth on the page.
    func value(of expression: String) throws -> JSONValue {
        let result = try send("Runtime.evaluate", ["expression": .string(expression), "returnByValue": .bool(true)])
        if let problem = result["exceptionDetails"] { throw Refused(text: problem.text) }
        return result["result"]?["value"] ?? .null
    }

    /// Presses a key as a person would.
    func press(_ key: String, code: Int) throws {
        for type in ["rawKeyDown", "keyUp"] {
            try send(
                "Input.dispatchKeyEvent",
                [
                    "type": .string(type), "key": .string(key), "code": .string(key),
                    "windowsVirtualKeyCode": .integer(code),
                ])
        }
    }

    /// The page as it is seen, a PNG.
    func screenshot() throws -> [UInt8] { try bytes(send("Page.captureScreenshot", ["format": "png"])) }

    /// The page as it is printed, a PDF.
    func pdf() throws -> [UInt8] {
        try bytes(send("Page.printToPDF", ["preferCSSPageSize": .bool(true), "printBackground": .bool(true)]))
    }

    /// Whether the reader prefers dark pages.
    func prefer(dark: Bool) throws {
        try send(
            "Emulation.setEmulatedMedia",
            ["features": [["name": "prefers-color-scheme", "value": .string(dark ? "dark" : "light")]]])
    }

    private func bytes(_ reply: JSONValue) -> [UInt8] {
        [UInt8](Data(base64Encoded: reply["data"]?.string ?? "") ?? Data())
    }

    // MARK: - The pipe

    /// A command that was refused.
    struct Refused: Error { var text: String }

    @discardableResult
    private func send(_ method: String, _ parameters: JSONValue = .object([])) throws -> JSONValue {
        number += 1
        var members: [JSONValue.Member] = [
            .init("id", .integer(number)), .init("method", .string(method)), .init("params", parameters),
        ]
        if let session { members.append(.init("sessionId", .string(session))) }
        try commands.fileHandleForWriting.write(contentsOf: Data(JSONValue.object(members).text.utf8) + [0])
        while true {
            let message = try next()
            if message["id"]?.double == Double(number) {
                if let error = message["error"] { throw Refused(text: "\(method): \(error.text)") }
                return message["result"] ?? .null
            }
            events.append(message)
        }
    }

    private func wait(for method: String) throws {
        while !events.contains(where: { $0["method"]?.string == method }) { events.append(try next()) }
    }

    private func next() throws -> JSONValue {
        while true {
            if let end = unread.firstIndex(of: 0) {
                let message = Array(unread[..<end])
                unread.removeSubrange(...end)
                return try JSONValue(parsing: message)
            }
            let data = replies.fileHandleForReading.availableData
            guard !data.isEmpty else { throw Refused(text: "the browser went away") }
            unread += data
        }
    }
}
