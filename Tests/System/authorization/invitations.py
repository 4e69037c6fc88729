from harness.matrix_requests import ORGANIZATION, about, at, form, page, sending, unique

INVITATIONS = ORGANIZATION + "/invitations"


def accepting(request):
    address = request.owner.email if request.caller is request.owner else None
    return {"token": request.factory.invitation(request.there, address)[1]}


def token(request):
    return request.factory.invitation(request.there)[1]


def invitation(request):
    return request.factory.invitation(request.there, by=request.owner)[0]


REQUESTS = {
    "POST /api/auth/invitations/accept": sending("/api/auth/invitations/accept", accepting),
    "POST /api/auth/invitations/offer":
        sending("/api/auth/invitations/offer", lambda request: {"token": token(request)}),
    "POST /api/auth/invitations/sign-up": sending("/api/auth/invitations/sign-up", lambda request: {
        "token": token(request), "name": "New", "password": "plum-harbor-lantern"}),
    "GET /api/organizations/{organizationId}/invitations": at(INVITATIONS),
    "POST /api/organizations/{organizationId}/invitations":
        sending(INVITATIONS, lambda request: {"email": f"{unique()}@guests.example", "role": "student"}),
    "DELETE /api/organizations/{organizationId}/invitations/{id}": about(INVITATIONS + "/{id}", invitation),
    "POST /api/organizations/{organizationId}/invitations/{id}/resend":
        about(INVITATIONS + "/{id}/resend", invitation),
    "GET /invitation": page("/invitation?token={id}", token),
    "POST /invitation": form("/invitation", lambda request: {
        "token": token(request), "name": "New", "password": "plum-harbor-lantern"}),
    "POST /invitation/accept": form("/invitation/accept", accepting),
    "GET /set-up": page("/set-up?token=any"),
    "POST /set-up": form("/set-up", lambda request: {"token": unique()}),
}

NAMING_IN_BODY = {"POST /api/auth/invitations/accept"}
