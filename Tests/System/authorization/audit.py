from harness.matrix_requests import at

REQUESTS = {
    "GET /api/audit": at("/api/audit"),
    "GET /api/audit/export": at("/api/audit/export"),
}
