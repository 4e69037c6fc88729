import Postgres

/// Why a database cannot hold our schema, told before anything is made in it.
package enum UnsuitableDatabase: Error, Equatable, CustomStringConvertible {
    case version(String)
    case readOnly
    case encoding(String)
    case noSchema
    case mayNotCreateTables(role: String)
    case mayNotCreateRoles(role: String)
    case noExtension
    case mayNotCreateExtension(role: String, database: String)

    package var description: String {
        switch self {
        case .version(let version): "This is PostgreSQL \(version); Convene needs 15 or later."
        case .readOnly:
            "This PostgreSQL takes no changes: it follows another server, or default_transaction_read_only is on."
        case .encoding(let encoding):
            """
            The database's encoding is \(encoding), which has no room for everybody's names. Make one with \
            CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0.
            """
        case .noSchema: "The database has no schema public, where Convene keeps its tables: CREATE SCHEMA public."
        case .mayNotCreateTables(let role):
            """
            \(role) may not create tables in the schema public and say whose they are: make it the database's owner, or \
            GRANT CREATE, USAGE ON SCHEMA public TO \(role) WITH GRANT OPTION.
            """
        case .mayNotCreateRoles(let role):
            """
            \(role) may not create the roles convene_app, convene_worker, convene_gate, convene_auditor and \
            convene_backup: ALTER ROLE \(role) CREATEROLE, at least until Convene has started once.
            """
        case .noExtension:
            "PostgreSQL's extension btree_gist is not installed: it comes with Debian's package postgresql-contrib."
        case .mayNotCreateExtension(let role, let database):
            "\(role) may not create the extension btree_gist: GRANT CREATE ON DATABASE \(database) TO \(role)."
        }
    }
}

extension Database {
    private struct Facts: Decodable, Sendable {
        let version: Int, versionName: String, isReadOnly: Bool, encoding: String, hasSchema: Bool, canUseSchema: Bool
        let canCreateRoles: Bool, hasRoles: Bool, offersExtension: Bool, hasExtension: Bool
        let canCreateExtension: Bool, role: String, database: String
    }

    /// - Throws: ``UnsuitableDatabase``
    func requireSuitability() async throws {
        let facts: Facts? = try await row(
            """
            SELECT current_setting('server_version_num')::int AS version, current_setting('server_version') AS version_name,
                   current_setting('transaction_read_only') = 'on' AS is_read_only,
                   current_setting('server_encoding') AS encoding,
                   to_regnamespace('public') IS NOT NULL AS has_schema,
                   coalesce(has_schema_privilege(to_regnamespace('public')::oid, 'CREATE WITH GRANT OPTION')
                            AND has_schema_privilege(to_regnamespace('public')::oid, 'USAGE'), false) AS can_use_schema,
                   (SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user) AS can_create_roles,
                   (SELECT count(*) = 5 FROM pg_roles
                    WHERE rolname IN ('convene_app', 'convene_worker', 'convene_gate', 'convene_auditor', 'convene_backup')
                      AND pg_has_role(oid, 'MEMBER')) AS has_roles,
                   EXISTS (SELECT FROM pg_available_extensions WHERE name = 'btree_gist') AS offers_extension,
                   EXISTS (SELECT FROM pg_extension WHERE extname = 'btree_gist') AS has_extension,
                   has_database_privilege(current_database(), 'CREATE') AS can_create_extension,
                   quote_ident(current_user) AS role, quote_ident(current_database()) AS database
            """)
        guard let facts else { return }
        guard facts.version >= 150_000 else { throw UnsuitableDatabase.version(facts.versionName) }
        guard !facts.isReadOnly else { throw UnsuitableDatabase.readOnly }
        guard facts.encoding == "UTF8" else { throw UnsuitableDatabase.encoding(facts.encoding) }
        guard facts.hasSchema else { throw UnsuitableDatabase.noSchema }
        guard facts.canUseSchema else { throw UnsuitableDatabase.mayNotCreateTables(role: facts.role) }
        guard facts.hasRoles || facts.canCreateRoles else {
            throw UnsuitableDatabase.mayNotCreateRoles(role: facts.role)
        }
        if facts.hasExtension { return }
        guard facts.offersExtension else { throw UnsuitableDatabase.noExtension }
        guard facts.canCreateExtension else {
            throw UnsuitableDatabase.mayNotCreateExtension(role: facts.role, database: facts.database)
        }
    }
}
