from harness.matrix_requests import at

REQUESTS = {
    "GET /health": at("/health"),
    # From the machine itself: through a proxy it wants a token.
    "GET /metrics": at("/metrics", headers={"X-Forwarded-For": None}),
    "GET /openapi.json": at("/openapi.json"),
    "GET /ready": at("/ready"),
}
