import Foundation
import Identity
import Values

extension Commands {
    /// Prints a link that makes a super admin of anyone who has that address.
    package static func inviteSuperAdmin(_ email: String, flags: [String: String]) async throws {
        let settings = try Settings(flags: flags)
        let address: EmailAddress
        do throws(EmailAddress.Flaw) {
            address = try EmailAddress(email)
        } catch {
            throw SettingsError(name: "The address", expectation: error.expectation)
        }
        try await onDatabase(flags) { owner in
            try await requireSchema(on: owner, of: settings)
            let base = settings.publicURL ?? ListeningFile.address(in: settings.dataFolder) ?? settings.linkBase
            let link = try await Invitations.superAdmin(
                address, publicURL: base, in: owner, at: SystemClock().now)
            print("In the database of \(settings.databasePlace).")
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
