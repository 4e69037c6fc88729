"""The package on a bare Debian 12: installed, started as its unit starts it, upgraded, removed and purged.

CONVENE_PACKAGE names the .deb; without it the one of `make release` is taken.
"""

import contextlib
import os
import pathlib
import re
import resource
import shlex
import shutil
import subprocess

import httpx
import pytest

from harness.processes import ROOT, Process, data_folder, free_port
from harness.waiting import wait_until

MIRROR = os.environ.get("CONVENE_DEBIAN_MIRROR", "http://deb.debian.org/debian")
OLDER = "0.0.1"


@pytest.fixture(scope="module")
def package():
    named = os.environ.get("CONVENE_PACKAGE")
    if not named:
        subprocess.run(["make", "release"], cwd=ROOT, check=True)
        named = next(ROOT.glob(".build/package/*.deb"))
    return pathlib.Path(named)


class Machine:
    """A root with nothing but Debian's smallest system; the network is this machine's."""

    def __init__(self):
        self.folder = data_folder()
        self.root = self.folder / "root"
        self.port = free_port()
        subprocess.run(
            ["mmdebstrap", "--quiet", "--variant=apt", "bookworm", self.root, MIRROR], check=True, timeout=600)
        # No services are started by packages: there is no init here.
        policy = self.root / "usr/sbin/policy-rc.d"
        policy.write_text("#!/bin/sh\nexit 101\n")
        policy.chmod(0o755)
        shutil.copy("/etc/resolv.conf", self.root / "etc/resolv.conf")
        self.run("apt-get", "update", "--quiet")

    def inside(self, *command):
        """A command line that runs there, in a process space of its own: whatever is left of it ends with it."""
        return [
            "unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c",
            'mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" && exec chroot "$0" "$@"', self.root, *command]

    def run(self, *command, **environment):
        done = subprocess.run(
            self.inside("env", "DEBIAN_FRONTEND=noninteractive", *(f"{name}={value}" for name, value in environment.items()),
                        *command), capture_output=True, text=True, timeout=600)
        assert done.returncode == 0, f"{command}: {done.stdout[-2000:]}{done.stderr[-2000:]}"
        return done.stdout

    def install(self, package):
        shutil.copy(package, self.root / "package.deb")
        self.run("apt-get", "install", "--yes", "--quiet", "--no-install-recommends", "/package.deb")

    def version(self):
        return self.run("dpkg-query", "--show", "--showformat=${Version}", "convene")

    def unit(self):
        text = (self.root / "lib/systemd/system/convene.service").read_text()
        return re.findall(r"^(\w+)=(.*)$", text, re.MULTILINE)

    @contextlib.contextmanager
    def serving(self, name):
        """The service as its unit starts it: user, settings, command line, limit on files."""
        unit = self.unit()
        once = dict(unit)
        settings = [value for key, value in unit if key == "Environment"]
        settings += [line for line in (self.root / "etc/convene/convene.env").read_text().splitlines()
                     if line and not line.startswith("#")]
        process = Process(name, [])
        command = self.inside(
            "setpriv", f"--reuid={once['User']}", f"--regid={once['User']}", "--init-groups", "--no-new-privs",
            "env", *settings, *shlex.split(once["ExecStart"]))
        # No more than this machine lets anybody have; systemd asks nobody.
        files = min(int(once["LimitNOFILE"]), resource.getrlimit(resource.RLIMIT_NOFILE)[1])
        with process.log.open("wb") as log:
            process.running = subprocess.Popen(
                ["prlimit", f"--nofile={files}:{files}", *command], stdout=log, stderr=log)
        try:
            url = f"http://127.0.0.1:{self.port}"
            wait_until(lambda: not process.alive or httpx.get(f"{url}/ready").status_code == 200, within=60,
                       what="the service to be ready")
            assert process.alive, process.tail()
            yield httpx.Client(base_url=url)
        finally:
            # The first process of the space passes no signal on; the service is its child.
            self.stop()
            process.wait(30)

    def stop(self):
        found = subprocess.run(["pgrep", "--full", "^/usr/lib/convene/convene serve"], capture_output=True, text=True)
        for number in found.stdout.split():
            with contextlib.suppress(OSError):
                if os.readlink(f"/proc/{number}/root") == str(self.root):
                    os.kill(int(number), 15)


@pytest.fixture(scope="module")
def machine():
    machine = Machine()
    yield machine
    machine.stop()
    shutil.rmtree(machine.folder, ignore_errors=True)


def older(package, folder):
    """The same package under an older number."""
    tree, made = folder / "tree", folder / "older.deb"
    subprocess.run(["dpkg-deb", "--raw-extract", package, tree], check=True)
    control = tree / "DEBIAN/control"
    control.write_text(re.sub(r"^Version: .*$", f"Version: {OLDER}", control.read_text(), flags=re.MULTILINE))
    subprocess.run(["dpkg-deb", "--root-owner-group", "--build", tree, made], check=True, stdout=subprocess.DEVNULL)
    return made


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_the_package_is_installed_serves_is_upgraded_and_purged(package, machine, tmp_path):
    machine.install(older(package, tmp_path))
    assert machine.version() == OLDER
    settings = machine.root / "etc/convene/convene.env"
    assert settings.stat().st_mode & 0o777 == 0o640, "it may hold secrets"
    with settings.open("a") as file:
        file.write(f"CONVENE_PORT={machine.port}\n")

    with machine.serving("package-older") as http:
        assert http.get("/sign-in").status_code == 200
        machine.run("convene", "invite-admin", "ada@example.org", "--data-dir", "/var/lib/convene")

    machine.install(package)

    assert machine.version() == subprocess.run(
        ["dpkg-deb", "--field", package, "Version"], capture_output=True, text=True, check=True).stdout.strip()
    assert machine.version() == machine.run("convene", "--version").split()[0]
    assert f"CONVENE_PORT={machine.port}" in settings.read_text(), "what the operator wrote stays"
    with machine.serving("package-newer") as http:
        assert http.get("/health").json()["status"] == "ok"
        machine.run("convene", "check", "--data-dir", "/var/lib/convene")

    machine.run("apt-get", "remove", "--yes", "--quiet", "convene")
    assert (machine.root / "var/lib/convene").is_dir(), "removing keeps the data"
    machine.run("apt-get", "purge", "--yes", "--quiet", "convene")
    for gone in ["var/lib/convene", "etc/convene", "usr/lib/convene", "usr/bin/convene"]:
        assert not (machine.root / gone).exists(), gone
