"""Asking several endpoints at once, and being refused by all of them."""

from .raw_http import unchecked

# One for each way in which an endpoint asks who is there.
ENDPOINTS = [
    ("GET", "/api/auth/me", None),
    ("GET", "/api/counselor/sessions", None),
    ("GET", "/api/audit", None),
    ("GET", "/api/events/stream", None),
    ("POST", "/api/auth/sign-out-everywhere", {}),
    ("POST", "/api/auth/keys", {"name": "mine", "scopes": ["sessions:read"]}),
]


def ask(http, headers):
    """The answers of all endpoints; `headers` are pairs, so that one can be there twice."""
    for method, path, body in ENDPOINTS:
        yield f"{method} {path}", unchecked(http.base_url.port, method, path, headers, body)


def assert_nobody_is_let_in(http, headers, allowed=(401,)):
    for name, answer in ask(http, headers):
        assert answer.status_code in allowed, f"{name}: {answer.status_code} {answer.text[:300]}"
        problem = answer.json()
        assert problem["status"] == answer.status_code and problem["code"], name
        if answer.status_code == 401:
            assert answer.headers["www-authenticate"] == "Bearer", name
