"""Looking into a server's private PostgreSQL from outside, as its owner."""

import json
import pathlib
import subprocess
import threading

import psycopg

OWNER, DATABASE = "convene_owner", "convene"
PG_DUMP = max(pathlib.Path("/usr/lib/postgresql").glob("*/bin/pg_dump"), key=lambda path: int(path.parts[-3]))


def shown(connection, sql):
    """What these statements show: a line for each row, with | between values."""
    lines = []
    cursor = connection.execute(sql)
    while True:
        result = cursor.pgresult
        for row in range(result.ntuples):
            values = (result.get_value(row, column) for column in range(result.nfields))
            lines.append("|".join("" if value is None else value.decode() for value in values))
        if not cursor.nextset():
            return "\n".join(lines)


class PostgreSQL:
    """The cluster in a server's data folder. Each thread keeps one connection, and makes another when the cluster was
    started anew."""

    def __init__(self, data):
        self.data = pathlib.Path(data)
        self._kept = threading.local()

    @property
    def postmaster(self):
        """(process id, port, folder of its socket)

        From postmaster.pid, whose lines are documented in PostgreSQL's utils/pidfile.h.
        """
        lines = (self.data / "postgres/postmaster.pid").read_text().splitlines()
        return int(lines[0]), int(lines[3]), lines[4]

    def run(self, sql, database=DATABASE, role=OWNER):
        """What these statements show, in one transaction unless they say otherwise; raises :class:`psycopg.Error`."""
        database = database or DATABASE
        if (database, role) != (DATABASE, OWNER):
            with self._connect(database, role) as connection:
                return shown(connection, sql)
        connection = self._connection()
        try:
            return shown(connection, sql)
        except psycopg.Error:
            if not connection.closed:
                connection.rollback()
            raise

    def _connection(self):
        postmaster = self.postmaster[0]
        if getattr(self._kept, "postmaster", None) != postmaster or self._kept.connection.closed:
            self.close()
            self._kept.connection = self._connect(DATABASE, OWNER)
            self._kept.postmaster = postmaster
        return self._kept.connection

    def connect(self):
        """A connection of one's own, for a transaction that stays open."""
        return self._connect(DATABASE, OWNER)

    def _connect(self, database, role):
        _, port, socket = self.postmaster
        return psycopg.connect(
            host=socket, port=port, dbname=database, user=role, autocommit=True, prepare_threshold=None)

    def close(self):
        """Ends this thread's connection."""
        if hasattr(self._kept, "connection"):
            self._kept.connection.close()

    def dump(self):
        """All data as pg_dump writes it."""
        _, port, socket = self.postmaster
        command = [
            PG_DUMP, "--data-only", "--host", socket, "--port", str(port), "--username", OWNER, DATABASE]
        return subprocess.run(command, capture_output=True, text=True, check=True, cwd="/").stdout

    def rows(self, query):
        """A SELECT's rows as dictionaries."""
        return json.loads(self.run(f"SELECT coalesce(json_agg(r), '[]') FROM ({query}) r"))

    def value(self, query):
        """The one value of a SELECT with one row and one column."""
        (row,) = self.rows(query)
        (value,) = row.values()
        return value

    def add_people(self, organization, role, count, units=0):
        """Makes `count` people of one role, each with `units` of every service when they are students.

        Returns their ids. Bookings by the thousand need more people than the demo has.
        """
        lines = self.run(f"""
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
