"""A setting that cannot work ends the start, by its name."""

import os
import subprocess

import pytest

from harness.processes import BINARY


def started(**environment):
    """The command that needs the settings and nothing else."""
    return subprocess.run([BINARY, "openapi"], capture_output=True, text=True, timeout=60, env=os.environ | environment)


MAIL = {"CONVENE_MAIL_URL": "smtp://127.0.0.1:25"}
ISSUER = {"CONVENE_OIDC": "work", "CONVENE_OIDC_WORK_CLIENT_ID": "us"}


@pytest.mark.parametrize(("name", "value", "more"), [
    *[("CONVENE_PUBLIC_URL", value, {}) for value in (
        "https://x.example/convene/", "https://x.example/convene", "https://x.example//", "https://x.example/?a=b",
        "https://x.example?a=b", "https://x.example/#a", "https://x.example#", "https://ann@x.example",
        "https://ann:secret@x.example", "https://", "x.example", "ftp://x.example", "https://x.example:0",
        "https://x.example:99999", "https:x.example", "//x.example", "https://x.example/%2e")],
    *[("CONVENE_HOST", value, {}) for value in ("http://127.0.0.1", "127.0.0.1:8080", "[::1]:8080", "a b", "/run/x", "::g", "999.1.1.1", "1.2.3", "host.1")],
    *[("CONVENE_PORT", value, {}) for value in ("65536", "-1", "http", "8080x")],
    *[("CONVENE_ALLOWED_ORIGINS", value, {}) for value in (
        "https://app.example/", "https://app.example/x", "app.example", "*", "https://app.example?x",
        "https://ann@app.example", "https://app.example:70000")],
    *[("CONVENE_TRUSTED_PROXIES", value, {}) for value in ("proxy.example", "10.0.0.0/33", "10.0.0.0/8/8")],
    *[("CONVENE_SIMULATORS_URL", value, {}) for value in ("127.0.0.1:80", "http://127.0.0.1:0", "http://a:b@127.0.0.1")],
    ("CONVENE_DEMO_SESSIONS", "some", {}),
    ("CONVENE_ENVIRONMENT", "pro\nduction", {}), ("CONVENE_ENVIRONMENT", "x" * 51, {}),
    *[("CONVENE_MAIL_FROM", value, MAIL) for value in (
        "Convene", "Convene <>", "cönvene@x.example", "a@b c@d", "Convene <a@b> x", "a@[127.0.0.1]")],
    *[("CONVENE_OIDC_WORK_ISSUER", value, ISSUER) for value in (
        "http://x.example", "https://x.example?a", "https://x.example#a", "https://ann@x.example")],
    ("CONVENE_OIDC_WORK_NAME", "\u202eWork", ISSUER | {"CONVENE_OIDC_WORK_ISSUER": "https://x.example"}),
])
def test_a_setting_that_cannot_work_is_refused_by_its_name(name, value, more):
    done = started(**more, **{name: value})

    assert done.returncode not in (0, None) and done.returncode > 0, done.stdout[:200]
    assert f"{name} must be " in done.stderr + done.stdout


@pytest.mark.parametrize(("name", "value", "more"), [
    *[("CONVENE_PUBLIC_URL", value, {}) for value in (
        "https://x.example", "https://x.example/", "http://127.0.0.1:8080", "https://x.example:8443/", "http://[::1]:8080",
        "HTTPS://X.Example", "https://bücher.example")],
    *[("CONVENE_HOST", value, {}) for value in ("0.0.0.0", "::", "[::1]", "localhost", "x.example", "host1", "1host.example")],
    ("CONVENE_ALLOWED_ORIGINS", "https://app.example, http://localhost:5173", {}),
    ("CONVENE_MAIL_FROM", '"Schule, die" <post@bücher.example>', MAIL), ("CONVENE_MAIL_FROM", "学校 <a@x.example>", MAIL),
    ("CONVENE_OIDC_WORK_ISSUER", "https://x.example/tenant/", ISSUER),
])
def test_a_setting_that_works_is_taken(name, value, more):
    done = started(**more, **{name: value})

    assert done.returncode == 0, done.stderr
