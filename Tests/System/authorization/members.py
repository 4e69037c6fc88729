from harness.matrix_requests import ORGANIZATION, about, at, sending

MEMBERS = ORGANIZATION + "/members"


def owner(request):
    return request.owner.id


def readmitting(request):
    person = request.owner if request.owner is request.caller else request.factory.leave(request.owner)
    return {"userId": person.id, "role": "student"}


REQUESTS = {
    "POST /api/organizations/{organizationId}/admins":
        sending(ORGANIZATION + "/admins", lambda request: {"userId": request.owner.id}),
    "GET /api/organizations/{organizationId}/members": at(MEMBERS),
    "POST /api/organizations/{organizationId}/members": sending(MEMBERS, readmitting),
    "PATCH /api/organizations/{organizationId}/members/{userId}":
        about(MEMBERS + "/{id}", owner, json={"role": "mentor"}),
    "DELETE /api/organizations/{organizationId}/members/{userId}": about(MEMBERS + "/{id}", owner),
}

NAMING_IN_BODY = {
    "POST /api/organizations/{organizationId}/admins", "POST /api/organizations/{organizationId}/members",
}
