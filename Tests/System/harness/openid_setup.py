"""A server with several OpenID Connect issuers, and browsers on their way between them.

The issuers `work` and `other` are oidc-provider-mock from PyPI, `other` with a public client. Tokens that no honest
issuer would make come from stands of our own.
"""

import base64
import contextlib
import json
import re
import secrets
import types

import httpx

from .client import PASSWORD
from .openid import CLIENT_ID, CLIENT_SECRET, Provider, Stands, signing_keys

COOKIE, FLOW_COOKIE = "convene", "convene_oidc"


class Browser:
    """A browser without pages: it keeps cookies and follows nothing."""

    def __init__(self, world):
        self.world = world
        self.http = httpx.Client(base_url=world.server.url, timeout=30)

    def start(self, slug, **query):
        """Where the browser is sent."""
        answer = self.http.get(f"/api/auth/oidc/{slug}/start", params=query)
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    def link(self, slug, next="/week"):
        csrf = re.search(r'name="csrf" content="([^"]+)"', self.http.get("/week").text)[1]
        answer = self.http.post(
            f"/api/auth/oidc/{slug}/start", params={"next": next}, headers={"X-CSRF-Token": csrf})
        return answer.raise_for_status().json()["location"]

    def callback(self, slug, *pairs, **query):
        return self.http.get(f"/api/auth/oidc/{slug}/callback", params=[*pairs, *query.items()])

    def sign_in(self, person):
        body = {"email": person.email, "password": PASSWORD}
        self.http.post("/api/auth/sign-in", json=body).raise_for_status()
        return self

    @property
    def is_signed_in(self):
        return COOKIE in self.http.cookies

    @property
    def me(self):
        return self.http.get("/api/auth/me").json()


@contextlib.contextmanager
def opened(simulators, shared_world, name):
    """A server with all issuers; the student is linked with the subject `ada` at each but `other` and `renamed`."""
    stands = Stands()
    made = types.SimpleNamespace(work=Provider("work"), other=Provider("other"))
    made.forger = stands.add("forger")
    made.named = stands.add("named", metadata={"authorization_response_iss_parameter_supported": True})
    shared = {"kty": "oct", "kid": "shared", "alg": "HS256", "k": base64.urlsafe_b64encode(b"k" * 32).decode()}
    made.shared = stands.add("shared", keys=[shared])
    made.signing, published = signing_keys()
    # It says less than it does, as many do.
    made.modern = stands.add("modern", keys=published, metadata={"id_token_signing_alg_values_supported": ["RS256"]})
    made.renamed = stands.add("renamed", metadata={"issuer": made.forger.issuer})
    with contextlib.ExitStack() as ending:
        for serving in (made.work, made.other, stands):
            ending.enter_context(serving.serving())
        world = made.world = ending.enter_context(shared_world(name, start=False, simulators=simulators))
        environment = {"CONVENE_OIDC": "work,other,forger,named,shared,modern,renamed", "CONVENE_OIDC_WORK_NAME": "Work & Co"}
        for slug in environment["CONVENE_OIDC"].split(","):
            issuer = getattr(made, slug)
            redirect = f"{world.server.url}/api/auth/oidc/{slug}/callback"
            client = CLIENT_ID, CLIENT_SECRET
            if slug == "work":
                # A second address, as careless registrations have them.
                client = made.work.register(redirect, f"{world.server.url}/elsewhere")
            if slug == "other":
                client = made.other.register(redirect, method="none")[0], None
            issuer.client_id, issuer.client_secret = client
            issuer.redirect_uri = redirect
            for name, value in (("ISSUER", issuer.issuer), ("CLIENT_ID", client[0]), ("CLIENT_SECRET", client[1])):
                if value:
                    environment[f"CONVENE_OIDC_{slug.upper()}_{name}"] = value
        world.server.environment.update(environment)
        world.server.start()
        made.student = Browser(world).sign_in(world.demo.student)
        made.mentor = Browser(world).sign_in(world.demo.mentor)
        made.modern.behave(header={"kid": "RS256"}, forge=lambda header, claims: made.modern.sign(
            header, claims, made.signing["RS256"]))
        for issuer in (made.work, made.forger, made.named, made.modern):
            answer = made.student.callback(
                issuer.slug, **issuer.answer(made.student.link(issuer.slug), "ada"),
                **({"iss": issuer.issuer} if issuer is made.named else {}))
            assert answer.headers["location"] == "/week", answer.headers
        # Nobody can be linked by an issuer with keys that everybody knows, so this one is.
        world.postgresql.run(f"""
            INSERT INTO openid_accounts (id, issuer, subject, user_id, linked_at)
            VALUES (gen_random_uuid(), '{made.shared.issuer}', 'ada', '{world.demo.student.id}', now())""")
        began = Browser(world)
        done = made.work.answer(began.start("work"), "ada")
        assert began.callback("work", **done).headers["location"] == "/week"
        made.signed_in_with = done["code"]
        inviter = world.demo.admin.me  # signs in now, and not in the middle of an attack
        made.invite = lambda email: invite(world, inviter, email)
        yield made
        world.invariants()


def invite(world, inviter, email):
    """The token of an invitation to the demo's organization, which is known here alone: mails are not read."""
    token = secrets.token_urlsafe()
    world.postgresql.run(f"""
        INSERT INTO invitations (id, organization_id, email, role, invited_by, token_hash, expires_at)
        VALUES (gen_random_uuid(), '{world.demo.id}', '{email}', 'student', '{inviter["id"]}',
                sha256('{token}'), now() + interval '1 day')""")
    return token


def refusals(world):
    """Why people were not let in, from the log."""
    found = []
    for line in world.server.log.read_text(errors="replace").splitlines():
        entry = json.loads(line) if line.startswith("{") else {}
        if entry.get("message") == "openid refused":
            found.append(entry["reason"])
    return found
