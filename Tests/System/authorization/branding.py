from harness.matrix_requests import ORGANIZATION, at, by_cookie, page

BRANDING = {"logoUrl": None, "palette": {"accent": None}, "templates": {}, "version": 0}

REQUESTS = {
    "GET /api/organizations/{organizationId}/branding": at(ORGANIZATION + "/branding"),
    "PUT /api/organizations/{organizationId}/branding": at(ORGANIZATION + "/branding", json=BRANDING),
    "GET /organization/branding": page("/organization/branding"),
    "GET /branding/{organization}/{file}":
        lambda request: (f"/branding/{request.organization}/0.css", {"headers": by_cookie(request)}),
}
