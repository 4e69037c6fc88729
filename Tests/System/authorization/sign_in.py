from harness.client import PASSWORD
from harness.matrix_requests import at, sending, unique


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
}
