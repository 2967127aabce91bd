import Glibc

/// Asks the kernel for 2 MiB pages under a large buffer: filling it then costs half (page faults dominate).
func adviseHugePages<T>(_ buffer: UnsafeMutableBufferPointer<T>) {
    let bytes = buffer.count * MemoryLayout<T>.stride
    guard bytes >= 4 << 20, let base = buffer.baseAddress else { return }
    let page = 2 << 20
    let first = (Int(bitPattern: base) + page - 1) / page * page
    let last = (Int(bitPattern: base) + bytes) / page * page
    if last > first { _ = madvise(UnsafeMutableRawPointer(bitPattern: first), last - first, MADV_HUGEPAGE) }
}
