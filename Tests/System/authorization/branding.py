from harness.matrix_requests import ORGANIZATION, at

BRANDING = {"logoUrl": None, "palette": {"accent": None}, "templates": {}, "version": 0}

REQUESTS = {
    "GET /api/organizations/{organizationId}/branding": at(ORGANIZATION + "/branding"),
    "PUT /api/organizations/{organizationId}/branding": at(ORGANIZATION + "/branding", json=BRANDING),
}
