"""For every route of the authorization matrix a request that would do something, if the caller may."""

import datetime
import uuid

from .factory import PROVIDER_ACCOUNTS
from .client import PASSWORD


class MatrixRequest:
    """One cell: who asks, about whose thing, and as being in which organization."""

    def __init__(self, factory, cell, as_if_own=False):
        self.factory, self.cell = factory, cell
        self.home, other = (factory.away, factory.home) if cell.caller == "rival" else (factory.home, factory.away)
        #: Where the thing is.
        self.there = other if cell.thing == "foreign" else self.home
        #: Where the request says that it is.
        self.organization = self.home if as_if_own else self.there
        self.role = {"rival": "admin", "anonymous": "student"}.get(cell.caller, cell.caller)
        self.caller = None
        if cell.caller != "anonymous":
            self.caller = factory.somebody(self.role, None if cell.caller == "super" else self.home)
        own = cell.thing == "own"
        #: Whose thing it is.
        self.owner = self.caller if own and self.caller else factory.somebody("counselor", self.there)

    @property
    def by_header(self):
        """Names the organization where it is not the caller's only one."""
        named = self.cell.caller == "super" or self.organization != self.home
        return {"X-Organization-Id": self.organization} if named else {}

    def send(self):
        """(status, headers, body)"""
        path, more = REQUESTS[self.cell.route](self)
        more = more | {"headers": self.by_header | more.get("headers", {})}
        return self.factory.ask(self.caller, self.cell.route.split()[0], path, **more)


def at(path, **more):
    """The same for everybody."""
    return lambda c: (path.format(organization=c.organization), more)


def about(path, thing, **more):
    """About a thing, which `thing` makes."""
    return lambda c: (path.format(organization=c.organization, id=thing(c)), more)


def member_of_group(c):
    group = c.factory.group(c.there)
    return f"/api/organizations/{c.organization}/groups/{group}/members/{c.owner.id}", {}


def provider_account(path, name, **more):
    def request(c):
        c.factory.provider_account(c.there, name)
        return path.format(organization=c.organization), more
    return request


def availability(c):
    today = datetime.datetime.now(datetime.UTC)
    times = {"from": today.strftime("%FT%TZ"), "to": (today + datetime.timedelta(days=2)).strftime("%FT%TZ")}
    return "/api/availability", {"params": {"users": c.owner.id} | times}


def accepting(c):
    address = c.owner.email if c.caller is c.owner else None
    return "/api/auth/invitations/accept", {"json": {"token": c.factory.invitation(c.there, address)[1]}}


def invited(c):
    return c.factory.invitation(c.there, by=c.owner)[0]


def session(c):
    if c.cell.caller in ("anonymous", "super"):
        return c.factory.session(c.there)
    return c.factory.session(c.there, *((c.caller, c.role) if c.owner is c.caller else ()))


def readmission(c):
    person = c.owner if c.owner is c.caller else c.factory.leave(c.owner)
    return f"/api/organizations/{c.organization}/members", {"json": {"userId": person.id, "role": "student"}}


def credentials(c):
    return {"email": c.factory.world.demo.student.email, "password": PASSWORD}


ORGANIZATION = "/api/organizations/{organization}"
BRANDING = {"logoUrl": None, "palette": {"accent": None}, "templates": {}, "version": 0}
PREFERENCES = {
    "preferredProvider": None, "timeZone": "Europe/Berlin", "locale": "en", "reminderOffsets": [60],
    "notificationChannels": ["email"],
    "customSettings": {"joinMuted": True, "joinWithCamera": False, "mirrorCamera": False},
    "googleSettings": {"addToCalendar": False, "showAsBusy": False},
}

