from harness.matrix_requests import about, at


def identity(request):
    return request.factory.identity(request.owner)


# No issuer is set up here; what becomes of one that is stands in test_openid_attacks.py.
REQUESTS = {
    "GET /api/auth/identities": at("/api/auth/identities"),
    "DELETE /api/auth/identities/{id}": about("/api/auth/identities/{id}", identity),
    "GET /api/auth/oidc": at("/api/auth/oidc"),
    "GET /api/auth/oidc/{issuer}/callback": at("/api/auth/oidc/none/callback"),
    "GET /api/auth/oidc/{issuer}/start": at("/api/auth/oidc/none/start"),
    "POST /api/auth/oidc/{issuer}/start": at("/api/auth/oidc/none/start", json={}),
}
