"""A cluster that is made once for all servers of a test run: PostgreSQL's files with the schema and the demo in them.

Making one takes seconds and copying it a moment. Each server still has a cluster of its own, to be killed or spoiled.
"""

import contextlib
import fcntl
import os
import pathlib
import shutil
import subprocess

from .processes import BINARY, data_folder

FOLDER = "CONVENE_TEST_TEMPLATE"


@contextlib.contextmanager
def kept():
    """The place for it, which this process, and those that it starts, share; it is gone afterwards."""
    folder = data_folder()
    os.environ[FOLDER] = str(folder)
    try:
        yield
    finally:
        shutil.rmtree(folder)


def copy_to(data):
    """Puts a copy where a server looks for its own data; keys and all else it makes itself."""
    folder = pathlib.Path(os.environ[FOLDER])
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "made").exists():
            for command in ("migrate", "up"), ("seed",):
                subprocess.run(
                    [BINARY, *command, "--data-dir", folder / "data"], check=True, capture_output=True, timeout=120,
                    env=os.environ | {"CONVENE_DEMO_SESSIONS": "none"})
            (folder / "made").touch()
    data.mkdir(parents=True)
    subprocess.run(["cp", "--archive", "--reflink=auto", folder / "data/postgres", data], check=True)