REQUESTS = {
    "DELETE /api/auth/identities/{id}": about("/api/auth/identities/{id}", lambda c: c.factory.identity(c.owner)),
    "DELETE /api/auth/keys/{id}": about("/api/auth/keys/{id}", lambda c: c.factory.key(c.owner)),
    "DELETE /api/auth/sessions/{id}": about("/api/auth/sessions/{id}", lambda c: c.factory.other_sign_in(c.owner)),
    "DELETE /api/organizations/{organizationId}/groups/{groupId}":
        about(ORGANIZATION + "/groups/{id}", lambda c: c.factory.group(c.there)),
    "DELETE /api/organizations/{organizationId}/groups/{groupId}/members/{userId}": member_of_group,
    "DELETE /api/organizations/{organizationId}/invitations/{id}": about(ORGANIZATION + "/invitations/{id}", invited),
    "DELETE /api/organizations/{organizationId}/members/{userId}":
        about(ORGANIZATION + "/members/{id}", lambda c: c.owner.id),
    "DELETE /api/organizations/{organizationId}/providers/feishu":
        provider_account(ORGANIZATION + "/providers/feishu", "feishu"),
    "DELETE /api/organizations/{organizationId}/providers/zoom":
        provider_account(ORGANIZATION + "/providers/zoom", "zoom"),
    "GET /api/audit": at("/api/audit"),
    "GET /api/audit/export": at("/api/audit/export"),
    "GET /api/auth/identities": at("/api/auth/identities"),
    "GET /api/auth/keys": at("/api/auth/keys"),
    "GET /api/auth/me": at("/api/auth/me"),
    "GET /api/auth/oidc": at("/api/auth/oidc"),
    # No issuer is set up here; what becomes of one that is stands in test_openid_attacks.py.
    "GET /api/auth/oidc/{issuer}/callback": at("/api/auth/oidc/none/callback"),
    "GET /api/auth/oidc/{issuer}/start": at("/api/auth/oidc/none/start"),
    "GET /api/auth/second-factor": at("/api/auth/second-factor"),
    "GET /api/auth/sessions": at("/api/auth/sessions"),
    "GET /api/availability": availability,
    "GET /api/counselor/sessions": at("/api/counselor/sessions"),
    "GET /api/counselor/sessions/{id}": about("/api/counselor/sessions/{id}", session),
    "GET /api/events/stream": at("/api/events/stream"),
    "GET /api/manual-interventions": at("/api/manual-interventions"),
    "GET /api/mentor/sessions": at("/api/mentor/sessions"),
    "GET /api/organizations": at("/api/organizations"),
    "GET /api/organizations/{organizationId}": at(ORGANIZATION),
    "GET /api/organizations/{organizationId}/branding": at(ORGANIZATION + "/branding"),
    "GET /api/organizations/{organizationId}/groups": at(ORGANIZATION + "/groups"),
    "GET /api/organizations/{organizationId}/invitations": at(ORGANIZATION + "/invitations"),
    "GET /api/organizations/{organizationId}/members": at(ORGANIZATION + "/members"),
    "GET /api/organizations/{organizationId}/providers": at(ORGANIZATION + "/providers"),
    "GET /api/student/sessions": at("/api/student/sessions"),
    "GET /api/user/preferences": at("/api/user/preferences"),
    "GET /health": at("/health"),
    # From the machine itself: through a proxy it wants a token.
    "GET /metrics": at("/metrics", headers={"X-Forwarded-For": None}),
    "GET /openapi.json": at("/openapi.json"),
    "GET /ready": at("/ready"),
    "PATCH /api/auth/me": at("/api/auth/me", json={"name": "Somebody"}),
    "PATCH /api/organizations/{organizationId}": at(ORGANIZATION, json={"timeZone": "Europe/Berlin"}),
    "PATCH /api/organizations/{organizationId}/groups/{groupId}":
        lambda c: about(ORGANIZATION + "/groups/{id}", lambda c: c.factory.group(c.there), json={"name": unique()})(c),
    "PATCH /api/organizations/{organizationId}/members/{userId}":
        about(ORGANIZATION + "/members/{id}", lambda c: c.owner.id, json={"role": "mentor"}),
    "POST /api/auth/invitations/accept": accepting,
    "POST /api/auth/invitations/offer":
        lambda c: ("/api/auth/invitations/offer", {"json": {"token": c.factory.invitation(c.there)[1]}}),
    "POST /api/auth/invitations/sign-up": lambda c: ("/api/auth/invitations/sign-up", {
        "json": {"token": c.factory.invitation(c.there)[1], "name": "New", "password": "plum-harbour-lantern"}}),
    "POST /api/auth/keys": at("/api/auth/keys", json={"name": "Test", "scopes": ["sessions:read"]}),
    "POST /api/auth/magic-link": lambda c: ("/api/auth/magic-link", {"json": {"email": f"{unique()}@guests.example"}}),
    "POST /api/auth/oidc/{issuer}/start": at("/api/auth/oidc/none/start", json={}),
    "POST /api/auth/password": at("/api/auth/password", json={"newPassword": "plum-harbour-lantern"}),
    "POST /api/auth/second-factor": at("/api/auth/second-factor", json={}),
    "POST /api/auth/second-factor/confirm": at("/api/auth/second-factor/confirm", json={"code": "123456"}),
    "POST /api/auth/second-factor/recovery-codes": at("/api/auth/second-factor/recovery-codes", json={}),
    "POST /api/auth/second-factor/remove": at("/api/auth/second-factor/remove", json={}),
    "POST /api/auth/sign-in": lambda c: ("/api/auth/sign-in", {"json": credentials(c)}),
    "POST /api/auth/sign-out": at("/api/auth/sign-out"),
    "POST /api/auth/sign-out-everywhere": at("/api/auth/sign-out-everywhere", json={}),
    "POST /api/auth/sign-up": lambda c: ("/api/auth/sign-up", {
        "json": {"email": f"{unique()}@guests.example", "organizationName": "New"}}),
    "POST /api/auth/token": lambda c: ("/api/auth/token", {"json": credentials(c)}),
    "POST /api/counselor/sessions/book":
        lambda c: ("/api/counselor/sessions/book", {"json": c.factory.booking(c.there)}),
    "POST /api/counselor/sessions/{id}/cancel": about("/api/counselor/sessions/{id}/cancel", session),
    "POST /api/counselor/sessions/{id}/retry": about("/api/counselor/sessions/{id}/retry", session),
    "POST /api/manual-interventions/{id}/resolve":
        about("/api/manual-interventions/{id}/resolve", lambda c: c.factory.intervention(c.there)),
    "POST /api/organizations": lambda c: ("/api/organizations", {"json": {"name": "New", "slug": unique()}}),
    "POST /api/organizations/{organizationId}/admins":
        lambda c: (ORGANIZATION.format(organization=c.organization) + "/admins", {"json": {"userId": c.owner.id}}),
    "POST /api/organizations/{organizationId}/groups":
        lambda c: (ORGANIZATION.format(organization=c.organization) + "/groups", {"json": {"name": unique()}}),
    "POST /api/organizations/{organizationId}/invitations": lambda c: (
        ORGANIZATION.format(organization=c.organization) + "/invitations",
        {"json": {"email": f"{unique()}@guests.example", "role": "student"}}),
    "POST /api/organizations/{organizationId}/invitations/{id}/resend":
        about(ORGANIZATION + "/invitations/{id}/resend", invited),
    "POST /api/organizations/{organizationId}/members": readmission,
    "POST /api/organizations/{organizationId}/providers/feishu/test":
        provider_account(ORGANIZATION + "/providers/feishu/test", "feishu"),
    "POST /api/organizations/{organizationId}/providers/zoom/test":
        provider_account(ORGANIZATION + "/providers/zoom/test", "zoom"),
    "PUT /api/organizations/{organizationId}/branding": at(ORGANIZATION + "/branding", json=BRANDING),
    "PUT /api/organizations/{organizationId}/groups/{groupId}/members/{userId}": member_of_group,
    "PUT /api/organizations/{organizationId}/providers/feishu":
        at(ORGANIZATION + "/providers/feishu", json=PROVIDER_ACCOUNTS["feishu"]),
    "PUT /api/organizations/{organizationId}/providers/zoom":
        at(ORGANIZATION + "/providers/zoom", json=PROVIDER_ACCOUNTS["zoom"]),
    "PUT /api/user/preferences": at("/api/user/preferences", json=PREFERENCES),
}

# Those that name something beside the organization, and so could name what is in another one.
NAMING = {route for route in REQUESTS if "{" in route.replace("{organizationId}", "")} | {
    "GET /api/availability", "POST /api/auth/invitations/accept", "POST /api/counselor/sessions/book",
    "POST /api/organizations/{organizationId}/admins", "POST /api/organizations/{organizationId}/members",
}


def unique():
    return uuid.uuid4().hex
