import Postgres

/// What a schema consists of, a line for each thing, so that two can be compared.
struct Catalog {
    let lines: Set<String>

    /// Of the schema `public`, without what extensions brought.
    init(of database: Database) async throws {
        lines = Set(
            try await database.rows(
                """
                WITH ours AS (SELECT oid FROM pg_namespace WHERE nspname = 'public'),
                theirs AS (SELECT objid FROM pg_depend WHERE deptype = 'e')
                SELECT concat_ws(' ', CASE relkind WHEN 'v' THEN 'view' WHEN 'i' THEN 'index' WHEN 'S' THEN 'sequence'
                        ELSE 'table' END, relname, relrowsecurity, relforcerowsecurity, reloptions, relacl,
                    CASE relkind WHEN 'v' THEN pg_get_viewdef(oid) WHEN 'i' THEN pg_get_indexdef(oid) END)
                    FROM pg_class WHERE relnamespace IN (TABLE ours) AND oid NOT IN (TABLE theirs)
                UNION ALL
                SELECT concat_ws(' ', 'column', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
                    pg_get_expr(d.adbin, d.adrelid), a.attacl)
                    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
                    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
                    WHERE c.relnamespace IN (TABLE ours) AND a.attnum > 0 AND NOT a.attisdropped
                        AND c.oid NOT IN (TABLE theirs)
                UNION ALL
                SELECT concat_ws(' ', 'constraint', conrelid::regclass, conname, pg_get_constraintdef(oid))
                    FROM pg_constraint WHERE connamespace IN (TABLE ours)
                UNION ALL
                SELECT concat_ws(' ', 'function', oid::regprocedure, proowner::regrole, proacl,
                    CASE WHEN prokind <> 'a' THEN pg_get_functiondef(oid) END)
                    FROM pg_proc WHERE pronamespace IN (TABLE ours) AND oid NOT IN (TABLE theirs)
                UNION ALL
                SELECT concat_ws(' ', 'type', typname) FROM pg_type
                    WHERE typnamespace IN (TABLE ours) AND typelem = 0 AND typrelid = 0 AND oid NOT IN (TABLE theirs)
                UNION ALL
                SELECT concat_ws(' ', 'trigger', tgrelid::regclass, pg_get_triggerdef(oid))
                    FROM pg_trigger WHERE NOT tgisinternal
                UNION ALL
                SELECT concat_ws(' ', 'policy', tablename, policyname, permissive, roles, cmd, qual, with_check)
                    FROM pg_policies WHERE schemaname = 'public'
                UNION ALL
                SELECT concat_ws(' ', 'extension', extname) FROM pg_extension
                """, as: String.self))
    }
}
