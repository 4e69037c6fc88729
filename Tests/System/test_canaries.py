"""Whatever somebody signs in with is known to them alone: it is in no log, no answer, no audit entry and no dump.

What organizations give us for their providers is in test_secrets.py.
"""

import base64
import secrets

import httpx

from harness import mails, one_time_codes
from harness.client import Person
from harness.newcomers import invite
from harness.waiting import wait_until

OPENID_SECRET = "canary-openid-4f81c2e0"
MAIL_PASSWORD = "canary-mail-90b5d7f3"
PASSWORDS = ("canary quince lantern 51", "canary walnut harbour 52", "canary birch meadow 53")


class Newcomer:
    """Somebody who does everything that has a secret in it, and keeps what they were shown."""

    def __init__(self, world, address):
        self.world, self.address = world, address
        self.secrets, self.answers = [], []
        self.http = httpx.Client(base_url=world.server.url, timeout=30)

    def post(self, path, body, headers=None):
        answer = self.http.post(path, json=body, headers=headers)
        self.answers.append(answer)
        return answer

    def join(self):
        token = httpx.URL(invite(self.world, self.address)).params["token"]
        self.secrets += [token, PASSWORDS[0]]
        body = {"token": token, "name": "Nia Newman", "password": PASSWORDS[0]}
        self.post("/api/auth/invitations/offer", {"token": token})
        self.post("/api/auth/invitations/sign-up", body | {"timeZone": "nowhere"})
        self.post("/api/auth/invitations/sign-up", body).raise_for_status()
        self.secrets.append(self.http.cookies["convene"])
        self.http.cookies.clear()

    def sign_in(self, password, **more):
        answer = self.post("/api/auth/token", {"email": self.address, "password": password, **more})
        if answer.status_code == 200:
            self.secrets += [answer.json()["accessToken"], answer.json()["refreshToken"]]
            self.bearer = {"Authorization": f"Bearer {answer.json()['accessToken']}"}
        return answer

    def fail(self):
        """What is mistyped is nearly a secret."""
        self.secrets.append(PASSWORDS[2])
        assert self.sign_in(PASSWORDS[2]).status_code == 401
        body = {"currentPassword": PASSWORDS[2], "newPassword": PASSWORDS[1]}
        assert self.post("/api/auth/password", body, self.bearer).status_code == 422

    def change_password(self):
        self.secrets.append(PASSWORDS[1])
        body = {"currentPassword": PASSWORDS[0], "newPassword": PASSWORDS[1]}
        self.post("/api/auth/password", body, self.bearer).raise_for_status()

    def make_key(self):
        made = self.post("/api/auth/keys", {"name": "Test", "scopes": ["sessions:read"]}, self.bearer).json()
        self.secrets.append(made["key"])
        self.http.get("/api/counselor/sessions", headers={"Authorization": f"Bearer {made['key']}"})

    def switch_second_factor_on(self):
        setup = self.post("/api/auth/second-factor", {"currentPassword": PASSWORDS[1]}, self.bearer).json()
        code = one_time_codes.code(setup["secret"])
        codes = self.post("/api/auth/second-factor/confirm", {"code": code}, self.bearer).json()["recoveryCodes"]
        self.codes = codes[1:]
        plain = base64.b32decode(setup["secret"] + "=" * (-len(setup["secret"]) % 8))
        self.secrets += [setup["secret"], plain.hex(), *codes, *(code.replace("-", "") for code in codes)]
        assert self.sign_in(PASSWORDS[1], code=codes[0]).status_code == 200
        self.post("/api/auth/second-factor/recovery-codes", {"currentPassword": "wrong " + codes[1]}, self.bearer)

    def ask_for_a_link(self):
        before = mails.files(self.world.server)
        self.post("/api/auth/magic-link", {"email": self.address}).raise_for_status()
        link = mails.link(self.world.server, self.address, "/sign-in/link?", besides=before)
        self.secrets.append(httpx.URL(link).params["token"])
        self.http.get(link)

    def refresh(self):
        token = self.sign_in(PASSWORDS[1], code=self.codes.pop()).json()["refreshToken"]
        renewed = self.post("/api/auth/token", {"refreshToken": token}).json()
        self.secrets += [renewed["accessToken"], renewed["refreshToken"]]
        self.post("/api/auth/token", {"refreshToken": token})


def test_what_people_sign_in_with_is_nowhere_to_be_found(new_world):
    signing_key, encryption_key = (base64.b64encode(secrets.token_bytes(32)).decode() for _ in range(2))
    world = new_world(
        CONVENE_LOG_LEVEL="trace", CONVENE_SIGNING_KEY=signing_key, CONVENE_ENCRYPTION_KEY=encryption_key,
        CONVENE_OIDC="work", CONVENE_OIDC_WORK_ISSUER="https://issuer.example", CONVENE_OIDC_WORK_CLIENT_ID="convene",
        CONVENE_OIDC_WORK_CLIENT_SECRET=OPENID_SECRET)
    nia = Newcomer(world, "nia@newcomers.example")
    nia.join()
    nia.sign_in(PASSWORDS[0]).raise_for_status()
    nia.fail()
    nia.change_password()
    nia.make_key()
    nia.switch_second_factor_on()
    nia.ask_for_a_link()
    nia.refresh()
    nia.http.get("/api/auth/oidc/work/start")

    root = Person(world.server, "root@platform.example")
    told = {
        "log": world.server.log.read_text(errors="replace"),
        "dump": world.postgresql.dump(),
        "audit": root.get("/api/audit", params={"limit": 200}).text + root.get("/api/audit/export").text,
        "lists": "\n".join(
            world.demo.admin.get(path.format(world.demo.id)).text for path in (
                "/api/audit", "/api/organizations/{}/members", "/api/organizations/{}/invitations", "/metrics")),
        # Refusals quote nothing; an answer that hands a secret out hands out its own.
        "refusals": "\n".join(answer.text for answer in nia.answers if answer.status_code >= 400),
    }
    assert "second_factor.created" in told["audit"] and "•••" in told["audit"]
    for secret in (*nia.secrets, OPENID_SECRET, signing_key, encryption_key):
        assert [place for place, text in told.items() if secret in text or secret.encode().hex() in text] == [], secret


def test_a_mail_servers_password_is_in_no_log(new_world):
    world = new_world(
        CONVENE_LOG_LEVEL="trace", CONVENE_MAIL_URL=f"smtp://convene:{MAIL_PASSWORD}@127.0.0.1:1",
        CONVENE_MAIL_FROM="Convene <convene@demo.example>")
    httpx.post(f"{world.server.url}/api/auth/magic-link", json={"email": "mentor@demo.example"}).raise_for_status()

    failed = "SELECT count(*) AS n FROM queue_jobs WHERE kind = 'mail' AND last_error IS NOT NULL"
    wait_until(lambda: world.postgresql.value(failed) == 1, within=20, what="the mail to be tried")

    assert MAIL_PASSWORD not in world.server.log.read_text(errors="replace") + world.postgresql.dump()
