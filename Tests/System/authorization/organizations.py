from harness.matrix_requests import ORGANIZATION, at, form, page, sending, unique

REQUESTS = {
    "GET /api/organizations": at("/api/organizations"),
    "POST /api/organizations": sending("/api/organizations", lambda request: {"name": "New", "slug": unique()}),
    "GET /api/organizations/{organizationId}": at(ORGANIZATION),
    "PATCH /api/organizations/{organizationId}": at(ORGANIZATION, json={"timeZone": "Europe/Berlin"}),
    "GET /organization": page("/organization"),
    "POST /organization/switch":
        form("/organization/switch", lambda request: {"organization": request.organization}),
    "GET /platform": page("/platform"),
}
