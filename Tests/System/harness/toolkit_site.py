"""What Django serves for `toolkit_issuer`, which has configured it before it imports this."""

from django.urls import include, path
from oauth2_provider.oauth2_validators import OAuth2Validator

urlpatterns = [
    path("o/", include("oauth2_provider.urls", namespace="oauth2_provider")),
    path("accounts/", include("django.contrib.auth.urls")),
]


class Claims(OAuth2Validator):
    """The toolkit's ID tokens name nobody until somebody says what is in them."""

    oidc_claim_scope = None

    def get_additional_claims(self, request):
        person = request.user
        return {"email": person.email, "email_verified": True, "name": person.get_full_name()}
