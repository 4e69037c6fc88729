"""Looking into a server's private PostgreSQL from outside, as its superuser, through psql."""

import json
import os
import pathlib
import pwd
import subprocess

DATABASE_ROLE_CANDIDATES = ("convene_owner", "postgres", "convene")


class PostgreSQL:
    """The cluster in a server's data folder. Found anew for each use, since it may have been restarted."""

    def __init__(self, data):
        self.data = pathlib.Path(data)
        self._role = self._database = None

    @property
    def postmaster(self):
        """(process id, port, folder of its socket, name of the system user that runs it)

        From postmaster.pid, whose lines are documented in PostgreSQL's utils/pidfile.h. The one place that knows how
        a private cluster is reached.
        """
        file = next(self.data.glob("**/postmaster.pid"))
        lines = file.read_text().splitlines()
        user = pwd.getpwuid(os.stat(f"/proc/{lines[0]}").st_uid).pw_name
        return int(lines[0]), int(lines[3]), lines[4], user

    def psql(self, sql, database=None, role=None):
        """What psql prints for these statements, unaligned; raises with its message when one fails."""
        _, port, socket, user = self.postmaster
        command = [
            "psql", "--no-psqlrc", "--quiet", "--no-align", "--tuples-only", "--set", "ON_ERROR_STOP=1",
            "--host", socket, "--port", str(port), "--username", role or self.role,
            "--dbname", database or self.database,
        ]
        if os.geteuid() == 0 and user != "root":
            command = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", *command]
        done = subprocess.run(command, input=sql, capture_output=True, text=True, timeout=120, cwd="/")
        if done.returncode != 0:
            raise RuntimeError(done.stderr.strip())
        return done.stdout.strip()

    def dump(self):
        """All data as pg_dump writes it."""
        _, port, socket, user = self.postmaster
        command = [
            "/usr/lib/postgresql/15/bin/pg_dump", "--data-only", "--host", socket, "--port", str(port), "--username",
            self.role, self.database,
        ]
        if os.geteuid() == 0 and user != "root":
            command = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", *command]
        return subprocess.run(command, capture_output=True, text=True, check=True, cwd="/").stdout

    @property
    def role(self):
        if self._role is None:
            for candidate in (*DATABASE_ROLE_CANDIDATES, self.postmaster[3]):
                try:
                    self.psql("SELECT 1", database="postgres", role=candidate)
                except RuntimeError as error:
                    problem = error
                else:
                    self._role = candidate
                    break
            else:
                raise problem
        return self._role

    @property
    def database(self):
        if self._database is None:
            names = self.psql(
                "SELECT datname FROM pg_database WHERE NOT datistemplate AND datname <> 'postgres'",
                database="postgres")
            self._database = names.splitlines()[0] if names else "postgres"
        return self._database

    def run(self, sql):
        return self.psql(sql)

    def rows(self, query):
        """A SELECT's rows as dictionaries."""
        return json.loads(self.psql(f"SELECT coalesce(json_agg(r), '[]') FROM ({query}) r"))

    def value(self, query):
        """The one value of a SELECT with one row and one column."""
        (row,) = self.rows(query)
        (value,) = row.values()
        return value

    def add_people(self, organization, role, count, units=0):
        """Makes `count` people of one role, each with `units` of every service when they are students.

        Returns their ids. Bookings by the thousand need more people than the demo has.
        """
        lines = self.psql(f"""
            BEGIN;
            CREATE TEMP TABLE made ON COMMIT DROP AS
                SELECT gen_random_uuid() AS id, gen_random_uuid() AS contract, i FROM generate_series(1, {count}) i;
            INSERT INTO users (id, email, name)
                SELECT id, id || '@people.example', initcap('{role}') || ' ' || i FROM made;
            INSERT INTO memberships (organization_id, user_id, role)
                SELECT '{organization}', id, '{role}' FROM made;
            INSERT INTO contracts (id, organization_id, student_user_id, title)
                SELECT contract, '{organization}', id, 'Test' FROM made WHERE {units} > 0;
            INSERT INTO contract_entitlements
                    (id, organization_id, contract_id, student_user_id, service_type, unit_type, total)
                SELECT gen_random_uuid(), '{organization}', contract, id, service, 'hour', {units}
                FROM made, unnest(ARRAY['regular_mentoring', 'gap_analysis', 'ai_career', 'class_session']) service
                WHERE {units} > 0;
            SELECT id FROM made ORDER BY i;
            COMMIT;
            """)
        return lines.splitlines()
