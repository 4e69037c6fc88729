"""OpenID Connect issuers: a real one from PyPI, and one of our own that does whatever an attack wants."""

import contextlib
import http.server
import json
import logging
import os
import threading
import time
import urllib.parse

import httpx
import oidc_provider_mock
import werkzeug.serving
from authlib.oauth2.rfc7636 import CodeChallenge
from joserfc import jwt
from joserfc.jwk import ECKey, OKPKey, RSAKey
from oidc_provider_mock import _app as provider_app

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # it runs on loopback
logging.getLogger("werkzeug").setLevel(logging.ERROR)
logging.getLogger("oidc_provider_mock").setLevel(logging.CRITICAL)

CLIENT_ID, CLIENT_SECRET = "convene", "the-client's-secret"


def parameters(address):
    """What stands in the query of an address."""
    return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(str(address)).query, keep_blank_values=True))


@contextlib.contextmanager
def serving(server):
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


class _PKCEGrant(provider_app.AuthorizationCodeGrant):
    """The provider's own grant with Authlib's PKCE, which the provider leaves out; S256 alone."""

    challenges = {}

    class Challenge(CodeChallenge):
        SUPPORTED_CODE_CHALLENGE_METHOD = ["S256"]

        def get_authorization_code_challenge(self, authorization_code):
            return _PKCEGrant.challenges[authorization_code.code][0]

        def get_authorization_code_challenge_method(self, authorization_code):
            return _PKCEGrant.challenges[authorization_code.code][1]

    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic", "client_secret_post", "none"]

    def __init__(self, request, server):
        super().__init__(request, server)
        self.Challenge(required=True)(self)

    def save_authorization_code(self, code, request):
        super().save_authorization_code(code, request)
        data = request.payload.data
        self.challenges[code] = data.get("code_challenge"), data.get("code_challenge_method")


class Provider:
    """oidc-provider-mock, with its clients registered and PKCE checked."""

    def __init__(self, slug):
        self.slug = slug
        before, provider_app.AuthorizationCodeGrant = provider_app.AuthorizationCodeGrant, _PKCEGrant
        try:
            app = oidc_provider_mock.app(require_client_registration=True, require_nonce=True)
        finally:
            # What checks requests looks the class up at each of them, and the subclass is one of it.
            provider_app.AuthorizationCodeGrant = before
        self._server = werkzeug.serving.make_server("127.0.0.1", 0, app, threaded=True)
        self.issuer = f"http://127.0.0.1:{self._server.server_port}"

    def serving(self):
        return serving(self._server)

    def register(self, *redirect_uris, method="client_secret_basic"):
        """(client id, client secret)"""
        body = {"redirect_uris": redirect_uris, "token_endpoint_auth_method": method}
        client = httpx.post(f"{self.issuer}/oauth2/clients", json=body).raise_for_status().json()
        return client["client_id"], client["client_secret"]

    def consent(self, address, subject):
        """Somebody says yes on the issuer's page; returns its answer, a redirect when all is well."""
        return httpx.post(address, data={"sub": subject})

    def answer(self, address, subject):
        """The parameters that it sends the browser back with."""
        return parameters(self.consent(address, subject).headers["location"])

    def user(self, subject, **claims):
        httpx.put(f"{self.issuer}/users/{subject}", json=claims).raise_for_status()


