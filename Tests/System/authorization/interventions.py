from harness.matrix_requests import about, at


def intervention(request):
    return request.factory.intervention(request.there)


REQUESTS = {
    "GET /api/manual-interventions": at("/api/manual-interventions"),
    "POST /api/manual-interventions/{id}/resolve": about("/api/manual-interventions/{id}/resolve", intervention),
}
