"""A PostgreSQL of somebody's own, with passwords over TCP, and PgBouncer before it: what Convene finds elsewhere."""

import os
import pathlib
import pwd
import shutil
import signal
import subprocess

import psycopg

from .database import shown
from .processes import data_folder, free_port
from .waiting import wait_until

PROGRAMS = max(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
USER = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name


def as_user(command):
    """PostgreSQL and PgBouncer refuse to run as root."""
    return ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups", "--pdeathsig", "TERM", *command] \
        if os.geteuid() == 0 else command


class Program:
    """A program in a folder of its own that runs until :meth:`stop`."""

    def __init__(self):
        self.folder = data_folder()
        shutil.chown(self.folder, USER, USER if os.geteuid() == 0 else None)
        self.port = free_port()
        self.running = None

    def launch(self, command):
        with (self.folder / "log").open("ab") as log:
            self.running = subprocess.Popen(
                as_user([str(part) for part in command]), stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/")

    def stop(self):
        if self.running and self.running.poll() is None:
            self.running.send_signal(signal.SIGINT)
            self.running.wait(20)
        shutil.rmtree(self.folder, ignore_errors=True)


class OwnPostgreSQL(Program):
    """Superuser `postgres`, let in by the socket; everybody else by password over 127.0.0.1."""

    def start(self, **settings):
        initdb = [PROGRAMS / "initdb", "-D", self.data, "-U", "postgres", "--auth-local=trust",
                  "--auth-host=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        subprocess.run(as_user([str(part) for part in initdb]), check=True, capture_output=True, cwd="/")
        own = {"port": self.port, "listen_addresses": "127.0.0.1", "unix_socket_directories": self.folder} | settings
        self.launch([PROGRAMS / "postgres", "-D", self.data, *(f"-c{name}={value}" for name, value in own.items())])
        wait_until(lambda: self.run("SELECT 1") == "1", within=30, what="PostgreSQL to answer")
        return self

    @property
    def data(self):
        return self.folder / "data"

    def run(self, sql, database="postgres", role="postgres"):
        """What these statements show."""
        with psycopg.connect(
                host=str(self.folder), port=self.port, dbname=database, user=role, autocommit=True) as connection:
            return shown(connection, sql)

    def log_in(self, role, password, database):
        """As somebody who comes over TCP and has to show a password."""
        psycopg.connect(self.url(database, role, password)).close()

    def forget_logins(self):
        """Convene's roles belong to the whole cluster, and have the password of whoever set it first."""
        self.run("""
            DO $$ DECLARE role text; BEGIN
                FOR role IN SELECT rolname FROM pg_roles WHERE rolname IN ('convene_app', 'convene_worker') LOOP
                    EXECUTE format('ALTER ROLE %I NOLOGIN PASSWORD NULL', role);
                    EXECUTE format('COMMENT ON ROLE %I IS NULL', role);
                END LOOP;
            END $$""")

    def database(self, name, owner="tutoring", more="ENCODING 'UTF8'"):
        """Makes a database whose owner may make roles and is no superuser. Returns its URL for the owner."""
        if not self.run(f"SELECT 1 FROM pg_roles WHERE rolname = '{owner}'"):
            self.run(f"CREATE ROLE {owner} LOGIN CREATEROLE CREATEDB PASSWORD 'secret'")
        self.run(f"CREATE DATABASE {name} OWNER {owner} TEMPLATE template0 {more}")
        return self.url(name, owner)

    def url(self, database, role="tutoring", password="secret", port=None):
        return f"postgres://{role}:{password}@127.0.0.1:{port or self.port}/{database}"

    def signal(self, number):
        """To every process of it; PostgreSQL starts each in a group of its own."""
        children = pathlib.Path(f"/proc/{self.postmaster}/task/{self.postmaster}/children").read_text().split()
        for process in [self.postmaster, *map(int, children)]:
            os.kill(process, number)

    @property
    def postmaster(self):
        return int((self.data / "postmaster.pid").read_text().split()[0])


class PgBouncer(Program):
    """With what docs/operations.md tells, and PgBouncer's defaults for all else."""

    def __init__(self, postgresql, users):
        super().__init__()
        self.postgresql = postgresql
        self.users = users

    def start(self, database="* = host=127.0.0.1 port={port}", **settings):
        (self.folder / "userlist.txt").write_text("".join(f'"{name}" "{secret}"\n' for name, secret in self.users.items()))
        own = {"listen_addr": "127.0.0.1", "listen_port": self.port, "unix_socket_dir": "",
               "auth_type": "scram-sha-256", "auth_file": self.folder / "userlist.txt"} | settings
        (self.folder / "pgbouncer.ini").write_text("\n".join([
            "[databases]", database.format(port=self.postgresql.port), "[pgbouncer]",
            *(f"{name} = {value}" for name, value in own.items()), ""]))
        self.launch(["/usr/sbin/pgbouncer", self.folder / "pgbouncer.ini"])
        wait_until(self.answers, within=10, what="PgBouncer to answer")
        return self

    def answers(self):
        name, secret = next(iter(self.users.items()))
        try:
            psycopg.connect(self.postgresql.url("pgbouncer_is_up", name, secret, self.port)).close()
        except psycopg.OperationalError as error:
            return "pgbouncer_is_up" in str(error)
        return True
