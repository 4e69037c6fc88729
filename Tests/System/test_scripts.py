"""The pages' scripts, without a page: whether a browser could read each of them and what it imports."""

import subprocess

from playwright._impl._driver import compute_driver_executable

from harness.processes import ROOT


def test_every_script_can_be_read_and_imports_what_is_there():
    node, _ = compute_driver_executable()
    link = ["--no-warnings", "--experimental-vm-modules", ROOT / "Tests/System/harness/link_scripts.mjs"]
    done = subprocess.run([node, *link, ROOT / "Sources/Web/Resources"], capture_output=True, text=True, timeout=60)

    assert (done.returncode, done.stderr) == (0, "")
