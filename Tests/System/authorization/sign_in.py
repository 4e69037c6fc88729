from harness.client import PASSWORD
from harness.matrix_requests import at, form, page, sending, unique


def credentials(request):
    return {"email": request.factory.world.demo.student.email, "password": PASSWORD}


REQUESTS = {
    "POST /api/auth/magic-link":
        sending("/api/auth/magic-link", lambda request: {"email": f"{unique()}@guests.example"}),
    "POST /api/auth/sign-in": sending("/api/auth/sign-in", credentials),
    "POST /api/auth/sign-out": at("/api/auth/sign-out"),
    "POST /api/auth/sign-out-everywhere": at("/api/auth/sign-out-everywhere", json={}),
    "POST /api/auth/sign-up": sending(
        "/api/auth/sign-up", lambda request: {"email": f"{unique()}@guests.example", "organizationName": "New"}),
    "POST /api/auth/token": sending("/api/auth/token", credentials),
    "GET /sign-in": page("/sign-in"),
    "POST /sign-in": form("/sign-in", credentials),
    "POST /sign-in/demo": form("/sign-in/demo", lambda request: {"email": request.factory.world.demo.student.email}),
    "POST /sign-in/mail": form("/sign-in/mail", lambda request: {"email": f"{unique()}@guests.example"}),
    "GET /sign-in/link": page("/sign-in/link?token=any"),
    "POST /sign-in/link": form("/sign-in/link", lambda request: {"token": unique()}),
    "GET /sign-in/code": page("/sign-in/code"),
    "POST /sign-in/code": form("/sign-in/code", lambda request: {"code": "123456"}),
    "POST /sign-out": form("/sign-out", lambda request: {"next": "/sign-up"}),
    "GET /sign-up": page("/sign-up"),
    "POST /sign-up": form(
        "/sign-up", lambda request: {"email": f"{unique()}@guests.example", "organization": "New"}),
}
