from harness.matrix_requests import about, at

REQUESTS = {
    "GET /api/auth/keys": at("/api/auth/keys"),
    "POST /api/auth/keys": at("/api/auth/keys", json={"name": "Test", "scopes": ["sessions:read"]}),
    "DELETE /api/auth/keys/{id}": about("/api/auth/keys/{id}", lambda request: request.factory.key(request.owner)),
    "POST /api/auth/password": at("/api/auth/password", json={"newPassword": "plum-harbor-lantern"}),
    "GET /api/auth/second-factor": at("/api/auth/second-factor"),
    "POST /api/auth/second-factor": at("/api/auth/second-factor", json={}),
    "POST /api/auth/second-factor/confirm": at("/api/auth/second-factor/confirm", json={"code": "123456"}),
    "POST /api/auth/second-factor/recovery-codes": at("/api/auth/second-factor/recovery-codes", json={}),
    "POST /api/auth/second-factor/remove": at("/api/auth/second-factor/remove", json={}),
    "GET /api/auth/sessions": at("/api/auth/sessions"),
    "DELETE /api/auth/sessions/{id}":
        about("/api/auth/sessions/{id}", lambda request: request.factory.other_sign_in(request.owner)),
}
