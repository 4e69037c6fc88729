"""People who have just joined, for tests that change how somebody signs in."""

import uuid

import httpx

from . import mails

PASSWORD = "violet harbour 17 lanterns"


def invite(world, address, role="mentor", organization=None):
    """Where the invitation's mail leads."""
    admin = (organization or world.demo).admin
    before = mails.files(world.server)
    body = {"email": address, "role": role}
    admin.post(f"/api/organizations/{admin.organization}/invitations", json=body).raise_for_status()
    return mails.link(world.server, address, "/invitation?", besides=before)


def newcomer(world, role="mentor", organization=None, name="Nia Newman"):
    """The address of somebody new with PASSWORD."""
    address = f"{uuid.uuid4().hex[:12]}@newcomers.example"
    token = httpx.URL(invite(world, address, role, organization)).params["token"]
    body = {"token": token, "name": name, "password": PASSWORD, "timeZone": "Europe/Berlin"}
    httpx.post(f"{world.server.url}/api/auth/invitations/sign-up", json=body, verify=False).raise_for_status()
    return address


def forget_attempts(world):
    """All that was tried comes from one address here, and must not count against the next test."""
    world.postgresql.run("TRUNCATE rate_limits")
