"""The real binary, started and ended like anybody's: by its command line, its environment and signals."""

import contextlib
import os
import pathlib
import random
import resource
import shutil
import signal
import socket
import subprocess
import tempfile

import httpx

from .waiting import wait_until

ROOT = pathlib.Path(__file__).resolve().parents[3]
BINARY = pathlib.Path(os.environ.get("CONVENE_BINARY", ROOT / ".build/debug/convene"))
# Each process that tests run in has a folder of its own.
LOGS = pathlib.Path(os.environ.get("CONVENE_TEST_LOGS", ROOT / ".build/system-test-logs")) / os.environ.get(
    "PYTEST_XDIST_WORKER", "")


def free_port():
    """From below the ports that the kernel gives to clients: none of them takes it before our server does."""
    while True:
        with socket.socket() as listener, contextlib.suppress(OSError):
            port = random.randrange(10_000, 32_000)
            listener.bind(("127.0.0.1", port))
            return port


def data_folder():
    """A new folder that an unprivileged PostgreSQL can reach, with a path short enough for its socket."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="convene-", dir="/tmp"))
    folder.chmod(0o755)
    return folder


class Process:
    """One `convene` command that keeps running until it is told otherwise."""

    def __init__(self, name, arguments, environment=None, runner=()):
        LOGS.mkdir(parents=True, exist_ok=True)
        self.name = name
        self.arguments = [str(argument) for argument in arguments]
        self.environment = environment or {}
        self.runner = runner  # a command that runs it, such as setpriv
        self.log = LOGS / f"{name}.log"
        self.log.unlink(missing_ok=True)
        self.running = None

    def start(self, files=None, **environment):
        """`files`: how many the process may have open, at most and from the beginning, as `ulimit -n` sets it."""
        assert not self.alive, f"{self.name} is running already"
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("CONVENE_", "DATABASE_"))}
        with self.log.open("ab") as log:
            self.running = subprocess.Popen(
                [*self.runner, BINARY, *self.arguments], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env=inherited | self.environment | environment,
                preexec_fn=files and (lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))),
            )
        return self

    @property
    def alive(self):
        return self.running is not None and self.running.poll() is None

    def wait(self, within):
        """The exit status; negative for the signal that ended it."""
        try:
            return self.running.wait(within)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"{self.name} still runs after {within} s\n{self.tail()}") from None

    def signal(self, number):
        self.running.send_signal(number)

    def kill9(self):
        self.signal(signal.SIGKILL)
        return self.wait(10)

    def stop(self, within=15):
        """Ends it as a service manager would. Returns its exit status."""
        if not self.alive:
            return self.running and self.running.returncode
        self.signal(signal.SIGTERM)
        try:
            return self.wait(within)
        except AssertionError:
            self.kill9()
            raise

    def tail(self, lines=60):
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return "\n".join(line[:600] for line in text.splitlines()[-lines:])


class Simulators(Process):
    """The simulators for the providers, in a process of their own: a crash of the server leaves their meetings alone."""

    def __init__(self, name):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.http = httpx.Client(base_url=self.url, timeout=10, verify=False)
        super().__init__(name, ["simulate", "--port", self.port])

    def start(self):
        super().start()
        wait_until(lambda: not self.alive or self.meetings() is not None, within=30, what=f"{self.name} to answer")
        assert self.alive, f"{self.name} ended with {self.running.returncode}\n{self.tail()}"
        return self

    def fault(self, provider, mode, operation="any", count=None, **more):
        """Misbehave: error, slow, rate_limit, drop_before or drop_after; `count` times, or until :meth:`heal`."""
        body = {"provider": provider, "operation": operation, "mode": mode, "count": count, **more}
        self.http.put("/_control/faults", json=body).raise_for_status()

    def heal(self):
        self.http.delete("/_control/faults").raise_for_status()

    def meetings(self, provider=None):
        parameters = {"provider": provider} if provider else {}
        return self.http.get("/_control/meetings", params=parameters).raise_for_status().json()["items"]

    def live(self, provider=None):
        return [meeting for meeting in self.meetings(provider) if meeting["status"] in ("scheduled", "active")]


class Server(Process):
    """`convene serve --demo` on a free port and in a data folder of its own. May be killed and started again."""

    def __init__(self, name, simulators=None, folder=None, arguments=("--demo",), runner=(), **environment):
        self.folder = folder or data_folder()
        self.data = self.folder / "data"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        # Its people alone: the weeks are the tests' own.
        environment.setdefault("CONVENE_DEMO_SESSIONS", "none")
        if simulators:
            environment["CONVENE_SIMULATORS_URL"] = simulators.url
        super().__init__(
            name, ["serve", *arguments, "--port", self.port, "--data-dir", self.data], environment, runner)

    def start(self, within=60, ready=True, **environment):
        super().start(**environment)
        if ready:
            self.wait_ready(within)
        return self

    def wait_ready(self, within=60):
        def answers():
            if not self.alive:
                return True
            return httpx.get(f"{self.url}/ready", timeout=5, verify=False).status_code == 200

        wait_until(answers, within=within, what=f"{self.name} to be ready")
        assert self.alive, f"{self.name} ended with {self.running.returncode}\n{self.tail()}"

    def command(self, *arguments, within=60, **environment):
        """Another `convene` command on the same data; returns the completed process."""
        return subprocess.run(
            [BINARY, *arguments, "--data-dir", str(self.data)], capture_output=True, text=True, timeout=within,
            env=os.environ | self.environment | environment,
        )

    def remove(self):
        if self.alive:
            self.running.kill()
            self.running.wait()
        # Its PostgreSQL notices by itself that the server is gone.
        wait_until(lambda: not (self.data / "postgres/postmaster.pid").exists(), within=15, what="PostgreSQL to end")
        shutil.rmtree(self.folder, ignore_errors=True)
