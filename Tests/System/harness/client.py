"""People who use the API, each with a token of their own."""

import threading
import time
import uuid

import httpx

PASSWORD = "convene-demo"
DEMO_ROLES = ("admin", "counselor", "counselor2", "mentor", "mentor2", "student", "student2")


class Person:
    """Somebody signed in as a program. Requests go through `get`, `post` …, which return httpx responses."""

    def __init__(self, server, email, password=PASSWORD):
        self.server = server
        self.email = email
        self._password = password
        self._token = None
        self._token_until = 0.0
        self._lock = threading.Lock()
        self.http = httpx.Client(base_url=server.url, timeout=30, verify=False)  # nothing here speaks TLS

    @property
    def token(self):
        """A bearer token; renewed well before its 15 minutes are over."""
        with self._lock:
            if time.monotonic() > self._token_until:
                body = {"email": self.email, "password": self._password}
                answer = self.http.post("/api/auth/token", json=body)
                answer.raise_for_status()
                self._token = answer.json()["accessToken"]
                self._token_until = time.monotonic() + min(600, answer.json()["expiresIn"] / 2)
            return self._token

    @property
    def headers(self):
        return {"Authorization": f"Bearer {self.token}"}

    def request(self, method, path, **more):
        headers = self.headers | more.pop("headers", {})
        return self.http.request(method, path, headers=headers, **more)

    def get(self, path, **more):
        return self.request("GET", path, **more)

    def post(self, path, json=None, key=None, **more):
        headers = {"Idempotency-Key": key} if key else {}
        return self.request("POST", path, json={} if json is None else json, headers=headers, **more)

    def patch(self, path, json, **more):
        return self.request("PATCH", path, json=json, **more)

    @property
    def me(self):
        if not hasattr(self, "_me"):
            self._me = self.get("/api/auth/me").raise_for_status().json()
        return self._me

    @property
    def id(self):
        return self.me["id"]

    @property
    def organization(self):
        return self.me["memberships"][0]["organizationId"]

    def items(self, path, **parameters):
        """Every item of a list, following its cursor to the end."""
        found, cursor = [], None
        while True:
            page = self.get(path, params=parameters | ({"cursor": cursor} if cursor else {})).raise_for_status().json()
            found += page["items"]
            cursor = page["nextCursor"]
            if not cursor:
                return found

    # Booking

    def book(self, booking, key=None):
        return self.post("/api/counselor/sessions/book", json=booking, key=key or str(uuid.uuid4()))

    def session(self, session):
        return self.get(f"/api/counselor/sessions/{session}").raise_for_status().json()

    def cancel(self, session):
        return self.post(f"/api/counselor/sessions/{session}/cancel")


class Organization:
    """The people of one of the demo's two organizations: `demo.counselor`, `rival.admin` …"""

    def __init__(self, server, domain):
        self.domain = domain
        for role in DEMO_ROLES:
            setattr(self, role, Person(server, f"{role}@{domain}.example"))

    @property
    def id(self):
        return self.admin.organization
