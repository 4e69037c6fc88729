package import Access
import Foundation
package import Postgres
package import Secrets
package import Values

/// An organization's accounts at the providers, as its admins see and set them.
package struct ProviderAccounts: Sendable {
    let database: Database
    let adapters: OrganizationAdapters
    let secretBox: SecretBox
    let installation: Set<ProviderName>
    let clock: any WallClock

    /// - Parameters:
    ///   - database: as `convene_app`.
    ///   - installation: those that the installation itself has an account with.
    package init(
        database: Database, adapters: OrganizationAdapters, secretBox: SecretBox, installation: [ProviderName],
        clock: any WallClock
    ) {
        self.database = database
        self.adapters = adapters
        self.secretBox = secretBox
        self.installation = Set(installation)
        self.clock = clock
    }

    static func context(of organization: OrganizationID) -> SecretContext {
        SecretContext("provider_credentials", "secret", of: organization)
    }

    /// One for each provider that an organization can have an account with, set or not.
    /// - Throws: ``Identity/AccessError/notAMember`` when there is no such organization.
    package func list(as actor: Actor) async throws -> [ProviderAccount] {
        let rows = try await database.acting(as: actor).rows(Self.select, as: ProviderAccount.Row.self)
        guard !rows.isEmpty else { throw AccessError.notAMember }
        return try ProviderCatalog.all.map { provider in
            try ProviderAccount(
                at: provider, rows.first { $0.provider == provider.name },
                installationHasOne: installation.contains(provider.name))
        }
    }

    /// Sets the account.
    /// - Parameters:
    ///   - secret: `nil` leaves it as it is.
    ///   - version: the one that the change is based on, 0 for none; `nil`: whatever is there now.
    /// - Throws: ``ProviderAccountError/secretRequired(field:)`` when there is none to leave;
    ///   ``Identity/StaleVersion``
    package func set(
        _ settings: AccountSettings, secret: Secret?, from version: Int? = nil, as actor: Actor
    ) async throws {
        let now = clock.now
        guard let secret else {
            let changed = try await database.acting(as: actor).run(
                """
                UPDATE provider_credentials SET settings = \(JSON(settings)), version = DEFAULT, checked_at = NULL,
                    check_outcome = NULL, check_detail = NULL, updated_by = app_user_id(), updated_at = \(now)
                WHERE organization_id = app_org_id() AND provider = \(settings.provider.name)
                  AND (\(version)::bigint IS NULL OR version = \(version))
                """)
            guard changed == 1 else {
                try await refuseStale(version, of: settings.provider.name, as: actor)
                throw ProviderAccountError.secretRequired(field: settings.provider.secret.name)
            }
            return
        }
        guard let organization = actor.organization else { throw AccessError.organizationRequired }
        let sealed = try secretBox.seal(secret, for: Self.context(of: organization))
        let ending = Self.ending(of: secret)
        do {
            let changed = try await database.acting(as: actor).run(
                """
                INSERT INTO provider_credentials AS c
                    (organization_id, provider, settings, secret, secret_ends_with, updated_by)
                SELECT app_org_id(), \(settings.provider.name), \(JSON(settings))::jsonb, \(sealed)::bytea, \(ending),
                       app_user_id()
                WHERE coalesce(\(version)::bigint, 0) = 0
                   OR EXISTS (SELECT FROM provider_credentials
                              WHERE organization_id = app_org_id() AND provider = \(settings.provider.name))
                ON CONFLICT (organization_id, provider) DO UPDATE
                SET settings = \(JSON(settings)), secret = \(sealed), secret_ends_with = \(ending), version = DEFAULT,
                    checked_at = NULL, check_outcome = NULL, check_detail = NULL, updated_by = app_user_id(),
                    updated_at = \(now)
                WHERE \(version)::bigint IS NULL OR c.version = \(version)
                """)
            if changed == 0 { try await refuseStale(version, of: settings.provider.name, as: actor) }
        } catch let error as PostgresError {
            // A super admin may name an organization that there is not.
            if case .server(let cause) = error, cause.state == .foreignKeyViolation { throw AccessError.notAMember }
            throw error
        }
    }

    private func refuseStale(_ version: Int?, of provider: ProviderName, as actor: Actor) async throws {
        let current = try await database.acting(as: actor).row(
            """
            SELECT version FROM provider_credentials
            WHERE organization_id = app_org_id() AND provider = \(provider)
            """, as: Int.self)
        if let version, version != current ?? 0 { throw StaleVersion(current: current ?? 0) }
    }

    /// From now on the installation's own account is used. Idempotent.
    package func remove(_ provider: ProviderName, as actor: Actor) async throws {
        try await database.acting(as: actor).run(
            "DELETE FROM provider_credentials WHERE organization_id = app_org_id() AND provider = \(provider)")
    }

    /// Asks the provider, with the account as it is stored, and keeps what came of it.
    /// - Throws: ``ProviderAccountError/notSet(_:)``
    package func test(_ provider: ProviderName, as actor: Actor) async throws -> AccountCheck {
        let organization = try await database.acting(as: actor).row(
            """
            SELECT organization_id FROM provider_credentials
            WHERE organization_id = app_org_id() AND provider = \(provider)
            """, as: OrganizationID.self)
        guard let organization, let account = try await fresh(provider, of: organization) else {
            throw ProviderAccountError.notSet(provider)
        }
        let check = await account.provider.check()
        // What was changed meanwhile was not tested.
        try await database.acting(as: actor).run(
            """
            UPDATE provider_credentials
            SET checked_at = \(clock.now), check_outcome = \(check.outcome.rawValue),
                check_detail = \(JSON(check.explanation))
            WHERE organization_id = app_org_id() AND provider = \(provider) AND version = \(account.version)
            """)
        return check
    }

    private func fresh(
        _ provider: ProviderName, of organization: OrganizationID
    ) async throws -> (version: Int64, provider: any MeetingProvider)? {
        do { return try await adapters.fresh(provider, of: organization) } catch { throw error.explanation ?? error }
    }

    /// The last four characters of a secret that is long enough for them to tell little.
    private static func ending(of secret: Secret) -> String? {
        secret.revealed.count > 12 ? String(secret.revealed.suffix(4)) : nil
    }

    /// One row at least for an organization that there is.
    private static let select: SQL = """
        SELECT c.provider, c.settings, c.secret_ends_with, c.checked_at, c.check_outcome, c.check_detail, c.updated_by,
               c.updated_at, c.version
        FROM organizations o LEFT JOIN provider_credentials c ON c.organization_id = o.id WHERE o.id = app_org_id()
        """
}
