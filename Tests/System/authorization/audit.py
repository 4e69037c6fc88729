from harness.matrix_requests import at, page

REQUESTS = {
    "GET /api/audit": at("/api/audit"),
    "GET /api/audit/export": at("/api/audit/export"),
    "GET /organization/audit": page("/organization/audit"),
}
