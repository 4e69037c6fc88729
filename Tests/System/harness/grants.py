"""What each of the application's database roles may do, from the catalog, and as Tests/System/grants.txt says."""

import pathlib

FILE = pathlib.Path(__file__).resolve().parents[1] / "grants.txt"
ROLES = ("convene_app", "convene_worker", "convene_gate", "convene_auditor")

# What is granted to PUBLIC is granted to every role.
TABLES = """
    SELECT c.relname::text AS name, role, privileges FROM pg_class c, unnest(ARRAY[{roles}]) role,
    LATERAL (SELECT string_agg(DISTINCT a.privilege_type, ' ') AS privileges FROM aclexplode(c.relacl) a
             WHERE a.grantee IN (0, role::regrole)) p
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
    UNION ALL
    SELECT format('%s.%s', c.relname, t.attname), role, privileges
    FROM pg_class c JOIN pg_attribute t ON t.attrelid = c.oid AND t.attacl IS NOT NULL, unnest(ARRAY[{roles}]) role,
    LATERAL (SELECT string_agg(DISTINCT a.privilege_type, ' ') AS privileges FROM aclexplode(t.attacl) a
             WHERE a.grantee IN (0, role::regrole)) p
    WHERE c.relnamespace = 'public'::regnamespace
    UNION ALL
    SELECT format('%s as %s', f.oid::regprocedure, f.proowner::regrole), role, privileges
    FROM pg_proc f, unnest(ARRAY[{roles}]) role,
    LATERAL (SELECT string_agg(DISTINCT a.privilege_type, ' ') AS privileges
             FROM aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) a
             WHERE a.grantee IN (0, role::regrole) AND f.proowner <> role::regrole) p
    WHERE f.pronamespace = 'public'::regnamespace AND f.prosecdef
"""
LETTERS = {"SELECT": "s", "INSERT": "i", "UPDATE": "u", "DELETE": "d", "EXECUTE": "x"}


def found(postgresql):
    """Lines as they stand in the file: a table, `table.column` or function, and what each role may do with it."""
    granted = {}
    for row in postgresql.rows(TABLES.format(roles=",".join(f"'{role}'" for role in ROLES))):
        # Whatever has no letter, such as TRUNCATE, is spelled out, and stands in no file of ours.
        names = sorted((row["privileges"] or "").split(), key=lambda name: "siudx".find(LETTERS.get(name, "~")))
        letters = "".join(LETTERS.get(name, f"[{name}]") for name in names)
        granted.setdefault(row["name"], {})[row["role"]] = letters or "-"
    return {" ".join([name.replace(" as ", "::").replace(" ", "_"), *(by_role[role] for role in ROLES)])
            for name, by_role in granted.items()}


def written():
    lines = (line for line in FILE.read_text().splitlines() if line.strip() and not line.startswith("#"))
    return {" ".join(line.split()) for line in lines}
