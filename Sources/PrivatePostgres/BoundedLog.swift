import Foundation
import Glibc

/// A log that a program appends to: at its limit what there is becomes `….1`, in place of what was there.
struct BoundedLog: Sendable {
    let path: String
    /// In bytes.
    let limit: Int

    /// Until the task is cancelled.
    func keepBounded() async {
        while !Task.isCancelled {
            putAsideIfFull()
            try? await Task.sleep(for: .seconds(5))
        }
    }

    /// Copied and emptied, not renamed: the program keeps the file open. A line that it writes meanwhile is lost.
    func putAsideIfFull() {
        var status = stat()
        guard stat(path, &status) == 0, status.st_size > limit else { return }
        unlink(path + ".1")
        try? FileManager.default.copyItem(atPath: path, toPath: path + ".1")
        truncate(path, 0)
    }
}
