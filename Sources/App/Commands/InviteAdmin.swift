import Foundation
import Identity
import Schema
import Values

extension Commands {
    /// Why nobody was invited.
    private enum InviteRefusal: Error, CustomStringConvertible {
        case notReady(String)

        var description: String {
            switch self {
            case .notReady(let place):
                "The database of \(place) is not ready: start the server first, or run convene migrate up."
            }
        }
    }

    /// Prints a link that makes a super admin of anyone who has that address.
    package static func inviteSuperAdmin(_ email: String, flags: [String: String]) async throws {
        let settings = try Settings(flags: flags)
        let address: EmailAddress
        do throws(EmailAddress.Flaw) {
            address = try EmailAddress(email)
        } catch {
            throw SettingsError(name: "The address", expectation: error.expectation)
        }
        let place = settings.databaseURL == nil ? settings.dataFolder : "DATABASE_URL"
        try await onDatabase(flags) { owner in
            guard try await Migrator.bundled(on: owner).isUp() else {
                throw InviteRefusal.notReady(place)
            }
            let base = settings.publicURL ?? ListeningFile.address(in: settings.dataFolder) ?? settings.linkBase
            let link = try await Invitations.superAdmin(
                address, publicURL: base, in: owner, at: SystemClock().now)
            print("In the database of \(place).")
            print("Open this within a week, once the server runs: \(link.absoluteString)")
        }
    }
}

extension EmailAddress.Flaw {
    fileprivate var expectation: String {
        switch self {
        case .notAnAddress: "an email address, such as ada@example.org"
        case .localPartNotASCII: "of unaccented Latin letters, digits and signs before the @"
        case .tooLong: "of at most 64 characters before the @, and 254 in all"
        }
    }
}
