from harness.matrix_requests import at

REQUESTS = {"GET /api/events/stream": at("/api/events/stream")}