class Stand:
    """An issuer below /{slug} of one server. Its ID token is right unless an attack changes something.

    `claims` and `header` are merged into the token, None taking a member away and times being in seconds from now;
    `forge` makes the whole token of a
    header, claims and this stand; `token_answer` answers at the token endpoint in its own way; `metadata` and `keys`
    change what is published.
    """

    def __init__(self, server, slug, metadata=None, keys=None):
        self.slug = slug
        self.issuer = f"http://127.0.0.1:{server.server_port}/{slug}"
        self.rsa = RSAKey.generate_key(2048, {"kid": "rsa", "use": "sig"})
        self.ec = ECKey.generate_key("P-256", {"kid": "ec", "use": "sig"})
        self.other = RSAKey.generate_key(2048, {"kid": "rsa"})
        self.asked = []
        self._metadata, self._keys = metadata or {}, keys
        self._codes = {}
        self.behave()

    def behave(self, subject="ada", claims=None, header=None, forge=None, token_answer=None):
        self.subject, self.claims, self.header = subject, claims or {}, header or {}
        self.forge, self.token_answer = forge, token_answer

    def metadata(self):
        return {
            "issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token", "jwks_uri": f"{self.issuer}/keys",
            "response_types_supported": ["code"], "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256", "ES256"],
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        } | self._metadata

    def keys(self):
        return {"keys": self._keys or [self.rsa.as_dict(private=False), self.ec.as_dict(private=False)]}

    def answer(self, address, subject="ada"):
        """As `Provider.answer`."""
        asked = parameters(address)
        code = f"code-{len(self._codes)}"
        self._codes[code] = asked
        return {"code": code, "state": asked["state"]}

    def token(self, form):
        self.asked.append(form)
        asked = self._codes[form["code"]]
        now = int(time.time())
        claims = {
            "iss": self.issuer, "sub": self.subject, "aud": asked["client_id"], "nonce": asked["nonce"], "iat": now,
            "exp": now + 300, "email": "somebody@elsewhere.example", "email_verified": True,
        } | {name: now + value if name in ("iat", "exp", "nbf") and value else value
             for name, value in self.claims.items()}
        header = {"alg": "RS256", "kid": "rsa"} | self.header
        claims = {name: value for name, value in claims.items() if value is not None}
        header = {name: value for name, value in header.items() if value is not None}
        return (self.forge or self.sign)(header, claims)

    def sign(self, header, claims, key=None, algorithms=("RS256", "ES256", "HS256")):
        return jwt.encode(header, claims, key or self.rsa, algorithms=list(algorithms))


# The signatures of RFC 7518 and RFC 8037 that are made with one key and checked with another.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
CURVES = {"ES256": "P-256", "ES384": "P-384", "ES512": "P-521"}


def signing_keys():
    """A key for each algorithm, by its name, and the set that an issuer publishes of them.

    Curves say by themselves what they are for, RSA keys by `alg`. Among them are keys that nobody here has a use for.
    """
    rsa = RSAKey.generate_key(2048)
    keys = {name: rsa for name in ALGORITHMS if name[0] in "RP"}
    keys |= {name: ECKey.generate_key(curve) for name, curve in CURVES.items()}
    keys["EdDSA"] = OKPKey.generate_key("Ed25519")
    public = [key.as_dict(private=False) | {"kid": name} | ({"alg": name} if key is rsa else {})
              for name, key in keys.items()]
    useless = [
        {"kty": "AKP", "kid": "later", "alg": "ML-DSA-65", "pub": "AA"}, {"kid": "no kind"}, {"kty": 5}, "no key",
        rsa.as_dict(private=False) | {"kid": "sealing", "use": "enc", "alg": "RSA-OAEP"},
        OKPKey.generate_key("X25519").as_dict(private=False) | {"kid": "agreeing"},
        ECKey.generate_key("secp256k1").as_dict(private=False) | {"kid": "coins"},
    ]
    return keys, useless + public


class Stands:
    """The server that the stands are on."""

    def __init__(self):
        stands = self.stands = {}

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                stand, _, path = self.path[1:].partition("/")
                if path == ".well-known/openid-configuration":
                    self.reply(200, stands[stand].metadata())
                elif path == "keys":
                    self.reply(200, stands[stand].keys())
                else:
                    self.reply(404, {})

            def do_POST(self):
                stand = stands[self.path[1:].partition("/")[0]]
                form = parameters("?" + self.rfile.read(int(self.headers["Content-Length"])).decode())
                if stand.token_answer:
                    return stand.token_answer(self)
                self.reply(200, {"token_type": "Bearer", "access_token": "x", "id_token": stand.token(form)})

            def reply(self, status, body, **headers):
                content = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(status)
                for name, value in {"Content-Type": "application/json", **headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                with contextlib.suppress(ConnectionError):  # nobody reads what is too long
                    self.wfile.write(content)

            def log_message(self, *arguments):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server_port = self._server.server_port

    def add(self, slug, **more):
        self.stands[slug] = Stand(self, slug, **more)
        return self.stands[slug]

    def serving(self):
        return serving(self._server)
