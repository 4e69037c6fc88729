import datetime

from harness.matrix_requests import about, at, sending

SESSIONS = "/api/counselor/sessions"


def session(request):
    if request.cell.caller in ("anonymous", "super"):
        return request.factory.session(request.there)
    of_caller = (request.caller, request.role) if request.owner is request.caller else ()
    return request.factory.session(request.there, *of_caller)


def availability(request):
    today = datetime.datetime.now(datetime.UTC)
    times = {"from": today.strftime("%FT%TZ"), "to": (today + datetime.timedelta(days=2)).strftime("%FT%TZ")}
    return "/api/availability", {"params": {"users": request.owner.id} | times}


REQUESTS = {
    "GET /api/availability": availability,
    "GET /api/counselor/sessions": at(SESSIONS),
    "POST /api/counselor/sessions/book":
        sending(f"{SESSIONS}/book", lambda request: request.factory.booking(request.there)),
    "GET /api/counselor/sessions/{id}": about(SESSIONS + "/{id}", session),
    "POST /api/counselor/sessions/{id}/cancel": about(SESSIONS + "/{id}/cancel", session),
    "POST /api/counselor/sessions/{id}/retry": about(SESSIONS + "/{id}/retry", session),
    "GET /api/mentor/sessions": at("/api/mentor/sessions"),
    "GET /api/student/sessions": at("/api/student/sessions"),
}

NAMING_IN_BODY = {"GET /api/availability", "POST /api/counselor/sessions/book"}
