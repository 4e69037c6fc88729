package import Access
package import Postgres
package import Values

/// The branding of organizations.
package struct BrandingService: Sendable {
    let database: Database

    package init(database: Database) { self.database = database }

    private struct Row: Decodable, Sendable {
        let logoUrl: String?
        let accent: SRGB?
        let accentDark: SRGB?
        let templates: [MessageKind: MessageTemplate]
        let version: Int

        var branding: Brand {
            Brand(
                logo: logoUrl.flatMap { try? LogoURL($0) }, palette: Palette(accent, accentDark), templates: templates,
                version: version)
        }
    }

    /// That of the organization that the actor is in.
    package func branding(as actor: Actor) async throws -> Brand {
        let row = try await database.acting(as: actor).row(
            """
            SELECT logo_url, accent, accent_dark, templates, version FROM branding WHERE organization_id = app_org_id()
            """, as: Row.self)
        return row?.branding ?? Brand(logo: nil, palette: .standard, templates: [:], version: 0)
    }

    /// Replaces all of it. What is as we have it ourselves is not kept, so that it goes on following ours.
    /// - Parameter version: the one that the change is based on.
    /// - Throws: ``BrandingError``
    package func change(_ draft: BrandingDraft, from version: Int, as actor: Actor) async throws -> Brand {
        let wanted = try draft.checked()
        let (accent, accentDark) = wanted.palette.own
        let templates = wanted.templates.filter { $0.value != $0.key.standard }
        let row = try await database.acting(as: actor).row(
            """
            INSERT INTO branding AS b (organization_id, logo_url, accent, accent_dark, templates, version)
            SELECT app_org_id(), \(wanted.logo?.text), \(accent?.description), \(accentDark?.description),
                   \(JSON(templates))::jsonb, 1
            WHERE \(version)::bigint = 0 OR EXISTS (SELECT FROM branding WHERE organization_id = app_org_id())
            ON CONFLICT (organization_id) DO UPDATE
            SET logo_url = excluded.logo_url, accent = excluded.accent, accent_dark = excluded.accent_dark,
                templates = excluded.templates, version = b.version + 1, updated_at = now()
            WHERE b.version = \(version)::bigint
            RETURNING logo_url, accent, accent_dark, templates, version
            """, as: Row.self)
        guard let row else { throw BrandingError.staleVersion(current: try await branding(as: actor).version) }
        return row.branding
    }

    /// The colors of any organization, for the caller, and their version. An organization that is not there has
    /// those of one that set none.
    package func palette(of organization: OrganizationID) async throws -> (palette: Palette, version: Int) {
        struct Found: Decodable, Sendable {
            let accent: SRGB?
            let accentDark: SRGB?
            let version: Int
        }
        let found = try await database.beforeSigningIn.row("SELECT * FROM palette_of(\(organization))", as: Found.self)
        return (Palette(found?.accent, found?.accentDark), found?.version ?? 0)
    }
}

extension Palette {
    /// From what is kept.
    fileprivate init(_ accent: SRGB?, _ accentDark: SRGB?) {
        let accent = accent ?? Palette.standard.accent
        self.init(accent: accent, accentDark: accentDark ?? Palette.accentDark(for: accent))
    }

    /// What does not follow by itself, and is kept.
    fileprivate var own: (accent: SRGB?, accentDark: SRGB?) {
        (
            accent == Palette.standard.accent ? nil : accent,
            accentDark == Palette.accentDark(for: accent) ? nil : accentDark
        )
    }
}
