package import Foundation
import Glibc

/// Puts each mail into a folder as `{id}.eml`, for a demo or for a program that takes it from there. One that is sent
/// again replaces itself.
///
/// Mails hold one-time links, so only we can read the files, and a file that is there is whole.
package struct MailFolder: MailTransport {
    private let folder: URL
    private let sender: MailAddress

    package init(_ folder: URL, sender: MailAddress) {
        self.folder = folder
        self.sender = sender
    }

    package func send(_ message: MailMessage) async throws(MailFailure) {
        do {
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            let part = folder.appending(path: ".\(message.id).\(UUID().uuidString)")
            let descriptor = open(part.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { throw CocoaError(.fileWriteNoPermission) }
            defer { unlink(part.path) }
            let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
            try file.write(contentsOf: message.document(from: sender))
            try file.synchronize()
            guard rename(part.path, folder.appending(path: "\(message.id).eml").path) == 0 else {
                throw CocoaError(.fileWriteUnknown)
            }
        } catch {
            throw .notSent(reason: "the folder of mails cannot be written")
        }
    }
}
