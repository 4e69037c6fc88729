from harness.matrix_requests import ORGANIZATION, about, at, sending, unique

GROUPS = ORGANIZATION + "/groups"


def group(request):
    return request.factory.group(request.there)


def member(request):
    return f"{GROUPS.format(organization=request.organization)}/{group(request)}/members/{request.owner.id}", {}


def renaming(request):
    return about(GROUPS + "/{id}", group, json={"name": unique()})(request)


REQUESTS = {
    "GET /api/organizations/{organizationId}/groups": at(GROUPS),
    "POST /api/organizations/{organizationId}/groups": sending(GROUPS, lambda request: {"name": unique()}),
    "PATCH /api/organizations/{organizationId}/groups/{groupId}": renaming,
    "DELETE /api/organizations/{organizationId}/groups/{groupId}": about(GROUPS + "/{id}", group),
    "PUT /api/organizations/{organizationId}/groups/{groupId}/members/{userId}": member,
    "DELETE /api/organizations/{organizationId}/groups/{groupId}/members/{userId}": member,
}
