from harness.matrix_requests import ORGANIZATION, at, sending, unique

REQUESTS = {
    "GET /api/organizations": at("/api/organizations"),
    "POST /api/organizations": sending("/api/organizations", lambda request: {"name": "New", "slug": unique()}),
    "GET /api/organizations/{organizationId}": at(ORGANIZATION),
    "PATCH /api/organizations/{organizationId}": at(ORGANIZATION, json={"timeZone": "Europe/Berlin"}),
}
