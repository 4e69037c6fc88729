from harness.factory import PROVIDER_ACCOUNTS
from harness.matrix_requests import ORGANIZATION, at

PROVIDERS = ORGANIZATION + "/providers"


def account_there(provider, rest=""):
    """About an account that the organization has."""

    def request(asked):
        asked.factory.provider_account(asked.there, provider)
        return f"{PROVIDERS.format(organization=asked.organization)}/{provider}{rest}", {}

    return request


REQUESTS = {"GET /api/organizations/{organizationId}/providers": at(PROVIDERS)}
for provider, account in PROVIDER_ACCOUNTS.items():
    route = f"/api/organizations/{{organizationId}}/providers/{provider}"
    REQUESTS |= {
        f"PUT {route}": at(f"{PROVIDERS}/{provider}", json=account),
        f"DELETE {route}": account_there(provider),
        f"POST {route}/test": account_there(provider, "/test"),
    }
