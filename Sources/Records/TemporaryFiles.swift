import Glibc
import Synchronization

/// Files under a name of their own until they are whole: an interrupt (Ctrl-C), a request to end or a closed terminal removes them.
enum TemporaryFiles {
    /// Files at most at one time; what is more is written all the same and stays where the program is interrupted.
    private static let most = 1024
    /// Paths as C has them. A handler may be reading one while another thread forgets it: none is freed.
    private nonisolated(unsafe) static let paths: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?> = {
        let paths = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: most)
        paths.initialize(repeating: nil, count: most)
        return paths
    }()
    /// Whether the handlers were set, and who changes paths.
    private static let handles = Mutex(false)

    /// Notes a path before anything stands there.
    static func add(_ path: String) {
        handles.withLock { isSet in
            if !isSet {
                // Made before a handler can want it.
                _ = paths
                setHandlers()
                isSet = true
            }
            guard let place = (0..<most).first(where: { paths[$0] == nil }) else { return }
            paths[place] = strdup(path)
        }
    }

    /// Forgets a path at which nothing stands any more.
    static func remove(_ path: String) {
        handles.withLock { _ in
            for place in 0..<most {
                if let known = paths[place], strcmp(known, path) == 0 { paths[place] = nil }
            }
        }
    }

    /// Signals that end a program; one that whoever started it has switched off stays so.
    private static func setHandlers() {
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            var before = sigaction()
            guard sigaction(signal, nil, &before) == 0, before.__sigaction_handler.sa_handler == nil else { continue }
            var action = sigaction()
            // Only what may be called within a signal: no memory is taken, no lock is held.
            action.__sigaction_handler.sa_handler = { signal in
                for place in 0..<TemporaryFiles.most {
                    if let path = TemporaryFiles.paths[place] { unlink(path) }
                }
                // Ends as it would have without a handler, so that a shell sees why.
                Glibc.signal(signal, SIG_DFL)
                raise(signal)
            }
            sigaction(signal, &action, nil)
        }
    }
}
