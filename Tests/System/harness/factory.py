"""Everybody and everything that the authorization matrix is asked with: for each cell people and things of its own, so
that no answer depends on what was asked before."""

import hashlib
import itertools
import uuid

import httpx

from . import tokens
from .bookings import booking

POOL = 250


class Factory:
    """The demo's two organizations with any number of people who are signed in already."""

    def __init__(self, world):
        self.world = world
        self.postgresql = world.postgresql
        self.http = httpx.Client(base_url=world.server.url, timeout=30, verify=False)
        self.home, self.away = world.demo.id, world.rival.id
        self._people = {}
        self._addresses = itertools.count(1)

    def somebody(self, role, organization=None):
        """A person whom nobody has seen before."""
        pool = self._people.setdefault((role, organization), [])
        if not pool:
            pool += (tokens.super_admins(self.postgresql, POOL) if role == "super" else
                     tokens.people(self.postgresql, organization, role, POOL, units=100 if role == "student" else 0))
        return pool.pop()

    def address(self):
        """Where a request says that it comes from: each from elsewhere, so that none is one too many."""
        number = next(self._addresses)
        return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"

    def ask(self, caller, method, path, headers=None, **more):
        """(status, headers, body) of one request; the body of a stream that does not end is its first bytes."""
        self.http.cookies.clear()
        headers = {"X-Forwarded-For": self.address()} | (caller.headers if caller else {}) | (headers or {})
        headers = {name: value for name, value in headers.items() if value is not None}
        with self.http.stream(method, path, headers=headers, **more) as answer:
            if "event-stream" in answer.headers.get("content-type", ""):
                return answer.status_code, answer.headers, next(answer.iter_text())
            return answer.status_code, answer.headers, answer.read().decode()

    # Things

    def group(self, organization):
        number = str(uuid.uuid4())
        self.postgresql.run(f"""
            INSERT INTO groups (id, organization_id, name) VALUES ('{number}', '{organization}', '{number}')""")
        return number

    def invitation(self, organization, email=None, by=None):
        """(its id, its token)"""
        number, token = str(uuid.uuid4()), f"token-{uuid.uuid4()}"
        inviter = f"'{by.id}'" if by else "NULL"
        self.postgresql.run(f"""
            INSERT INTO invitations (id, organization_id, email, role, token_hash, invited_by, expires_at)
            VALUES ('{number}', '{organization}', '{email or f"{number}@guests.example"}', 'student',
                    '\\x{hashlib.sha256(token.encode()).hexdigest()}', {inviter}, now() + interval '1 day')""")
        return number, token

    def key(self, owner):
        """The id of a key of `owner`, who may be in no organization and then has none: an id that nobody has."""
        if owner.organization is None:
            return str(uuid.uuid4())
        number = str(uuid.uuid4())
        self.postgresql.run(f"""
            INSERT INTO sign_ins (id, user_id, medium, method, refresh_hash, organization_id, name, scopes, expires_at)
            VALUES ('{number}', '{owner.id}', 'key', 'key', sha256('{number}'), '{owner.organization}', 'Test',
                    '{{sessions:read}}', now() + interval '1 day')""")
        return number

    def other_sign_in(self, owner):
        return tokens.sign_in(self.postgresql, owner.id).sign_in

    def leave(self, person):
        self.postgresql.run(f"UPDATE memberships SET left_at = now() WHERE user_id = '{person.id}'")
        return person

    def booking(self, organization, **people):
        """A booking among `student`, `mentor` and the one that asks for it; strangers where none is named."""
        student = people.get("student") or self.somebody("student", organization)
        mentor = people.get("mentor") or self.somebody("mentor", organization)
        # Feishu and Zoom are both simulated; each session has people of its own, so all may be at one time.
        return booking("regular_mentoring", self.world.times.at(24), student.id, mentor.id)

    def session(self, organization, of=None, role=None):
        """The id of a booked session that `of` takes part in as what they are, or strangers only."""
        counselor = of if role in ("counselor", "admin") else self.somebody("counselor", organization)
        people = {role: of} if role in ("student", "mentor") else {}
        status, _, body = self.ask(
            counselor, "POST", "/api/counselor/sessions/book", json=self.booking(organization, **people))
        assert status == 201, body
        return httpx.Response(status, text=body).json()["sessionId"]

    def intervention(self, organization):
        number = str(uuid.uuid4())
        session = self.session(organization)
        self.postgresql.run(f"""
            INSERT INTO manual_interventions (id, organization_id, saga_id, provider, reason)
            VALUES ('{number}', '{organization}', '{session}', 'zoom',
                    '{{"code": "meeting_gone", "arguments": {{"provider": "zoom"}}}}')""")
        return number

    def identity(self, owner):
        """An account elsewhere that is linked with theirs."""
        number = str(uuid.uuid4())
        self.postgresql.run(f"""
            INSERT INTO openid_accounts (id, issuer, subject, user_id, linked_at)
            VALUES ('{number}', 'https://issuer.example', '{number}', '{owner.id}', now())""")
        return number

    def provider_account(self, organization, name):
        """Makes sure that the organization has an account of its own."""
        admin = self.somebody("admin", organization)
        path = f"/api/organizations/{organization}/providers/{name}"
        status, _, body = self.ask(admin, "PUT", path, json=PROVIDER_ACCOUNTS[name])
        assert status == 200, body


PROVIDER_ACCOUNTS = {
    "zoom": {"accountId": "account", "clientId": "client", "clientSecret": "made-up-secret"},
    "feishu": {"region": "feishu", "appId": "app", "appSecret": "made-up-secret", "ownerId": "ou_owner"},
}
